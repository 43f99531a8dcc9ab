"""What a render evaluated, in parts that its kernels read one by one, and what they asked for.

A notebook that asks for the same and is given the same shows the same: it need not be executed.
"""

from __future__ import annotations

import dataclasses
import gc
import hashlib
import json
import os
import pickle
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

EVALUATED_FILE = "COMPANION_EVALUATED_FILE"  # what a render evaluated, for its kernels
EVERYTHING = "everything"  # the reviews themselves: whoever asks for them may have read anything

asked: set[str] = set()
"""What this process asked for: parts, and what `notebooks.allowed_reads` sees it open."""


class Parts:
    """Pickled parts by name, each read once, when it is asked for."""

    def __init__(self, pickled: Mapping[str, bytes]) -> None:
        self._pickled = pickled
        self._read: dict[str, Any] = {}

    def __bool__(self) -> bool:
        return bool(self._pickled)

    def __contains__(self, name: str) -> bool:
        return name in self._pickled

    def __getitem__(self, name: str) -> Any:
        """The part, noted as asked for."""
        asked.add(name)
        if name not in self._read:
            self._read[name] = unpickled(self._pickled[name])
        return self._read[name]


NONE = Parts({})


def pickled(parts: Mapping[str, Any]) -> dict[str, bytes]:
    """Each for itself."""
    return {name: pickle.dumps(part, pickle.HIGHEST_PROTOCOL) for name, part in parts.items()}


def unpickled(content: bytes) -> Any:
    """What was pickled; read with the garbage collector off, since all of it is kept."""
    gc.disable()
    try:
        return pickle.loads(content)
    finally:
        gc.enable()


def digests(parts: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of each part but everything: the same where all that it holds is, in any process."""
    every = {name: part for name, part in parts.items() if name != EVERYTHING}
    texts = {n: json.dumps(part, default=_plain, ensure_ascii=False) for n, part in every.items()}
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


def _plain(thing: Any) -> Any:
    if isinstance(thing, frozenset):
        return sorted(thing)
    if dataclasses.is_dataclass(thing):
        return [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    return dict(thing) if isinstance(thing, Mapping) else repr(thing)


def file_for_kernels(root: Path, parts: Mapping[str, bytes], pictures: object) -> bytes:
    """What kernels read: the parts, and figures that are drawn already, by what they show."""
    return pickle.dumps((root, parts, pictures), pickle.HIGHEST_PROTOCOL)


def evaluated_by_render(root: Path) -> tuple[Parts, Any]:
    """The parts and figures that a render handed over for this project, in its kernels."""
    path = os.environ.get(EVALUATED_FILE, "")
    if os.path.isfile(path):
        of, parts, pictures = _read(path)
        if of == root:
            return parts, pictures
    return NONE, {}


@cache
def _read(path: str) -> tuple[Path, Parts, Any]:
    root, parts, pictures = pickle.loads(Path(path).read_bytes())
    return root, Parts(parts), pictures
