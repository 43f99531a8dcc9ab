"""Parts that should add to a whole: counts exactly, percentages within their rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from ..errors import CompanionError
from .arithmetic import Interval
from .arithmetic import total as add
from .percentages import count_range, percent_span
from .printed import PrintedLike, as_printed
from .rounding import NEAREST, Check, Outcome, Rule, interval

Whole = PrintedLike | Interval
HUNDRED = Interval.point(100)


def counts_add_up(parts: Sequence[int], whole: int, *, exhaustive: bool = True) -> Check:
    """Whether the counts add to the whole; parts that need not be all may fall short of it.

    `value` is their sum. Inapplicable without parts; raises CompanionError for negative counts.
    """
    if any(part < 0 for part in (*parts, whole)):
        raise CompanionError("a count below zero cannot be part of a whole")
    if not parts:
        return Check(Outcome.INAPPLICABLE, note="no parts")
    found = sum(parts)
    fits = found == whole if exhaustive else found <= whole
    return Check(Outcome.EXACT if fits else Outcome.IMPOSSIBLE, Fraction(found))


def percentages_add_up(
    parts: Sequence[PrintedLike],
    whole: Whole = HUNDRED,
    *,
    total: int | None = None,
    exhaustive: bool = True,
    rules: tuple[Rule, ...] = (*NEAREST, Rule.DOWN),
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
        if not _fits(parts, whole, rule, exhaustive):
            continue
        if total is not None and not _counts_fit(parts, whole, total, rule, exhaustive):
            continue
        exact = rule is Rule.HALF_UP and _exact(printed_sum, whole, exhaustive)
        outcome = Outcome.EXACT if exact else Outcome.BY_ROUNDING
        return Check(outcome, printed_sum, rule, span, "" if exact else "rounding of the parts")
    return Check(Outcome.IMPOSSIBLE, printed_sum, None, span)


@dataclass(frozen=True)
class Group:
    """A share and the shares it is made of, "other" among them; no parts: it stands undivided."""

    share: PrintedLike
    parts: tuple[PrintedLike, ...] = ()


@dataclass(frozen=True)
class Nested:
    """Shares of shares. `leaves` leaves the printed subtotals out and adds what is undivided."""

    groups: Mapping[str, Check]
    top: Check
    leaves: Check

    @property
    def consistent(self) -> bool:
        divided = (c for c in self.groups.values() if c.outcome is not Outcome.INAPPLICABLE)
        return self.top.consistent and all(check.consistent for check in divided)


def nested_shares(groups: Mapping[str, Group], whole: Whole = HUNDRED) -> Nested:
    """Each group against its parts, the groups against the whole, and all leaves against it.

    Where the groups miss the whole and the leaves reach it, the subtotals were added up from
    rounded figures.
    """
    within = {name: percentages_add_up(group.parts, group.share) for name, group in groups.items()}
    leaves = chain.from_iterable(group.parts or (group.share,) for group in groups.values())
    return Nested(
        within,
        percentages_add_up([group.share for group in groups.values()], whole),
        percentages_add_up(list(leaves), whole),
    )


def _exact(printed_sum: Fraction, whole: Whole, exhaustive: bool) -> bool:
    target = whole.low if isinstance(whole, Interval) else Fraction(as_printed(whole).decimal)
    if target is None:
        return False
    return printed_sum == target if exhaustive else printed_sum <= target


def _span(whole: Whole, rule: Rule) -> Interval:
    return whole if isinstance(whole, Interval) else interval(whole, rule)


def _fits(parts: Sequence[PrintedLike], whole: Whole, rule: Rule, exhaustive: bool) -> bool:
    target = _span(whole, rule)
    if not exhaustive:
        target = Interval(None, target.high, True, target.high_closed)
    return add([interval(part, rule) for part in parts]).overlaps(target)


def _counts_fit(
    parts: Sequence[PrintedLike], whole: Whole, total: int, rule: Rule, exhaustive: bool
) -> bool:
    """The feasible counts of one share are consecutive, hence so are their sums."""
    choices = [count_range(percent_span(part, rule), total) for part in parts]
    targets = count_range(_span(whole, rule).clipped(0, 100), total)
    if not targets or not all(choices):
        return False
    enough = not exhaustive or sum(c[-1] for c in choices) >= targets[0]
    return enough and sum(c[0] for c in choices) <= targets[-1]
