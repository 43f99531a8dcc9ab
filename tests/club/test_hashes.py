"""Canonical answers and their hashes."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import pytest

from review_companion.club.hashes import digest, digests, roundings, salt, shuffled
from review_companion.stats.arithmetic import Interval


@pytest.mark.parametrize(
    ("value", "places", "accepted"),
    [
        (Fraction(226), 0, {"226"}),
        (Fraction(6, 16) * 100, 0, {"38"}),
        (Fraction(5, 2), 0, {"3", "2"}),
        (Fraction(1, 8), 2, {"0.13", "0.12"}),
        (Fraction(-5, 2), 0, {"-3", "-2"}),
        (Fraction(870, 100), 1, {"8.7"}),
    ],
)
def test_both_rules_of_rounding_are_accepted(
    value: Fraction, places: int, accepted: set[str]
) -> None:
    assert set(roundings(value, places)) == accepted


def test_the_usual_rounding_comes_first() -> None:
    assert roundings(Fraction(5, 2), 0) == ("3", "2")


def test_all_that_rounded_inputs_allow_is_accepted() -> None:
    bounds = Interval(Fraction(3905, 455), Fraction(3915, 445))
    assert set(roundings(Fraction(391, 45), 1, bounds)) == {"8.6", "8.7", "8.8"}


def test_a_hopelessly_wide_interval_accepts_the_value_alone() -> None:
    assert roundings(Fraction(5), 0, Interval(Fraction(0), Fraction(1000))) == ("5",)


def test_a_hash_is_of_salt_part_and_answer() -> None:
    expected = hashlib.sha256(b"5a17\n1\nB").hexdigest()[:32]
    assert digest("5a17", 1, "B") == expected


def test_parts_and_alternatives_are_told_apart() -> None:
    found = digests("s", [("8.7", "8.6"), ("A",)]).split(";")
    assert [len(part.split()) for part in found] == [2, 1]
    assert digest("s", 0, "8.6") in found[0]
    assert digest("s", 1, "A") == found[1]


def test_the_same_answer_has_another_hash_in_another_part_or_question() -> None:
    assert len({digest(s, part, "A") for s in ("a", "b") for part in (0, 1)}) == 4


def test_a_salt_changes_with_any_part() -> None:
    assert len({salt("a", "b"), salt("ab"), salt("a", "c"), salt("a", "b", "")}) == 4


def test_shuffling_keeps_the_items_and_depends_on_the_salt_only() -> None:
    items = [str(n) for n in range(8)]
    assert sorted(shuffled(items, "x")) == items
    assert shuffled(items, "x") == shuffled(reversed(items), "x")
    assert shuffled(items, "x") != shuffled(items, "y")
