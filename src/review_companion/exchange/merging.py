"""Merges a sheet into a table, three-way: as exported, as the sheet has it, as the data have it.

Only what the sheet's author changed is taken over. Where the data were changed in the same cell
meanwhile, and not to the same value, both values are shown and nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..model import Row
from ..package.cell_checks import NUMBER
from ..package.damage import Table
from ..package.problems import Problem

Numbered = tuple[int, dict[str, str]]  # the row's number where it stands, its cells
Stored = frozenset[tuple[int, str]]  # row number and column of cells that are no text


@dataclass
class Merge:
    """A table as it will be, what cannot be decided, and numbers whose printed form is not sure."""

    rows: list[Numbered]
    problems: list[Problem] = field(default_factory=list)


def merge(
    base: Mapping[str, Row], sheet: Table, data: Table, stored: Stored, *, removes: bool
) -> Merge:
    """`base` are the rows as exported, by key; without `removes` no row is taken out."""
    key = data.columns[0]
    ours = {row[key]: (number, row) for number, row in data.rows}
    theirs = {row[key]: (number, row) for number, row in sheet.rows}
    merged = Merge([])
    for name in _order(base, list(ours), list(theirs)):
        was, mine, new = base.get(name), ours.get(name), theirs.get(name)
        if new is None:
            row = _without_theirs(merged, sheet, was, mine, removes)
        elif mine is None:
            row = _without_ours(merged, sheet, was, new, stored)
        else:
            cells = dict(_cells(merged, sheet, was, mine[1], new, stored))
            row = (new[0], cells)
        merged.rows += [row] if row else []
    return merged


def _order(base: Mapping[str, Row], ours: list[str], theirs: list[str]) -> Sequence[str]:
    """As the sheet has them where the data did not change, else as the data have them."""
    if ours == list(base):
        return list(dict.fromkeys([*theirs, *ours]))
    order = list(ours)
    before = ""
    for name in theirs:
        if name not in ours:
            order.insert(order.index(before) + 1 if before else len(order), name)
        before = name
    return order


def _without_theirs(
    merged: Merge, sheet: Table, was: Row | None, mine: Numbered | None, removes: bool
) -> Numbered | None:
    if mine is None or was is None or not removes:
        return mine
    if any(mine[1][column] != was.get(column, "") for column in mine[1]):
        key = mine[1][sheet.columns[0]]
        note = "the row is gone from the sheet, and was changed in the data since the export"
        merged.problems.append(Problem(sheet.file, key=key, code="both-changed", message=note))
        return mine
    return None


def _without_ours(
    merged: Merge, sheet: Table, was: Row | None, new: Numbered, stored: Stored
) -> Numbered | None:
    number, row = new
    if was is None:
        merged.problems += _unsure(sheet, new, stored, row)
        return new
    changed = [
        c for c in row if _meant(row[c], was.get(c, ""), (number, c) in stored) != was.get(c, "")
    ]
    if changed:
        note = "the row was changed in the sheet, and taken out of the data since the export"
        found = sheet.problem(number, row, changed[0], code="both-changed", message=note)
        merged.problems.append(found)
    return None


def _cells(
    merged: Merge, sheet: Table, was: Row | None, mine: Row, new: Numbered, stored: Stored
) -> Iterator[tuple[str, str]]:
    number, row = new
    for column, ours in mine.items():
        is_stored = (number, column) in stored
        theirs = _meant(_meant(row[column], ours, is_stored), _of(was, column, ours), is_stored)
        before = _of(was, column, ours)
        if theirs in (ours, before):
            yield column, ours
            continue
        if ours != before or was is None:
            note = f'it was "{before}" when exported and is "{ours}" in the data now: settle it'
            found = sheet.problem(number, row, column, code="both-changed", message=note)
            merged.problems.append(found)
        merged.problems += _unsure(sheet, new, stored, (column,))
        yield column, theirs


def _of(row: Row | None, column: str, otherwise: str) -> str:
    return row.get(column, "") if row is not None else otherwise


def _meant(text: str, printed: str, is_stored: bool) -> str:
    """The figure as it is printed, for an equal number that the sheet does not hold as text."""
    numbers = is_stored and NUMBER.fullmatch(text) and NUMBER.fullmatch(printed)
    return printed if numbers and Decimal(text) == Decimal(printed) else text


def _unsure(
    sheet: Table, new: Numbered, stored: Stored, columns: Mapping[str, str] | Sequence[str]
) -> Iterator[Problem]:
    """A new figure that the sheet holds as a number: zeros at its end may be lost."""
    number, row = new
    for column in columns:
        if (number, column) in stored and NUMBER.fullmatch(row[column]):
            note = "stored as a number: were there zeros at the end? format the cell as text"
            yield sheet.problem(number, row, column, severity="warning", code="cell", message=note)
