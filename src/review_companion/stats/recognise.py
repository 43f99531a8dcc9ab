"""What a printed “fold”, p or interval is: which measures and tests of fitting tables give it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from ..errors import CompanionError
from .normal import DEFAULT_LEVEL, Level
from .printed import PrintedLike
from .rounding import NEAREST, Rule, matches
from .two_by_two import LIMITS, MEASURES, TESTS, TwoByTwo

MOST_TABLES = 500
Named = Iterator[tuple[str, tuple[Fraction, ...]]]


@dataclass(frozen=True)
class Recognised:
    """One measure, test or pair of limits of one table that is printed as the figure was."""

    table: TwoByTwo
    name: str
    values: tuple[Fraction, ...]
    rule: Rule


@dataclass(frozen=True)
class Recognition:
    """All that give the printed figures; None where a figure was not asked about."""

    fold: tuple[Recognised, ...] | None
    p: tuple[Recognised, ...] | None
    limits: tuple[Recognised, ...] | None
    candidates: tuple[TwoByTwo, ...]

    @property
    def tables(self) -> tuple[TwoByTwo, ...]:
        """The tables that give every figure asked about."""
        parts = (self.fold, self.p, self.limits)
        asked = [{r.table for r in part} for part in parts if part is not None]
        return tuple(t for t in self.candidates if all(t in tables for tables in asked))

    @property
    def unique(self) -> bool:
        """Whether one table remains, and one name for each figure."""
        names = (self.names(part) for part in ("fold", "p", "limits"))
        return len(self.tables) == 1 and all(len(found) <= 1 for found in names)

    def names(self, figure: str) -> tuple[str, ...]:
        """What “fold”, “p” or “limits” may be, among the tables that give every figure."""
        found: tuple[Recognised, ...] | None = getattr(self, figure)
        tables = set(self.tables)
        return tuple(dict.fromkeys(r.name for r in found or () if r.table in tables))


def recognise(
    tables: Iterable[TwoByTwo],
    fold: PrintedLike | None = None,
    p: PrintedLike | None = None,
    limits: tuple[PrintedLike, PrintedLike] | None = None,
    *,
    level: Level = DEFAULT_LEVEL,
    rules: tuple[Rule, ...] = NEAREST,
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
    fold_hits, rest = _narrow(candidates, _measures, () if fold is None else (fold,), rules)
    p_hits, rest = _narrow(rest, _tests, () if p is None else (p,), rules)
    limit_hits, _ = _narrow(rest, lambda table: _limits(table, level), limits or (), rules)
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


def _limits(table: TwoByTwo, level: Level) -> Named:
    for name, limits_of in LIMITS.items():
        values = limits_of(table, level)
        if values is not None and all(isfinite(value) for value in values):
            yield name, tuple(Fraction(value) for value in values)


def _narrow(
    tables: tuple[TwoByTwo, ...],
    named: Callable[[TwoByTwo], Named],
    printed: tuple[PrintedLike, ...],
    rules: tuple[Rule, ...],
) -> tuple[tuple[Recognised, ...] | None, tuple[TwoByTwo, ...]]:
    """What gives the printed figures, and the tables that do; nothing printed, nothing asked."""
    if not printed:
        return None, tables
    hits = tuple(hit for table in tables for hit in _hits(table, named(table), printed, rules))
    return hits, tuple(dict.fromkeys(hit.table for hit in hits))


def _hits(
    table: TwoByTwo, named: Named, printed: tuple[PrintedLike, ...], rules: tuple[Rule, ...]
) -> Iterator[Recognised]:
    for name, values in named:
        found = [matches(v, figure, rules) for v, figure in zip(values, printed, strict=True)]
        if all(found):
            yield Recognised(table, name, values, found[0] or Rule.HALF_UP)
