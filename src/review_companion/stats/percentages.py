"""Percentage ↔ count ↔ denominator.

Counts are integers, so that only some percentages are possible for a denominator: the GRIM test
for shares (Brown & Heathers 2017, *The GRIM Test*, Soc Psychol Personal Sci 8:363-369).
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from ..errors import CompanionError
from .arithmetic import Interval
from .printed import PrintedLike, as_printed
from .rounding import NEAREST, Rule, interval


def feasible_counts(percent: PrintedLike, total: int) -> tuple[int, ...]:
    """The integers of `total` that are printed as this percentage, ascending; maybe none."""
    if total <= 0:
        raise CompanionError(f"{total} is no denominator", hint="a whole number above zero")
    spans = (percent_span(percent, rule) for rule in NEAREST)
    return tuple(sorted({count for span in spans for count in count_range(span, total)}))


def feasible_totals(percent: PrintedLike, count: int, up_to: int) -> tuple[int, ...]:
    """The denominators up to `up_to` of which `count` is printed as this percentage, ascending."""
    if count < 0:
        raise CompanionError(f"{count} is no count", hint="zero or more")
    spans = (percent_span(percent, rule) for rule in NEAREST)
    return tuple(sorted({total for span in spans for total in total_range(span, count, up_to)}))


def percent_span(percent: PrintedLike, rule: Rule) -> Interval | None:
    """The unrounded percentages from 0 to 100 behind a printed one; None above 100%."""
    return interval(as_printed(percent), rule).clipped(0, 100)


def count_range(span: Interval | None, total: int) -> range:
    """The counts of `total` whose percentage lies in the span."""
    if span is None or span.low is None or span.high is None:
        return range(0)
    low, high = span.low * total / 100, span.high * total / 100
    first = ceil(low) if span.low_closed else floor(low) + 1
    last = floor(high) if span.high_closed else ceil(high) - 1
    return range(max(first, 0), min(last, total) + 1)


def total_range(span: Interval | None, count: int, up_to: int) -> range:
    """The denominators of which `count` has a percentage in the span."""
    if span is None or span.low is None or span.high is None:
        return range(0)
    if count == 0:
        return range(1, up_to + 1) if 0 in span else range(0)
    if span.high == 0:
        return range(0)
    fewest, most = 100 * count / span.high, Fraction(up_to)
    first = ceil(fewest) if span.high_closed else floor(fewest) + 1
    if span.low > 0:
        most = 100 * count / span.low
    last = ceil(most) - 1 if span.low > 0 and not span.low_closed else floor(most)
    return range(max(first, count), min(last, up_to) + 1)
