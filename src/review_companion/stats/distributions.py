"""The normal distribution, and exact tests by counting: nothing to import, nothing to round.

Fisher 1935 (the hypergeometric test), Cornfield 1956 (the conditional odds ratio). The tests hold
them against SciPy.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, erfc, exp, lgamma, log, sqrt

Z_95 = 1.959963984540054  # NormalDist().inv_cdf(0.975), without importing `statistics`
STEPS = 200
WIDEST = 60.0


def two_sided_p(z: float) -> float:
    """The probability of a standard normal value at least as far from zero as z."""
    return erfc(abs(z) / sqrt(2))


def hypergeometric_p(events: int, exposed: int, unexposed: int, all_events: int) -> float:
    """Two-sided: the probability of the tables with these margins that are no likelier."""
    ways = {x: _ways(x, exposed, unexposed, all_events)
            for x in _possible(exposed, unexposed, all_events)}  # fmt: skip
    no_likelier = sum(count for count in ways.values() if count <= ways[events])
    return float(Fraction(no_likelier, sum(ways.values())))


def binomial_p(successes: int, trials: int) -> float:
    """Two-sided, against a probability of one half."""
    ways = [comb(trials, x) for x in range(trials + 1)]
    return float(Fraction(sum(w for w in ways if w <= ways[successes]), 2**trials))


def conditional_odds(events: int, exposed: int, unexposed: int, all_events: int) -> float:
    """The odds ratio that makes the number of events seen the expected one, by bisection.

    Finite where that number is neither the least nor the greatest possible.
    """
    possible = _possible(exposed, unexposed, all_events)
    weights = [(x, _log_ways(x, exposed, unexposed, all_events)) for x in possible]
    low, high = -WIDEST, WIDEST
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _expected(weights, middle) < events else (low, middle)
        if high - low < 1e-15 * max(1.0, abs(middle)):
            break
    return exp((low + high) / 2)


def _possible(exposed: int, unexposed: int, all_events: int) -> range:
    """The numbers of events among the exposed that these margins allow."""
    return range(max(0, all_events - unexposed), min(exposed, all_events) + 1)


def _ways(x: int, exposed: int, unexposed: int, all_events: int) -> int:
    return comb(exposed, x) * comb(unexposed, all_events - x)


def _log_ways(x: int, exposed: int, unexposed: int, all_events: int) -> float:
    return _log_comb(exposed, x) + _log_comb(unexposed, all_events - x)


def _log_comb(n: int, k: int) -> float:
    if n < 1000:
        return log(comb(n, k))
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _expected(weights: list[tuple[int, float]], log_odds: float) -> float:
    """The expected number of events for this odds ratio."""
    terms = [(x, weight + x * log_odds) for x, weight in weights]
    most = max(term for _, term in terms)
    shares = [(x, exp(term - most)) for x, term in terms]
    return sum(x * share for x, share in shares) / sum(share for _, share in shares)
