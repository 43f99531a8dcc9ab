"""Oracles: the approximation that Altman & Bland print (BMJ 2011;343:d2304, P = exp(-0.717 z -
0.416 z²)), and SciPy: limits and p of an odds ratio from one standard error. Of directions the
p-values of Boon & Thomson's sign tests (2019 Cochrane Colloquium abstract of the work published as
Res Synth Methods 2021;12:29-33), and SciPy's binomial test.
"""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import NormalDist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.stats.effects import (
    Direction,
    consistent,
    direction_of,
    midpoint_range,
    p_range,
    sign_test,
    significant,
    study_direction,
    symmetric,
    symmetric_scales,
    within_range,
)


@pytest.mark.parametrize(
    ("estimate", "low", "high"),
    [("0.81", "0.70", "0.94"), ("4.01", "1.79", "9.01"), ("0.23", "0.07", "0.78")],
)
def test_the_implied_p_agrees_with_altman_and_blands_formula(
    estimate: str, low: str, high: str
) -> None:
    z = abs(log(float(estimate))) / ((log(float(high)) - log(float(low))) / 3.92)
    found = p_range(estimate, low, high)
    assert found is not None
    assert found.value == pytest.approx(exp(-0.717 * z - 0.416 * z**2), rel=0.06)
    assert found.low < found.value < found.high


cells = st.integers(2, 200)


@given(cells, cells, cells, cells)
def test_truly_rounded_results_are_always_consistent(a: int, b: int, c: int, d: int) -> None:
    from scipy.stats.contingency import odds_ratio

    found = odds_ratio([[a, b], [c, d]], kind="sample")
    low, high = found.confidence_interval(0.95)
    assume(low >= 0.02)
    printed = (f"{found.statistic:.2f}", f"{low:.2f}", f"{high:.2f}")
    error = sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    p = f"{2 * NormalDist().cdf(-abs(log(found.statistic)) / error):.3f}"
    assert consistent(*printed, p) is not False
    assert symmetric(*printed)
    middle = midpoint_range(*printed[1:])
    assert middle and middle.low <= found.statistic <= middle.high


@cases
def test_a_printed_p_is_held_against_its_interval(p: str, fits: bool) -> None:
    """A hazard ratio of 0.23 (0.07 to 0.78) implies 0.0169, from 0.0123 to 0.0227 by rounding."""
    assert consistent("0.23", "0.07", "0.78", p) is fits


def test_an_estimate_outside_its_interval_is_impossible() -> None:
    assert consistent("1.2", "0.5", "0.9", "0.02") is False
    assert symmetric("1.2", "0.5", "0.9") is False
    assert symmetric("0.7", "0.9", "0.5") is False


@cases
def test_an_estimate_is_the_geometric_middle_of_its_interval(
    estimate: str, low: str, high: str, fits: bool
) -> None:
    assert symmetric(estimate, low, high) is fits


def test_the_geometric_middle_is_carried_with_its_rounding() -> None:
    found = midpoint_range("1.79", "9.01")
    assert found is not None
    assert found.value == pytest.approx(sqrt(1.79 * 9.01))
    assert (found.low, found.high) == pytest.approx((sqrt(1.785 * 9.005), sqrt(1.795 * 9.015)))


def test_scales_on_which_an_interval_is_symmetrical_are_named() -> None:
    assert symmetric_scales("10.0%", "6.0%", "14.0%") == ("identity",)
    assert symmetric_scales("3.5%", "0.2%", "5.4%") == ()
    assert "complementary log-log" in symmetric_scales("10.0%", "5.1%", "19.1%")


def test_a_limit_cut_off_at_zero_or_a_hundred_is_no_asymmetry() -> None:
    assert symmetric("1.0%", "0.0%", "2.8%", "identity") is None
    assert symmetric("98%", "92%", "100%", "identity") is None
    assert symmetric("3.0%", "0.0%", "6.0%", "identity") is True
    assert symmetric("4.0%", "0.0%", "6.0%", "identity") is False
    assert symmetric("1.0", "0.0", "2.8", "identity") is False


@cases
def test_limits_that_the_scale_does_not_hold_are_inapplicable(
    low: str, high: str, scale: str
) -> None:
    assert midpoint_range(low, high, scale) is None
    middle = "50%" if scale == "logit" else "1.0"
    assert symmetric(middle, low, high, scale) is None


def test_an_estimate_of_no_effect_may_have_any_p_up_to_one() -> None:
    found = p_range("1.0", "0.5", "2.0")
    assert found is not None and found.high == 1 and found.value == pytest.approx(1)


@cases
def test_significance_is_open_where_rounding_leaves_it_open(p: str, below: bool | None) -> None:
    assert significant(p) is below


def test_malformed_input_is_refused() -> None:
    with pytest.raises(CompanionError, match="no scale"):
        midpoint_range("1", "2", scale="probit")
    with pytest.raises(CompanionError, match="not a printed number"):
        consistent("1.2", "0.9", "1.5", "n.s.")


@cases
def test_a_median_lies_within_its_range(statistic: str, low: str, high: str, fits: bool) -> None:
    assert within_range(statistic, low, high) is fits


def test_a_median_that_is_no_number_is_refused() -> None:
    with pytest.raises(CompanionError, match="not a printed number"):
        within_range("not stated", "1", "2")


@cases
def test_two_figures_have_a_direction_unless_rounding_hides_it(
    exposed: str | None, unexposed: str | None, direction: str | None
) -> None:
    assert direction_of(exposed, unexposed) == direction


@cases
def test_a_study_has_the_direction_that_seventy_percent_share(
    comparisons: list[Direction | None], direction: str | None
) -> None:
    assert study_direction(comparisons) == direction


def test_the_sign_test_gives_boon_and_thomsons_values() -> None:
    nine, six = sign_test(9, 0), sign_test(5, 1)
    assert nine is not None and nine == pytest.approx(0.0039, abs=5e-5)
    assert six is not None and six == pytest.approx(0.2188, abs=5e-5)


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_sign_test_is_symmetrical_and_scipys(higher: int, lower: int) -> None:
    from scipy.stats import binomtest

    one, other = sign_test(higher, lower), sign_test(lower, higher)
    if higher + lower < 6:
        assert one is None and other is None
        return
    assert one is not None and other is not None
    assert one == other
    assert float(one) == pytest.approx(binomtest(higher, higher + lower).pvalue, abs=1e-12)


def test_too_few_studies_have_no_sign_test() -> None:
    assert sign_test(5, 0) is None
    assert sign_test(0, 0) is None


def test_negative_numbers_of_studies_are_refused() -> None:
    with pytest.raises(CompanionError, match="below zero"):
        sign_test(-1, 8)
