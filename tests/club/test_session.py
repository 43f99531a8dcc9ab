"""Plans add up; answers have hashes."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import pytest

from review_companion.club.question import answer_hashes, roundings, salt, shuffled
from review_companion.club.session import (
    Plan,
    Session,
    Step,
    read_session,
    require_sound,
    session_problems,
)
from review_companion.errors import CompanionError
from review_companion.review import open_review
from review_companion.stats.rounding import Interval

QUESTIONS = {"one": {"goal": "g", "minutes": 2}, "two": {"goal": "g", "minutes": 3}}


def session(*steps: Step, minutes: int = 10, goals: dict[str, str] | None = None) -> Session:
    plan = Plan("p", "P", minutes, steps)
    return Session((plan,), goals=goals or {"g": "A goal"})


def found(*steps: Step, minutes: int = 10, goals: dict[str, str] | None = None) -> list[str]:
    return list(session_problems(session(*steps, minutes=minutes, goals=goals), QUESTIONS))


TEN = Step("A", 10, "")
BOTH = Step("A", 4, "", ("one", "two"))


@pytest.mark.parametrize(
    ("steps", "goals", "told"),
    [
        ([Step("A", 5, "", ("one", "two")), Step("B", 5, "")], None, []),
        ([Step("A", 5, ""), Step("B", 4, "")], None, ["plan p: its steps take 9 minutes, not 10"]),
        ([BOTH, Step("B", 6, "")], None, ["need 5 minutes, it has 4"]),
        ([Step("A", 10, "", ("three",))], None, ["plan p, “A”: no question “three”"]),
        ([TEN], {"g": "A goal", "h": "Another"}, ["no question serves the goal “h”"]),
        ([TEN], {"h": "Another"}, ["serves the goal “g”, which is not declared"] * 2 + ["“h”"]),
    ],
)
def test_a_plan_adds_up_or_what_does_not_is_told(
    steps: list[Step], goals: dict[str, str] | None, told: list[str]
) -> None:
    said = sorted(found(*steps, goals=goals), key=lambda line: "“h”" in line)
    assert len(said) == len(told)
    assert all(part in line for part, line in zip(told, said, strict=True)), said


def test_all_problems_are_raised_at_once() -> None:
    with pytest.raises(CompanionError) as raised:
        require_sound(session(Step("A", 4, "", ("one", "two"))), QUESTIONS)
    assert len(raised.value.what.splitlines()) == 2


def test_a_step_says_its_minutes_in_whole_numbers(fixture_copy: Path) -> None:
    session = "plans: {p: {title: P, minutes: 5, steps: [{title: A, minutes: five}]}}\n"
    (fixture_copy / "data/session.yml").write_text(session, "utf-8")
    with pytest.raises(CompanionError, match="“minutes” must be a whole number"):
        read_session(open_review(fixture_copy))


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
    assert answer_hashes("5a17", [(), ("B",)]) == f";{expected}"


def test_parts_and_alternatives_are_told_apart() -> None:
    found = answer_hashes("s", [("8.7", "8.6"), ("A",)]).split(";")
    assert [len(part.split()) for part in found] == [2, 1]
    assert answer_hashes("s", [("8.6",)]) in found[0]
    assert answer_hashes("s", [(), ("A",)]) == f";{found[1]}"


def test_the_same_answer_has_another_hash_in_another_part_or_question() -> None:
    found = [answer_hashes(salted, [("A",), ("A",)]) for salted in ("a", "b")]
    assert len({each for hashes in found for each in hashes.split(";")}) == 4


def test_a_salt_changes_with_any_part() -> None:
    assert len({salt("a", "b"), salt("ab"), salt("a", "c"), salt("a", "b", "")}) == 4


def test_shuffling_keeps_the_items_and_depends_on_the_salt_only() -> None:
    items = [str(n) for n in range(8)]
    assert sorted(shuffled(items, "x")) == items
    assert shuffled(items, "x") == shuffled(reversed(items), "x")
    assert shuffled(items, "x") != shuffled(items, "y")
