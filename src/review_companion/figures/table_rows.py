"""Reading a traced table's rows for drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import CompanionError
from ..tables.traced import Cell, TracedTable
from ..text import ABSENT


@dataclass(frozen=True)
class Row:
    """A row to draw: `text` of a column as the table shows it, `number` for the axis."""

    key: str
    cells: Mapping[str, Cell]

    def text(self, column: Any) -> str:
        """The cell's text; "" where it is absent."""
        text = self._cell(str(column)).text
        return "" if text == ABSENT else text

    def joined(self, columns: Iterable[str]) -> str:
        """The texts of several columns, those that are not absent."""
        return ", ".join(filter(None, map(self.text, columns)))

    def number(self, column: Any) -> float | None:
        """The cell's value as a number; None where there is none."""
        value = self._cell(str(column)).result.value
        return None if value is None or isinstance(value, str | tuple) else float(value)

    def state(self, column: Any, states: Mapping[str, Any]) -> Any:
        """What a cell's text, up to a comma, is drawn as; None for an absent cell.

        Raises CompanionError for a text that the figure does not know: a mark left out would say
        that nothing is there.
        """
        text = self.text(column).partition(", ")[0]
        if text and text not in states:
            what = f"the figure has no mark for “{text}” ({self.key}, column “{column}”)"
            raise CompanionError(what, hint=f"it knows: {', '.join(map(str, states))}")
        return states.get(text)

    def is_hollow(self, spec: Mapping[str, Any]) -> bool:
        """Whether its mark is hollow: `hollow` names a column, and the text for which."""
        hollow = spec.get("hollow")
        return self.text(hollow["column"]) == str(hollow["text"]) if hollow else False

    def _cell(self, column: str) -> Cell:
        try:
            return self.cells[column]
        except KeyError:
            what = f"the figure's table has no column “{column}”"
            raise CompanionError(what, hint=f"its columns: {', '.join(self.cells)}") from None


def rows_of(table: TracedTable, only: str = "") -> list[Row]:
    """The table's rows, in order; `only` those whose key ends with it, after a slash."""
    ids = [column.id for column in table.columns]
    return [
        Row(key, dict(zip(ids, cells, strict=True)))
        for key, cells in table.rows.items()
        if not only or key.split("/")[-1] == only
    ]


def grouped(rows: list[Row], column: str) -> Iterator[tuple[str, list[Row]]]:
    """Rows under the heading that they share, in the order of first appearance."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.text(column) if column else "", []).append(row)
    yield from groups.items()
