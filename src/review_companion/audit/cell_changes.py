"""What differs between two states of a data folder, down to the cell."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 40

Rows = dict[str, dict[str, str]]


def cell_changes(name: str, before: Path, after: Path) -> Iterator[str]:
    """One line for each cell, row or column of a CSV file that differs.

    Rows are told apart by their first cell. Files that are no CSV, or cannot be read, give
    nothing: then only the digest says that they differ.
    """
    try:
        old, new = _read(before), _read(after)
    except (OSError, ValueError, csv.Error, StopIteration):
        return
    yield from (f"{name}: the row “{key}” was removed" for key in old if key not in new)
    yield from (f"{name}: the row “{key}” was added" for key in new if key not in old)
    common = [key for key in old if key in new]
    if common != [key for key in new if key in old]:
        yield f"{name}: the rows stand in another order"
    for key in common:
        for column in dict.fromkeys([*old[key], *new[key]]):
            one, other = old[key].get(column), new[key].get(column)
            if one != other:
                yield f"{name}: {key}, {column}: “{one or ''}” → “{other or ''}”"


def _read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle)
        header = next(reader)
        return {row[0]: dict(zip(header, row, strict=False)) for row in reader if row}


def shortened(lines: list[str]) -> list[str]:
    """At most so many lines, and how many there are beyond."""
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more"]
