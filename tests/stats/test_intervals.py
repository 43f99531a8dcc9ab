"""Oracles: the approximation that Altman & Bland print (BMJ 2011;343:d2304, P = exp(-0.717 z -
0.416 z²)), and statsmodels' `Table2x2`, whose limits and p come from one standard error."""

from __future__ import annotations

from math import exp, inf, log, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import Table2x2

from review_companion.errors import CompanionError
from review_companion.stats.intervals import (
    asymmetry_range,
    consistent,
    excludes_null,
    midpoint_range,
    mirrored_limit,
    p_range,
    se_range,
    significance_agrees,
    significant,
    symmetric,
    symmetric_scales,
)
from review_companion.stats.rounding import Outcome


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
    table = Table2x2([[a, b], [c, d]])
    low, high = table.oddsratio_confint()
    assume(low >= 0.02)
    printed = (f"{table.oddsratio:.2f}", f"{low:.2f}", f"{high:.2f}")
    p = f"{table.oddsratio_pvalue():.3f}"
    assert consistent(*printed, p).outcome is not Outcome.IMPOSSIBLE
    assert symmetric(*printed).consistent
    found, middle = se_range(*printed[1:]), midpoint_range(*printed[1:])
    assert found and table.log_oddsratio_se in found
    assert middle and middle.low <= table.oddsratio <= middle.high


@pytest.mark.parametrize(
    ("p", "outcome"),
    [
        ("0.02", Outcome.EXACT),
        ("<0.05", Outcome.EXACT),
        ("0.017", Outcome.EXACT),
        ("0.019", Outcome.BY_ROUNDING),
        ("0.014", Outcome.BY_ROUNDING),
        ("0.2", Outcome.IMPOSSIBLE),
        ("<0.001", Outcome.IMPOSSIBLE),
    ],
)
def test_a_printed_p_is_held_against_its_interval(p: str, outcome: Outcome) -> None:
    """A hazard ratio of 0.23 (0.07 to 0.78) implies 0.0169, from 0.0123 to 0.0227 by rounding."""
    assert consistent("0.23", "0.07", "0.78", p).outcome is outcome


def test_an_estimate_outside_its_interval_is_impossible() -> None:
    assert consistent("1.2", "0.5", "0.9", "0.02").outcome is Outcome.IMPOSSIBLE
    assert symmetric("1.2", "0.5", "0.9").outcome is Outcome.IMPOSSIBLE
    assert symmetric("0.7", "0.9", "0.5").outcome is Outcome.IMPOSSIBLE
    assert asymmetry_range("1.2", "0.5", "0.9") is None


@pytest.mark.parametrize(
    ("estimate", "low", "high", "outcome"),
    [
        ("4.31", "1.95", "9.50", Outcome.BY_ROUNDING),
        ("4.30", "1.95", "9.50", Outcome.EXACT),
        ("4.01", "1.79", "9.01", Outcome.BY_ROUNDING),
        ("0.83", "0.76", "0.90", Outcome.EXACT),
        ("0.23", "0.07", "0.78", Outcome.EXACT),
        ("4.33", "1.95", "9.50", Outcome.IMPOSSIBLE),
        ("2.5", "1.0", "3.0", Outcome.IMPOSSIBLE),
    ],
)
def test_an_estimate_is_the_geometric_middle_of_its_interval(
    estimate: str, low: str, high: str, outcome: Outcome
) -> None:
    assert symmetric(estimate, low, high).outcome is outcome


def test_the_geometric_middle_is_carried_with_its_rounding() -> None:
    found = midpoint_range("1.79", "9.01")
    assert found is not None
    assert found.value == pytest.approx(sqrt(1.79 * 9.01))
    assert (found.low, found.high) == pytest.approx((sqrt(1.785 * 9.005), sqrt(1.795 * 9.015)))


def test_asymmetry_is_one_where_both_reaches_are_equal() -> None:
    found = asymmetry_range("2.0", "1.0", "4.0")
    assert found is not None
    assert found.value == pytest.approx(1)
    assert 1 in found
    skewed = asymmetry_range("3.5%", "0.2%", "5.4%", "identity")
    assert skewed is not None
    assert skewed.value == pytest.approx(1.9 / 3.3)
    assert 1 not in skewed


def test_asymmetry_has_no_limit_where_rounding_lets_the_estimate_meet_a_limit() -> None:
    found = asymmetry_range("1.1", "1.0", "1.9")
    assert found is not None and found.high == inf


def test_scales_on_which_an_interval_is_symmetrical_are_named() -> None:
    assert symmetric_scales("10.0%", "6.0%", "14.0%") == ("identity",)
    assert symmetric_scales("3.5%", "0.2%", "5.4%") == ()
    assert "complementary log-log" in symmetric_scales("10.0%", "5.1%", "19.1%")


