"""Oracles: published worked examples, R's documentation of `fisher.test`, printed formulas."""

from __future__ import annotations

from math import comb, erfc, exp, log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review_companion.errors import CompanionError
from review_companion.stats.two_by_two import (
    TwoByTwo,
    chi_squared_p,
    conditional_odds_ratio,
    fisher_p,
    odds_ratio,
    risk_ratio,
    wald_odds_ratio_limits,
    wald_p,
    wald_risk_ratio_limits,
)

TEA = TwoByTwo(3, 1, 1, 3)
CONVICTIONS = TwoByTwo(2, 15, 10, 3)
ECZEMA = TwoByTwo(141, 420, 928, 13525)
ASPIRIN = TwoByTwo(45, 411 - 45, 73, 411 - 73)
cells = st.integers(1, 400)
tables = st.builds(TwoByTwo, cells, cells, cells, cells)


def test_the_odds_ratio_and_its_limits_are_those_of_bland_and_altman() -> None:
    """Bland & Altman 2000, *The odds ratio*, BMJ 320:1468: 4.89 (4.00 to 5.99), ratio 3.91."""
    assert float(odds_ratio(ECZEMA) or 0) == pytest.approx(4.89, abs=0.005)
    assert float(risk_ratio(ECZEMA) or 0) == pytest.approx(3.91, abs=0.005)
    assert wald_odds_ratio_limits(ECZEMA) == pytest.approx((4.00, 5.99), abs=0.005)


def test_the_limits_of_the_risk_ratio_are_those_of_a_textbook() -> None:
    """Moore, McCabe & Craig, *Introduction to the Practice of Statistics*, 9th ed., ex. 8.18."""
    assert wald_risk_ratio_limits(ASPIRIN) == pytest.approx((0.4364, 0.8707), abs=5e-5)


@given(tables)
def test_limits_and_wald_test_agree_with_their_formulas(table: TwoByTwo) -> None:
    """Woolf 1955; Katz et al. 1978; Altman 1991, *Practical Statistics*, ch. 10."""
    a, b, c, d = table.a, table.b, table.c, table.d
    odds, risk = log(a * d / (b * c)), log(a * (c + d) / (c * (a + b)))
    error = sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    reach = 1.959964 * error
    far = 1.959964 * sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    near = pytest.approx
    assert wald_odds_ratio_limits(table) == near((exp(odds - reach), exp(odds + reach)), rel=1e-5)
    assert wald_risk_ratio_limits(table) == near((exp(risk - far), exp(risk + far)), rel=1e-5)
    assert wald_p(table) == near(erfc(abs(odds) / error / sqrt(2)), abs=1e-12)


@pytest.mark.parametrize("correction", [False, True])
@given(table=tables)
def test_the_chi_squared_test_agrees_with_its_formula(correction: bool, table: TwoByTwo) -> None:
    """Yates 1934: n (|ad - bc| - n/2)² over the product of the margins; Pearson without n/2."""
    n = table.total
    off = max(abs(table.a * table.d - table.b * table.c) - correction * n / 2, 0)
    margins = table.exposed * table.unexposed * table.events * (n - table.events)
    expected = erfc(sqrt(n * off**2 / margins / 2))
    assert chi_squared_p(table, correction=correction) == pytest.approx(expected, abs=1e-12)


def test_fishers_test_gives_the_published_p_of_the_tea_tasting() -> None:
    """Agresti 1990, p. 61, in R's `?fisher.test`: two-sided p = 0.4857."""
    assert fisher_p(TEA) == pytest.approx(34 / 70)
    assert fisher_p(TEA) == pytest.approx(0.4857, abs=5e-5)


def test_fishers_test_of_large_arms_is_the_count_of_all_tables() -> None:
    """By whole numbers over the 3,819 tables with these margins."""
    table = TwoByTwo(2000, 198_000, 1818, 198_182)
    assert fisher_p(table) == pytest.approx(0.00324165062390, abs=1e-12)


@given(*[st.integers(0, 12)] * 4)
def test_fishers_test_counts_the_tables_no_likelier(a: int, b: int, c: int, d: int) -> None:
    """Fisher 1935: ways of choosing all events, by whole numbers."""
    ways = {x: comb(a + b, x) * comb(c + d, a + c - x) for x in range(a + c + 1)}
    no_likelier = sum(count for count in ways.values() if count <= ways[a])
    found = fisher_p(TwoByTwo(a, b, c, d))
    assert found is None or found == pytest.approx(no_likelier / sum(ways.values()), abs=1e-12)


@settings(max_examples=20)
@given(st.builds(TwoByTwo, *[st.integers(1, 60)] * 4))
def test_exact_results_are_scipys(table: TwoByTwo) -> None:
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import odds_ratio as scipys_odds_ratio

    assert fisher_p(table) == pytest.approx(fisher_exact(table.rows).pvalue, rel=1e-9)
    expected = scipys_odds_ratio(table.rows, kind="conditional").statistic
    assert float(conditional_odds_ratio(table) or 0) == pytest.approx(expected, rel=1e-6)


def test_the_conditional_odds_ratio_is_that_of_rs_fisher_test() -> None:
    """Fisher's twins, R's `?fisher.test`: estimate 0.0469."""
    assert float(conditional_odds_ratio(CONVICTIONS) or 0) == pytest.approx(0.04693661, abs=1e-6)


@pytest.mark.parametrize(
    "table", [TwoByTwo(0, 5, 0, 7), TwoByTwo(0, 0, 3, 4), TwoByTwo(0, 0, 0, 0)]
)
def test_what_a_table_without_a_margin_cannot_give_is_none(table: TwoByTwo) -> None:
    functions = (odds_ratio, risk_ratio, conditional_odds_ratio, fisher_p, chi_squared_p, wald_p)
    assert [function(table) for function in functions] == [None] * len(functions)
    assert wald_odds_ratio_limits(table) is None
    assert wald_risk_ratio_limits(table) is None


def test_an_empty_cell_leaves_only_what_is_finite() -> None:
    table = TwoByTwo(0, 14, 9, 91)
    assert odds_ratio(table) == 0
    assert risk_ratio(table) == 0
    assert wald_odds_ratio_limits(table) is None
    assert wald_p(table) is None


def test_a_table_shows_its_risks() -> None:
    table = TwoByTwo(16, 8, 12, 10)
    assert (table.exposed, table.events, table.total) == (24, 28, 46)
    assert str(table) == "16/24 vs 12/22"


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(CompanionError, match="below zero"):
        TwoByTwo(16, 8, -5, 27)
