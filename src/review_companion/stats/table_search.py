"""All 2×2 tables that give the printed percentages of two arms.

The search of Brown & Heathers 2017 (*The GRIM Test*) carried to two shares at once: denominators
are tried, counts follow from them, so that thousands of patients take a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ..errors import CompanionError
from .arithmetic import Interval
from .percentages import count_range, percent_span, total_range
from .printed import PrintedLike
from .rounding import NEAREST
from .two_by_two import TwoByTwo

LIMIT = 10_000
UP_TO = 10_000


@dataclass(frozen=True)
class Margins:
    """What is declared of a table: any of the arms' totals, their sum, all events."""

    exposed: int | None = None
    unexposed: int | None = None
    total: int | None = None
    events: int | None = None


def fitting_tables(
    exposed_percent: PrintedLike,
    unexposed_percent: PrintedLike,
    *,
    exposed_total: int | None = None,
    unexposed_total: int | None = None,
    total: int | None = None,
    events: int | None = None,
) -> list[TwoByTwo]:
    """The tables that fit, sorted; both percentages rounded by one rule; maybe none.

    Needs both arms' totals, or their sum, or all events (then arms up to 10,000 are tried).
    Raises CompanionError where too little is declared, or where more than 10,000 tables fit.
    """
    margins = Margins(exposed_total, unexposed_total, total, events)
    _check(margins)
    found: set[TwoByTwo] = set()
    for rule in NEAREST:
        spans = percent_span(exposed_percent, rule), percent_span(unexposed_percent, rule)
        found.update(islice(_tables(*spans, margins), LIMIT + 1 - len(found)))
    if len(found) > LIMIT:
        raise CompanionError(
            f"more than {LIMIT} tables fit {exposed_percent} and {unexposed_percent}",
            hint="declare the events, or the total of each arm",
        )
    return sorted(found)


def _check(margins: Margins) -> None:
    declared = (margins.exposed, margins.unexposed, margins.total, margins.events)
    if any(number is not None and number < 0 for number in declared):
        raise CompanionError("a total below zero fits no table")
    both_arms = margins.exposed is not None and margins.unexposed is not None
    if not both_arms and margins.total is None and margins.events is None:
        raise CompanionError(
            "nothing says how large the table is",
            hint="declare both arms' totals, their sum, or all events",
        )


def _tables(
    exposed_span: Interval | None, unexposed_span: Interval | None, margins: Margins
) -> Iterator[TwoByTwo]:
    for exposed, unexposed in _arms(exposed_span, unexposed_span, margins):
        first = count_range(exposed_span, exposed)
        second = count_range(unexposed_span, unexposed)
        for a in first:
            for c in _second_counts(second, a, margins.events):
                yield TwoByTwo(a, exposed - a, c, unexposed - c)


def _second_counts(second: range, a: int, events: int | None) -> range:
    if events is None:
        return second
    return range(events - a, events - a + 1) if events - a in second else range(0)


def _arms(
    exposed_span: Interval | None, unexposed_span: Interval | None, margins: Margins
) -> Iterator[tuple[int, int]]:
    """The totals of the two arms that are worth trying, none of them empty."""
    if margins.exposed is not None and margins.unexposed is not None:
        pairs = iter([(margins.exposed, margins.unexposed)])
    elif margins.total is not None:
        pairs = ((n, margins.total - n) for n in range(1, margins.total))
    else:
        pairs = _arms_of_events(exposed_span, unexposed_span, margins)
    for exposed, unexposed in pairs:
        if min(exposed, unexposed) > 0 and _agrees(margins, exposed, unexposed):
            yield exposed, unexposed


def _arms_of_events(
    exposed_span: Interval | None, unexposed_span: Interval | None, margins: Margins
) -> Iterator[tuple[int, int]]:
    events = margins.events or 0
    seen: set[tuple[int, int]] = set()
    for a in range(events + 1):
        exposed = _candidates(margins.exposed, total_range(exposed_span, a, UP_TO))
        unexposed = _candidates(margins.unexposed, total_range(unexposed_span, events - a, UP_TO))
        for pair in ((first, second) for first in exposed for second in unexposed):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _candidates(declared: int | None, feasible: range) -> range:
    if declared is None:
        return feasible
    return range(declared, declared + 1) if declared in feasible else range(0)


def _agrees(margins: Margins, exposed: int, unexposed: int) -> bool:
    return (
        margins.exposed in (None, exposed)
        and margins.unexposed in (None, unexposed)
        and margins.total in (None, exposed + unexposed)
    )
