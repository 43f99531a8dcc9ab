"""What printed percentages can come from: counts, denominators, whole 2×2 tables.

Counts are integers, so that only some percentages are possible for a denominator: the GRIM test for
shares (Brown & Heathers 2017, *The GRIM Test*, Soc Psychol Personal Sci 8:363-369). For two shares
at once, denominators are tried and counts follow from them, so that thousands of patients take a
fraction of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice
from math import ceil, floor, isfinite

from ..errors import CompanionError
from .printed import PrintedLike
from .rounding import NEAREST, Interval, interval, matches
from .two_by_two import MEASURES, TESTS, TwoByTwo

LIMIT = 10_000
MOST_TABLES = 500
TOO_MANY = "declare the events, or the total of each arm"
Arms = list[tuple[int, int]]
Statistics = Mapping[str, Callable[[TwoByTwo], Fraction | float | None]]
Hits = Mapping[TwoByTwo, tuple[str, ...]]


def feasible_counts(percent: PrintedLike, total: int) -> tuple[int, ...]:
    """The whole numbers that are a percentage of a total, at printed precision, ascending."""
    if total <= 0:
        raise CompanionError(f"{total} is not a denominator", hint="a whole number above zero")
    spans = (interval(percent, rule) for rule in NEAREST)
    return tuple(sorted({count for span in spans for count in count_range(span, total)}))


def feasible_totals(percent: PrintedLike, count: int, up_to: int) -> tuple[int, ...]:
    """The totals up to a limit of which a count is a percentage, at printed precision."""
    if count < 0:
        raise CompanionError(f"{count} is not a count", hint="zero or more")
    spans = [interval(percent, rule) for rule in NEAREST]
    most = max(_largest_total(span, count, up_to) for span in spans)
    totals = range(max(count, 1), most + 1)
    return tuple(t for t in totals if any(count in count_range(span, t) for span in spans))


def _largest_total(span: Interval, count: int, up_to: int) -> int:
    """The largest total up to a limit of which a count can be as much as the span's lower end."""
    if span.low is None or span.low <= 0:
        return up_to
    return min(up_to, floor(100 * count / span.low))


def count_range(span: Interval, total: int) -> range:
    """The counts of `total` whose percentage lies in the span."""
    first, last = 0, total
    if span.low is not None:
        low = span.low * total / 100
        first = ceil(low) if span.low_closed else floor(low) + 1
    if span.high is not None:
        high = span.high * total / 100
        last = floor(high) if span.high_closed else ceil(high) - 1
    return range(max(first, 0), min(last, total) + 1)


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

    Needs both arms' totals, or their sum; one arm's total and all events narrow the search.
    Raises CompanionError where too little is declared, or where more than 10,000 tables fit.
    """
    declared = (exposed_total, unexposed_total, total, events)
    if any(number is not None and number < 0 for number in declared):
        raise CompanionError("a total below zero fits no table")
    arms = _arms(exposed_total, unexposed_total, total)
    found: set[TwoByTwo] = set()
    for rule in NEAREST:
        spans = interval(exposed_percent, rule), interval(unexposed_percent, rule)
        found.update(islice(_tables(*spans, arms, events), LIMIT + 1 - len(found)))
    if len(found) > LIMIT:
        what = f"more than {LIMIT} tables fit {exposed_percent} and {unexposed_percent}"
        raise CompanionError(what, hint=TOO_MANY)
    return sorted(found)


def _arms(exposed: int | None, unexposed: int | None, total: int | None) -> Arms:
    """The totals of the two arms that agree with what is declared, none of them empty."""
    if exposed is not None and unexposed is not None:
        pairs = [(exposed, unexposed)]
    elif total is not None:
        pairs = [(number, total - number) for number in range(1, total)]
    else:
        hint = "declare both arms' totals, or their sum"
        raise CompanionError("nothing says how large the table is", hint=hint)
    return [
        (one, other)
        for one, other in pairs
        if min(one, other) > 0
        and exposed in (None, one)
        and unexposed in (None, other)
        and total in (None, one + other)
    ]


def _tables(
    exposed_span: Interval, unexposed_span: Interval, arms: Arms, events: int | None
) -> Iterator[TwoByTwo]:
    for exposed, unexposed in arms:
        fitting = count_range(unexposed_span, unexposed)
        for a in count_range(exposed_span, exposed):
            candidates = fitting if events is None else range(events - a, events - a + 1)
            for c in candidates:
                if c in fitting:
                    yield TwoByTwo(a, exposed - a, c, unexposed - c)


def recognise(
    tables: Iterable[TwoByTwo], fold: PrintedLike | None = None, p: PrintedLike | None = None
) -> tuple[str, ...]:
    """The measures that give a printed fold increase, or without one the tests that give a p.

    Only tables count that give both. The second is computed only for tables that give the first, so
    that costly exact tests run on few. Raises CompanionError for more than 500 tables: among so
    many, a match means nothing.
    """
    candidates = tuple(tables)
    if len(candidates) > MOST_TABLES:
        what = f"{len(candidates)} tables are too many to recognise a figure by"
        raise CompanionError(what, hint=TOO_MANY)
    folds = _giving(candidates, MEASURES, fold)
    tests = _giving(folds, TESTS, p)
    hits = tests if fold is None else folds
    return tuple(dict.fromkeys(name for table in tests for name in hits[table]))


def _giving(tables: Iterable[TwoByTwo], named: Statistics, printed: PrintedLike | None) -> Hits:
    """The tables that give the printed figure, with what gives it; all where none is printed."""
    if printed is None:
        return dict.fromkeys(tables, ())
    hits = {
        table: tuple(name for name, of in named.items() if _gives(of(table), printed))
        for table in tables
    }
    return {table: names for table, names in hits.items() if names}


def _gives(found: Fraction | float | None, printed: PrintedLike) -> bool:
    if found is None or not isfinite(found):
        return False
    return matches(Fraction(found), printed, NEAREST) is not None
