"""Two percentages of each comparison, joined: the exposed and the comparison group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tables.traced import TracedTable
from . import WIDTH
from .canvas import HIGHER, LABEL, LOWER, NEITHER, QUIET, RULE, SMALL, Canvas, nothing, wrap
from .scale import AxisScale, draw_axis, linear_scale
from .table_rows import Row, grouped, rows_of

LEFT, NUMBERS, EDGE = 146.0, 73.0, 8.0


def draw(table: TracedTable, spec: Mapping[str, Any], width: float = WIDTH) -> Canvas:
    """Columns `exposed` and `comparison`; rows without both are not drawn."""
    rows = [
        row
        for row in rows_of(table)
        if row.number(spec["exposed"]) is not None and row.number(spec["comparison"]) is not None
    ]
    if not rows:
        return nothing("no comparison with two percentages is left by the choices made", width)
    values = [row.number(spec[side]) or 0.0 for row in rows for side in ("exposed", "comparison")]
    canvas = Canvas(width)
    left = EDGE if canvas.narrow else LEFT
    scale = linear_scale(values, left, canvas.width - NUMBERS)
    bottom = _place(canvas, rows, spec, scale)
    with canvas.behind():
        _legend(canvas, scale.left, 8)
        end = draw_axis(canvas, scale, 20, bottom, str(spec.get("axis", "with the outcome (%)")))
    canvas.caption(end + 6, spec, rows)
    return canvas


def _legend(canvas: Canvas, left: float, y: float) -> None:
    canvas.marker(left + 4, y, "D", HIGHER, size=7)
    canvas.marker(left + 14, y, "D", LOWER, size=7)
    canvas.text(left + 22, y, "exposed", size=SMALL)
    canvas.marker(left + 76, y, "o", QUIET, size=6, open=True)
    canvas.text(left + 84, y, "comparison", size=SMALL)


def _place(canvas: Canvas, rows: list[Row], spec: Mapping[str, Any], scale: AxisScale) -> float:
    y = 18.0
    for heading, members in grouped(rows, str(spec.get("group", ""))):
        canvas.text(LABEL, y + 10, heading, bold=True)
        y += 18
        for row in members:
            room = canvas.width if canvas.narrow else LEFT - 12
            lines = wrap(row.joined(spec.get("details", ())), room, SMALL)
            canvas.text(LABEL, y + 7, row.text(spec["label"]))
            end = canvas.note(LABEL, y + 18, *lines) - 2
            _mark(canvas, row, spec, scale, end + 3 if canvas.narrow else y + 8)
            y = end + 13 if canvas.narrow else end
            canvas.line(0, y - 2, canvas.width, y - 2, color=RULE, width=0.5)
    return y


def _mark(canvas: Canvas, row: Row, spec: Mapping[str, Any], scale: AxisScale, y: float) -> None:
    exposed, other = row.number(spec["exposed"]) or 0.0, row.number(spec["comparison"]) or 0.0
    color = HIGHER if exposed > other else LOWER if exposed < other else NEITHER
    canvas.line(scale(exposed), y, scale(other), y, color=color, width=1.8)
    canvas.marker(scale(other), y, "o", QUIET, size=6, open=True)
    canvas.marker(scale(exposed), y, "D", color, size=7, open=row.is_hollow(spec), mark=row.key)
    text = f"{row.text(spec['exposed'])} vs {row.text(spec['comparison'])}"
    canvas.text(scale.right + 8, y, text, size=SMALL)
