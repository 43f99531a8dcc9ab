"""Merges a sheet into a table, three-way: as exported, as the sheet has it, as the data have it.

Only what the sheet's author changed is taken over. Where the data were changed in the same cell
meanwhile, and not to the same value, both values are shown and nothing is decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ..model import Row
from ..package.cell_checks import NUMBER
from ..package.damage import Table
from ..package.problems import Problem

Stored = frozenset[tuple[int, str]]  # row number and column of cells that are no text

BOTH = "both-changed"
GONE = "the row is gone from the sheet, and was changed in the data since the export"
TAKEN_OUT = "the row was changed in the sheet, and taken out of the data since the export"
UNSURE = "stored as a number: were there zeros at the end? format the cell as text"


def merge(
    base: Mapping[str, Row], sheet: Table, data: Table, stored: Stored, *, removes: bool
) -> tuple[Table, list[Problem]]:
    """The table as it will be, what cannot be decided, and numbers whose printed form is not sure.

    `base` are the rows as exported, by key; without `removes` no row is taken out.
    """
    columns, problems = data.columns, list[Problem]()
    merged = Table(data.file, columns)
    ours, theirs = ({row[columns[0]]: (n, row) for n, row in t.rows} for t in (data, sheet))
    for name in _order(base, list(ours), list(theirs)):
        was = {c: base[name].get(c, "") for c in columns} if name in base else None
        number, mine = ours.get(name, (0, None))
        number, new = theirs.get(name, (number, None if removes else was))
        if new is not None and name in theirs:
            new = {c: _meant(new[c], (number, c) in stored, c, mine, was) for c in columns}
        kept = mine
        if new is None and was is not None:
            kept = None if mine == was else mine
            if kept is not None:
                problems.append(Problem(sheet.file, key=name, code=BOTH, message=GONE))
        elif new is not None and new != was and was is not None and mine is None:
            changed = next(c for c in columns if new[c] != was[c])
            problems.append(sheet.problem(number, new, changed, code=BOTH, message=TAKEN_OUT))
        elif new is not None and new != was:
            kept, found = _settled(sheet, number, was, mine, new, stored)
            problems += found
        merged.rows.extend([(number, kept)] if kept is not None else [])
    return merged, problems


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


def _meant(text: str, is_stored: bool, column: str, *known: Row | None) -> str:
    """The figure as it is printed, for an equal number that the sheet does not hold as text."""
    for printed in (row[column] for row in known if row is not None and is_stored):
        if all(map(NUMBER.fullmatch, (text, printed))) and Decimal(text) == Decimal(printed):
            return printed
    return text


def _settled(
    sheet: Table, number: int, was: Row | None, mine: Row | None, new: Row, stored: Stored
) -> tuple[dict[str, str], list[Problem]]:
    """The cells of a row in the sheet, each as its author changed it, or as the data have it."""
    cells, problems = dict(mine or {}), list[Problem]()
    for column, theirs in new.items():
        ours = mine and mine[column]
        before = was[column] if was is not None else ours
        if theirs in (ours, before):
            continue
        if ours != before or (was is None and mine is not None):
            note = f'it was "{before}" when exported and is "{ours}" in the data now: settle it'
            problems.append(sheet.problem(number, new, column, code=BOTH, message=note))
        if (number, column) in stored and NUMBER.fullmatch(theirs):
            what = {"severity": "warning", "code": "cell", "message": UNSURE}
            problems.append(sheet.problem(number, new, column, **what))
        cells[column] = theirs
    return cells, problems
