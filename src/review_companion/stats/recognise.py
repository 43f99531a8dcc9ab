"""What a printed “fold”, p, interval or pair of percentages is in the 2×2 tables that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from ..errors import CompanionError
from .percentages import percentage
from .printed import PrintedLike
from .rounding import NEAREST, matches
from .two_by_two import LIMITS, MEASURES, TESTS, TwoByTwo

MOST_TABLES = 500
Named = Iterator[tuple[str, tuple[Fraction, ...]]]
Hits = tuple[tuple[TwoByTwo, str], ...]


@dataclass(frozen=True)
class Recognition:
    """Tables and measures, tests or limits that give each figure; None where it was not asked."""

    fold: Hits | None
    p: Hits | None
    limits: Hits | None
    candidates: tuple[TwoByTwo, ...]

    @property
    def tables(self) -> tuple[TwoByTwo, ...]:
        """The tables that give every figure asked about."""
        parts = (self.fold, self.p, self.limits)
        asked = [{table for table, _ in part} for part in parts if part is not None]
        return tuple(t for t in self.candidates if all(t in tables for tables in asked))

    def names(self, figure: str) -> tuple[str, ...]:
        """What “fold”, “p” or “limits” may be, among the tables that give every figure."""
        found: Hits | None = getattr(self, figure)
        tables = set(self.tables)
        return tuple(dict.fromkeys(name for table, name in found or () if table in tables))


def recognise(
    tables: Iterable[TwoByTwo],
    fold: PrintedLike | None = None,
    p: PrintedLike | None = None,
    limits: tuple[PrintedLike, PrintedLike] | None = None,
) -> Recognition:
    """Names the measures, tests and limits of the tables that give the printed figures.

    A table that fails one figure is not asked about the next, so that costly exact tests run on
    few. Raises CompanionError for more than 500 tables: among so many, a match means nothing.
    """
    candidates = tuple(tables)
    if len(candidates) > MOST_TABLES:
        raise CompanionError(
            f"{len(candidates)} tables are too many to recognise a figure by",
            hint="declare the events, or the total of each arm",
        )
    fold_hits, rest = _narrow(candidates, _measures, () if fold is None else (fold,))
    p_hits, rest = _narrow(rest, _tests, () if p is None else (p,))
    limit_hits, _ = _narrow(rest, _limits, limits or ())
    return Recognition(fold_hits, p_hits, limit_hits, candidates)


def _measures(table: TwoByTwo) -> Named:
    for name, measure in MEASURES.items():
        value = measure(table)
        if value is not None:
            yield name, (value,)


def _tests(table: TwoByTwo) -> Named:
    for name, test in TESTS.items():
        value = test(table)
        if value is not None:
            yield name, (Fraction(value),)


def _limits(table: TwoByTwo) -> Named:
    for name, limits_of in LIMITS.items():
        values = limits_of(table)
        if values is not None and all(isfinite(value) for value in values):
            yield name, tuple(Fraction(value) for value in values)


def _narrow(
    tables: tuple[TwoByTwo, ...],
    named: Callable[[TwoByTwo], Named],
    printed: tuple[PrintedLike, ...],
) -> tuple[Hits | None, tuple[TwoByTwo, ...]]:
    """What gives the printed figures, and the tables that do; nothing printed, nothing asked."""
    if not printed:
        return None, tables
    hits = tuple(
        (table, name)
        for table in tables
        for name, values in named(table)
        if all(matches(v, figure, NEAREST) for v, figure in zip(values, printed, strict=True))
    )
    return hits, tuple(dict.fromkeys(table for table, _ in hits))


def conditional_readings(
    table: TwoByTwo, first: PrintedLike, second: PrintedLike
) -> tuple[str, ...]:
    """Which conditional percentages of the table are printed as these two; maybe both or none.

    The share of cases who were exposed is not the risk of the exposed, but the odds ratio and its
    tests are the same for either, so that a p-value cannot tell which was meant (Altman 1991,
    *Practical Statistics for Medical Research*, ch. 10; Gigerenzer 2002, *Reckoning with Risk*).
    """
    readings = {
        "risk of the exposed against the unexposed": table,
        "share exposed among those with the event against those without": table.transposed,
    }
    return tuple(
        name
        for name, t in readings.items()
        if t.exposed
        and t.unexposed
        and matches(percentage(t.a, t.exposed), first, NEAREST)
        and matches(percentage(t.c, t.unexposed), second, NEAREST)
    )
