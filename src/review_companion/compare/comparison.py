"""Compares two states of a table: used by diff, verify and import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
KeyedRows = Mapping[str, Mapping[str, Any]]


class Difference(NamedTuple):
    """A row that only one state has (`column` is empty), or a cell that differs."""

    row: str
    column: str
    before: Any
    after: Any


def differing(
    old: Mapping[str, T], new: Mapping[str, T]
) -> Iterator[tuple[str, T | None, T | None]]:
    """Name, before and after of all that differs, in the order of the newer state."""
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            yield name, old.get(name), new.get(name)


def differences(old: KeyedRows, new: KeyedRows) -> Iterator[Difference]:
    """Rows that are gone, new rows, then the differing cells of the other rows."""
    yield from (Difference(row, "", old[row], None) for row in old if row not in new)
    yield from (Difference(row, "", None, new[row]) for row in new if row not in old)
    for row in old:
        for found in differing(old[row], new[row]) if row in new else ():
            yield Difference(row, *found)
