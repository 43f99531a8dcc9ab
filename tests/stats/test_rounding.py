"""Intervals are calculated with as numbers are, and each rule of rounding has its own."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.stats.rounding import (
    Interval,
    RoundingRule,
    hold_against,
    interval,
    matches,
)

numbers = st.fractions(min_value=-50, max_value=50, max_denominator=12)


@st.composite
def points_in_intervals(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    low, value, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    closed_low = draw(st.booleans()) or value == low
    closed_high = draw(st.booleans()) or value == high
    return Interval(low, high, closed_low, closed_high), value


def candidates(interval: Interval) -> list[Fraction]:
    """The members at which a product can be extreme: the ends, zero, and one from within."""
    assert interval.low is not None and interval.high is not None
    middle = (interval.low + interval.high) / 2
    return [x for x in (interval.low, middle, interval.high, Fraction(0)) if x in interval]


@pytest.mark.generative
@given(points_in_intervals(), points_in_intervals())
def test_results_of_members_are_members_of_the_result(
    one: tuple[Interval, Fraction], other: tuple[Interval, Fraction]
) -> None:
    (a, x), (b, y) = one, other
    assert x + y in a + b
    assert x - y in a - b
    assert x * y in a * b
    if Fraction(0) not in Interval(b.low, b.high):
        assert x / y in a / b


@given(points_in_intervals(), points_in_intervals())
def test_ends_belong_to_a_product_only_if_they_are_reached(
    one: tuple[Interval, Fraction], other: tuple[Interval, Fraction]
) -> None:
    a, b = one[0], other[0]
    product = a * b
    reached = [x * y for x in candidates(a) for y in candidates(b)]
    assert product.low is not None and product.high is not None
    assert (product.low in product) == (product.low in reached)
    assert (product.high in product) == (product.high in reached)


def test_open_ends_stay_open() -> None:
    half_open = Interval(Fraction(1), Fraction(2), True, False)
    assert half_open + half_open == Interval(Fraction(2), Fraction(4), True, False)
    assert -half_open == Interval(Fraction(-2), Fraction(-1), False, True)
    assert Interval.point(1) / half_open == Interval(Fraction(1, 2), Fraction(1), False, True)


def test_touching_intervals_overlap_only_if_both_hold_the_end() -> None:
    left = Interval(Fraction(0), Fraction(1), True, False)
    assert not left.overlaps(Interval(Fraction(1), Fraction(2)))
    assert Interval(Fraction(0), Fraction(1)).overlaps(Interval(Fraction(1), Fraction(2)))
    assert Interval(Fraction(1), None).overlaps(Interval(None, Fraction(1)))


def test_division_by_an_interval_that_holds_zero_is_refused() -> None:
    with pytest.raises(CompanionError, match="holds zero"):
        Interval.point(1) / Interval(Fraction(-1), Fraction(1))


def test_calculating_without_a_limit_is_refused() -> None:
    with pytest.raises(CompanionError, match="no limit"):
        Interval(Fraction(1), None) + Interval.point(1)


@pytest.mark.parametrize("ends", [(2, 1, True, True), (1, 1, True, False)])
def test_an_empty_interval_is_refused(ends: tuple[int, int, bool, bool]) -> None:
    with pytest.raises(CompanionError, match="no number lies"):
        Interval(Fraction(ends[0]), Fraction(ends[1]), *ends[2:])


def test_intervals_show_their_ends() -> None:
    assert str(Interval(Fraction(1, 2), None, False)) == "(0.5, ∞)"


DECIMAL_MODULE = {
    RoundingRule.HALF_UP: decimal.ROUND_HALF_UP,
    RoundingRule.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    RoundingRule.DOWN: decimal.ROUND_DOWN,
}
decimals = st.decimals(-1000, 1000, places=4)
rules = st.sampled_from(list(RoundingRule))


def printed_by(value: Decimal, digits: int, rule: RoundingRule) -> Decimal:
    """The standard library's rounding."""
    return value.quantize(Decimal((0, (1,), -digits)), DECIMAL_MODULE[rule])


@given(decimals, st.integers(0, 4), rules)
def test_a_rounded_value_lies_in_the_interval_of_its_printed_form(
    value: Decimal, digits: int, rule: RoundingRule
) -> None:
    assert value in interval(printed_by(value, digits, rule), rule)


@given(decimals, decimals, st.integers(0, 3), rules)
def test_the_interval_holds_nothing_that_prints_otherwise(
    value: Decimal, other: Decimal, digits: int, rule: RoundingRule
) -> None:
    printed = printed_by(value, digits, rule)
    assert (other in interval(printed, rule)) == (printed_by(other, digits, rule) == printed)


@cases
def test_each_rule_has_its_interval(printed: str, rule: str, expected: str) -> None:
    assert str(interval(printed, RoundingRule(rule))) == expected


@pytest.mark.parametrize(
    ("value", "printed", "rule"),
    [
        (Fraction(10, 45) * 100, "22%", RoundingRule.HALF_UP),
        (Fraction(1, 8) * 100, "13%", RoundingRule.HALF_UP),
        (Fraction(1, 8) * 100, "12%", RoundingRule.HALF_EVEN),
        (Fraction(18, 67) * 100, "26%", RoundingRule.DOWN),
        (Fraction(18, 67) * 100, "28%", None),
        (Fraction("0.0008"), "<0.001", RoundingRule.HALF_UP),
        (Fraction("0.001"), "<0.001", None),
    ],
)
def test_the_rule_that_gives_a_figure_is_named(
    value: Fraction, printed: str, rule: RoundingRule | None
) -> None:
    assert matches(value, printed) == rule


@pytest.mark.parametrize(
    ("value", "span", "why"),
    [
        ("8.69", None, ""),
        ("8.65", None, ""),
        ("8.75", None, "truncated"),
        ("8.64", ("8.6", "8.7"), "rounding of the inputs"),
        ("8.64", ("8.63", "8.645"), None),
        ("8.9", None, None),
    ],
)
def test_a_value_is_held_against_the_printed_figure(
    value: str, span: tuple[str, str] | None, why: str | None
) -> None:
    carried = Interval(Fraction(span[0]), Fraction(span[1])) if span else None
    assert hold_against(Fraction(value), "8.7", carried) == why


def test_half_to_even_is_named_before_the_rounding_of_inputs() -> None:
    carried = Interval(Fraction("8.5"), Fraction("8.7"))
    assert hold_against(Fraction("8.65"), "8.6", carried) == "rounded half to even"


def test_a_malformed_figure_is_refused() -> None:
    with pytest.raises(CompanionError, match="not a printed number"):
        matches(1, "one or two")
