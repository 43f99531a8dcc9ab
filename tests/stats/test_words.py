from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_companion.errors import CompanionError
from review_companion.stats.printed import LARGEST, from_words, in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (1, "one"),
        (17, "seventeen"),
        (40, "forty"),
        (42, "forty-two"),
        (100, "one hundred"),
        (194, "one hundred and ninety-four"),
        (3219, "three thousand two hundred and nineteen"),
        (70_000, "seventy thousand"),
        (1_001, "one thousand and one"),
    ],
)
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
