"""Estimate ↔ interval or range ↔ p, rounding carried through; directions of effect.

A Wald interval is symmetrical around its estimate on the scale it was made on: the logarithm for
ratios. Width gives the standard error, and estimate over standard error the p-value (Altman &
Bland 2011, *How to obtain the P value from a confidence interval*, BMJ 343:d2304; Cochrane
Handbook 6.3.1). A p from another test (Gray, log-rank, likelihood ratio) need not agree.

In a direction statistical significance plays no part (Cochrane Handbook 12.2.1.3; Boon & Thomson
2021, *The effect direction plot revisited*, Res Synth Methods 12:29-33).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import product
from math import comb, erfc, exp, inf, log, sqrt
from typing import NamedTuple

from ..errors import CompanionError, require_known
from .printed import Printed, PrintedLike, as_printed
from .rounding import Interval, hold_against, interval

ALPHA = Decimal("0.05")
Z_95 = 1.959963984540054  # NormalDist().inv_cdf(0.975), without importing `statistics`
THRESHOLD = Fraction(7, 10)
FEWEST_STUDIES = 6


def two_sided_p(z: float) -> float:
    """The probability of a standard normal value at least as far from zero as z."""
    return erfc(abs(z) / sqrt(2))


class Scale(NamedTuple):
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


class Range(NamedTuple):
    """A figure computed from printed ones, with the limits that their rounding allows."""

    value: float
    low: float
    high: float

    @property
    def span(self) -> Interval:
        """The same as an exact closed interval."""
        return Interval(Fraction(self.low), Fraction(self.high))


def scale_named(name: str) -> Scale:
    """The scale of that name; raises CompanionError for an unknown one."""
    require_known(name, SCALES, "no scale")
    return SCALES[name]


def over_rounding(
    function: Callable[..., float], printed: tuple[PrintedLike, ...], scale: str
) -> Range | None:
    """The function at the printed figures, and its extremes over the corners of their rounding.

    The last two figures are the limits; None where their rounding lets them meet or change places.
    """
    figures, transform = [as_printed(figure) for figure in printed], scale_named(scale)
    ranges: list[Range] = []
    for figure in figures:
        found = rounding_range(figure, transform)
        if found is None:
            return None
        ranges.append(found)
    *_, lower, upper = ranges
    if lower.high > upper.low:
        return None
    value = function(*(each.value for each in ranges))
    ends = ((each.low, each.high) for each in ranges)
    corners = [function(*corner) for corner in product(*ends)]
    return Range(value, min(*corners, value), max(*corners, value))


def rounding_range(figure: Printed, scale: Scale) -> Range | None:
    """The figure with the ends of its rounding, on the scale; None outside the open domain."""
    span = interval(figure)
    if span.low is None or span.high is None or figure.operator:
        return None
    factor = 100 if figure.percent else 1
    numbers = [float(n / factor) for n in (Fraction(figure.decimal), span.low, span.high)]
    if not all(scale.low < number < scale.high for number in numbers):
        return None
    return Range(*map(scale.forward, numbers))


def midpoint_range(low: PrintedLike, high: PrintedLike, scale: str = "log") -> Range | None:
    """The implied estimate: the middle of the interval on the scale (log: the geometric mean)."""
    back = scale_named(scale).inverse
    return over_rounding(lambda lower, upper: back((lower + upper) / 2), (low, high), scale)


def p_range(estimate: PrintedLike, low: PrintedLike, high: PrintedLike) -> Range | None:
    """The implied two-sided p of a ratio against 1; None for figures that no logarithm has."""

    def p_of(middle: float, lower: float, upper: float) -> float:
        return two_sided_p(2 * Z_95 * middle / (upper - lower)) if upper > lower else 0.0

    found = over_rounding(p_of, (estimate, low, high), "log")
    if found and 1 in interval(estimate):
        return Range(found.value, found.low, 1.0)
    return found


def consistent(
    estimate: PrintedLike, low: PrintedLike, high: PrintedLike, p: PrintedLike
) -> bool | None:
    """Whether a printed p is the one that a ratio and its interval imply (Wald), within rounding.

    Not where the estimate lies outside its interval; None where a figure has no logarithm.
    """
    if not within_range(estimate, low, high):
        return False
    if (found := p_range(estimate, low, high)) is None:
        return None
    return hold_against(Fraction(found.value), p, found.span) is not None


def symmetric(
    estimate: PrintedLike, low: PrintedLike, high: PrintedLike, scale: str = "log"
) -> bool | None:
    """Whether an estimate is the middle of its interval on a scale ("log" unless named).

    Within rounding. Not where it lies outside; open outside the scale, and where a limit of a
    percentage is cut off at 0 or 100.
    """
    if not within_range(estimate, low, high):
        return False
    middle = midpoint_range(low, high, scale)
    if middle is None:
        return None
    factor = 100 if as_printed(low).percent else 1
    scaled = Range(middle.value * factor, middle.low * factor, middle.high * factor)
    if hold_against(Fraction(scaled.value), estimate, scaled.span) is not None:
        return True
    return None if _cut_off(estimate, low, high) else False


def symmetric_scales(estimate: PrintedLike, low: PrintedLike, high: PrintedLike) -> tuple[str, ...]:
    """The scales on which the interval is symmetrical, within rounding."""
    return tuple(name for name in SCALES if symmetric(estimate, low, high, name))


def significant(p: PrintedLike, alpha: Decimal = ALPHA) -> bool | None:
    """Whether a printed p lies below α; None where its rounding or its bound leaves it open."""
    span = interval(p)
    below = Interval(Fraction(0), Fraction(alpha), True, False)
    above = Interval(Fraction(alpha), None)
    if span.overlaps(below) and span.overlaps(above):
        return None
    return span.overlaps(below)


def _cut_off(estimate: PrintedLike, low: PrintedLike, high: PrintedLike) -> bool:
    """Whether the shorter reach of a percentage's interval ends at 0 or 100."""
    middle, lower, upper = (as_printed(figure).decimal for figure in (estimate, low, high))
    shorter_below = middle - lower < upper - middle
    return as_printed(low).percent and (lower == 0 if shorter_below else upper == 100)


