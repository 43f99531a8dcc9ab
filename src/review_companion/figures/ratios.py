"""Ratios with their intervals on a logarithmic axis; nothing is pooled."""

from __future__ import annotations

from typing import NamedTuple

from .canvas import LABEL, SMALL, Canvas, NothingToDraw, Spec, width_of, wrap
from .scale import AxisScale, draw_axis, log_scale
from .table_rows import Row

LEFT, NUMBERS, EDGE = 134.0, 89.0, 12.0


class Ratio(NamedTuple):
    """One mark: a row's estimate with its limits, where it has them."""

    row: Row
    name: str
    value: float
    low: float | None
    high: float | None
    text: str


def draw(canvas: Canvas, rows: list[Row]) -> None:
    """`series` names the columns of estimate, low and high; `derived` draws diamonds and broken
    lines; `sides` says what lies at the left and the right of no effect; `hollow` as in a plot of
    directions."""
    every = (_ratio(row, series) for row in rows for series in canvas.spec["series"])
    found = [ratio for ratio in every if ratio is not None]
    if not found:
        raise NothingToDraw("no ratio is left by the choices made")
    scale = _scale(canvas, found)
    bottom = _place(canvas, found, scale)
    with canvas.behind():
        end = _axis(canvas, scale, bottom)
        canvas.legend(end + 20, [ratio.row for ratio in found])


def _scale(canvas: Canvas, found: list[Ratio]) -> AxisScale:
    figures = [figure for ratio in found for figure in (ratio.value, ratio.low, ratio.high)]
    values = [figure for figure in figures if figure is not None and figure > 0]
    if not values:
        raise NothingToDraw("no ratio above 0 is left by the choices made")
    return log_scale(values, EDGE if canvas.narrow else LEFT, canvas.width - NUMBERS)


def _axis(canvas: Canvas, scale: AxisScale, bottom: float) -> float:
    """The axis, the line of no effect, and what lies on its two sides; where the axis ends."""
    spec = canvas.spec
    end = draw_axis(canvas, scale, 4, bottom, str(spec.get("axis", "ratio (logarithmic axis)")))
    one = "rule" if canvas.narrow else "ink"
    canvas.line(scale(1), 4, scale(1), bottom, color=one, width=1)
    lower, higher = map(str, spec.get("sides", ("lower", "higher")))
    x = max(scale(1) - 5, LABEL + width_of(f"← {lower}", SMALL))
    canvas.text(x, end + 6, f"← {lower}", size=SMALL, color="lower", align="right")
    canvas.text(x + 10, end + 6, f"{higher} →", size=SMALL, color="higher")
    return end


def _ratio(row: Row, series: Spec) -> Ratio | None:
    value = row.number(series["estimate"])
    if value is None:
        return None
    low, high = row.number(series["low"]), row.number(series["high"])
    text = row.text(series["estimate"])
    if low is not None and high is not None:
        text += f" ({row.text(series['low'])}–{row.text(series['high'])})"
    name = str(series["name"]) if "name" in series else row.text(series["name-column"])
    return Ratio(row, name, value, low, high, text)


def _place(canvas: Canvas, found: list[Ratio], scale: AxisScale) -> float:
    y, before = 4.0, ""
    for ratio in found:
        room = canvas.width if canvas.narrow else LEFT - 8
        head = wrap(ratio.row.text(canvas.spec["label"]), room, bold=True)
        if ratio.row.key == before:
            head = []
        details = (ratio.row.text(column) for column in canvas.spec.get("details", ()))
        lines = wrap(", ".join([ratio.name, *details]), room, SMALL)
        end = canvas.note(LABEL, canvas.lines(LABEL, y + 9, head, bold=True), *lines)
        at = end + 1 if canvas.narrow else y + 9
        _mark(canvas, ratio, scale, at)
        y = at + 20 if canvas.narrow and ratio.low is None else max(end, at + 8)
        canvas.rule(y - 1)
        before = ratio.row.key
    return y


def _mark(canvas: Canvas, ratio: Ratio, scale: AxisScale, y: float) -> None:
    row, name, value, low, high, text = ratio
    derived = bool(canvas.spec.get("derived"))
    canvas.text(scale.right + 6, y, text, size=SMALL)
    if value <= 0:
        canvas.note(scale.right + 6, y + 10, "not above 0: not on this axis")
        return
    color = "higher" if value > 1 else "lower" if value < 1 else "neither"
    if low is not None and high is not None and high > 0:
        left, right = scale(max(low, scale.low)), scale(high)
        canvas.line(left, y, right, y, color=color, width=1.6, dashed=derived)
    shape, hollow = "D" if derived else "s", row.is_hollow(canvas.spec)
    canvas.marker(scale(value), y, shape, color, size=7, open=hollow, mark=f"{row.key}/{name}")
    if low is None:
        canvas.note(scale.right + 6, y + 10, "no interval")
