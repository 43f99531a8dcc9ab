"""The words of codes in a text: what is looked for quickly first, and what a letter's forms do."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from review_companion.package.code_words import Vocabulary, _as_pattern

WORDS = {
    "median": ["median", "half life"],
    "half": ["half"],
    "<=": ["≤", "at most"],
    "b": ["minus"],
}
PARTS = ["Median", "half-life", "half", "at‑most", "at most", "≤", "minus", "mınus", " ", ", ", "s"]


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join))
def test_every_word_in_a_text_is_found_the_longer_before_those_within_it(text: str) -> None:
    codes = {word: code for code, words in WORDS.items() for word in words}
    pattern = "|".join(map(_as_pattern, sorted(codes, key=len, reverse=True)))
    found = [
        re.sub("[-‑]", " ", m[0]).casefold() for m in re.finditer(pattern, text, re.IGNORECASE)
    ]
    expected = [{codes[word]} for word in map(str.casefold, found) if word in codes]
    assert Vocabulary(WORDS).all_in(text) == expected


def test_a_letter_that_only_a_pattern_takes_for_another_makes_no_word() -> None:
    assert Vocabulary(WORDS).near("minus or mınus 3", "3") == {"b"}
