"""What counts as a numeral, and what is only a digit inside a name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_companion.errors import CompanionError
from review_companion.package.numerals import (
    Entry,
    Numeral,
    count_words,
    index_entries,
    numerals,
    read_index,
)

ALL_WORDS = "both, most, majority, all, none, half, quarter, once, single, sole, solely, singular"


def texts(text: str) -> list[str]:
    return [numeral.text for numeral in numerals(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a total of 3219 patients", ["3219"]),
        ("70,000 new cases", ["70,000"]),
        ("after 6, 12, and 24 months", ["6", "12", "24"]),
        ("13.5-fold (p=0.02)", ["13.5", "0.02"]),
        ("39.1% vs 4.5 %", ["39.1%", "4.5 %"]),
        ("range 7.4–20.73 months", ["7.4", "20.73"]),
        ("the 90–05 protocol, 3-5 and 3−5", ["90", "05", "3", "5", "3", "5"]),
        ("15–24 Gy/1 fraction", ["15", "24", "1"]),
        ("Tables 2/1", ["2", "1"]),
        ("1 month/30 day/4 week", ["1", "30", "4"]),
        ("17.0 and 17.", ["17.0", "17"]),
        ("p<.05, d = −0.30", [".05", "−0.30"]),
        ("the 1st and 22nd day", ["1st", "22nd"]),
        ("Max. 29^c", ["29"]),
        ("in 12 patients receiving X—4 of them", ["12", "4"]),
        ("[13, 14, 20–30]", ["13", "14", "20", "30"]),
        ("22,23 and 1,2345", ["22", "23", "1", "2345"]),
        ("", []),
    ],
)
def test_numerals_are_found_as_printed(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    "text",
    "HER2 T-DM1 18F-fluorothymidine HER2CLIMB COVID-19 HIF-1-α HER-2 24Gy 13.5F HER2/EGFR".split(),
)
def test_digits_inside_names_are_no_numerals(text: str) -> None:
    assert texts(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Four of six studies, mostly", ["Four", "six", "mostly"]),
        ("Seventeen sessions doubled twice", ["Seventeen", "doubled", "twice"]),
        ("twenty-one and sixty", ["twenty-one", "sixty"]),
        ("a six-month window", ["six"]),
        ("five biological half-lives, a half-life, a half", ["five", "half"]),
        ("almost overall alone someone tent bothers one's", []),
        (ALL_WORDS, ALL_WORDS.split(", ")),
    ],
)
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
    text = [
        "for the very first time, not evaluating it in particular (n=5) or",
        "done [3, 4].",
    ]
    assert list(index_entries("results", text, first=9)) == [
        Entry(9, "results", "first", "the very", "time"),
        Entry(10, "results", "5", "particular n =", "or"),
        Entry(11, "results", "3", "done [", ""),
        Entry(12, "results", "4", "[", "]"),
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
def test_each_numeral_among_words_is_found_once_and_whole(
    pairs: list[tuple[str, str]],
) -> None:
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
