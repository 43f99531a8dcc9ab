"""A 2×2 table of exposure and event: its measures, limits and tests.

Estimates are exact fractions. Limits, the conditional odds ratio, Fisher's and the χ² test are
SciPy's, which is imported by the first table that asks for one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import log, sqrt

from ..errors import CompanionError
from .normal import two_sided_p

Limits = tuple[float, float]


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
        """As SciPy takes it: exposed, unexposed; in each with the event, without."""
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
    """The conditional maximum-likelihood estimate (R's `fisher.test`); None if not finite."""
    if not (odds_ratio(table) and _has_margins(table)):
        return None
    from scipy.stats.contingency import odds_ratio as estimate

    return Fraction(estimate(table.rows, kind="conditional").statistic)


def wald_odds_ratio_limits(table: TwoByTwo) -> Limits | None:
    """Woolf's 95% limits (1955); None with an empty cell."""
    if not all(map(all, table.rows)):
        return None
    from scipy.stats.contingency import odds_ratio as estimate

    low, high = estimate(table.rows, kind="sample").confidence_interval(0.95)
    return float(low), float(high)


def wald_risk_ratio_limits(table: TwoByTwo) -> Limits | None:
    """The 95% limits of Katz et al. (1978); None without events in an arm."""
    if not risk_ratio(table):
        return None
    from scipy.stats.contingency import relative_risk as estimate

    found = estimate(table.a, table.exposed, table.c, table.unexposed)
    low, high = found.confidence_interval(0.95)
    return float(low), float(high)


def fisher_p(table: TwoByTwo) -> float | None:
    """Fisher's exact test, two-sided: tables no likelier than the one seen."""
    if not _has_margins(table):
        return None
    from scipy.stats import fisher_exact

    return float(fisher_exact(table.rows).pvalue)


def chi_squared_p(table: TwoByTwo, *, correction: bool = False) -> float | None:
    """Pearson's χ² test, with Yates' correction if asked for; None with an empty margin."""
    if not _has_margins(table):
        return None
    from scipy.stats import chi2_contingency

    return float(chi2_contingency(table.rows, correction=correction).pvalue)


def wald_p(table: TwoByTwo) -> float | None:
    """The Wald test of the log odds ratio, as logistic regression prints it for one exposure."""
    ratio = odds_ratio(table)
    if not ratio:
        return None
    return two_sided_p(log(ratio) / sqrt(sum(1 / cell for row in table.rows for cell in row)))


def _yates_p(table: TwoByTwo) -> float | None:
    return chi_squared_p(table, correction=True)


MEASURES: dict[str, Callable[[TwoByTwo], Fraction | None]] = {
    "odds ratio": odds_ratio,
    "risk ratio": risk_ratio,
    "conditional odds ratio": conditional_odds_ratio,
}
TESTS: dict[str, Callable[[TwoByTwo], float | None]] = {
    "Fisher’s exact test": fisher_p,
    "χ² test": chi_squared_p,
    "χ² test with Yates’ correction": _yates_p,
    "Wald test of the log odds ratio": wald_p,
}


def _has_margins(table: TwoByTwo) -> bool:
    return min(table.exposed, table.unexposed, table.events, table.total - table.events) > 0
