"""Executed notebooks by content: safe to delete, safe under two renders, bounded in size.

Three kinds of files in one folder, each written whole:

- `KEY.names`: what a notebook of this code asked for when it ran last;
- `KEY-DIGEST.run`: its executed copy, where the names had this digest, behind its own SHA-256;
- `KEY-STATE.at`: the DIGEST for one state of all inputs, so that it need not be evaluated again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident
from typing import Any

from ..errors import CompanionError
from ..evidence.digests import combined, sha256

MOST_BYTES = 200_000_000
MOST_FILES = 2_000
_DIGITS = 32

Fingerprint = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Entry:
    """A cached notebook; `key` is a digest of its cells, parameters, the package and the lock."""

    folder: Path
    key: str

    def at(self, state: str) -> str | None:
        """The text of the executed notebook for a state of the inputs that was seen before."""
        try:
            digest = self._known(state).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return self._found(digest)

    def find(self, state: str, fingerprint: Fingerprint) -> str | None:
        """The text of the executed notebook whose names still have the digests of then."""
        try:
            asked = json.loads(self._names().read_text("utf-8"))
            digest = fingerprint(asked)
        except (OSError, ValueError, TypeError, CompanionError):
            return None
        found = self._found(digest)
        if found is not None:
            keep(self._known(state), digest[:_DIGITS])
        return found

    def store(
        self, state: str, asked: Sequence[str], fingerprint: Fingerprint, content: str
    ) -> None:
        """Keeps an executed notebook; each file appears whole or not at all."""
        digest = fingerprint(asked)
        keep(self._path(digest), f"{sha256(content.encode())}\n{content}")
        keep(self._names(), json.dumps(list(asked)))
        keep(self._known(state), digest[:_DIGITS])

    def _found(self, digest: str) -> str | None:
        """The kept text, unless it is gone or damaged."""
        path = self._path(digest)
        try:
            os.utime(path)
            text = path.read_text("utf-8")
            seal, _, content = text.partition("\n")
        except (OSError, ValueError):
            return None
        return content if seal == sha256(content.encode()) else None

    def _names(self) -> Path:
        return self.folder / f"{self.key}.names"

    def _known(self, state: str) -> Path:
        return self.folder / f"{self.key}-{state[:_DIGITS]}.at"

    def _path(self, digest: str) -> Path:
        return self.folder / f"{self.key}-{digest[:_DIGITS]}.run"


def keep(path: Path, content: str) -> None:
    """A cache that cannot be written (no room, no right) costs time, not the render."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)


def entry(folder: Path, parts: Mapping[str, Any]) -> Entry:
    """The cache entry for a notebook's code, parameters, package code and lock."""
    return Entry(folder, combined(parts)[:_DIGITS])


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


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file so that nobody ever sees half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}.part")
    data = content.encode() if isinstance(content, str) else content
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
