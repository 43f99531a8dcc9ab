"""A median, a mean or any other statistic of location within its printed range."""

from __future__ import annotations

from fractions import Fraction

from .arithmetic import Interval
from .printed import PrintedLike, as_printed
from .rounding import Check, Outcome, Rule, interval


def within_range(statistic: PrintedLike, low: PrintedLike, high: PrintedLike) -> Check:
    """Whether the statistic can lie from `low` to `high`, each end included.

    By rounding where only an unrounded value fits (a median of 8.2 in a range that ends at 8).
    Impossible too where the range runs backwards.
    """
    if not _ordered(low, high).consistent:
        return Check(Outcome.IMPOSSIBLE, _number(statistic), note="the range runs backwards")
    below, above = _ordered(low, statistic), _ordered(statistic, high)
    return _worse(below, above, _number(statistic))


def _number(printed: PrintedLike) -> Fraction:
    return Fraction(as_printed(printed).decimal)


def _ordered(smaller: PrintedLike, larger: PrintedLike) -> Check:
    if _number(smaller) <= _number(larger):
        return Check(Outcome.EXACT, rule=Rule.HALF_UP)
    floor = interval(smaller)
    reach = Interval(floor.low, None, floor.low_closed)
    fits = interval(larger).overlaps(reach)
    return Check(Outcome.BY_ROUNDING if fits else Outcome.IMPOSSIBLE, rule=Rule.HALF_UP)


def _worse(one: Check, other: Check, value: Fraction) -> Check:
    order = (Outcome.EXACT, Outcome.BY_ROUNDING, Outcome.IMPOSSIBLE)
    outcome = max(one.outcome, other.outcome, key=order.index)
    return Check(outcome, value, Rule.HALF_UP if outcome is not Outcome.IMPOSSIBLE else None)
