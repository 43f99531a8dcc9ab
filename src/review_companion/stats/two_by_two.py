"""A 2×2 table of exposure and event: its measures, limits and tests.

Estimates are exact fractions, but for the conditional odds ratio. The tests hold the rest against
SciPy and R, whose import or start would take longer than all tables of a review.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import accumulate
from math import erfc, exp, log, sqrt

from ..errors import CompanionError
from .effects import Z_95, two_sided_p

Limits = tuple[float, float]

AS_LIKELY = 1e-7  # R's bound on what rounding may do to the odds of two tables
HALVINGS = 64
_FURTHEST = 40.0  # of the log of a conditional odds ratio


@dataclass(frozen=True, order=True)
class TwoByTwo:
    """`a` exposed with the event, `b` exposed without, `c` unexposed with, `d` unexposed without.

    Raises CompanionError for a negative count.
    """

    a: int
    b: int
    c: int
    d: int

    def __post_init__(self) -> None:
        if min(self.a, self.b, self.c, self.d) < 0:
            raise CompanionError(f"a count below zero in the 2×2 table {self}")

    @property
    def rows(self) -> list[list[int]]:
        """Exposed, unexposed; in each with the event, without."""
        return [[self.a, self.b], [self.c, self.d]]

    @property
    def exposed(self) -> int:
        return self.a + self.b

    @property
    def unexposed(self) -> int:
        return self.c + self.d

    @property
    def events(self) -> int:
        return self.a + self.c

    @property
    def total(self) -> int:
        return self.exposed + self.unexposed

    def __str__(self) -> str:
        return f"{self.a}/{self.exposed} vs {self.c}/{self.unexposed}"


def odds_ratio(table: TwoByTwo) -> Fraction | None:
    """a d / (b c); None where it is not finite."""
    divisor = table.b * table.c
    return Fraction(table.a * table.d, divisor) if divisor else None


def risk_ratio(table: TwoByTwo) -> Fraction | None:
    """The exposed's risk over the unexposed's; None where it is not finite."""
    divisor = table.c * table.exposed
    return Fraction(table.a * table.unexposed, divisor) if divisor else None


def conditional_odds_ratio(table: TwoByTwo) -> Fraction | None:
    """The conditional maximum-likelihood estimate (R's `fisher.test`); None if not finite.

    It is the odds ratio under which the mean of all tables with these margins is this table.
    """
    if not (odds_ratio(table) and _has_margins(table)):
        return None
    lowest, ways = _log_ways(table)
    low, high = -_FURTHEST, _FURTHEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _mean([way + middle * x for x, way in enumerate(ways)]) + lowest < table.a:
            low = middle
        else:
            high = middle
    return Fraction(exp((low + high) / 2))


def wald_odds_ratio_limits(table: TwoByTwo) -> Limits | None:
    """Woolf's 95% limits (1955); None with an empty cell."""
    ratio = odds_ratio(table)
    return _limits(ratio, _log_variance(table)) if ratio else None


def _log_variance(table: TwoByTwo) -> float:
    """Of the logarithm of the odds ratio."""
    return sum(1 / cell for row in table.rows for cell in row)


def wald_risk_ratio_limits(table: TwoByTwo) -> Limits | None:
    """The 95% limits of Katz et al. (1978); None without events in an arm."""
    ratio = risk_ratio(table)
    if not ratio:
        return None
    return _limits(ratio, 1 / table.a - 1 / table.exposed + 1 / table.c - 1 / table.unexposed)


def _limits(ratio: Fraction, variance: float) -> Limits:
    reach = Z_95 * sqrt(variance)
    return exp(log(ratio) - reach), exp(log(ratio) + reach)


def fisher_p(table: TwoByTwo) -> float | None:
    """Fisher's exact test, two-sided: tables no likelier than the one seen."""
    if not _has_margins(table):
        return None
    lowest, ways = _log_ways(table)
    seen = ways[table.a - lowest] + AS_LIKELY
    most = max(ways)
    shares = [exp(way - most) for way in ways]
    return sum(share for share, way in zip(shares, ways, strict=True) if way <= seen) / sum(shares)


def _log_ways(table: TwoByTwo) -> tuple[int, list[float]]:
    """The fewest events of the exposed; from there, as log, the ways to have each number."""
    lowest = max(0, table.events - table.unexposed)
    # from each number to the next is one factor; the ways themselves are too many for a float
    steps = (
        log((table.exposed - x) * (table.events - x))
        - log((x + 1) * (table.unexposed - table.events + x + 1))
        for x in range(lowest, min(table.exposed, table.events))
    )
    return lowest, list(accumulate(steps, initial=0.0))


def _mean(log_weights: Sequence[float]) -> float:
    """The mean place in a list of weights."""
    most = max(log_weights)
    weights = [exp(weight - most) for weight in log_weights]
    return sum(x * weight for x, weight in enumerate(weights)) / sum(weights)


def chi_squared_p(table: TwoByTwo, *, correction: bool = False) -> float | None:
    """Pearson's χ² test, with Yates' correction if asked for; None with an empty margin."""
    if not _has_margins(table):
        return None
    total, off = table.total, 2 * abs(table.a * table.d - table.b * table.c)
    off = max(off - total, 0) if correction else off
    margins = table.exposed * table.unexposed * table.events * (total - table.events)
    return erfc(sqrt(total * off**2 / margins / 8))


def wald_p(table: TwoByTwo) -> float | None:
    """The Wald test of the log odds ratio, as logistic regression prints it for one exposure."""
    ratio = odds_ratio(table)
    if not ratio:
        return None
    return two_sided_p(log(ratio) / sqrt(_log_variance(table)))


MEASURES: dict[str, Callable[[TwoByTwo], Fraction | None]] = {
    "odds ratio": odds_ratio,
    "risk ratio": risk_ratio,
    "conditional odds ratio": conditional_odds_ratio,
}
TESTS: dict[str, Callable[[TwoByTwo], float | None]] = {
    "Fisher’s exact test": fisher_p,
    "χ² test": chi_squared_p,
    "χ² test with Yates’ correction": partial(chi_squared_p, correction=True),
    "Wald test of the log odds ratio": wald_p,
}


def _has_margins(table: TwoByTwo) -> bool:
    return min(table.exposed, table.unexposed, table.events, table.total - table.events) > 0
