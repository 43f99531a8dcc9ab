"""A median, a mean or any other statistic of location within its printed range."""

from __future__ import annotations

from fractions import Fraction

from .arithmetic import Interval
from .printed import PrintedLike, as_printed
from .rounding import Check, Outcome, Rule, interval

ORDER = (Outcome.EXACT, Outcome.BY_ROUNDING, Outcome.IMPOSSIBLE)


def within_range(statistic: PrintedLike, low: PrintedLike, high: PrintedLike) -> Check:
    """Whether the statistic can lie from `low` to `high`, each end included.

    By rounding where only an unrounded value fits (a median of 8.2 in a range that ends at 8).
    Impossible too where the range runs backwards.
    """
    if _ordered(low, high) is Outcome.IMPOSSIBLE:
        return Check(Outcome.IMPOSSIBLE, _number(statistic), note="the range runs backwards")
    below, above = _ordered(low, statistic), _ordered(statistic, high)
    worse = max(below, above, key=ORDER.index)
    rule = None if worse is Outcome.IMPOSSIBLE else Rule.HALF_UP
    return Check(worse, _number(statistic), rule)


def _number(printed: PrintedLike) -> Fraction:
    return Fraction(as_printed(printed).decimal)


def _ordered(smaller: PrintedLike, larger: PrintedLike) -> Outcome:
    if _number(smaller) <= _number(larger):
        return Outcome.EXACT
    floor = interval(smaller)
    reach = Interval(floor.low, None, floor.low_closed)
    return Outcome.BY_ROUNDING if interval(larger).overlaps(reach) else Outcome.IMPOSSIBLE
