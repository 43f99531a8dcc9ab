"""Two percentages of each comparison, joined: the exposed and the comparison group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tables.traced import TracedTable
from .canvas import HIGHER, LABEL, LINE, LOWER, NEITHER, QUIET, RULE, SMALL, TEXT, Canvas, wrap
from .nothing import nothing
from .rows import Row, grouped, rows_of
from .scale import Scale, draw_axis, linear_scale

LEFT, RIGHT, NUMBERS = 146.0, 272.0, 280.0


def draw(table: TracedTable, spec: Mapping[str, Any]) -> str:
    """Columns `exposed` and `comparison`; rows without both are not drawn."""
    rows = [
        row
        for row in rows_of(table)
        if row.number(spec["exposed"]) is not None and row.number(spec["comparison"]) is not None
    ]
    if not rows:
        return nothing("no comparison with two percentages is left by the choices made")
    values = [row.number(spec[side]) or 0.0 for row in rows for side in ("exposed", "comparison")]
    scale = linear_scale(values, LEFT, RIGHT)
    canvas = Canvas()
    bottom = _place(canvas, rows, spec, scale)
    with canvas.behind():
        _legend(canvas, 8)
        draw_axis(canvas, scale, 20, bottom, str(spec.get("axis", "with the outcome (%)")))
    return canvas.svg()


def _legend(canvas: Canvas, y: float) -> None:
    canvas.marker(LEFT + 4, y, "D", HIGHER, size=7)
    canvas.marker(LEFT + 14, y, "D", LOWER, size=7)
    canvas.text(LEFT + 22, y, "exposed", size=SMALL)
    canvas.marker(LEFT + 76, y, "o", QUIET, size=6, open=True)
    canvas.text(LEFT + 84, y, "comparison", size=SMALL)


def _place(canvas: Canvas, rows: list[Row], spec: Mapping[str, Any], scale: Scale) -> float:
    y = 18.0
    for heading, members in grouped(rows, str(spec.get("group", ""))):
        canvas.text(LABEL, y + 10, heading, bold=True)
        y += 18
        for row in members:
            lines = wrap(row.joined(spec.get("details", ())), LEFT - 12, SMALL)
            canvas.text(LABEL, y + 7, row.text(spec["label"]))
            canvas.note(LABEL, y + 18, *lines)
            _mark(canvas, row, spec, scale, y + 8)
            y += TEXT * LINE + len(lines) * SMALL * LINE + 4
            canvas.line(0, y - 2, canvas.width, y - 2, color=RULE, width=0.5)
    return y


def _mark(canvas: Canvas, row: Row, spec: Mapping[str, Any], scale: Scale, y: float) -> None:
    exposed, other = row.number(spec["exposed"]) or 0.0, row.number(spec["comparison"]) or 0.0
    color = HIGHER if exposed > other else LOWER if exposed < other else NEITHER
    canvas.line(scale(exposed), y, scale(other), y, color=color, width=1.8)
    canvas.marker(scale(other), y, "o", QUIET, size=6, open=True)
    canvas.marker(scale(exposed), y, "D", color, size=7, mark=row.key)
    text = f"{row.text(spec['exposed'])} vs {row.text(spec['comparison'])}"
    canvas.text(NUMBERS, y, text, size=SMALL)
