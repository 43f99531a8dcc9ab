"""Which numerals are accounted for, and what is wrong with a file of exceptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.package.coverage import (
    Rule,
    coverage,
    idle_rules,
    reached_entries,
    read_exceptions,
)
from review_companion.package.numerals import index_entries

INDEX = tuple(
    index_entries("results", ["Of 45 patients, 10 (22%) and 10 more, as in Fig. 1 [20]."])
)


def left(located: list[tuple[str, str]], *rules: Rule) -> list[str]:
    return [entry.numeral for entry in coverage(INDEX, located, {"labels": rules})]


def test_nothing_located_leaves_every_entry() -> None:
    assert left([]) == ["45", "10", "22%", "10", "1", "20"]


def test_a_fragment_covers_each_of_its_numerals() -> None:
    assert left([("results", "10 (22%)")]) == ["45", "10", "1", "20"]


@pytest.mark.parametrize("fragment", ["10", "11", "no numeral", "10 women"])
def test_a_fragment_that_is_not_unique_or_not_there_covers_nothing(
    fragment: str,
) -> None:
    assert len(left([("results", fragment)])) == len(INDEX)


def test_a_fragment_covers_only_its_own_section() -> None:
    assert len(left([("discussion", "45")])) == len(INDEX)


def test_an_exception_covers_what_one_of_its_rules_fits_wholly() -> None:
    rules = ({"before": "(.* )?Fig"}, {"numeral": "4"})
    assert left([], *rules) == ["45", "10", "22%", "10", "20"]
    assert idle_rules(INDEX, {"labels": rules}) == [("labels", {"numeral": "4"})]


def test_reached_entries_name_the_first_fragment() -> None:
    located = [("results", "45 patients"), ("results", "45")]
    assert reached_entries(INDEX, located) == {1: ("results", "45 patients")}


def test_exceptions_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.yml"
    path.write_text(
        "b:\n  reason: x\n  rules: [{numeral: '4'}]\na:\n  reason: y\n  rules: [{after: z}]\n"
    )
    assert list(read_exceptions(path)) == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "must be a mapping"),
        ("a: {rules: [{numeral: '4'}]}", "“reason” is missing"),
        ("a: {reason: '', rules: [{numeral: '4'}]}", "needs a reason"),
        ("a: {reason: x, rules: []}", "needs a reason and rules"),
        ("a: {reason: x, rules: [{}]}", "a rule of “a” is empty"),
        ("a: {reason: x, rules: [{word: y}]}", "has no “word”"),
        ("a: {reason: x, rules: [{numeral: '['}]}", "no pattern"),
        ("a: {reason: x, rules: [{numeral: 4}]}", "no pattern"),
        ("a: [", "is opened and does not end"),
    ],
)
def test_a_malformed_file_is_one_message(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "exceptions.yml"
    path.write_text(text)
    with pytest.raises(CompanionError, match=message) as caught:
        read_exceptions(path)
    assert "exceptions.yml" in str(caught.value)