def test_a_limit_cut_off_at_zero_or_a_hundred_is_no_asymmetry() -> None:
    assert symmetric("1.0%", "0.0%", "2.8%", "identity").outcome is Outcome.INAPPLICABLE
    assert symmetric("98%", "92%", "100%", "identity").outcome is Outcome.INAPPLICABLE
    assert symmetric("3.0%", "0.0%", "6.0%", "identity").outcome is Outcome.EXACT
    assert symmetric("4.0%", "0.0%", "6.0%", "identity").outcome is Outcome.IMPOSSIBLE
    assert symmetric("1.0", "0.0", "2.8", "identity").outcome is Outcome.IMPOSSIBLE


def test_a_limit_is_mirrored_in_the_estimate() -> None:
    percent, ratio = mirrored_limit("3.5%", "5.4%", "identity"), mirrored_limit("2.0", "4.0")
    assert percent and percent.value == pytest.approx(1.6)
    assert (percent.low, percent.high) == pytest.approx((1.45, 1.75))
    assert ratio and ratio.value == pytest.approx(1.0)
    assert mirrored_limit("1.0", "0.0") is None


@pytest.mark.parametrize(
    ("low", "high", "scale"),
    [
        ("0.0", "2.8", "log"),
        ("-1", "2", "log"),
        ("20%", "100%", "logit"),
        ("1.0", "1.0", "log"),
        ("<0.5", "2.0", "log"),
    ],
)
def test_limits_that_the_scale_does_not_hold_are_inapplicable(
    low: str, high: str, scale: str
) -> None:
    assert se_range(low, high, scale=scale) is None
    assert midpoint_range(low, high, scale) is None
    middle = "50%" if scale == "logit" else "1.0"
    check = symmetric(middle, low, high, scale)
    assert check.outcome is Outcome.INAPPLICABLE
    assert check.holds is None and not check.consistent


def test_a_scale_without_a_null_implies_no_p() -> None:
    assert consistent("50%", "20%", "80%", "0.05", scale="logit").outcome is Outcome.INAPPLICABLE


def test_a_difference_is_tested_against_zero() -> None:
    """Altman & Bland 2011 (BMJ 343:d2090): 17 percentage points, 1.4 to 32.6, P = 0.032."""
    assert consistent("17.0", "1.4", "32.6", "0.032", scale="identity").consistent
    assert consistent("17.0", "1.4", "32.6", "0.32", scale="identity").outcome is Outcome.IMPOSSIBLE


def test_an_estimate_of_no_effect_may_have_any_p_up_to_one() -> None:
    found = p_range("1.0", "0.5", "2.0")
    assert found is not None and found.high == 1 and found.value == pytest.approx(1)


def test_the_level_widens_the_error() -> None:
    at_95, at_99 = se_range("0.5", "2.0"), se_range("0.5", "2.0", 0.99)
    assert at_95 and at_99 and at_99.value == pytest.approx(at_95.value * 1.959964 / 2.575829)


@pytest.mark.parametrize(
    ("low", "high", "null", "excluded"),
    [
        ("1.79", "9.01", "1", True),
        ("0.07", "0.78", "1", True),
        ("0.8", "1.2", "1", False),
        ("1.00", "1.80", "1", None),
        ("1.01", "1.80", "1", True),
        ("-2", "3", "0", False),
    ],
)
def test_an_interval_excludes_no_effect_or_not(
    low: str, high: str, null: str, excluded: bool | None
) -> None:
    assert excludes_null(low, high, null) is excluded


@pytest.mark.parametrize(
    ("p", "below"),
    [
        ("0.047", True),
        ("<0.05", True),
        ("<0.001", True),
        ("0.05", None),
        ("0.050", None),
        ("0.051", False),
        ("0.30", False),
        (">0.05", False),
        ("<0.10", None),
    ],
)
def test_significance_is_open_where_rounding_leaves_it_open(p: str, below: bool | None) -> None:
    assert significant(p) is below


def test_interval_and_p_say_the_same() -> None:
    assert significance_agrees("1.79", "9.01", "<0.001") is True
    assert significance_agrees("0.9", "9.01", "0.02") is False
    assert significance_agrees("1.00", "9.01", "0.02") is None


def test_malformed_input_is_refused() -> None:
    with pytest.raises(CompanionError, match="no scale"):
        se_range("1", "2", scale="probit")
    with pytest.raises(CompanionError, match="not a printed number"):
        consistent("1.2", "0.9", "1.5", "n.s.")
