"""Questions follow the data: another cell gives another answer, or none and the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.cases import cases
from tests.edits import with_cells

from review_companion.club import generate
from review_companion.club.generate import Questions
from review_companion.club.pages import Club
from review_companion.club.question import QUESTIONS, Question
from review_companion.club.session import read_definitions
from review_companion.model import Origin
from review_companion.review import Review

pytestmark = pytest.mark.integration

Ask = Callable[[str, dict[str, str]], Questions]


@pytest.fixture
def ask(club: Club, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """One question with some cells changed ("resource row column")."""
    specs = dict(read_definitions(club.review, QUESTIONS))
    assert club.generated.dropped == ()

    def asked(name: str, cells: dict[str, str]) -> Questions:
        changes = {Origin(*place.split()): text for place, text in cells.items()}
        assert all(club.review.package.cell(cell) != text for cell, text in changes.items())
        review = Review(club.review.root, with_cells(club.review.package, changes))
        monkeypatch.setattr(generate, "read_definitions", lambda *_: {name: specs[name]})
        return generate.generate(review, replace(club.session, plans=()))

    return asked


def answer(question: Question) -> str:
    if question.options:
        return "; ".join(option.text for option in question.options if option.right)
    assert question.answer is not None
    return question.answer[0][0]


@cases
def test_another_cell_gives_another_answer(
    ask: Ask, club: Club, name: str, cells: dict[str, str], expected: str
) -> None:
    found = ask(name, cells)
    assert found.dropped == ()
    assert answer(found[name]) == expected
    assert answer(club.generated[name]) != expected


@cases
def test_what_a_change_leaves_no_sense_is_taken_out_and_named(
    ask: Ask, name: str, cells: dict[str, str], reason: str
) -> None:
    found = ask(name, cells)
    assert found.questions == ()
    assert reason in found.dropped[0].reason


@cases
def test_studies_that_a_change_makes_alike_are_not_asked_together(
    ask: Ask, name: str, cells: dict[str, str], alike: list[str]
) -> None:
    texts = [option.text for option in ask(name, cells)[name].options]
    assert len(set(alike) & set(texts)) == 1
