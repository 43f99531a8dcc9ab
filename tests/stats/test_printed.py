from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from review_companion.errors import CompanionError
from review_companion.stats.printed import Printed, as_printed, parse_printed


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
