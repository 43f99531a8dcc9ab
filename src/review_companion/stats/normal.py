"""The standard normal distribution: all that limits and tests on the log scale need."""

from __future__ import annotations

from math import erfc, sqrt

Z_95 = 1.959963984540054  # NormalDist().inv_cdf(0.975), without importing `statistics`


def two_sided_p(z: float) -> float:
    """The probability of a standard normal value at least as far from zero as z."""
    return erfc(abs(z) / sqrt(2))
