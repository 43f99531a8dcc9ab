"""Rows against columns, a symbol in each cell; a frame where a cell differs from the first row."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import require_known
from .canvas import (
    COLORS,
    LABEL,
    NO_STUDY,
    SMALL,
    TEXT,
    Canvas,
    NothingToDraw,
    Spec,
    width_of,
    wrap,
)
from .table_rows import Row

# Grounds of cells, as in a traffic-light plot of risk of bias, of one hue: the sign says the same.
TILES = {"full": "#8fcdb9", "half": "#d5ece4", "none": "#ffffff", "unknown": "#e3e6ea"}


class Cells(NamedTuple):
    """Where the cells of every row lie, next to each other."""

    left: float
    width: float

    def middle(self, number: int) -> float:
        """Where the middle of a cell lies."""
        return self.left + (number + 0.5) * self.width


def draw(canvas: Canvas, rows: list[Row]) -> None:
    """`columns` maps a column to its short heading, `symbols` a text (up to a comma) to a mark.

    A symbol with a `tile` colours its cell.
    """
    if not rows:
        raise NothingToDraw(NO_STUDY)
    spec = canvas.spec
    left = 0.0 if canvas.narrow else float(spec.get("label-width", 110))
    cells = Cells(left, (canvas.width - left) / len(spec["columns"]))
    y = _upright(canvas, cells) if spec.get("upright") else _head(canvas, cells)
    canvas.line(0, y, canvas.width, y, color="ink")
    for row in rows:
        first = rows[0] if spec.get("against-first") and row is not rows[0] else None
        if canvas.narrow:
            y = canvas.lines(LABEL, y + 9, wrap(row.text(spec["label"]), canvas.width - 4)) - 6
        y = _row(canvas, row, first, cells, y)
    symbols = ((name, _symbol(how)) for name, how in spec["symbols"].items())
    canvas.key(LABEL + 4, y + 10, symbols, 18)
    canvas.legend(y + 23)


def _head(canvas: Canvas, cells: Cells) -> float:
    headings = canvas.spec["columns"].values()
    wrapped = [wrap(str(text), cells.width - 3, SMALL) for text in headings]
    height = max(map(len, wrapped)) * SMALL * 1.25 + 6
    for number, lines in enumerate(wrapped):
        top = height - len(lines) * SMALL * 1.25 + 1
        canvas.note(cells.middle(number), top, *lines, align="center")
    return height


def _upright(canvas: Canvas, cells: Cells) -> float:
    headings = [str(text) for text in canvas.spec["columns"].values()]
    height = max(width_of(text, SMALL) for text in headings) + 8
    for number, text in enumerate(headings):
        canvas.note(cells.middle(number), height - 4, text, upright=True)
    return height


def _row(canvas: Canvas, row: Row, first: Row | None, cells: Cells, y: float) -> float:
    columns, width = list(canvas.spec["columns"]), cells.width
    label = [] if canvas.narrow else wrap(row.text(canvas.spec["label"]), cells.left - 6)
    notes = [wrap(_note(row, column), width - 4, SMALL) for column in columns]
    height = max(len(label) * TEXT * 1.25, 12 + max(map(len, notes)) * SMALL * 1.2) + 5
    canvas.lines(LABEL, y + 9, label)
    for number, column in enumerate(columns):
        x = cells.middle(number)
        if first is not None and _state(first, column) != _state(row, column):
            canvas.box(x - width / 2 + 2, y + 1.5, width - 4, height - 2.5, edge="choice", line=1.4)
        how = row.state(column, canvas.spec["symbols"])
        if how and "tile" in how:
            shade = TILES[str(how["tile"])]
            canvas.box(x - width / 2 + 1, y + 1, width - 2, height - 3, fill=shade, edge=shade)
        if how:
            canvas.marker(x, y + 9, **_symbol(how), size=7, mark=f"{row.key}/{column}")
        canvas.note(x, y + 19, *notes[number], align="center")
    canvas.rule(y + height)
    return y + height


def _state(row: Row, column: str) -> str:
    """What a cell says, without the figures after it."""
    return row.text(column).partition(", ")[0]


def _note(row: Row, column: str) -> str:
    """The figures that a cell says more, one after the other."""
    return row.text(column).partition(", ")[2].replace(" and ", ", ")


def _symbol(how: Spec) -> dict[str, Any]:
    """A declared symbol as the canvas draws it."""
    require_known(str(how["color"]), COLORS, "no colour is named")
    look = {name: bool(how.get(name)) for name in ("open", "half")}
    return {"shape": str(how["mark"]), "color": str(how["color"]), **look}
