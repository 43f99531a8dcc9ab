"""The commands: `commands.toml` lists their arguments; the function of the same name runs each.

Heavy imports are inside the functions. A part of the program, such as the journal club, is an entry
point of the group `review_companion.parts` that names a module. It may have commands, declared in
the `commands.toml` of its folder, and a function `problems(review)`: further problems for
`companion check` if the review has no error.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from ..errors import CompanionError

GROUP = "review_companion.parts"


class Command(NamedTuple):
    """What a command does, its arguments as argparse takes them, and what runs it."""

    does: str
    takes: Mapping[str, Mapping[str, Any]]
    run: Callable[[argparse.Namespace], int]


def commands(words: Sequence[str] = ()) -> Mapping[str, Command]:
    """Every command; parts other than the report only if the words name none of ours."""
    found = dict(_commands_of(sys.modules[__name__]))
    plain = [w for before, w in pairwise(["", *words]) if before != "--project" and w[:1] != "-"]
    if not plain or plain[0] not in found:
        found |= {name: command for part in parts() for name, command in _commands_of(part)}
    return found


def _commands_of(module: ModuleType) -> Iterator[tuple[str, Command]]:
    """The commands in the `commands.toml` of a module's folder, with the modules that run them."""
    table = Path(module.__file__ or "").with_name("commands.toml")
    text = table.read_text("utf-8") if table.is_file() else ""
    for name, declared in tomllib.loads(text).items():
        runs = import_module(f"{module.__package__}.{name}")
        for command, takes in declared.items():
            run = getattr(runs, command.replace("-", "_"))
            yield command, Command(takes.pop("does"), takes, run)


def no_folder(path: Path) -> CompanionError:
    """The error for what should be a folder and is not one."""
    if path.exists():
        return CompanionError("is not a folder", where=str(path), hint="give the folder it is in")
    return CompanionError("there is no such folder", where=str(path))


def project_root(arguments: argparse.Namespace) -> Path:
    """The project's folder: `--project`, or at or above the working folder."""
    from ..package.files import find_root

    if arguments.project is not None and not arguments.project.is_dir():
        raise no_folder(arguments.project)
    root = find_root(arguments.project)
    if arguments.project is not None and root != arguments.project.resolve():
        what = "there is no _quarto.yml with a data folder here"
        hint = f"the next project above is {root}"
        raise CompanionError(what, where=str(arguments.project), hint=hint)
    return root


def project_root_if_any(arguments: argparse.Namespace) -> Path | None:
    """The same; None where no folder is asked for and none is found."""
    try:
        return project_root(arguments)
    except CompanionError:
        if arguments.project is not None:
            raise
        return None


def shortest(path: Path) -> Path:
    """The path as a user would write it from here."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path


@cache
def parts() -> tuple[ModuleType, ...]:
    """The modules of the parts that are installed, in the order of their names."""
    from importlib.metadata import entry_points

    return tuple(point.load() for point in sorted(entry_points(group=GROUP)))


def each(function: str, *arguments: Any) -> Iterator[Any]:
    """The function of this name, from each part that has it."""
    for part in parts():
        if hasattr(part, function):
            yield getattr(part, function)(*arguments)
