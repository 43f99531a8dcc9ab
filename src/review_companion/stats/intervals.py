"""Estimate ↔ confidence interval ↔ p, with the rounding of all printed figures carried through.

A Wald interval is symmetrical around its estimate on the scale it was made on: the logarithm for
ratios. Width gives the standard error, and estimate over standard error the p-value (Altman &
Bland 2011, *How to obtain the P value from a confidence interval*, BMJ 343:d2304; Cochrane
Handbook 6.3.1). A p from another test (Gray, log-rank, likelihood ratio) need not agree.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import inf

from .arithmetic import Interval
from .medians import within_range
from .normal import DEFAULT_LEVEL, Level, normal_quantile, two_sided_p
from .printed import Printed, PrintedLike, as_printed
from .rounding import Check, Outcome, hold_against, interval
from .scales import SCALES, Range, over_rounding, rounding_ends, scale_named

ALPHA = Decimal("0.05")


def se_range(
    low: PrintedLike, high: PrintedLike, level: Level = DEFAULT_LEVEL, scale: str = "log"
) -> Range | None:
    """The implied standard error on the scale; None where a limit lies outside its domain."""
    twice = 2 * normal_quantile(level)
    return over_rounding(lambda lower, upper: (upper - lower) / twice, (low, high), scale)


def midpoint_range(low: PrintedLike, high: PrintedLike, scale: str = "log") -> Range | None:
    """The implied estimate: the middle of the interval on the scale (log: the geometric mean)."""
    back = scale_named(scale).inverse
    return over_rounding(lambda lower, upper: back((lower + upper) / 2), (low, high), scale)


def p_range(
    estimate: PrintedLike,
    low: PrintedLike,
    high: PrintedLike,
    level: Level = DEFAULT_LEVEL,
    scale: str = "log",
) -> Range | None:
    """The implied two-sided p against no effect; None outside the scale, or without a null."""
    transform = scale_named(scale)
    if transform.null is None:
        return None
    null, twice = transform.forward(transform.null), 2 * normal_quantile(level)

    def p_of(middle: float, lower: float, upper: float) -> float:
        return two_sided_p(twice * (middle - null) / (upper - lower)) if upper > lower else 0.0

    found = over_rounding(p_of, (estimate, low, high), scale)
    if found and Fraction(transform.null) in interval(estimate):
        return Range(found.value, found.low, 1.0)
    return found


def asymmetry_range(
    estimate: PrintedLike, low: PrintedLike, high: PrintedLike, scale: str = "log"
) -> Range | None:
    """Upper over lower reach, log(high/estimate) / log(estimate/low) for ratios; 1 is symmetry.

    None where the estimate is printed at or outside a limit, or outside the scale.
    """
    if not as_printed(low).decimal < as_printed(estimate).decimal < as_printed(high).decimal:
        return None
    return over_rounding(_asymmetry, (estimate, low, high), scale)


def consistent(
    estimate: PrintedLike,
    low: PrintedLike,
    high: PrintedLike,
    p: PrintedLike,
    level: Level = DEFAULT_LEVEL,
    scale: str = "log",
) -> Check:
    """Whether a printed p is the one that estimate and interval imply (Wald).

    By rounding if only the rounding of the three lets it be. Impossible too where the estimate
    lies outside its interval; inapplicable outside the scale.
    """
    inside = within_range(estimate, low, high)
    if not inside.consistent:
        return inside
    found = p_range(estimate, low, high, level, scale)
    if found is None:
        return Check(Outcome.INAPPLICABLE, note=f"no p on the {scale} scale")
    return hold_against(Fraction(found.value), p, found.span)


def symmetric(
    estimate: PrintedLike, low: PrintedLike, high: PrintedLike, scale: str = "log"
) -> Check:
    """Whether the estimate is the middle of its interval on the scale.

    `value` is the implied middle on the printed scale. Impossible if asymmetrical beyond rounding
    or if the estimate lies outside; inapplicable outside the scale, and where a limit of a
    percentage is cut off at 0 or 100.
    """
    inside = within_range(estimate, low, high)
    if not inside.consistent:
        return inside
    middle = midpoint_range(low, high, scale)
    if middle is None:
        return Check(Outcome.INAPPLICABLE, note=f"no interval on the {scale} scale")
    factor = 100 if as_printed(low).percent else 1
    scaled = Range(middle.value * factor, middle.low * factor, middle.high * factor)
    check = hold_against(Fraction(scaled.value), estimate, scaled.span)
    if not check.consistent and _cut_off(estimate, low, high):
        return Check(Outcome.INAPPLICABLE, check.value, note="a limit is cut off at 0 or 100")
    return check


def mirrored_limit(estimate: PrintedLike, limit: PrintedLike, scale: str = "log") -> Range | None:
    """Where the other limit would be if the interval were symmetrical, on the printed scale."""
    transform, figures = scale_named(scale), (as_printed(estimate), as_printed(limit))
    ends = [end for end in (rounding_ends(figure, transform) for figure in figures) if end]
    if len(ends) < 2:
        return None
    (middle, middle_low, middle_high), (known, known_low, known_high) = ends
    mirrored = (2 * middle - known, 2 * middle_low - known_high, 2 * middle_high - known_low)
    factor = 100 if figures[0].percent else 1
    return Range(*(factor * transform.inverse(number) for number in mirrored))


def symmetric_scales(estimate: PrintedLike, low: PrintedLike, high: PrintedLike) -> tuple[str, ...]:
    """The scales on which the interval is symmetrical, within rounding."""
    return tuple(name for name in SCALES if symmetric(estimate, low, high, name).consistent)


def excludes_null(low: PrintedLike, high: PrintedLike, null: PrintedLike = 1) -> bool | None:
    """Whether the interval leaves out the value of no effect; None where rounding leaves it open.

    `null` is 1 for a ratio and 0 for a difference; it is taken as exact.
    """
    exact = Interval.point(as_printed(null).decimal)
    lower, upper = interval(low), interval(high)
    if lower.overlaps(exact) or upper.overlaps(exact):
        return None
    return not _between(as_printed(low), as_printed(null), as_printed(high))


def significant(p: PrintedLike, alpha: Decimal = ALPHA) -> bool | None:
    """Whether a printed p lies below α; None where its rounding or its bound leaves it open."""
    span = interval(p)
    below = Interval(Fraction(0), Fraction(alpha), True, False)
    above = Interval(Fraction(alpha), None)
    if span.overlaps(below) and span.overlaps(above):
        return None
    return span.overlaps(below)


def significance_agrees(
    low: PrintedLike,
    high: PrintedLike,
    p: PrintedLike,
    null: PrintedLike = 1,
    alpha: Decimal = ALPHA,
) -> bool | None:
    """Whether interval (at level 1 − α) and p say the same; None where either leaves it open."""
    excluded, below = excludes_null(low, high, null), significant(p, alpha)
    return None if excluded is None or below is None else excluded == below


def _between(low: Printed, value: Printed, high: Printed) -> bool:
    return low.decimal <= value.decimal <= high.decimal


def _cut_off(estimate: PrintedLike, low: PrintedLike, high: PrintedLike) -> bool:
    """Whether the shorter reach of a percentage's interval ends at 0 or 100."""
    middle, lower, upper = (as_printed(figure).decimal for figure in (estimate, low, high))
    if not as_printed(low).percent:
        return False
    shorter_below = middle - lower < upper - middle
    return (lower == 0 and shorter_below) or (upper == 100 and not shorter_below)


def _asymmetry(estimate: float, low: float, high: float) -> float:
    above, below = max(high - estimate, 0.0), max(estimate - low, 0.0)
    return above / below if below else inf