def within_range(statistic: PrintedLike, low: PrintedLike, high: PrintedLike) -> bool:
    """Whether a median or mean can lie between two limits, ends included, rounding allowed for.

    A median of 8.2 can in a range that ends at 8; nothing can in a range that runs backwards.
    """
    return _ordered(low, high) and _ordered(low, statistic) and _ordered(statistic, high)


def _ordered(smaller: PrintedLike, larger: PrintedLike) -> bool:
    """Whether one unrounded number can be no larger than the other."""
    one, other = as_printed(smaller), as_printed(larger)
    floor = interval(one)
    reach = Interval(floor.low, None, floor.low_closed)
    return one.decimal <= other.decimal or interval(other).overlaps(reach)


class Direction(StrEnum):
    """Which way an effect points: the exposed against the unexposed."""

    HIGHER = "higher"
    LOWER = "lower"
    NO_DIFFERENCE = "no difference"
    CONFLICTING = "conflicting"


def direction_of(exposed: PrintedLike | None, unexposed: PrintedLike | None) -> Direction | None:
    """The direction of two percentages, rates or risks of the same unit.

    None without a comparator, and where rounding hides which is larger (5 and 5.3). Equal figures
    show no difference at printed precision.
    """
    if exposed is None or unexposed is None:
        return None
    one, other = as_printed(exposed), as_printed(unexposed)
    if not one.operator and not other.operator and one.decimal == other.decimal:
        return Direction.NO_DIFFERENCE
    span, against = interval(one), interval(other)
    if span.overlaps(against):
        return None
    is_below = span.high is not None and against.low is not None and span.high <= against.low
    return Direction.LOWER if is_below else Direction.HIGHER


def study_direction(comparisons: Iterable[Direction | None]) -> Direction | None:
    """The direction that at least 70% of a study's comparisons share, otherwise conflicting.

    Comparisons without a direction are left out; None if none is left.
    """
    directions = [direction for direction in comparisons if direction is not None]
    if not directions:
        return None
    for direction in (Direction.HIGHER, Direction.LOWER, Direction.NO_DIFFERENCE):
        if Fraction(directions.count(direction), len(directions)) >= THRESHOLD:
            return direction
    return Direction.CONFLICTING


def sign_test(higher: int, lower: int) -> Fraction | None:
    """The two-sided p of the exact sign test over independent studies that point each way.

    Studies without a clear direction are not counted. None below six: with five studies even
    unanimity gives p = 0.0625. Raises CompanionError for negative counts.
    """
    if higher < 0 or lower < 0:
        raise CompanionError("a number of studies below zero")
    trials = higher + lower
    if trials < FEWEST_STUDIES:
        return None
    one_sided = Fraction(sum(comb(trials, x) for x in range(min(higher, lower) + 1)), 2**trials)
    return min(2 * one_sided, Fraction(1))
