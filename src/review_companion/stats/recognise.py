"""What a printed “fold” or p is in the 2×2 tables that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from ..errors import CompanionError
from .printed import PrintedLike
from .rounding import NEAREST, matches
from .two_by_two import MEASURES, TESTS, TwoByTwo

MOST_TABLES = 500
Named = Mapping[str, Callable[[TwoByTwo], Fraction | float | None]]
Hits = Mapping[TwoByTwo, tuple[str, ...]]


@dataclass(frozen=True)
class Recognition:
    """The tables that give every figure asked about, and the measures and tests that give it."""

    tables: tuple[TwoByTwo, ...]
    fold: tuple[str, ...]
    p: tuple[str, ...]


def recognise(
    tables: Iterable[TwoByTwo], fold: PrintedLike | None = None, p: PrintedLike | None = None
) -> Recognition:
    """Names the measures and tests of the tables that give the printed figures.

    A table that fails one figure is not asked about the next, so that costly exact tests run on
    few. Raises CompanionError for more than 500 tables: among so many, a match means nothing.
    """
    candidates = tuple(tables)
    if len(candidates) > MOST_TABLES:
        raise CompanionError(
            f"{len(candidates)} tables are too many to recognise a figure by",
            hint="declare the events, or the total of each arm",
        )
    folds = _giving(candidates, MEASURES, fold)
    tests = _giving(folds, TESTS, p)
    return Recognition(tuple(tests), _names(folds, tests), _names(tests, tests))


def _giving(tables: Iterable[TwoByTwo], named: Named, printed: PrintedLike | None) -> Hits:
    """The tables that give the printed figure, with what gives it; all where none is printed."""
    if printed is None:
        return dict.fromkeys(tables, ())
    hits = {
        table: tuple(name for name, of in named.items() if _gives(of(table), printed))
        for table in tables
    }
    return {table: names for table, names in hits.items() if names}


def _gives(found: Fraction | float | None, printed: PrintedLike) -> bool:
    return (
        found is not None and isfinite(found) and bool(matches(Fraction(found), printed, NEAREST))
    )


def _names(hits: Hits, tables: Iterable[TwoByTwo]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for table in tables for name in hits[table]))
