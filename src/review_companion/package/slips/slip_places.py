"""What the checks of slips ask of the package: rows, places, and the figures of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from ..as_printed import figures
from ..damage import Table
from ..links import LOCATORS
from ..problems import Problem

Cells = Mapping[str, str]


class Place(NamedTuple):
    """Where a cell is printed."""

    section: str
    fragment: str


@dataclass(frozen=True)
class Places:
    """The tables with corrections laid over them, and where each cell of them is printed.

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

    def rows(self, name: str) -> list[tuple[int, dict[str, str]]]:
        """The numbered rows of a table; none where it could not be read."""
        return self.tables[name].rows if name in self.tables else []

    def place(self, name: str, cells: Cells, column: str) -> Place:
        """The place of a cell: its own, else its row's."""
        key = cells[self.tables[name].columns[0]]
        default = Place(cells.get("section", ""), cells.get("fragment", ""))
        return self._own.get((name, key, column), default)

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

    def warn(
        self, name: str, number: int, cells: Cells, column: str, rule: str, **what: Any
    ) -> Problem:
        """A warning about a cell."""
        table = self.tables[name]
        return table.problem(number, cells, column, severity="warning", code=f"slip/{rule}", **what)


def positions(text: str, value: str) -> list[tuple[int, int]]:
    """Where a text prints a number: start and end of each."""
    return [(f.start, f.end) for f in figures(text) if value in f.values]


def segment(text: str, span: tuple[int, int]) -> tuple[str, str]:
    """The text from the number before a figure to it, and from it to the number after."""
    found = figures(text)
    before = max((f.end for f in found if f.end <= span[0]), default=0)
    after = min((f.start for f in found if f.start >= span[1]), default=len(text))
    return text[before : span[0]], text[span[1] : after]


def first(items: Iterable[Any]) -> Any:
    """The first of the items, or None."""
    iterator: Iterator[Any] = iter(items)
    return next(iterator, None)
