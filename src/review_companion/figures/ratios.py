"""Ratios with their intervals on a logarithmic axis; nothing is pooled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..tables.traced import TracedTable
from . import WIDTH
from .canvas import HIGHER, INK, LABEL, LOWER, NEITHER, RULE, SMALL, Canvas, nothing, width_of, wrap
from .scale import AxisScale, draw_axis, log_scale
from .table_rows import Row, rows_of

LEFT, NUMBERS, EDGE = 134.0, 89.0, 12.0


@dataclass(frozen=True)
class Ratio:
    """One mark: a row's estimate with its limits, where it has them."""

    row: Row
    name: str
    value: float
    low: float | None
    high: float | None
    text: str

    @property
    def color(self) -> str:
        return HIGHER if self.value > 1 else LOWER if self.value < 1 else NEITHER


def draw(table: TracedTable, spec: Mapping[str, Any], width: float = WIDTH) -> Canvas:
    """`series` names the columns of estimate, low and high; `derived` draws diamonds and broken
    lines; `sides` says what lies at the left and the right of no effect; `hollow` as in a plot of
    directions."""
    found = [
        ratio
        for row in rows_of(table)
        for series in spec["series"]
        if (ratio := _ratio(row, series)) is not None
    ]
    if not found:
        return nothing("no ratio is left by the choices made", width)
    values = [v for r in found for v in (r.value, r.low, r.high) if v is not None and v > 0]
    if not values:
        return nothing("no ratio above 0 is left by the choices made", width)
    canvas = Canvas(width)
    left = EDGE if canvas.narrow else LEFT
    scale = log_scale(values, left, canvas.width - NUMBERS)
    bottom = _place(canvas, found, spec, scale)
    with canvas.behind():
        end = draw_axis(canvas, scale, 4, bottom, str(spec.get("axis", "ratio (logarithmic axis)")))
        canvas.line(scale(1), 4, scale(1), bottom, color=RULE if canvas.narrow else INK, width=1)
        lower, higher = map(str, spec.get("sides", ("lower", "higher")))
        x = max(scale(1) - 5, LABEL + width_of(f"← {lower}", SMALL))
        canvas.text(x, end + 6, f"← {lower}", size=SMALL, color=LOWER, align="right")
        canvas.text(x + 10, end + 6, f"{higher} →", size=SMALL, color=HIGHER)
        canvas.caption(end + 20, spec, [ratio.row for ratio in found])
    return canvas


def _ratio(row: Row, series: Mapping[str, Any]) -> Ratio | None:
    value = row.number(series["estimate"])
    if value is None:
        return None
    low, high = row.number(series["low"]), row.number(series["high"])
    text = row.text(series["estimate"])
    if low is not None and high is not None:
        text += f" ({row.text(series['low'])}–{row.text(series['high'])})"
    name = str(series["name"]) if "name" in series else row.text(series["name-column"])
    return Ratio(row, name, value, low, high, text)


def _place(canvas: Canvas, found: list[Ratio], spec: Mapping[str, Any], scale: AxisScale) -> float:
    y, before = 4.0, ""
    for ratio in found:
        room = canvas.width if canvas.narrow else LEFT - 8
        head = wrap(ratio.row.text(spec["label"]), room, bold=True)
        if ratio.row.key == before:
            head = []
        about = ", ".join([ratio.name, *(ratio.row.text(c) for c in spec.get("details", ()))])
        lines = wrap(about, room, SMALL)
        end = canvas.note(LABEL, canvas.lines(LABEL, y + 9, head, bold=True), *lines)
        at = end + 1 if canvas.narrow else y + 9
        _mark(canvas, ratio, scale, at, spec)
        y = at + 20 if canvas.narrow and ratio.low is None else max(end, at + 8)
        canvas.line(0, y - 1, canvas.width, y - 1, color=RULE, width=0.5)
        before = ratio.row.key
    return y


def _mark(
    canvas: Canvas, ratio: Ratio, scale: AxisScale, y: float, spec: Mapping[str, Any]
) -> None:
    derived = bool(spec.get("derived"))
    if ratio.value <= 0:
        canvas.text(scale.right + 6, y, ratio.text, size=SMALL)
        canvas.note(scale.right + 6, y + 10, "not above 0: not on this axis")
        return
    if ratio.low is not None and ratio.high is not None and ratio.high > 0:
        left, right = scale(max(ratio.low, scale.low)), scale(ratio.high)
        canvas.line(left, y, right, y, color=ratio.color, width=1.6, dashed=derived)
    shape, mark = "D" if derived else "s", f"{ratio.row.key}/{ratio.name}"
    hollow = ratio.row.is_hollow(spec)
    canvas.marker(scale(ratio.value), y, shape, ratio.color, size=7, open=hollow, mark=mark)
    canvas.text(scale.right + 6, y, ratio.text, size=SMALL)
    if ratio.low is None:
        canvas.note(scale.right + 6, y + 10, "no interval")
