"""Exact tests against SciPy as an independent library."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact
from scipy.stats.contingency import odds_ratio

from review_companion.stats.distributions import (
    binomial_p,
    conditional_odds,
    hypergeometric_p,
)

counts = st.integers(0, 60)


@settings(deadline=None)
@given(counts, counts, counts, counts)
def test_the_hypergeometric_test_is_fisher_s(a: int, b: int, c: int, d: int) -> None:
    assume(min(a + b, c + d, a + c, b + d) > 0)
    expected = fisher_exact([[a, b], [c, d]]).pvalue
    assert hypergeometric_p(a, a + b, c + d, a + c) == pytest.approx(expected, abs=1e-10)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_the_conditional_odds_ratio_is_cornfield_s(a: int, b: int, c: int, d: int) -> None:
    expected = odds_ratio([[a, b], [c, d]]).statistic
    assert conditional_odds(a, a + b, c + d, a + c) == pytest.approx(expected, rel=1e-6)


def test_large_tables_do_not_overflow() -> None:
    expected = odds_ratio([[900, 4100], [700, 4300]]).statistic
    assert conditional_odds(900, 5000, 5000, 1600) == pytest.approx(expected, rel=1e-6)


@given(st.integers(1, 80), st.data())
def test_the_binomial_test(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    expected = binomtest(successes, trials)
    assert binomial_p(successes, trials) == pytest.approx(expected.pvalue, abs=1e-12)


def test_the_lady_tasting_tea() -> None:
    """Fisher 1935: three of four cups right; 34 of the 70 choices are no likelier."""
    assert hypergeometric_p(3, 4, 4, 4) == pytest.approx(34 / 70)
