"""How far two raters agree, item by item.

Cohen 1960, *A coefficient of agreement for nominal scales*, Educ Psychol Meas 20:37-46; limits
with the large-sample error of Fleiss, Cohen & Everitt 1969, Psychol Bull 72:323-327.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from ..errors import CompanionError
from .normal import Z_95

FEWEST_ITEMS = 10


@dataclass(frozen=True)
class Kappa:
    """Cohen's κ with its 95% limits, as printed by the method: not cut off at 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Agreement:
    """Items rated by both, those rated the same, and κ where it can be computed."""

    items: int
    same: int
    kappa: Kappa | None

    @property
    def percent(self) -> Fraction | None:
        """Percent agreement, exactly; None without items."""
        return Fraction(100 * self.same, self.items) if self.items else None


def agreement(first: Sequence[str], second: Sequence[str]) -> Agreement:
    """Agreement of two equally long sequences of categories, item by item.

    κ is None below ten items, and where both raters used one and the same category throughout.
    Raises CompanionError for sequences of different lengths.
    """
    if len(first) != len(second):
        raise CompanionError(f"{len(first)} ratings beside {len(second)}: not the same items")
    same = sum(one == other for one, other in zip(first, second, strict=True))
    kappa = _kappa(first, second) if len(first) >= FEWEST_ITEMS else None
    return Agreement(len(first), same, kappa)


def _kappa(first: Sequence[str], second: Sequence[str]) -> Kappa | None:
    categories = sorted({*first, *second})
    if len(categories) < 2:
        return None
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa

    pairs = list(zip(first, second, strict=True))
    table = [[pairs.count((one, other)) for other in categories] for one in categories]
    with np.errstate(invalid="ignore"):  # a variance of zero may come out just below it
        result = cohens_kappa(table)
    kappa = float(result.kappa)
    reach = Z_95 * sqrt(max(float(result.var_kappa), 0.0))
    return Kappa(kappa, kappa - reach, kappa + reach)
