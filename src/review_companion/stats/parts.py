"""Percentages that should add to a whole, within their rounding."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .arithmetic import Interval
from .arithmetic import total as add
from .percentages import count_range, percent_span
from .printed import PrintedLike, as_printed
from .rounding import DEFENSIBLE, Check, Outcome, Rule, interval

Whole = PrintedLike | Interval
HUNDRED = Interval.point(100)


def percentages_add_up(
    parts: Sequence[PrintedLike],
    whole: Whole = HUNDRED,
    *,
    total: int | None = None,
    rules: tuple[Rule, ...] = DEFENSIBLE,
) -> Check:
    """Whether shares add to a printed share, or to exactly 100 (`HUNDRED`, not a rounded 100).

    All figures are taken as rounded by one rule, the first of `rules` that fits. With the `total`
    of which all are shares, integers must exist that give every figure and add up. Inapplicable
    without parts. `value` is the sum as printed, `span` what rounding half up allows it to be.
    """
    if not parts:
        return Check(Outcome.INAPPLICABLE, note="no parts")
    printed_sum = sum((Fraction(as_printed(part).decimal) for part in parts), Fraction(0))
    span = add([interval(part) for part in parts])
    for rule in rules:
        target = _span(whole, rule)
        if not add([interval(part, rule) for part in parts]).overlaps(target):
            continue
        if total is not None and not _counts_fit(parts, target, total, rule):
            continue
        printed = whole.low if isinstance(whole, Interval) else as_printed(whole).decimal
        exact = rule is Rule.HALF_UP and printed_sum == printed
        outcome = Outcome.EXACT if exact else Outcome.BY_ROUNDING
        return Check(outcome, printed_sum, rule, span, "" if exact else "rounding of the parts")
    return Check(Outcome.IMPOSSIBLE, printed_sum, None, span)


def _span(whole: Whole, rule: Rule) -> Interval:
    return whole if isinstance(whole, Interval) else interval(whole, rule)


def _counts_fit(parts: Sequence[PrintedLike], target: Interval, total: int, rule: Rule) -> bool:
    """The feasible counts of one share are consecutive, hence so are their sums."""
    choices = [count_range(percent_span(part, rule), total) for part in parts]
    targets = count_range(target.clipped(0, 100), total)
    if not targets or not all(choices):
        return False
    least, most = sum(c[0] for c in choices), sum(c[-1] for c in choices)
    return least <= targets[-1] and most >= targets[0]
