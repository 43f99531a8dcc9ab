"""Where each cell of the tables is printed, and what its links lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from .damage import Table
from .links import LOCATORS

Cells = Mapping[str, str]
Row = tuple[int, dict[str, str]]  # its number in a spreadsheet, its cells
Finding = tuple[Row, str, str, str]  # a row, a column, what is expected there, a note


class Place(NamedTuple):
    """Where a cell is printed."""

    section: str
    fragment: str


@dataclass(frozen=True)
class Places:
    """Tables, and where each cell of them is printed.

    `links` maps tables and their columns to the tables whose rows they name; `printed` holds the
    published cells of the rebuilt tables by section (`table-1/row/column`).
    """

    tables: Mapping[str, Table]
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _own(self) -> dict[tuple[str, str, str], Place]:
        table = self.tables.get(LOCATORS)
        wanted = {"resource", "row", "column", "section", "fragment"}
        if table is None or not wanted <= set(table.columns):
            return {}
        return {
            (c["resource"], c["row"], c["column"]): Place(c["section"], c["fragment"])
            for _, c in table.rows
        }

    def rows(self, name: str) -> list[Row]:
        """The numbered rows of a table; none where it could not be read."""
        return self.tables[name].rows if name in self.tables else []

    def place(self, name: str, cells: Cells, column: str) -> Place:
        """The place of a cell: its own, else its row's."""
        default = Place(cells.get("section", ""), cells.get("fragment", ""))
        return self._own.get((name, cells[self.tables[name].columns[0]], column), default)

    def has_own(self, name: str, cells: Cells, column: str) -> bool:
        """Whether the cell has a place of its own."""
        return (name, cells[self.tables[name].columns[0]], column) in self._own

    def follow(self, name: str, cells: Cells, path: str) -> str:
        """The value at a dotted path along foreign keys, "" where it leads nowhere."""
        column, _, rest = path.partition(".")
        value = cells.get(column, "")
        if not rest:
            return value
        target = self.links.get(name, {}).get(column, "")
        row = self.tables[target].by_key.get(value) if target in self.tables else None
        return self.follow(target, row, rest) if row else ""
