"""Plans: timings add up, questions fit their step, every goal is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.club.session import Plan, Session, Step, check, problems, read_session
from review_companion.errors import CompanionError
from review_companion.review import open_review

QUESTIONS = {"one": {"goal": "g", "minutes": 2}, "two": {"goal": "g", "minutes": 3}}


def session(*steps: Step, minutes: int = 10, goals: dict[str, str] | None = None) -> Session:
    plan = Plan("p", "P", minutes, steps)
    return Session((plan,), goals=goals or {"g": "A goal"})


def found(*steps: Step, minutes: int = 10, goals: dict[str, str] | None = None) -> list[str]:
    return list(problems(session(*steps, minutes=minutes, goals=goals), QUESTIONS))


def test_a_plan_that_adds_up_is_fine() -> None:
    assert found(Step("A", 5, "", ("one", "two")), Step("B", 5, "")) == []


def test_steps_that_do_not_add_up_are_told() -> None:
    assert found(Step("A", 5, ""), Step("B", 4, "")) == ["plan p: its steps take 9 minutes, not 10"]


def test_questions_too_long_for_their_step_are_told() -> None:
    (problem,) = found(Step("A", 4, "", ("one", "two")), Step("B", 6, ""))
    assert "need 5 minutes, it has 4" in problem


def test_a_question_that_does_not_exist_is_told() -> None:
    assert found(Step("A", 10, "", ("three",))) == ["plan p, “A”: no question “three”"]


def test_a_goal_that_no_question_serves_is_told() -> None:
    (problem,) = found(Step("A", 10, ""), goals={"g": "A goal", "h": "Another"})
    assert "no question serves the goal “h”" in problem


def test_a_goal_that_is_not_declared_is_told() -> None:
    told = found(Step("A", 10, ""), goals={"h": "Another"})
    assert any("serves the goal “g”, which is not declared" in line for line in told)


def test_all_problems_are_raised_at_once() -> None:
    with pytest.raises(CompanionError) as raised:
        check(session(Step("A", 4, "", ("one", "two"))), QUESTIONS)
    assert len(raised.value.what.splitlines()) == 2


def test_a_step_says_its_minutes_in_whole_numbers(fixture_copy: Path) -> None:
    session = "plans: {p: {title: P, minutes: 5, steps: [{title: A, minutes: five}]}}\n"
    (fixture_copy / "data/session.yml").write_text(session, "utf-8")
    with pytest.raises(CompanionError, match="“minutes” is no whole number"):
        read_session(open_review(fixture_copy))


def test_a_review_without_a_session_is_told_so(fixture_copy: Path) -> None:
    with pytest.raises(CompanionError, match="no session with a plan"):
        read_session(open_review(fixture_copy))


def test_an_unknown_key_is_refused(fixture_copy: Path) -> None:
    (fixture_copy / "data/session.yml").write_text("titel: T\n", "utf-8")
    with pytest.raises(CompanionError, match="titel"):
        read_session(open_review(fixture_copy))
