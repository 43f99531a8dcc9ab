"""What a printed “fold”, p, interval or pair of percentages is in the 2×2 tables that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from ..errors import CompanionError
from .percentages import percentage
from .printed import PrintedLike
from .rounding import NEAREST, matches
from .two_by_two import LIMITS, MEASURES, TESTS, Limits, TwoByTwo

MOST_TABLES = 500
Figure = Fraction | float | None
Named = Callable[[TwoByTwo], "Figure | Limits | None"]
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
    fold_hits, rest = _narrow(candidates, MEASURES, () if fold is None else (fold,))
    p_hits, rest = _narrow(rest, TESTS, () if p is None else (p,))
    limit_hits, _ = _narrow(rest, LIMITS, limits or ())
    return Recognition(fold_hits, p_hits, limit_hits, candidates)


def _narrow(
    tables: tuple[TwoByTwo, ...], named: Mapping[str, Named], printed: tuple[PrintedLike, ...]
) -> tuple[Hits | None, tuple[TwoByTwo, ...]]:
    """What gives the printed figures, and the tables that do; nothing printed, nothing asked."""
    if not printed:
        return None, tables
    hits = tuple(
        (table, name)
        for table in tables
        for name, function in named.items()
        if _gives(function(table), printed)
    )
    return hits, tuple(dict.fromkeys(table for table, _ in hits))


def _gives(found: Figure | Limits, printed: tuple[PrintedLike, ...]) -> bool:
    """Whether a figure or a pair of limits is finite and printed so."""
    figures = found if isinstance(found, tuple) else (found,)
    return all(
        figure is not None and isfinite(figure) and bool(matches(Fraction(figure), shown, NEAREST))
        for figure, shown in zip(figures, printed, strict=True)
    )


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
