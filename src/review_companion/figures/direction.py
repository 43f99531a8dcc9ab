"""Effect direction plot: which way each study or comparison points (Boon & Thomson 2021).

The place and shape of a mark show its direction. A solid mark answers the question of the review, a
hollow one another question; an open circle means that no direction is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tables.traced import TracedTable
from . import WIDTH
from .canvas import (
    INK,
    LABEL,
    LINE,
    MARKERS,
    NEITHER,
    NO_STUDY,
    NOT_COMPARED,
    RULE,
    SMALL,
    TEXT,
    Canvas,
    nothing,
    wrap,
)
from .table_rows import Row, grouped, rows_of

SLOTS, COLUMNS, GAP = (95.0, 111.0, 127.0), 148.0, 7.0
WIDER, EDGE, BESIDE = 0.4, 11.0, 58.0
PLACES, WORDS = {"lower": 0, "higher": 2}, {"lower": "less", "higher": "more"}


def draw(table: TracedTable, spec: Mapping[str, Any], width: float = WIDTH) -> Canvas:
    """Rows under their group; `columns` maps a column to its heading.

    `only` draws the rows of one group alone, without its heading. `hollow` is a column with the
    text for which a mark is drawn hollow.
    """
    rows = rows_of(table, str(spec.get("only", "")))
    if not rows:
        return nothing(NO_STUDY, width)
    canvas = Canvas(width)
    y = _head(canvas, spec)
    for heading, members in grouped(rows, "" if "only" in spec else str(spec.get("group", ""))):
        y = _heading(canvas, heading, y)
        for row in members:
            y = _row(canvas, row, spec, y)
    _legend(canvas, y + 9, rows, spec)
    return canvas


def _places(canvas: Canvas, spec: Mapping[str, Any]) -> list[tuple[str, str, float, float]]:
    """Each column with its heading, its left end and its width; the first, of results, is wider."""
    columns = list(spec.get("columns", {}).items())
    if canvas.narrow:
        return [(column, "", BESIDE, canvas.width - BESIDE) for column, _ in columns]
    left = COLUMNS * _growth(canvas)
    share = (canvas.width - left) / (len(columns) + WIDER)
    places, x = [], left
    for number, (column, heading) in enumerate(columns):
        width = share * (1 if number else 1 + WIDER)
        places.append((column, str(heading), x, width - GAP))
        x += width
    return places


def _slots(canvas: Canvas) -> list[float]:
    """Where the marks for less, neither and more are drawn."""
    return [slot - SLOTS[0] + EDGE if canvas.narrow else slot * _growth(canvas) for slot in SLOTS]


def _growth(canvas: Canvas) -> float:
    """How much more room than usual a label has."""
    return canvas.width / WIDTH


def _head(canvas: Canvas, spec: Mapping[str, Any]) -> float:
    less, _, more = _slots(canvas)
    canvas.note(less, 7, "less", align="center")
    canvas.note(more, 7, "more", align="center")
    for _, heading, x, _ in _places(canvas, spec):
        canvas.note(x, 7, heading)
    canvas.line(0, 15, canvas.width, 15, color=INK)
    return 16.0


def _heading(canvas: Canvas, heading: str, y: float) -> float:
    if not heading:
        return y
    end = canvas.lines(LABEL, y + 11, wrap(heading, canvas.width, TEXT, bold=True), bold=True)
    return end - 4


def _row(canvas: Canvas, row: Row, spec: Mapping[str, Any], y: float) -> float:
    room = canvas.width if canvas.narrow else SLOTS[0] * _growth(canvas) - 10
    label = wrap(row.text(spec["label"]), room, bold=canvas.narrow)
    first = y + 2.5 + TEXT * LINE / 2
    below = canvas.lines(LABEL, first, label, bold=canvas.narrow)
    middle, end = (below, below) if canvas.narrow else (first, below)
    at = middle
    for column, _, x, width in _places(canvas, spec):
        text = wrap(row.text(column), width, SMALL)
        at = canvas.lines(x, at if canvas.narrow else middle, text, size=SMALL)
        end = max(end, at)
    _mark(canvas, row, spec, middle)
    end += 2 - TEXT * LINE / 2
    canvas.line(0, end, canvas.width, end, color=RULE, width=0.5)
    return end


def _mark(canvas: Canvas, row: Row, spec: Mapping[str, Any], y: float) -> None:
    direction = row.text(spec["direction"])
    slots = _slots(canvas)
    for place in slots:
        canvas.line(place, y - 6, place, y + 6, color=RULE, width=0.5)
    x = slots[PLACES.get(direction, 1)]
    if direction not in MARKERS:
        canvas.marker(x, y, "o", NEITHER, size=7, open=True, mark=row.key)
        return
    shape, color = MARKERS[direction]
    size = 9 if shape in "^v" else 7
    canvas.marker(x, y, shape, color, size=size, open=row.is_hollow(spec), mark=row.key)


def _legend(canvas: Canvas, y: float, rows: list[Row], spec: Mapping[str, Any]) -> None:
    """Each direction once, hollow only where all its marks are; the figure's words say what solid
    and hollow mean."""
    hollow: dict[str, bool] = {}
    for row in rows:
        direction = row.text(spec["direction"])
        hollow[direction] = hollow.get(direction, True) and row.is_hollow(spec)
    entries: list[tuple[str, Mapping[str, Any]]] = [
        (WORDS.get(name, name), {"shape": shape, "color": color, "open": hollow[name]})
        for name, (shape, color) in MARKERS.items()
        if name in hollow
    ]
    canvas.key(LABEL + 3, y, entries + [NOT_COMPARED] * ("" in hollow), 17.5)
    canvas.caption(y + 13, spec, rows)
