"""Oracle: the error of κ by the formula of Fleiss, Cohen & Everitt 1969, written out here."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest

from review_companion.errors import CompanionError
from review_companion.stats.agreement import agreement


def ratings(both_yes: int, yes_no: int, no_yes: int, both_no: int) -> tuple[list[str], list[str]]:
    first = ["yes"] * (both_yes + yes_no) + ["no"] * (no_yes + both_no)
    second = ["yes"] * both_yes + ["no"] * yes_no + ["yes"] * no_yes + ["no"] * both_no
    return first, second


def fleiss_error(counts: list[list[int]]) -> float:
    """Fleiss, Cohen & Everitt 1969, equation 13, for an unweighted κ."""
    n = sum(map(sum, counts))
    share = [[cell / n for cell in row] for row in counts]
    rows, columns = [sum(row) for row in share], [sum(col) for col in zip(*share, strict=True)]
    observed = sum(share[i][i] for i in range(len(share)))
    expected = sum(r * c for r, c in zip(rows, columns, strict=True))
    diagonal = sum(
        share[i][i] * ((1 - expected) - (rows[i] + columns[i]) * (1 - observed)) ** 2
        for i in range(len(share))
    )
    off = (1 - observed) ** 2 * sum(
        share[i][j] * (columns[i] + rows[j]) ** 2
        for i in range(len(share))
        for j in range(len(share))
        if i != j
    )
    rest = (observed * expected - 2 * expected + observed) ** 2
    return float(sqrt((diagonal + off - rest) / n) / (1 - expected) ** 2)


def test_kappa_and_its_limits_follow_the_published_formula() -> None:
    """20 and 15 of 50 agreed, 5 and 10 not: 70% and κ = (0.7 - 0.5) / 0.5 = 0.4."""
    found = agreement(*ratings(20, 5, 10, 15))
    assert (found.items, found.same, found.percent) == (50, 35, Fraction(70))
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(0.4)
    reach = 1.959964 * fleiss_error([[15, 10], [5, 20]])
    assert found.kappa.low == pytest.approx(0.4 - reach, abs=1e-6)
    assert found.kappa.high == pytest.approx(0.4 + reach, abs=1e-6)


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
