"""In a kernel: a notebook reads inputs of the report alone; the cell that reads more is refused.

What is read besides would change the report without anybody knowing: no digest covers it, and the
cache would give the old result. Other chapters and the style are inputs, but not of a notebook: it
is not executed again when they change. Libraries, their settings and caches are not asked about, nor
files that the kernel wrote itself.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from pathlib import Path
from typing import Any

from review_companion.errors import CompanionError
from review_companion.evaluated_parts import EVALUATED_FILE, EVERYTHING, asked
from review_companion.evidence.digests import CODE, input_files, is_for_notebooks

ASKED = f'__import__("{__name__}", fromlist=["asked_for"]).asked_for()'
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
SYSTEM = ("/usr", "/lib", "/etc", "/proc", "/sys", "/dev", "/opt", "/nix", "/System", "/Library")
SETTINGS = (
    EVALUATED_FILE,
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "MPLCONFIGDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
)
UNSEEN = (  # ways to read that are not seen here
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "sqlite3.connect",
    "subprocess.Popen",
)
SPARED = (".afm", ".otf", ".ttc", ".ttf", ".pyc")


_loaded: set[str] = set()


class NoInput(CompanionError, OSError):
    """A file that is not an input of the report; an OSError, as for any file one may not read."""


def guard_for(root: Path) -> str:
    """The expression that a kernel evaluates before the first cell."""
    return f'__import__("{__name__}", fromlist=["guard"]).guard({str(root)!r})'


def guard(root: str) -> None:
    """Refuses from now on what is not an input of the project in `root`, and the network."""
    base = os.path.realpath(root)
    inputs = {os.path.realpath(path): name for name, path in input_files(Path(root))}
    named = {path for path, name in inputs.items() if is_for_notebooks(name)}
    folders = tuple(_libraries(base))
    written: set[str] = set()
    _loaded.update(_libraries_loaded())

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            raise NoInput("a notebook that asks the network gives another report every day")
        if event.startswith(UNSEEN):
            asked.add(EVERYTHING)
        if event not in ("open", "os.listdir", "os.scandir") or isinstance(arguments[0], int):
            return
        path = os.path.realpath(os.fsdecode(arguments[0] or "."))
        if _within(path, folders):
            return
        if event != "open":
            asked.add(EVERYTHING)
        elif arguments[2] & WRITING:
            written.add(path)
        else:
            asked.add(inputs.get(path, os.path.relpath(path, base)))  # one that is not there, too
        if event == "open" and not (path in named or path in written or _spared(path)):
            shown = os.path.relpath(path, base)
            hint = "put it into data/, or next to the notebooks: a change is noticed there"
            whose = "a notebook" if path in inputs else "the report"
            raise NoInput(f"{shown} is not an input of {whose}", hint=hint)

    sys.addaudithook(hook)


def asked_for() -> str:
    """What this kernel asked for, as JSON: parts of what was evaluated, and names of inputs.

    A library that was not there before may have read in ways that no hook sees.
    """
    if not _libraries_loaded() <= _loaded:
        asked.add(EVERYTHING)
    return json.dumps(sorted(asked))


def _libraries_loaded() -> set[str]:
    names = {name.partition(".")[0] for name in list(sys.modules)}
    return names - sys.stdlib_module_names


def _libraries(project: str) -> list[str]:
    """Where Python, its packages and their settings lie; a folder that holds the project is none."""
    places = {*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix, *sys.path, str(CODE)}
    settings = filter(None, map(os.environ.get, SETTINGS))
    folders = (os.path.realpath(place) for place in {*places, *settings} if place)
    return [*SYSTEM, *(folder for folder in folders if not _within(project, (folder,)))]


def _within(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(f"{folder}{os.sep}") for folder in folders)


def _spared(path: str) -> bool:
    """Fonts, compiled modules, hidden settings, what matplotlib keeps, and what is no file and so is not read."""
    parts = path.split(os.sep)
    hidden = any(part.startswith((".", "matplotlib-")) for part in parts)
    return hidden or path.endswith(SPARED) or not os.path.isfile(path)
