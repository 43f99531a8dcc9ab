"""Oracles: statsmodels' `Table2x2`; R's documentation of `fisher.test`; published examples."""

from __future__ import annotations

from math import erfc, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import Table2x2

from review_companion.errors import CompanionError
from review_companion.stats.two_by_two import (
    TwoByTwo,
    chi_squared_p,
    conditional_odds_ratio,
    exact_odds_ratio_limits,
    fisher_p,
    odds_ratio,
    risk_ratio,
    wald_odds_ratio_limits,
    wald_p,
    wald_risk_ratio_limits,
)

TEA = TwoByTwo(3, 1, 1, 3)
CONVICTIONS = TwoByTwo(2, 15, 10, 3)
cells = st.integers(1, 400)
tables = st.builds(TwoByTwo, cells, cells, cells, cells)


def statsmodels_table(table: TwoByTwo) -> Table2x2:
    return Table2x2([[table.a, table.b], [table.c, table.d]])


@given(tables)
def test_measures_and_wald_limits_agree_with_statsmodels(table: TwoByTwo) -> None:
    oracle = statsmodels_table(table)
    assert odds_ratio(table) == pytest.approx(oracle.oddsratio)
    assert risk_ratio(table) == pytest.approx(oracle.riskratio)
    assert wald_odds_ratio_limits(table) == pytest.approx(oracle.oddsratio_confint())
    assert wald_risk_ratio_limits(table) == pytest.approx(oracle.riskratio_confint())
    assert wald_p(table) == pytest.approx(oracle.oddsratio_pvalue(), abs=1e-12)


@given(tables)
def test_pearsons_test_agrees_with_statsmodels(table: TwoByTwo) -> None:
    oracle = statsmodels_table(table).test_nominal_association().pvalue
    assert chi_squared_p(table) == pytest.approx(oracle, abs=1e-12)


@given(tables)
def test_yates_correction_agrees_with_its_formula(table: TwoByTwo) -> None:
    """Yates 1934: n (max(|ad - bc| - n/2, 0))² over the product of the margins."""
    n = table.total
    off = max(abs(table.a * table.d - table.b * table.c) - n / 2, 0)
    margins = table.exposed * table.unexposed * table.events * (n - table.events)
    expected = erfc(sqrt(n * off**2 / margins / 2))
    assert chi_squared_p(table, correction=True) == pytest.approx(expected, abs=1e-12)


def test_fishers_test_gives_the_published_p_of_the_tea_tasting() -> None:
    """Agresti 1990, p. 61, in R's `?fisher.test`: two-sided p = 0.4857."""
    assert fisher_p(TEA) == pytest.approx(34 / 70)
    assert fisher_p(TEA) == pytest.approx(0.4857, abs=5e-5)


def test_exact_limits_are_those_of_rs_fisher_test() -> None:
    """Fisher's twins, R's `?fisher.test`: estimate 0.0469, limits 0.0033 to 0.3632."""
    assert conditional_odds_ratio(CONVICTIONS) == pytest.approx(0.04693661, abs=1e-6)
    assert exact_odds_ratio_limits(CONVICTIONS) == pytest.approx(
        (0.003325764, 0.363182271), abs=2e-5
    )


def test_the_odds_ratio_and_tests_do_not_change_when_exposure_and_event_do() -> None:
    table = TwoByTwo(10, 18, 1, 17)
    assert odds_ratio(table.transposed) == odds_ratio(table)
    assert fisher_p(table.transposed) == pytest.approx(fisher_p(table))
    assert risk_ratio(table.transposed) != risk_ratio(table)


@pytest.mark.parametrize(
    "table", [TwoByTwo(0, 5, 0, 7), TwoByTwo(0, 0, 3, 4), TwoByTwo(0, 0, 0, 0)]
)
def test_what_a_table_without_a_margin_cannot_give_is_none(table: TwoByTwo) -> None:
    functions = (odds_ratio, risk_ratio, conditional_odds_ratio, fisher_p, chi_squared_p, wald_p)
    assert [function(table) for function in functions] == [None] * len(functions)
    assert wald_odds_ratio_limits(table) is None
    assert wald_risk_ratio_limits(table) is None
    assert exact_odds_ratio_limits(table) is None


def test_an_empty_cell_leaves_only_what_is_finite() -> None:
    table = TwoByTwo(0, 14, 9, 91)
    assert odds_ratio(table) == 0
    assert risk_ratio(table) == 0
    assert wald_odds_ratio_limits(table) is None
    assert wald_p(table) is None
    limits = exact_odds_ratio_limits(table)
    assert limits is not None and limits[0] == 0 and limits[1] > 1


def test_a_table_shows_its_risks() -> None:
    table = TwoByTwo(16, 8, 12, 10)
    assert (table.exposed, table.events, table.total) == (24, 28, 46)
    assert str(table) == "16/24 vs 12/22"


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(CompanionError, match="below zero"):
        TwoByTwo(16, 8, -5, 27)
