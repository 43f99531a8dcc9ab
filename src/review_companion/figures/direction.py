"""Effect direction plot: which way each study or comparison points (Boon & Thomson 2021).

The place and shape of a mark tell its direction; an open circle stands where nothing was compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tables.traced import TracedTable
from .canvas import (
    INK,
    LABEL,
    LINE,
    MARKERS,
    NEITHER,
    NOT_COMPARED,
    RULE,
    SMALL,
    TEXT,
    Canvas,
    wrap,
)
from .nothing import NO_STUDY, nothing
from .rows import Row, grouped, part_of, rows_of

SLOTS, DETAILS, DETAILS_END, FLAG = (116.0, 140.0, 164.0), 188.0, 304.0, 20.0
PLACES = {"lower": 0, "higher": 2}


def draw(table: TracedTable, spec: Mapping[str, Any]) -> str:
    """Rows under their group; `details` are lists of columns, `flags` columns shown as dots."""
    rows = part_of(rows_of(table), spec)
    if not rows:
        return nothing("every row stands on the other sheet" if table.rows else NO_STUDY)
    canvas = Canvas()
    y = _head(canvas, spec)
    for heading, members in grouped(rows, str(spec.get("group", ""))):
        y = _heading(canvas, heading, y)
        for row in members:
            y = _row(canvas, row, spec, y)
    _legend(canvas, y + 8, rows, spec)
    return canvas.svg()


def _head(canvas: Canvas, spec: Mapping[str, Any]) -> float:
    for place, text in zip(SLOTS, ("lower", "neither", "higher"), strict=True):
        canvas.note(place, 17 if text == "neither" else 7, text, align="center")
    for number, label in enumerate(spec.get("flags", {})):
        canvas.note(_flag(number), 7 + 10 * (number % 2), label, align="center")
    canvas.line(0, 25, canvas.width, 25, color=INK)
    return 26.0


def _flag(number: int) -> float:
    return DETAILS_END + 12 + number * FLAG


def _heading(canvas: Canvas, heading: str, y: float) -> float:
    if not heading:
        return y + 4
    end = canvas.lines(LABEL, y + 11, wrap(heading, canvas.width, TEXT, bold=True), bold=True)
    return end - 4


def _row(canvas: Canvas, row: Row, spec: Mapping[str, Any], y: float) -> float:
    details = _details(row, spec)
    label = wrap(row.text(spec["label"]), SLOTS[0] - 14)
    height = max(len(details) * SMALL, len(label) * TEXT) * LINE + 3.5
    middle = y + 1.5 + TEXT * LINE / 2
    canvas.lines(LABEL, middle, label)
    canvas.note(DETAILS, middle, *details)
    _mark(canvas, row, spec, middle)
    for number, (column, states) in enumerate(spec.get("flags", {}).values()):
        _dot(canvas, _flag(number), middle, row.state(column, states) or "")
    canvas.line(0, y + height, canvas.width, y + height, color=RULE, width=0.5)
    return y + height


def _details(row: Row, spec: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for columns in spec.get("details", ()):
        lines += wrap(row.joined(columns), DETAILS_END - DETAILS, SMALL)
    return lines


def _mark(canvas: Canvas, row: Row, spec: Mapping[str, Any], y: float) -> None:
    direction = row.text(spec["direction"])
    for place in SLOTS:
        canvas.line(place, y - 6, place, y + 6, color=RULE, width=0.5)
    x = SLOTS[PLACES.get(direction, 1)]
    if direction not in MARKERS:
        canvas.marker(x, y, "o", NEITHER, size=7, open=True, mark=row.key)
        return
    shape, color = MARKERS[direction]
    canvas.marker(x, y, shape, color, size=9 if shape in "^v" else 7, mark=row.key)
    count = row.number(spec["count"]) if "count" in spec else None
    if count and count > 1:
        canvas.note(x + 6, y - 3, f"×{count:g}")


def _dot(canvas: Canvas, x: float, y: float, state: str) -> None:
    if state == "unknown":
        canvas.note(x, y, "?", align="center")
    elif state:
        canvas.marker(x, y, "o", INK, size=6, open=state == "open", half=state == "half")


def _legend(canvas: Canvas, y: float, rows: list[Row], spec: Mapping[str, Any]) -> None:
    present = {row.text(spec["direction"]) for row in rows}
    entries: list[tuple[str, Mapping[str, Any]]] = [
        (name, {"shape": shape, "color": color})
        for name, (shape, color) in MARKERS.items()
        if name in present
    ]
    canvas.key(LABEL + 3, y, entries + [NOT_COMPARED] * ("" in present), 17.5)
    canvas.caption(y + 13, spec)
