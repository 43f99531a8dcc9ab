"""Axes: from a value to a place on the sheet, with ticks a reader expects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from .canvas import SMALL, Canvas, width_of

LOG_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
EITHER_SIDE = (0.5, 2.0)
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class AxisScale:
    """A linear or logarithmic axis between two places on the sheet."""

    low: float
    high: float
    left: float
    right: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value; values beyond the ends are put at the end."""
        clipped = min(max(value, self.low), self.high)
        if self.log:
            share = log10(clipped / self.low) / log10(self.high / self.low)
        else:
            share = (clipped - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    @property
    def ticks(self) -> list[float]:
        """Round numbers within the axis."""
        if self.log:
            within = [t for t in LOG_TICKS if self.low <= t <= self.high]
            step, one = max(1, ceil(len(within) / 7)), within.index(1) if 1 in within else 0
            return [tick for index, tick in enumerate(within) if (index - one) % step == 0]
        step = _step(self.high - self.low)
        first = ceil(self.low / step)
        return [float(step * n) for n in range(first, floor(self.high / step) + 1)]


def log_scale(values: Iterable[float], left: float, right: float) -> AxisScale:
    """A logarithmic axis that holds the values and both sides of one."""
    positive = [value for value in (*values, *EITHER_SIDE) if value > 0]
    low = max((t for t in LOG_TICKS if t <= min(positive)), default=LOG_TICKS[0])
    high = min((t for t in LOG_TICKS if t >= max(positive)), default=LOG_TICKS[-1])
    return AxisScale(low, high, left, right, log=True)


def linear_scale(values: Iterable[float], left: float, right: float) -> AxisScale:
    """A linear axis from zero, or from below it, that holds the values."""
    found = list(values)
    low, high = min((0.0, *found)), max((0.0, *found))
    step = _step(high - low)
    low, high = floor(low / step) * step, ceil(high / step) * step
    return AxisScale(float(low), float(high if high > low else low + 1), left, right)


def _step(span: float) -> int:
    """The least round step of which there are no more than six."""
    return next((s for s in STEPS if span / s <= 6), 0) or 10 ** ceil(log10(span / 6))


def tick_text(value: float) -> str:
    """A tick's label."""
    return f"{value:g}".replace("-", "−")


def draw_axis(canvas: Canvas, scale: AxisScale, top: float, bottom: float, label: str) -> float:
    """Grid, ticks and label of an axis below the marks; where it ends."""
    for tick in scale.ticks:
        x = scale(tick)
        canvas.line(x, top, x, bottom, width=0.6)
        canvas.note(x, bottom + 8, tick_text(tick), align="center")
    canvas.line(scale.left, bottom, scale.right, bottom, color="ink", width=0.8)
    half = width_of(label, SMALL) / 2
    x = min(max((scale.left + scale.right) / 2, half + 1), canvas.width - half - 1)
    canvas.text(x, bottom + 20, label, size=SMALL, align="center")
    return bottom + 26
