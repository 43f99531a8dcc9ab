"""The normal distribution as tests and intervals use it."""

from __future__ import annotations

from decimal import Decimal
from math import erfc, sqrt

from ..errors import CompanionError

Level = Decimal | float
DEFAULT_LEVEL = Decimal("0.95")


def normal_quantile(level: Level) -> float:
    """The z of a two-sided interval: 1.96 for 0.95. Raises CompanionError outside 0 to 1."""
    from statistics import NormalDist

    if not 0 < level < 1:
        raise CompanionError(
            f"{level} is no confidence level", hint="between 0 and 1, such as 0.95"
        )
    return NormalDist().inv_cdf((1 + float(level)) / 2)


def two_sided_p(z: float) -> float:
    """The probability of a standard normal value at least as far from zero as z."""
    return erfc(abs(z) / sqrt(2))
