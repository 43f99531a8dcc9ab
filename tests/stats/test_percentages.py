"""Oracles: Brown & Heathers 2017 for the GRIM argument; brute force over every integer."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_companion.errors import CompanionError
from review_companion.expressions.value_text import rounded
from review_companion.stats.percentages import (
    feasible_counts,
    feasible_totals,
)
from review_companion.stats.rounding import NEAREST, matches

percents = st.decimals(0, 100, places=1) | st.decimals(0, 100, places=0)


def test_malformed_input_is_refused() -> None:
    with pytest.raises(CompanionError, match="no denominator"):
        feasible_counts("5%", 0)
    with pytest.raises(CompanionError, match="no count"):
        feasible_totals("5%", -1, 10)
    with pytest.raises(CompanionError, match="not a printed number"):
        feasible_counts("a fifth", 5)


@given(percents, st.integers(1, 150))
def test_feasible_counts_are_those_that_brute_force_finds(percent: object, total: int) -> None:
    printed = f"{percent}%"
    expected = tuple(
        count
        for count in range(total + 1)
        if matches(Fraction(100 * count, total), printed, NEAREST)
    )
    assert feasible_counts(printed, total) == expected


@pytest.mark.generative
@given(percents, st.integers(0, 60))
def test_feasible_totals_are_those_that_brute_force_finds(percent: object, count: int) -> None:
    printed = f"{percent}%"
    expected = tuple(
        total
        for total in range(max(count, 1), 151)
        if matches(Fraction(100 * count, total), printed, NEAREST)
    )
    assert feasible_totals(printed, count, 150) == expected


@given(st.integers(1, 5000), st.data())
def test_the_count_behind_a_rounded_percentage_is_always_feasible(
    total: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, total))
    printed = rounded(Fraction(100 * count, total), 1)
    assert count in feasible_counts(printed, total)
    assert total in feasible_totals(printed, count, total)


def test_no_integer_of_twelve_gives_29_percent() -> None:
    assert feasible_counts("29%", 12) == ()
    assert feasible_counts("25%", 12) == (3,)


def test_bounds_and_shares_beyond_the_whole() -> None:
    assert feasible_counts("<1%", 250) == (0, 1, 2)
    assert feasible_counts(">99%", 250) == (248, 249, 250)
    assert feasible_counts("120%", 10) == ()
    assert feasible_totals("0%", 3, 500) == ()
    assert feasible_totals("0%", 3, 601) == (600, 601)
    assert feasible_totals("0%", 0, 3) == (1, 2, 3)


def test_truncation_does_not_count() -> None:
    """18 of 67 is 26.9%."""
    assert feasible_counts("26%", 67) == ()
