"""How far two raters agree, item by item.

Cohen 1960, *A coefficient of agreement for nominal scales*, Educ Psychol Meas 20:37-46; limits
with the large-sample error of Fleiss, Cohen & Everitt 1969, Psychol Bull 72:323-327.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from ..errors import CompanionError
from .effects import Z_95

FEWEST_ITEMS = 10


class Kappa(NamedTuple):
    """Cohen's κ with its 95% limits, as printed by the method: not cut off at 1."""

    value: float
    low: float
    high: float


def kappa_of(first: Sequence[str], second: Sequence[str]) -> Kappa | None:
    """κ of two equally long sequences of categories, item by item.

    None below ten items, and where both raters used one and the same category throughout.
    Raises CompanionError for sequences of different lengths.
    """
    if len(first) != len(second):
        raise CompanionError(f"{len(first)} ratings against {len(second)}: not the same items")
    if len(first) < FEWEST_ITEMS:
        return None
    count, pairs = len(first), Counter(zip(first, second, strict=True))
    rows, columns = Counter(first), Counter(second)
    if len({*rows, *columns}) < 2:
        return None
    same = Fraction(sum(pairs[one, one] for one in rows), count)
    chance = Fraction(sum(rows[one] * columns[one] for one in rows), count**2)
    kappa = (same - chance) / (1 - chance)
    reach = Z_95 * sqrt(_variance(pairs, rows, columns, kappa, chance))
    return Kappa(float(kappa), float(kappa) - reach, float(kappa) + reach)


def _variance(
    pairs: Counter[tuple[str, str]],
    rows: Counter[str],
    columns: Counter[str],
    kappa: Fraction,
    chance: Fraction,
) -> Fraction:
    """Of κ in large samples: Fleiss, Cohen & Everitt 1969, equation 13."""
    count = pairs.total()

    def weight(one: str, other: str) -> Fraction:
        shares = Fraction(columns[one] + rows[other], count) * (1 - kappa)
        return 1 - shares if one == other else shares

    squares = Fraction(sum(number * weight(*pair) ** 2 for pair, number in pairs.items())) / count
    return (squares - (kappa - chance * (1 - kappa)) ** 2) / (count * (1 - chance) ** 2)
