"""Two percentages of each comparison, joined: the exposed and the comparison group."""

from __future__ import annotations

from .canvas import LABEL, SMALL, Canvas, NothingToDraw, wrap
from .scale import AxisScale, draw_axis, linear_scale
from .table_rows import Row, grouped

LEFT, NUMBERS, EDGE = 146.0, 73.0, 8.0


def draw(canvas: Canvas, rows: list[Row]) -> None:
    """Columns `exposed` and `comparison`; rows without both are not drawn."""
    rows = [row for row in rows if None not in _pair(canvas, row)]
    if not rows:
        raise NothingToDraw("no comparison with two percentages is left by the choices made")
    values = [value or 0.0 for row in rows for value in _pair(canvas, row)]
    left = EDGE if canvas.narrow else LEFT
    scale = linear_scale(values, left, canvas.width - NUMBERS)
    bottom = _place(canvas, rows, scale)
    with canvas.behind():
        _key(canvas, scale.left, 8)
        axis = str(canvas.spec.get("axis", "with the outcome (%)"))
        end = draw_axis(canvas, scale, 20, bottom, axis)
    canvas.legend(end + 6, rows)


def _pair(canvas: Canvas, row: Row) -> tuple[float | None, float | None]:
    return row.number(canvas.spec["exposed"]), row.number(canvas.spec["comparison"])


def _key(canvas: Canvas, left: float, y: float) -> None:
    canvas.marker(left + 4, y, "D", "higher", size=7)
    canvas.marker(left + 14, y, "D", "lower", size=7)
    canvas.text(left + 22, y, "exposed", size=SMALL)
    canvas.marker(left + 76, y, "o", "quiet", size=6, open=True)
    canvas.text(left + 84, y, "comparison", size=SMALL)


def _place(canvas: Canvas, rows: list[Row], scale: AxisScale) -> float:
    y = 18.0
    for heading, members in grouped(rows, str(canvas.spec.get("group", ""))):
        canvas.text(LABEL, y + 10, heading, bold=True)
        y += 18
        for row in members:
            room = canvas.width if canvas.narrow else LEFT - 12
            lines = wrap(row.joined(canvas.spec.get("details", ())), room, SMALL)
            canvas.text(LABEL, y + 7, row.text(canvas.spec["label"]))
            end = canvas.note(LABEL, y + 18, *lines) - 2
            _mark(canvas, row, scale, end + 3 if canvas.narrow else y + 8)
            y = end + 13 if canvas.narrow else end
            canvas.rule(y - 2)
    return y


def _mark(canvas: Canvas, row: Row, scale: AxisScale, y: float) -> None:
    exposed, other = (value or 0.0 for value in _pair(canvas, row))
    color = "higher" if exposed > other else "lower" if exposed < other else "neither"
    canvas.line(scale(exposed), y, scale(other), y, color=color, width=1.8)
    canvas.marker(scale(other), y, "o", "quiet", size=6, open=True)
    hollow = row.is_hollow(canvas.spec)
    canvas.marker(scale(exposed), y, "D", color, size=7, open=hollow, mark=row.key)
    texts = (row.text(canvas.spec[side]) for side in ("exposed", "comparison"))
    canvas.text(scale.right + 8, y, " vs ".join(texts), size=SMALL)
