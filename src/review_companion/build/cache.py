"""Executed notebooks by content: safe to delete, safe under two renders, bounded in size."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..audit.digests import combined
from ..errors import CompanionError

MOST_ENTRIES = 400


@dataclass(frozen=True)
class Entry:
    """A notebook as far as its code goes: its own, its parameters', the package's, the lock's."""

    folder: Path
    key: str

    def _names(self) -> Path:
        return self.folder / f"{self.key}.names"

    def find(self, fingerprint: Callable[[Sequence[str]], str]) -> Path | None:
        """The executed notebook whose names still have the digests that they had then."""
        try:
            asked = json.loads(self._names().read_text("utf-8"))
            path = self._path(fingerprint(asked))
        except (OSError, ValueError, CompanionError, KeyError):
            return None
        if not path.is_file():
            return None
        os.utime(path)
        return path

    def store(
        self, asked: Sequence[str], fingerprint: Callable[[Sequence[str]], str], content: str
    ) -> Path:
        """Keeps an executed notebook; each file appears whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(fingerprint(asked))
        write_whole(path, content)
        write_whole(self._names(), json.dumps(list(asked)))
        return path

    def _path(self, digest: str) -> Path:
        return self.folder / f"{self.key}-{digest[:32]}.ipynb"


def entry(folder: Path, parts: Mapping[str, Any]) -> Entry:
    """The cache entry for a notebook's code, parameters, package code and lock."""
    return Entry(folder, combined(parts)[:32])


def trim(folder: Path, most: int = MOST_ENTRIES) -> None:
    """Forgets the executed notebooks that were used longest ago."""
    found = sorted(folder.glob("*.ipynb"), key=lambda path: path.stat().st_mtime)
    for path in found[: max(0, len(found) - most)]:
        path.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file so that nobody ever sees half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    data = content.encode() if isinstance(content, str) else content
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
