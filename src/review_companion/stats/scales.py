"""Scales on which intervals are made, and functions carried over the rounding of their figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import exp, inf, log

from ..errors import require_known
from .arithmetic import Interval
from .printed import Printed, PrintedLike, as_printed
from .rounding import interval


@dataclass(frozen=True)
class Scale:
    """A strictly increasing transformation, its inverse and its open domain."""

    forward: Callable[[float], float]
    inverse: Callable[[float], float]
    low: float
    high: float


SCALES = {
    "log": Scale(log, exp, 0, inf),
    "identity": Scale(float, float, -inf, inf),
    "logit": Scale(lambda p: log(p / (1 - p)), lambda x: 1 / (1 + exp(-x)), 0, 1),
    "complementary log-log": Scale(lambda p: log(-log(1 - p)), lambda x: 1 - exp(-exp(x)), 0, 1),
}


@dataclass(frozen=True)
class Range:
    """A figure computed from printed ones, and how far their rounding lets it go."""

    value: float
    low: float
    high: float

    @property
    def span(self) -> Interval:
        """The same as an exact closed interval; without limit where it is infinite."""
        return Interval(Fraction(self.low), None if self.high == inf else Fraction(self.high))


def scale_named(name: str) -> Scale:
    """The scale of that name; raises CompanionError for an unknown one."""
    require_known(name, SCALES, "no scale")
    return SCALES[name]


def over_rounding(
    function: Callable[..., float], printed: tuple[PrintedLike, ...], scale: str
) -> Range | None:
    """The function at the printed figures, and its extremes over the corners of their rounding.

    The last two are the limits; None where their rounding lets them meet or change places.
    """
    figures, transform = [as_printed(figure) for figure in printed], scale_named(scale)
    ends = [end for end in (rounding_ends(figure, transform) for figure in figures) if end]
    if len(ends) < len(figures) or ends[-2][2] > ends[-1][1]:
        return None
    corners = [function(*corner) for corner in product(*(end[1:] for end in ends))]
    value = function(*(end[0] for end in ends))
    return Range(value, min(*corners, value), max(*corners, value))


def rounding_ends(figure: Printed, scale: Scale) -> tuple[float, float, float] | None:
    """The figure and the ends of its rounding on the scale; None outside the open domain."""
    span = interval(figure)
    if span.low is None or span.high is None or figure.operator:
        return None
    factor = 100 if figure.percent else 1
    numbers = [float(n / factor) for n in (Fraction(figure.decimal), span.low, span.high)]
    if not all(scale.low < number < scale.high for number in numbers):
        return None
    return scale.forward(numbers[0]), scale.forward(numbers[1]), scale.forward(numbers[2])
