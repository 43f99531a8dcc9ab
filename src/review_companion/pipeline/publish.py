"""Replaces the published folder by a finished one in a single switch."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from ..errors import CompanionError
from ..evidence.digests import OUTSIDE, read_manifest

_EXCHANGE = 2
_AT_FDCWD = -100
_LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")  # what file managers leave in a folder


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps a second render of the same folder out; the lock dies with its process.

    Raises CompanionError while another render holds it, where it cannot be written, and for a
    folder that holds anything else than a report. What a failed or interrupted render left
    next to the folder is gone at the end.
    """
    with _taken(folder):
        try:
            heal(folder)
            _require_replaceable(folder)
            yield
        finally:
            with contextlib.suppress(OSError):
                heal(folder)
            with contextlib.suppress(OSError):
                lock_file(folder).unlink()


def _taken(folder: Path) -> TextIO:
    path = lock_file(folder)
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise CompanionError(
                f"cannot be written: {error.strerror}",
                where=str(folder),
                hint="choose another folder with --out, or make it writable",
            ) from None
        if _is_ours(handle, path, folder):
            return handle
        handle.close()


def _is_ours(handle: TextIO, path: Path, folder: Path) -> bool:
    """Whether we hold the lock; not if its holder removed the file just now."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        holder = handle.read().strip() or "unknown"
        handle.close()
        raise CompanionError(
            f"another render (process {holder}) is writing this folder",
            where=str(folder),
            hint="wait until it is done, or render elsewhere with --out",
        ) from None
    try:
        still_there = os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False
    if still_there:
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
    return still_there


def _require_replaceable(folder: Path) -> None:
    """What is published replaces the whole folder: nobody's other files may be in it."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        outputs = read_manifest(folder).get("outputs")
    except CompanionError:
        raise CompanionError(
            "holds something else than a report, and would be replaced",
            where=str(folder),
            hint="give a new or empty folder with --out, or remove this one",
        ) from None
    listed = {*(outputs if isinstance(outputs, dict) else ()), *OUTSIDE, *_LITTER}
    others = [name for name in _files(folder) if name not in listed]
    if others:
        more = f", nor are {len(others) - 1} more" if others[1:] else ""
        raise CompanionError(
            f"is not a file of the report in this folder{more}, and would be lost",
            where=str(folder / others[0]),
            hint="move it away, or give a new or empty folder with --out",
        )


def _files(folder: Path) -> list[str]:
    return [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if not p.is_dir()]


def lock_file(folder: Path) -> Path:
    """Next to the folder, so that replacing the folder leaves the lock alone."""
    return folder.parent / f".{folder.name}.lock"


def staging(folder: Path) -> Path:
    """An empty folder next to the published one."""
    stage = folder.parent / f".{folder.name}.new"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    return stage


def publish(stage: Path, folder: Path) -> None:
    """Switches the staged folder in; at every moment the published folder is a whole one."""
    _sync(stage)
    if not folder.exists():
        stage.rename(folder)
        return
    if _exchange(stage, folder):
        shutil.rmtree(stage, ignore_errors=True)
        return
    old = _old(folder)
    folder.rename(old)
    stage.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def heal(folder: Path) -> None:
    """Removes what a killed render left."""
    old = _old(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(folder.parent / f".{folder.name}.new", ignore_errors=True)


def _old(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.old"


def _exchange(one: Path, other: Path) -> bool:
    """Swaps two folders in one system call, where the system has it (Linux)."""
    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = function(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE)
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.EPERM):
        return False
    raise OSError(number, os.strerror(number), str(other))


def _sync(folder: Path) -> None:
    """Has the system write everything to the disk, so that a power cut finds whole files."""
    for path in (*folder.rglob("*"), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
