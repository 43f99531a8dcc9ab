"""The words of an entry of the audit trail about its cells, filters and checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import shorten

from ..text import code_words
from .trace_entries import CellRead, PlaceRead, TraceEntry

STATUS = {
    "review-only": "review only",
    "agrees-with-primary": "agrees with the primary study",
    "differs-from-primary": "differs from the primary study",
    "not-found": "not found in the primary study",
}
DEFAULT_STATUS = "review-only"
FEW = 3
SILENT = ("", "=")
MOST_LETTERS = 100  # of a cell

EntryLine = tuple[PlaceRead | None, str]


def checked(entry: TraceEntry) -> str:
    """How the cells were checked; nothing where they have the default status."""
    statuses = sorted({place.status for place in entry.places if place.status})
    if statuses in ([], [DEFAULT_STATUS]):
        return ""
    return "; ".join(STATUS.get(status, status) for status in statuses)


def filters(entry: TraceEntry) -> str:
    """The tables whose set of rows matters, with the columns that a filter looked at."""
    result = entry.trace.result
    columns: dict[str, list[str]] = {name: [] for name in sorted(result.membership)}
    for path, _ in entry.looked:
        resource, _, column = path.partition(".")
        columns.setdefault(resource, []).append(code_words(column))
    parts = [
        f"{code_words(name)} by {', '.join(found)}" if found else code_words(name)
        for name, found in columns.items()
    ]
    names = sorted(code_words(name) for name, _ in result.parameters)
    return "; ".join([*parts, *(names if len(names) <= FEW else ())])


def cell_lines(entry: TraceEntry) -> list[EntryLine]:
    """The cells read, each under its place, or by column if there are too many."""
    found = [cell for place in entry.places for cell in place.cells]
    said: list[EntryLine] = list(_by_place(entry) if entry.placed else _by_column(entry, found))
    if found and not said:
        said.append((None, "empty cells"))
    if entry.rest:
        rest = f"also read: {_tables(entry.rest)}" if found else counted(entry.rest)
        said.append((None, rest))
    return said


def counted(counts: Sequence[tuple[str, int]]) -> str:
    """ "47 cells of samples", or of how many tables."""
    number = sum(rows for _, rows in counts)
    return f"{number} cell{'s' * (number != 1)} of {_tables(counts)}" if counts else ""


def _tables(counts: Sequence[tuple[str, int]]) -> str:
    tables = sorted({code_words(column.partition(".")[0]) for column, _ in counts})
    return ", ".join(tables) if len(tables) <= FEW else f"{len(tables)} tables"


def _by_place(entry: TraceEntry) -> Iterator[EntryLine]:
    for place in entry.places:
        if cells := "; ".join(_grouped(place.cells)):
            yield place if place.locator else None, cells


def _by_column(entry: TraceEntry, cells: Iterable[CellRead]) -> Iterator[EntryLine]:
    yield from ((None, group) for group in _grouped(cells))
    if sections := dict.fromkeys(place.words for place in entry.places if place.words):
        yield None, f"Printed in {'; '.join(sections)}"


def _grouped(cells: Iterable[CellRead]) -> Iterator[str]:
    """Cells of one row together, else of one column; keys as the names of rows.

    A cell that repeats the beginning of its row's key ("doe-2020" of "doe-2020/after") is left out,
    unless it is all that was read; so is an equals sign that belongs to a number.
    """
    filled = [cell for cell in cells if cell.value not in SILENT or cell.correction is not None]
    keys = [cell for cell in filled if cell.is_key]
    others = [cell for cell in filled if not cell.is_key]
    others = [cell for cell in others if not _in_key(cell)] or ([] if keys else others)
    by_row = len({cell.origin.row for cell in others}) <= len({cell.column for cell in others})
    groups: dict[str, list[str]] = {}
    for cell in others:
        origin = cell.origin
        row, column = code_words(origin.row), code_words(origin.column)
        name, part = (row, column) if by_row else (column, row)
        value = "" if _in_key(cell) else f" = {_value(cell)}"
        groups.setdefault(f"{code_words(origin.resource)}, {name}", []).append(f"{part}{value}")
    for cell in keys:
        resource, row = cell.origin.resource, cell.origin.row
        groups.setdefault(code_words(resource), []).append(code_words(row))
    yield from (f"{name}: {'; '.join(parts)}" for name, parts in groups.items())


def _in_key(cell: CellRead) -> bool:
    return cell.correction is None and cell.origin.row.startswith(f"{cell.value}/")


def _value(cell: CellRead) -> str:
    text = shorten(code_words(cell.value), MOST_LETTERS, placeholder=" …")
    if cell.correction is None:
        return text
    fix = cell.correction
    return f"{text} (corrected from “{fix.before}” by {fix.who}: {fix.reason})"
