"""What counts as a numeral, which are accounted for, and the words of codes in a text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.package.code_words import Vocabulary, _as_pattern
from review_companion.package.locators import (
    Patterns,
    coverage,
    read_exceptions,
)
from review_companion.package.numerals import Numeral, numerals
from review_companion.package.published import IndexEntry, count_words, index_entries, read_index

INDEX = tuple(
    index_entries("results", ["Of 45 patients, 10 (22%) and 10 more, as in Fig. 1 [20]."])
)


def left(located: list[tuple[str, str]], *rules: Patterns) -> list[str]:
    return [entry.numeral for entry in coverage(INDEX, located, {"labels": rules}).entries]


def test_nothing_located_leaves_every_entry() -> None:
    assert left([]) == ["45", "10", "22%", "10", "1", "20"]


def test_a_fragment_covers_each_of_its_numerals() -> None:
    assert left([("results", "10 (22%)")]) == ["45", "10", "1", "20"]


@pytest.mark.parametrize("fragment", ["10", "11", "no numeral", "10 women"])
def test_a_fragment_that_is_not_unique_or_not_there_covers_nothing(fragment: str) -> None:
    assert len(left([("results", fragment)])) == len(INDEX)


def test_a_fragment_covers_only_its_own_section() -> None:
    assert len(left([("discussion", "45")])) == len(INDEX)


def test_an_exception_covers_what_one_of_its_rules_fits_wholly() -> None:
    rules = ({"before": "(.* )?Fig"}, {"numeral": "4"})
    assert left([], *rules) == ["45", "10", "22%", "10", "20"]
    assert coverage(INDEX, [], {"labels": rules}).idle == (("labels", {"numeral": "4"}),)


def test_exceptions_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.yml"
    path.write_text(
        "b:\n  reason: x\n  rules: [{numeral: '4'}]\na:\n  reason: y\n  rules: [{after: z}]\n"
    )
    assert list(read_exceptions(path)) == ["b", "a"]


@cases
def test_a_malformed_file_is_one_message(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "exceptions.yml"
    path.write_text(text)
    with pytest.raises(CompanionError, match=message) as caught:
        read_exceptions(path)
    assert "exceptions.yml" in str(caught.value)


ALL_WORDS = "both, most, majority, all, none, half, quarter, once, single, sole, solely, singular"


def texts(text: str) -> list[str]:
    return [numeral.text for numeral in numerals(text)]


@cases
def test_numerals_are_found_as_printed(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    "text",
    "HER2 T-DM1 18F-fluorothymidine HER2CLIMB COVID-19 HIF-1-α HER-2 24Gy 13.5F HER2/EGFR".split(),
)
def test_digits_inside_names_are_no_numerals(text: str) -> None:
    assert texts(text) == []


@cases
def test_number_words_are_whole_words(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_neighbours_reach_to_the_next_numeral_and_keep_signs() -> None:
    first, second = numerals("age >45 years vs (p < 0.001)")
    assert (first.before, first.after) == (("age", ">"), ("years", "vs", "p", "<"))
    assert second.before == first.after and second.after == ()


def test_only_numbers_in_a_citation_are_cited() -> None:
    cited = {numeral.text: numeral.cited for numeral in numerals("SHR [4.0] of [20–22, 25] (7)")}
    assert cited == {"4.0": False, "20": True, "22": True, "25": True, "7": False}


def test_index_entries_are_numbered_and_hold_at_most_three_words() -> None:
    text = ["for the very first time, not evaluating it in particular (n=5) or", "done [3, 4]."]
    assert list(index_entries("results", text, first=9)) == [
        IndexEntry(9, "results", "first", "the very", "time"),
        IndexEntry(10, "results", "5", "particular n =", "or"),
        IndexEntry(11, "results", "3", "done [", ""),
        IndexEntry(12, "results", "4", "[", "]"),
    ]


words = st.sampled_from(
    ["patients", "HER2", "T-DM1", "18F-x", "half-lives", "(vs", "[SRN]", "p =", *"<—–%"]
)
printed = st.one_of(
    st.integers(0, 10**7).map(str),
    st.integers(0, 10**9).map(lambda n: f"{n:,}"),
    st.decimals(0, 1000, places=2).map(str),
    st.decimals(0, 100, places=1).map(lambda d: f"{d}%"),
    st.sampled_from(["four", "Both", "twenty-one", "majority"]),
)


@given(st.lists(st.tuples(words, printed)))
def test_each_numeral_among_words_is_found_once_and_whole(pairs: list[tuple[str, str]]) -> None:
    text = " ".join(f"{word} {number} and" for word, number in pairs)
    assert texts(text) == [number for _, number in pairs]


@given(st.text())
def test_spans_are_in_order_and_hold_what_they_say(text: str) -> None:
    found = numerals(text)
    ends = [0, *(numeral.end for numeral in found)]
    for numeral, previous_end in zip(found, ends, strict=False):
        assert previous_end <= numeral.start < numeral.end
        assert text[numeral.start : numeral.end] == numeral.text


@given(st.from_regex(r"[0-9 .,;%()=-]*", fullmatch=True))
def test_without_letters_every_digit_belongs_to_a_numeral(text: str) -> None:
    assert re.sub(r"\D", "", "".join(texts(text))) == re.sub(r"\D", "", text)


@given(st.text(alphabet="abHER-'’ "), st.integers(0, 999))
def test_a_number_after_a_space_is_found_whatever_precedes_it(text: str, number: int) -> None:
    found: Numeral = numerals(f"{text} {number}")[-1]
    assert found.text == str(number)
    assert count_words(found.before) == len(found.before)


def test_a_missing_or_foreign_index_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(CompanionError, match="there is no such file"):
        read_index(tmp_path / "numerals.csv")
    (tmp_path / "numerals.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CompanionError, match="the columns are not entry, section"):
        read_index(tmp_path / "numerals.csv")
    (tmp_path / "numerals.csv").write_text("entry,section,numeral,before,after\nx,a,5,,\n", "utf-8")
    with pytest.raises(CompanionError, match="the entry “x” is not a number"):
        read_index(tmp_path / "numerals.csv")


CODES = {
    "median": ["median", "half life"],
    "half": ["half"],
    "<=": ["≤", "at most"],
    "b": ["minus"],
}
PIECES = [
    "Median",
    "half-life",
    "half",
    "at‑most",
    "at most",
    "≤",
    "minus",
    "mınus",
    " ",
    ", ",
    "s",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_every_word_in_a_text_is_found_the_longer_before_those_within_it(text: str) -> None:
    codes = {word: code for code, words in CODES.items() for word in words}
    pattern = "|".join(map(_as_pattern, sorted(codes, key=len, reverse=True)))
    found = [
        re.sub("[-‑]", " ", m[0]).casefold() for m in re.finditer(pattern, text, re.IGNORECASE)
    ]
    expected = [{codes[word]} for word in map(str.casefold, found) if word in codes]
    assert Vocabulary(CODES).all_in(text) == expected


def test_a_letter_that_only_a_pattern_takes_for_another_makes_no_word() -> None:
    assert Vocabulary(CODES).near("minus or mınus 3", "3") == {"b"}
