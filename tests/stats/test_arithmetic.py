from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_companion.errors import CompanionError
from review_companion.stats.arithmetic import Interval

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


def test_clipping_keeps_the_ends_that_remain() -> None:
    wide = Interval(Fraction(-1), Fraction(200), False, False)
    assert wide.clipped(0, 100) == Interval(Fraction(0), Fraction(100))
    assert Interval(Fraction(101), None).clipped(0, 100) is None
    assert Interval(Fraction(90), None, False).clipped(0, 100) == Interval(
        Fraction(90), Fraction(100), False, True
    )


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
