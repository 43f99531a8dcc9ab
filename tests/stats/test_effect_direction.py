"""Oracles: the p-values of Boon & Thomson's sign tests (2019 Cochrane Colloquium abstract of the
work published as Res Synth Methods 2021;12:29-33); SciPy's binomial test."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.stats.effect_direction import (
    Direction,
    direction_of,
    sign_test,
    study_direction,
)


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
