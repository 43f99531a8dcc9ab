"""A figure that has several readings is refused with what is wrong, never read as another."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from review_companion.errors import CompanionError
from review_companion.package.printed_figures import numbers_printed
from review_companion.stats.arithmetic import Interval
from review_companion.stats.intervals import consistent, significant
from review_companion.stats.printed import Printed, parse_printed
from review_companion.stats.rounding import NEAREST, hold_against, interval, matches


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("0,051", "write “0.051”"),
        ("13,5", "write “13.5”"),
        ("p < 0,001", "write “0.001”"),
        ("017", "write “17”"),
        ("017.5", "write “17.5”"),
        ("00", "write “0”"),
        ("1:30", "digits with"),
        ("1,93,900", "digits with"),
        ("1e5", "digits with"),
        ("0x1F", "digits with"),
        ("1_000", "digits with"),
        ("٣", "digits with"),
        ("½", "digits with"),
        ("1.2.3", "digits with"),
        ("12 - 14", "digits with"),
    ],
)
def test_it_is_refused_and_says_how_to_write_it(text: str, hint: str) -> None:
    with pytest.raises(CompanionError) as caught:
        parse_printed(text)
    assert hint in str(caught.value.hint)


@pytest.mark.parametrize(
    "text", ["14.2% −1.10", "14.2% -1.10", "14.2% –1.10", "14.2 % (−1.10)", "14.2%, -1.10"]
)
def test_a_sign_behind_a_percentage_is_kept(text: str) -> None:
    assert numbers_printed(text)["-1.10"] == 1


@pytest.mark.parametrize("text", ["14.2%–15.1%", "14.2% – 15.1%", "14.2-15.1", "3–5"])
def test_a_dash_between_numbers_is_no_sign(text: str) -> None:
    assert not any(number.startswith("-") for number in numbers_printed(text))


BELOW_ZERO = Printed(Decimal("0.000"), operator="<")


def test_a_p_printed_as_below_zero_is_one_that_is_printed_as_zero() -> None:
    assert interval(BELOW_ZERO) == Interval(Fraction(0), Fraction(1, 1000), True, False)
    assert significant(BELOW_ZERO) is True
    assert consistent("0.20", "0.10", "0.40", BELOW_ZERO).consistent  # p = 0.000005
    assert not consistent("0.50", "0.18", "1.40", BELOW_ZERO).consistent  # p = 0.19


def test_below_a_negative_number_there_is_no_end() -> None:
    assert interval(Printed(Decimal("-3"), operator="<")) == Interval(
        None, Fraction(-3), True, False
    )


@pytest.mark.parametrize(
    ("value", "printed", "fits"),
    [
        (Fraction(2300, 200), "11", False),  # 23/200 is 11.5 %
        (Fraction(2300, 200), "12", True),
        (Fraction(2300, 200), "10", False),
        (Fraction(2500, 200), "12", True),  # 12.5 %, half to even
        (Fraction(2500, 200), "13", True),
        (Fraction(2500, 200), "11", False),
        (Fraction(2301, 200), "11", False),
    ],
)
def test_the_ends_of_rounding_intervals_are_open_and_closed(
    value: Fraction, printed: str, fits: bool
) -> None:
    assert (matches(value, printed, NEAREST) is not None) is fits


def test_about_a_half_is_precise_to_its_last_digit() -> None:
    assert parse_printed("about 0.50").places == 2
    assert hold_against(Fraction("0.504"), "about 0.50").consistent
    assert not hold_against(Fraction("0.511"), "about 0.50").consistent


def test_an_estimate_that_rounds_to_one_may_have_a_p_of_one() -> None:
    assert consistent("1.00", "0.25", "4.00", "1.00").consistent
    assert consistent("1.0", "0.5", "2.0", "0.95").consistent
    assert not consistent("1.00", "0.50", "2.00", "0.50").consistent
