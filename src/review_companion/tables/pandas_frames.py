"""What a notebook shows as pandas frames: the extraction data, and the cells behind an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..expressions.templates import upper_first
from ..model import Origin, Result, Value
from ..package.package import Package, Resource
from ..text import as_text, code_words
from .traced import render_template

if TYPE_CHECKING:
    import pandas

DTYPES = {"integer": "Int64", "number": "Float64"}


def frame_of(resource: Resource) -> pandas.DataFrame:
    """A resource by its rows' keys; an empty cell is missing, `attrs["labels"]` names columns.

    Whole numbers, decimals and truth values have pandas' own types for columns with gaps; all
    else is text. For the printed digits of a decimal, see the CSV file.
    """
    import pandas

    keys = pandas.Index(list(resource.rows), name="row")
    cells = [list(row.values()) for row in resource.rows.values()]
    texts = pandas.DataFrame(cells, keys, list(resource.columns), dtype="string")
    typed = {name: DTYPES[kind] for name, kind in resource.types.items() if kind in DTYPES}
    frame = texts.replace("", pandas.NA).astype(typed)
    for name in (name for name, kind in resource.types.items() if kind == "boolean"):
        frame[name] = frame[name] == "true"
    frame.attrs["labels"] = {name: label(resource, name) for name in resource.columns}
    return frame


def label(resource: Resource, column: str) -> str:
    """What a column is called."""
    return str(resource.field(column).get("title") or upper_first(code_words(column)))


@dataclass(frozen=True)
class Extraction:
    """What a table is made of: the resources that it reads, and how each column is made."""

    name: str
    frames: Mapping[str, pandas.DataFrame]
    columns: Mapping[str, str]

    def __getitem__(self, resource: str) -> pandas.DataFrame:
        return self.frames[resource]

    def _repr_html_(self) -> str:
        return render_template("extraction.html", data=self)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} ({len(frame)} rows)" for name, frame in self.frames.items())
        return f"{self.name} is made of {shown}"


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
        place = self.package.locator(origin)
        where = str(place or "")
        return origin.resource, origin.row, origin.column, self.package.cell(origin), where, used

    def __repr__(self) -> str:
        return f"{self.result.formula} = {self.text} ({len(self.result.read)} cells read)"

    def _repr_html_(self) -> str:
        cells = self.cells
        shown = cells.head(MOST_CELLS).to_html(index=False)
        return render_template(
            "answer.html", answer=self, shown=shown, more=len(cells) - MOST_CELLS
        )
