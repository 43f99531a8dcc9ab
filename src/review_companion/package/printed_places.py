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

from .cell_checks import NUMBER
from .descriptor import MONTH, TableSpec
from .links import LOCATORS
from .numerals import names_month, numbers_printed, plainly_printed
from .problems import Problem, printable
from .tolerant_csv import Tables

CODE = "as-printed"
Cells = Mapping[str, str]
NumberedRow = tuple[int, dict[str, str]]  # its number in a spreadsheet, its cells
Slip = tuple[NumberedRow, str, str, str]  # a row, a column, what is expected there, a note


class PrintedPlace(NamedTuple):
    """Where a cell is printed."""

    section: str
    fragment: str


@dataclass(frozen=True)
class PrintedPlaces:
    """Tables, and where each cell of them is printed.

    `links` maps tables and their columns to the tables whose rows they name; `printed` holds the
    published cells of the rebuilt tables by section (`table-1/row/column`).
    """

    tables: Tables
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _own(self) -> dict[tuple[str, str], dict[str, PrintedPlace]]:
        """Table and row -> the places of cells that differ from the row's own place."""
        table = self.tables.get(LOCATORS)
        wanted = {"resource", "row", "column", "section", "fragment"}
        if table is None or not wanted <= set(table.columns):
            return {}
        found: dict[tuple[str, str], dict[str, PrintedPlace]] = {}
        for _, c in table.rows:
            own = found.setdefault((c["resource"], c["row"]), {})
            own[c["column"]] = PrintedPlace(c["section"], c["fragment"])
        return found

    def rows(self, name: str) -> list[NumberedRow]:
        """The numbered rows of a table; none where it could not be read."""
        return self.tables[name].rows if name in self.tables else []

    def place(self, name: str, cells: Cells, column: str) -> PrintedPlace:
        """The place of a cell: its own, else its row's."""
        return self._own_of(name, cells).get(column, _of_row(cells))

    def by_place(
        self, name: str, cells: Cells, columns: Iterable[str]
    ) -> dict[PrintedPlace, list[str]]:
        """Some columns of a row by the place where their cells are printed."""
        own, default = self._own_of(name, cells), _of_row(cells)
        if not own:
            return {default: list(columns)}
        found: dict[PrintedPlace, list[str]] = {}
        for column in columns:
            found.setdefault(own.get(column, default), []).append(column)
        return found

    def has_own(self, name: str, cells: Cells, column: str) -> bool:
        """Whether the cell has a place of its own."""
        return column in self._own_of(name, cells)

    def _own_of(self, name: str, cells: Cells) -> Mapping[str, PrintedPlace]:
        return self._own.get((name, cells[self.tables[name].columns[0]]), {})

    def follow(self, name: str, cells: Cells, path: str) -> str:
        """The value at a dotted path of foreign keys, "" where a row is missing."""
        column, _, rest = path.partition(".")
        value = cells.get(column, "")
        if not rest:
            return value
        target = self.links.get(name, {}).get(column, "")
        row = self.tables[target].by_key.get(value) if target in self.tables else None
        return self.follow(target, row, rest) if row else ""


def _of_row(cells: Cells) -> PrintedPlace:
    return PrintedPlace(cells.get("section", ""), cells.get("fragment", ""))


def unprinted(specs: Iterable[TableSpec], tables: Tables, corrected: Tables) -> Iterator[Problem]:
    """The numbers that the fragments of their own places do not print.

    `corrected` are the tables with corrections applied: either number may be printed. Cells that
    are blank, not numbers, or without a place are checked elsewhere.
    """
    places = PrintedPlaces(tables)
    for spec in specs:
        table = tables[spec.name]
        wanted = {
            f["name"]: f.get("printed", True)
            for f in spec.fields
            if f.get("type") in ("number", "integer")
            and f["name"] in table.columns
            and f["name"] not in spec.foreign_keys
            and f.get("printed", True) is not False
        }
        rows = zip(table.rows, corrected[spec.name].rows, strict=True) if wanted else ()
        for (number, cells), (_, now) in rows:
            for column, expected, note in _wrong_in(spec.name, cells, now, wanted, places):
                what = {"severity": "warning", "expected": expected, "message": note}
                yield table.problem(number, cells, column, code=CODE, **what)


def _wrong_in(
    name: str, cells: Cells, now: Cells, wanted: Mapping[str, Any], places: PrintedPlaces
) -> Iterator[tuple[str, str, str]]:
    filled = [column for column in wanted if cells[column]]
    for place, columns in places.by_place(name, cells, filled).items():
        values = Counter(cells[c] if wanted[c] != MONTH else "" for c in columns)
        if place.fragment and not values <= Counter(plainly_printed(place.fragment)):
            numbers = [column for column in columns if NUMBER.fullmatch(cells[column])]
            yield from _wrong(numbers, cells, now, place.fragment, wanted)


def _wrong(
    columns: list[str], cells: Cells, now: Cells, fragment: str, wanted: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """The columns whose number the fragment does not print, or not so often."""
    printed = numbers_printed(fragment)
    left, said = Counter(printed), f"a number printed in “{printable(fragment)}”"
    listed = f"{said}: {', '.join(printed)}" if printed else said
    for column in columns:
        value = cells[column]
        if wanted[column] == MONTH:
            if not names_month(fragment, value):
                yield column, said, "the number of a month named there"
        elif fits := next((v for v in (value, now[column]) if left[v]), None):
            left[fits] -= 1
        elif not printed[value]:
            yield column, listed, "correct the cell, or say in locators where it is printed"
        else:
            others = ", ".join(c for c in columns if cells[c] == value and c != column)
            yield column, listed, f"{others} of this row holds the {value} that is printed there"
