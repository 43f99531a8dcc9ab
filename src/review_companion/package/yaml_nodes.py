"""What YAML holds: mappings and texts that know where they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import CompanionError, most_like


class Written(str):
    """A text that knows where it is written: file, line and column (from 1) of its beginning.

    Of a text over several lines (after | or >) the column is not known: 0.
    """

    file: str
    line: int
    column: int

    def __new__(cls, text: str, file: str = "", line: int = 0, column: int = 0) -> Written:
        written = super().__new__(cls, text)
        written.file, written.line, written.column = file, line, column
        return written


class Node(dict[str, Any]):
    """A mapping that remembers where it is written, and says so of a key that it lacks."""

    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    def __missing__(self, key: str) -> Any:
        has = f"it has {', '.join(self)}" if self else "it is empty"
        raise CompanionError(f"“{key}” is missing", where=self.where, hint=has)


def mappings(spec: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    """The list of mappings at a key; CompanionError with file and line for anything else."""
    found = spec[key]
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        where = getattr(spec, "where", None)
        raise CompanionError(f"“{key}” must be a list of mappings", where=where)
    return found


def place_of(text: Any, otherwise: str) -> str:
    """File and line of a text that knows them."""
    known = isinstance(text, Written) and text.file
    return f"{text.file}:{text.line}" if known else otherwise


def check_keys(spec: Mapping[str, Any], keys: Iterable[str], what: str, where: str = "") -> None:
    """Raises CompanionError for a key that is not known, with the one most like it."""
    if not isinstance(spec, Mapping):
        raise CompanionError(f"{what} must be a mapping", where=where or None)
    known = sorted(keys)
    for key, value in spec.items():
        if key not in known:
            place = where or place_of(value, getattr(spec, "where", ""))
            near = most_like(str(key), known)
            hint = f"did you mean “{near}”?" if near else f"known: {', '.join(known)}"
            raise CompanionError(f"{what} has no “{key}”", where=place or None, hint=hint)
