"""A 2×2 table of exposure and event: its measures, limits and tests.

Measures and 95% Wald limits: Altman 1991, *Practical Statistics for Medical Research*, ch. 10;
Woolf 1955 (odds ratio), Katz et al. 1978 (risk ratio). Exact limits: SciPy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log, sqrt

from ..errors import CompanionError
from .distributions import Z_95, conditional_odds, hypergeometric_p, two_sided_p

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

    @property
    def transposed(self) -> TwoByTwo:
        """Exposure and event exchanged: same odds ratio and tests, another risk ratio."""
        return TwoByTwo(self.a, self.c, self.b, self.d)

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
    return Fraction(conditional_odds(table.a, table.exposed, table.unexposed, table.events))


def wald_odds_ratio_limits(table: TwoByTwo) -> Limits | None:
    """Woolf's limits on the log scale; None with an empty cell."""
    ratio, error = odds_ratio(table), _log_odds_error(table)
    return _around(ratio, error) if ratio and error else None


def wald_risk_ratio_limits(table: TwoByTwo) -> Limits | None:
    """Katz's limits on the log scale; None without events in an arm."""
    ratio = risk_ratio(table)
    if not ratio:
        return None
    variance = 1 / table.a - 1 / table.exposed + 1 / table.c - 1 / table.unexposed
    return _around(ratio, sqrt(variance))


def exact_odds_ratio_limits(table: TwoByTwo) -> Limits | None:
    """The conditional exact limits (Cornfield 1956, as R's `fisher.test`); maybe 0 or infinite."""
    if not _has_margins(table):
        return None
    from scipy.stats.contingency import odds_ratio as conditional

    limits = conditional([[table.a, table.b], [table.c, table.d]]).confidence_interval(0.95)
    return float(limits.low), float(limits.high)


def fisher_p(table: TwoByTwo) -> float | None:
    """Fisher's exact test, two-sided: tables no likelier than the one seen."""
    if not _has_margins(table):
        return None
    return hypergeometric_p(table.a, table.exposed, table.unexposed, table.events)


def chi_squared_p(table: TwoByTwo, *, correction: bool = False) -> float | None:
    """Pearson's χ² test, with Yates' correction if asked for; None with an empty margin."""
    if not _has_margins(table):
        return None
    apart = Fraction(abs(table.a * table.d - table.b * table.c), table.total)
    if correction:
        apart = max(apart - Fraction(1, 2), Fraction(0))
    rows, columns = (table.exposed, table.unexposed), (table.events, table.total - table.events)
    cells = [row * column for row in rows for column in columns]
    return two_sided_p(sqrt(sum(apart**2 * Fraction(table.total, cell) for cell in cells)))


def wald_p(table: TwoByTwo) -> float | None:
    """The Wald test of the log odds ratio, as logistic regression prints it for one exposure."""
    ratio, error = odds_ratio(table), _log_odds_error(table)
    return two_sided_p(log(ratio) / error) if ratio and error else None


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


def _log_odds_error(table: TwoByTwo) -> float | None:
    cells = (table.a, table.b, table.c, table.d)
    return sqrt(sum(1 / cell for cell in cells)) if all(cells) else None


def _around(ratio: Fraction, error: float) -> Limits:
    return exp(log(ratio) - Z_95 * error), exp(log(ratio) + Z_95 * error)
