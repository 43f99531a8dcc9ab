"""What an expression that somebody asks in a notebook gives: its value, cells and places."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..data.package import Package
from ..model import EVERY, Origin, Result, Value
from ..trace.text import as_text

if TYPE_CHECKING:
    import pandas

MOST_CELLS = 200


@dataclass(frozen=True)
class Answer:
    """The result of an expression, shown with the cells that it read and where they are printed."""

    result: Result
    package: Package

    @property
    def value(self) -> Value:
        """The bare value: int, Fraction, Decimal, str, bool, a tuple, or None if not reported."""
        return self.result.value

    @property
    def text(self) -> str:
        """The value as a report would print it."""
        return as_text(self.value)

    @property
    def cells(self) -> pandas.DataFrame:
        """The cells read, then those by which rows were chosen, each with its place."""
        import pandas

        read = [self._cell(origin, "read") for origin in sorted(self.result.read)]
        looked = [self._cell(origin, "looked at") for origin in sorted(self.result.looked)]
        columns = ["resource", "row", "column", "cell", "printed in", "used"]
        return pandas.DataFrame([*read, *looked], columns=pandas.Index(columns))

    def _cell(self, origin: Origin, used: str) -> tuple[str, ...]:
        place = None if origin.row == EVERY else self.package.locator(origin)
        where = str(place or "")
        return origin.resource, origin.row, origin.column, self.package.cell(origin), where, used

    def __repr__(self) -> str:
        return f"{self.result.formula} = {self.text} ({len(self.result.read)} cells read)"

    def _repr_html_(self) -> str:
        cells = self.cells
        shown = cells.head(MOST_CELLS).to_html(index=False)
        more = f"<p>and {len(cells) - MOST_CELLS} more</p>" if len(cells) > MOST_CELLS else ""
        return (
            f"<p><code>{html.escape(self.result.formula)}</code> = "
            f"<strong>{html.escape(self.text)}</strong></p>\n"
            f"<details><summary>{len(self.result.read)} cells read, "
            f"{len(self.result.looked)} looked at</summary>\n{shown}\n{more}</details>"
        )
