"""Rows against columns, a symbol in each cell; a frame where a cell differs from the first row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tables.traced import TracedTable
from . import WIDTH
from .canvas import (
    CHOICE,
    HIGHER,
    INK,
    LABEL,
    LOWER,
    NEITHER,
    RULE,
    SMALL,
    TEXT,
    Canvas,
    nothing,
    width_of,
    wrap,
)
from .table_rows import Row, rows_of

COLORS = {"ink": INK, "higher": HIGHER, "lower": LOWER, "neither": NEITHER, "choice": CHOICE}
# Grounds of cells, as in a traffic-light plot of risk of bias, of one hue: the sign says the same.
TILES = {"full": "#8fcdb9", "half": "#d5ece4", "none": "#ffffff", "unknown": "#e3e6ea"}


def draw(table: TracedTable, spec: Mapping[str, Any], width: float = WIDTH) -> Canvas:
    """`columns` maps a column to its short heading, `symbols` a text (up to a comma) to a mark.

    A symbol with a `tile` colours its cell.
    """
    rows = rows_of(table)
    if not rows:
        return nothing(width=width)
    canvas = Canvas(width)
    left = 0.0 if canvas.narrow else float(spec.get("label-width", 110))
    cell = (canvas.width - left) / len(spec["columns"])
    y = _head(canvas, spec, left, cell)
    for row in rows:
        first = rows[0] if spec.get("against-first") and row is not rows[0] else None
        if canvas.narrow:
            y = canvas.lines(LABEL, y + 9, wrap(row.text(spec["label"]), width - 4)) - 6
        y = _row(canvas, row, first, spec, (left, cell, y))
    symbols = ((name, _symbol(how)) for name, how in spec["symbols"].items())
    canvas.key(LABEL + 4, y + 10, symbols, 18)
    canvas.caption(y + 23, spec)
    return canvas


def _head(canvas: Canvas, spec: Mapping[str, Any], left: float, width: float) -> float:
    if spec.get("upright"):
        return _upright(canvas, spec, left, width)
    headings = [wrap(str(text), width - 3, SMALL) for text in spec["columns"].values()]
    height = max(map(len, headings)) * SMALL * 1.25 + 6
    for number, lines in enumerate(headings):
        top = height - len(lines) * SMALL * 1.25 + 1
        canvas.note(left + (number + 0.5) * width, top, *lines, align="center")
    canvas.line(0, height, canvas.width, height, color=INK)
    return height


def _upright(canvas: Canvas, spec: Mapping[str, Any], left: float, width: float) -> float:
    headings = [str(text) for text in spec["columns"].values()]
    height = max(width_of(text, SMALL) for text in headings) + 8
    for number, text in enumerate(headings):
        canvas.note(left + (number + 0.5) * width, height - 4, text, upright=True)
    canvas.line(0, height, canvas.width, height, color=INK)
    return height


def _row(
    canvas: Canvas,
    row: Row,
    first: Row | None,
    spec: Mapping[str, Any],
    place: tuple[float, float, float],
) -> float:
    left, width, y = place
    label = [] if canvas.narrow else wrap(row.text(spec["label"]), left - 6)
    cells = [row.text(column).partition(", ") for column in spec["columns"]]
    notes = [wrap(rest.replace(" and ", ", "), width - 4, SMALL) for _, _, rest in cells]
    lines = max(map(len, notes))
    height = max(len(label) * TEXT * 1.25, 12 + lines * SMALL * 1.2) + 5
    canvas.lines(LABEL, y + 9, label)
    for number, ((state, _, _), note, column) in enumerate(
        zip(cells, notes, spec["columns"], strict=True)
    ):
        x = left + (number + 0.5) * width
        if first is not None and first.text(column).partition(", ")[0] != state:
            canvas.box(x - width / 2 + 2, y + 1.5, width - 4, height - 2.5, edge=CHOICE, line=1.4)
        how = row.state(column, spec["symbols"])
        if how and "tile" in how:
            shade = TILES[str(how["tile"])]
            canvas.box(x - width / 2 + 1, y + 1, width - 2, height - 3, fill=shade, edge=shade)
        if how:
            canvas.marker(x, y + 9, **_symbol(how), size=7, mark=f"{row.key}/{column}")
        canvas.note(x, y + 19, *note, align="center")
    canvas.line(0, y + height, canvas.width, y + height, color=RULE, width=0.5)
    return y + height


def _symbol(how: Mapping[str, Any]) -> dict[str, Any]:
    """A declared symbol as the canvas draws it."""
    return {
        "shape": str(how["mark"]),
        "color": COLORS[str(how["color"])],
        "open": bool(how.get("open")),
        "half": bool(how.get("half")),
    }
