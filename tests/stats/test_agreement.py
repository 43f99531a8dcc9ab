"""Oracle: a worked example of SAS, and κ by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from review_companion.errors import CompanionError
from review_companion.stats.agreement import agreement


def ratings(both_yes: int, yes_no: int, no_yes: int, both_no: int) -> tuple[list[str], list[str]]:
    first = ["yes"] * (both_yes + yes_no) + ["no"] * (no_yes + both_no)
    second = ["yes"] * both_yes + ["no"] * yes_no + ["yes"] * no_yes + ["no"] * both_no
    return first, second


SKIN = ((10, 4, 1, 0), (5, 10, 12, 2), (2, 4, 12, 5), (0, 2, 6, 13))


def test_kappa_and_its_limits_are_those_of_sas() -> None:
    """Two dermatologists, SAS/STAT User's Guide, FREQ procedure, "Agreement Study"."""
    cells = [(i, j, n) for i, row in enumerate(SKIN) for j, n in enumerate(row)]
    found = agreement([str(i) for i, _, n in cells for _ in range(n)],
                      [str(j) for _, j, n in cells for _ in range(n)])  # fmt: skip
    assert found.kappa is not None
    assert round(found.kappa.value, 4) == 0.3449
    assert (round(found.kappa.low, 4), round(found.kappa.high, 4)) == (0.2030, 0.4868)


def test_agreement_and_kappa_of_a_small_table() -> None:
    """20 and 15 of 50 agreed, 5 and 10 not: 70% and κ = (0.7 - 0.5) / 0.5 = 0.4."""
    found = agreement(*ratings(20, 5, 10, 15))
    assert (found.items, found.same, found.percent) == (50, 35, Fraction(70))
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(0.4)


def test_perfect_agreement_has_a_kappa_of_one() -> None:
    found = agreement(*ratings(6, 0, 0, 4))
    assert found.percent == 100
    assert found.kappa is not None
    assert (found.kappa.value, found.kappa.low, found.kappa.high) == pytest.approx((1, 1, 1))


def test_agreement_by_chance_has_a_kappa_of_zero() -> None:
    found = agreement(*ratings(5, 5, 5, 5))
    assert found.kappa is not None and found.kappa.value == pytest.approx(0)


def test_one_rater_without_variation_has_a_kappa_of_zero() -> None:
    found = agreement(["yes"] * 10, ["yes"] * 7 + ["no"] * 3)
    assert found.percent == 70
    assert found.kappa is not None and found.kappa.value == pytest.approx(0)


def test_fewer_than_ten_items_have_no_kappa() -> None:
    assert agreement(*ratings(5, 1, 1, 2)).kappa is None
    assert agreement(*ratings(5, 1, 1, 3)).kappa is not None


def test_one_category_throughout_has_no_kappa() -> None:
    found = agreement(["yes"] * 12, ["yes"] * 12)
    assert found.kappa is None and found.percent == 100


def test_nothing_rated_has_no_agreement() -> None:
    found = agreement([], [])
    assert (found.items, found.percent, found.kappa) == (0, None, None)


def test_ratings_of_different_items_are_refused() -> None:
    with pytest.raises(CompanionError, match="not the same items"):
        agreement(["yes"], [])
