"""Writes files that somebody keeps: each as a whole, and all of several or none.

And temporary folders, named for their process, so that the next run removes those of a killed one.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path
from threading import get_ident

from .errors import CompanionError


def write_files(files: Mapping[Path, bytes], *, overwrite: bool = True) -> None:
    """Writes all of them, or none where one cannot be written: CompanionError with its name.

    An existing file with another content cannot be, unless they `overwrite`.
    """
    if not overwrite:
        require_unedited(files)
    try:
        _write(files)
    except OSError as error:
        what = f"could not be written: {error.strerror or error}"
        raise CompanionError(what, where=error.filename) from None


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file so that nobody ever sees half of it; raises OSError where it cannot."""
    _write({path: content.encode() if isinstance(content, str) else content})


def _write(files: Mapping[Path, bytes]) -> None:
    """Writes the files under temporary names first, then moves each to its place in one step."""
    staged: dict[Path, Path] = {}
    path = Path()
    try:
        for path, data in files.items():
            if path.is_dir():
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}.part")
            staged[path].write_bytes(data)
            if path.exists():
                staged[path].chmod(path.stat().st_mode & 0o777)
        for path, waiting in staged.items():
            waiting.replace(path)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        for waiting in staged.values():
            waiting.unlink(missing_ok=True)


def require_unedited(files: Mapping[Path, bytes]) -> None:
    """Raises CompanionError for an existing file with another content: perhaps work."""
    for path, data in files.items():
        if path.exists() and not (path.is_file() and path.read_bytes() == data):
            raise CompanionError(
                "exists already, and its other content would be lost",
                where=str(path),
                hint="write elsewhere, or replace it with --overwrite",
            )


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is removed at the end, or by the next run where this one is killed."""
    with tempfile.TemporaryDirectory(prefix=temporary_prefix()) as folder:
        yield Path(folder)


def temporary_prefix() -> str:
    """How the temporary folders of this process begin: the machine and the process."""
    return f"{_here()}{os.getpid()}-"


def _here() -> str:
    return f"companion-{zlib.crc32(platform.node().encode()):08x}-"


def sweep() -> None:
    """Removes the temporary folders of processes of this machine that no longer run."""
    for path in Path(tempfile.gettempdir()).glob(f"{_here()}*"):
        number = path.name.removeprefix(_here()).partition("-")[0]
        if number.isdecimal() and not _is_alive(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
