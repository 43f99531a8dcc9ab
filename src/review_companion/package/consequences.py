"""One cause, one line: what follows from another problem is not told beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .damage import Table
from .descriptor import TableSpec
from .links import LOCATORS
from .problems import Problem

Tables = Mapping[str, Table]
ABOUT_ROWS = (LOCATORS, "corrections")  # tables whose column `resource` names tables


def causes(problems: Iterable[Problem]) -> list[Problem]:
    """The problems without those that follow from another.

    Where cells are split or missing, the row's other cells say nothing. A cell has one error, and
    no warning beside an error.
    """
    found = list(problems)
    split = {(p.file, p.row) for p in found if p.code == "row-length"}
    wrong = {(p.file, p.row, p.column): p for p in reversed(found) if p.severity == "error"}
    return [
        p
        for p in found
        if (p.code == "row-length" or (p.file, p.row) not in split)
        and (not (p.row and p.column) or wrong.get((p.file, p.row, p.column), p) is p)
    ]


def emptied(specs: Iterable[TableSpec], tables: Tables) -> Iterator[tuple[str, Problem]]:
    """Tables with a header alone to whose rows other tables refer, each with its one problem."""
    wanted: dict[str, int] = {}
    for spec in specs:
        table = tables[spec.name]
        for column, target in spec.foreign_keys.items():
            if column in table.columns and target != spec.name:
                named = sum(1 for _, cells in table.rows if cells[column])
                wanted[target] = wanted.get(target, 0) + named
        if spec.name in ABOUT_ROWS and "resource" in table.columns:
            for _, cells in table.rows:
                wanted[cells["resource"]] = wanted.get(cells["resource"], 0) + 1
    for name, rows in wanted.items():
        if rows and name in tables and not tables[name].rows:
            note = f"a header and no rows, to which {rows} rows of other tables refer"
            yield name, Problem(tables[name].file, 1, code="no-rows", message=note)


def without(table: Table, unread: Iterable[str]) -> Table:
    """The table (`locators`, `corrections`) without the rows about tables that were not read."""
    names = set(unread)
    if not names or "resource" not in table.columns:
        return table
    kept = [(number, cells) for number, cells in table.rows if cells["resource"] not in names]
    return Table(table.file, table.columns, kept)
