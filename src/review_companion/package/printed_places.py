"""Where each cell of the tables is printed, and whether its number is printed there.

A number in a cell must be one of those that the fragment of its place prints. Where several cells
of a row share a place, the fragment must print a number as often as these cells hold it. This finds
typing errors without the article at hand. It is only a warning, since whoever corrects a figure
changes its fragment last. A field that is not printed as a number says so in its descriptor:
`"printed": false` for what is not in the article (an order), `"printed": "month"` for a month's
name. Foreign keys name rows, so that numbers in them do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from ..model import Row
from .cell_checks import NUMBER
from .descriptor import MONTH, TableSpec
from .links import LOCATORS
from .numerals import names_month, numbers_printed, plainly_printed
from .problems import Problem, printable
from .tolerant_csv import Tables

CODE = "as-printed"


class PrintedPlace(NamedTuple):
    """Where a cell is printed."""

    section: str
    fragment: str


@dataclass(frozen=True)
class PrintedTables:
    """Tables, and where each cell of them is printed.

    `printed` holds the published cells of the rebuilt tables by section (`table-1/row/column`).
    """

    specs: Iterable[TableSpec]
    tables: Tables
    printed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def own_places(self) -> Mapping[tuple[str, str], Mapping[str, PrintedPlace]]:
        """Table and row -> the places of cells that differ from the row's own place."""
        table = self.tables.get(LOCATORS)
        wanted = {"resource", "row", "column", "section", "fragment"}
        found: dict[tuple[str, str], dict[str, PrintedPlace]] = {}
        for _, c in table.rows if table and wanted <= set(table.columns) else ():
            own = found.setdefault((c["resource"], c["row"]), {})
            own[c["column"]] = PrintedPlace(c["section"], c["fragment"])
        return found

    @cached_property
    def _rows(self) -> Mapping[str, list[PrintedRow]]:
        read = [(spec, self.tables[spec.name]) for spec in self.specs if spec.name in self.tables]
        return {s.name: [PrintedRow(n, cells, s, self) for n, cells in t.rows] for s, t in read}

    @cached_property
    def _by_key(self) -> Mapping[str, Mapping[str, PrintedRow]]:
        return {name: {row.key: row for row in rows} for name, rows in self._rows.items()}

    @cached_property
    def owning(self) -> frozenset[str]:
        """The tables whose rows own rows of others."""
        return frozenset(table for spec in self.specs for table in spec.owners.values())

    def role(self, name: str, part: str) -> Mapping[str, Any]:
        """The role of a table that has the part; an empty one where there is none."""
        roles = (role for spec in self.specs if spec.name == name for role in spec.roles)
        return next((role for role in roles if part in role), {})

    def rows(self, name: str) -> list[PrintedRow]:
        """The rows of a table; none where it could not be read."""
        return self._rows.get(name, [])

    def row(self, name: str, key: str) -> PrintedRow | None:
        return self._by_key.get(name, {}).get(key)


@dataclass(frozen=True, eq=False)
class PrintedRow:
    """A row: its number in a spreadsheet, its cells, and where each of them is printed."""

    number: int
    cells: Row
    spec: TableSpec
    tables: PrintedTables

    @property
    def key(self) -> str:
        return next(iter(self.cells.values()))

    def get(self, column: str) -> str:
        """A cell of the row, "" where there is none."""
        return self.cells.get(column, "")

    @property
    def owner(self) -> tuple[str, str]:
        """The table of owners (studies) and the one that the row is of; both "" if of none.

        A row names its owner in the column that begins its key; an owner is a row that others name.
        """
        for column, table in self.spec.owners.items():
            return table, self.get(column)
        return (self.spec.name, self.key) if self.spec.name in self.tables.owning else ("", "")

    @cached_property
    def own(self) -> Mapping[str, PrintedPlace]:
        """The places of the cells that have their own."""
        return self.tables.own_places.get((self.spec.name, self.key), {})

    @cached_property
    def _place(self) -> PrintedPlace:
        return PrintedPlace(self.get("section"), self.get("fragment"))

    def place(self, column: str) -> PrintedPlace:
        """The place of a cell: its own, else the row's."""
        return self.own.get(column, self._place)

    def by_place(self, columns: Iterable[str]) -> Mapping[PrintedPlace, list[str]]:
        """Some columns by the place where their cells are printed."""
        if not self.own:
            return {self._place: list(columns)}
        found: dict[PrintedPlace, list[str]] = {}
        for column in columns:
            found.setdefault(self.place(column), []).append(column)
        return found

    def follow(self, path: str) -> str:
        """The value at a dotted path of foreign keys, "" where a row is missing."""
        column, _, rest = path.partition(".")
        if not rest:
            return self.get(column)
        row = self.tables.row(self.spec.foreign_keys.get(column, ""), self.get(column))
        return row.follow(rest) if row else ""


Slip = tuple[PrintedRow, str, str, str]  # a row, a column, what is expected there, a note


def unprinted(specs: Iterable[TableSpec], tables: Tables, corrected: Tables) -> Iterator[Problem]:
    """The numbers that the fragments of their own places do not print.

    `corrected` are the tables with corrections applied: either number may be printed. Cells that
    are blank, not numbers, or without a place are checked elsewhere.
    """
    specs = list(specs)
    places = PrintedTables(specs, tables)
    for spec in specs:
        table = tables[spec.name]
        wanted = {
            column: printed
            for column in spec.numbers
            if column in table.columns
            and column not in spec.foreign_keys
            and (printed := spec.field(column).get("printed", True)) is not False
        }
        pairs = zip(places.rows(spec.name), corrected[spec.name].rows, strict=True)
        for row, (_, now) in pairs if wanted else ():
            for column, expected, note in _wrong_in(row, now, wanted):
                what = {"severity": "warning", "expected": expected, "message": note}
                yield table.problem(row.number, row.cells, column, code=CODE, **what)


def _wrong_in(
    row: PrintedRow, now: Row, wanted: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """The columns whose number the fragment of their place does not print, or not so often."""
    cells = row.cells
    for (_, fragment), columns in row.by_place(c for c in wanted if cells[c]).items():
        values = Counter(cells[c] if wanted[c] != MONTH else "" for c in columns)
        if not fragment or values <= Counter(plainly_printed(fragment)):
            continue
        numbers = [column for column in columns if NUMBER.fullmatch(cells[column])]
        printed = numbers_printed(fragment)
        left, said = Counter(printed), f"a number printed in “{printable(fragment)}”"
        listed = f"{said}: {', '.join(printed)}" if printed else said
        for column in numbers:
            value = cells[column]
            if wanted[column] == MONTH:
                if not names_month(fragment, value):
                    yield column, said, "the number of a month named there"
            elif fits := next((v for v in (value, now[column]) if left[v]), None):
                left[fits] -= 1
            elif not printed[value]:
                yield column, listed, "correct the cell, or say in locators where it is printed"
            else:
                others = ", ".join(c for c in numbers if cells[c] == value and c != column)
                note = f"{others} of this row holds the {value} that is printed there"
                yield column, listed, note
