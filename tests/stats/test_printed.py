"""A printed figure is read as what it is, and never as another number."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.package.numerals import numbers_printed
from review_companion.stats.effects import consistent, significant
from review_companion.stats.printed import (
    LARGEST,
    Printed,
    as_printed,
    from_words,
    in_words,
    parse_printed,
)
from review_companion.stats.rounding import NEAREST, Interval, hold_against, interval, matches


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1,939", Printed(Decimal(1939))),
        ("1 939 000", Printed(Decimal(1939000))),
        ("1\u202f939.5", Printed(Decimal("1939.5"))),
        ("39.1%", Printed(Decimal("39.1"), percent=True)),
        ("39.1 per cent", Printed(Decimal("39.1"), percent=True)),
        ("17.0", Printed(Decimal("17.0"))),
        ("\u22120.5", Printed(Decimal("-0.5"))),
        (".05", Printed(Decimal("0.05"))),
        ("0.050", Printed(Decimal("0.050"))),
        ("n=22", Printed(Decimal(22))),
        ("$p<0.001$", Printed(Decimal("0.001"), operator="<")),
        ("P ≤ 0.05", Printed(Decimal("0.05"), operator="<=")),
        ("Max. 29", Printed(Decimal(29), operator="<=")),
        ("more than 45", Printed(Decimal(45), operator=">")),
        ("at least two", Printed(Decimal(2), operator=">=")),
        ("approximately 270", Printed(Decimal(270), approximate=True)),
        ("≈ 270", Printed(Decimal(270), approximate=True)),
        ("13.5-fold", Printed(Decimal("13.5"))),
        ("Seventeen", Printed(Decimal(17))),
        ("about four per cent", Printed(Decimal(4), percent=True, approximate=True)),
    ],
)
def test_printed_forms_are_read(text: str, printed: Printed) -> None:
    assert parse_printed(text) == printed
    assert str(parse_printed(text).decimal) == str(printed.decimal)


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "1,9", "1,2345", "12-14", "p", "24 Gy", "5.", "one two", "3 of 4"]
)
def test_what_is_no_single_number_is_refused(text: str) -> None:
    with pytest.raises(CompanionError, match="not a printed number"):
        parse_printed(text)


@pytest.mark.parametrize(
    ("value", "places"),
    [("17.0", 1), ("17", 0), ("0.050", 3), ("270", 0), ("≈270", -1), ("≈1200", -2), ("≈0", 0)],
)
def test_precision_is_that_of_the_last_printed_digit(value: str, places: int) -> None:
    assert parse_printed(value).places == places


def test_decimals_and_integers_are_taken_as_printed() -> None:
    assert as_printed(Decimal("17.0")).places == 1
    assert as_printed(17) == Printed(Decimal(17))
    assert as_printed(parse_printed("39.1%")).percent


@pytest.mark.parametrize("value", ["NaN", Decimal("NaN"), Decimal("Infinity"), None, [1]])
def test_what_is_no_finite_number_is_refused(value: Any) -> None:
    with pytest.raises(CompanionError, match=r"is not a (finite|printed) number"):
        as_printed(value)


@pytest.mark.parametrize("text", ["39.1%", "<0.001", "≈270", ">=2", "-0.50"])
def test_a_printed_figure_shows_as_it_was_printed(text: str) -> None:
    assert str(parse_printed(text)) == text
    assert parse_printed(str(parse_printed(text))) == parse_printed(text)


@cases
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
    assert consistent("0.20", "0.10", "0.40", BELOW_ZERO)  # p = 0.000005
    assert consistent("0.50", "0.18", "1.40", BELOW_ZERO) is False  # p = 0.19


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
    assert hold_against(Fraction("0.504"), "about 0.50") == ""
    assert hold_against(Fraction("0.511"), "about 0.50") is None


def test_an_estimate_that_rounds_to_one_may_have_a_p_of_one() -> None:
    assert consistent("1.00", "0.25", "4.00", "1.00")
    assert consistent("1.0", "0.5", "2.0", "0.95")
    assert consistent("1.00", "0.50", "2.00", "0.50") is False


@cases
def test_numbers_are_spelt_and_read(number: int, words: str) -> None:
    assert in_words(number) == words
    assert from_words(words) == number
    assert from_words(words.capitalize()) == number


@given(st.integers(0, LARGEST))
def test_every_number_survives_the_way_through_words(number: int) -> None:
    assert from_words(in_words(number)) == number


@pytest.mark.parametrize(
    "text", ["", "most", "both", "one two", "hundred", "and one", "five and", "twenty ten", "12"]
)
def test_other_words_are_no_number(text: str) -> None:
    assert from_words(text) is None


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_numbers_out_of_range_are_refused(number: int) -> None:
    with pytest.raises(CompanionError, match="not spelt out"):
        in_words(number)
