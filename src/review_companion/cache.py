"""Keeps results by the digest of what they were made from.

Safe to delete, to damage and to share between two renders; bounded in size. Each file is written
whole and begins with the SHA-256 of what follows.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from .writing import write_whole

FOLDER = "build/cache"
MOST_BYTES = 200_000_000
MOST_FILES = 2_000
_DIGITS = 32

T = TypeVar("T")


@dataclass(frozen=True)
class Cache:
    """A folder of results; `code` is a digest of the program and its environment.

    One that does not `find` makes everything anew, and keeps it.
    """

    folder: Path
    code: str
    finds: bool = True

    def find(self, kind: str, made_from: Mapping[str, Any]) -> bytes | None:
        """The result, unless it is gone or damaged; `made_from` holds all that decides it."""
        if not self.finds:
            return None
        path = self._path(kind, made_from)
        try:
            kept = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        seal, _, content = kept.partition(b"\n")
        return content if seal == _sha256(content).encode() else None

    def keep(self, kind: str, made_from: Mapping[str, Any], content: bytes) -> None:
        """Keeps a result."""
        seal = f"{_sha256(content)}\n".encode()
        keep(self._path(kind, made_from), seal + content)

    def once(
        self,
        kind: str,
        made_from: Mapping[str, Any],
        make: Callable[[], T],
        holds: Callable[[], bool] = lambda: True,
    ) -> T:
        """A result that JSON can hold: the one that is kept, else what is made now, and kept.

        `holds` says in the end whether `made_from` is still what it was.
        """
        known = self.find(kind, made_from)
        if known is not None:
            kept: T = json.loads(known)
            return kept
        made = make()
        if holds():
            self.keep(kind, made_from, json.dumps(made, ensure_ascii=False).encode())
        return made

    def _path(self, kind: str, made_from: Mapping[str, Any]) -> Path:
        parts = json.dumps({**made_from, "code": self.code}, sort_keys=True, ensure_ascii=False)
        return self.folder / f"{_sha256(parts.encode())[:_DIGITS]}.{kind}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep(path: Path, content: str | bytes) -> None:
    """Writes what cannot be written (no room, no right) at the cost of time, not of the render."""
    with contextlib.suppress(OSError):
        write_whole(path, content)


def trim(folder: Path, most_bytes: int = MOST_BYTES, most_files: int = MOST_FILES) -> None:
    """Forgets what was used longest ago. A file that another render removed meanwhile is fine."""
    kept = size = 0
    for _, path, bytes_ in sorted(_files(folder), reverse=True):
        kept, size = kept + 1, size + bytes_
        if kept > most_files or size > most_bytes:
            path.unlink(missing_ok=True)


def _files(folder: Path) -> list[tuple[float, Path, int]]:
    found = []
    for path in folder.glob("*"):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime, path, status.st_size))
    return found
