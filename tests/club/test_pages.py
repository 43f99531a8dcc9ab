"""What participants and facilitators see, and what the participants' page must not hold."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import partial

import pytest

from review_companion.club.pages import Club, render_part
from review_companion.club.question import Kind, Question
from review_companion.errors import CompanionError

pytestmark = pytest.mark.integration

for_participant = partial(render_part, "question", "participant")
for_facilitator = partial(render_part, "question", "facilitator")
ATTRIBUTES = re.compile(r'^### \d+|data-\w+="[^"]*"')


@pytest.fixture(scope="module")
def participant(club: Club) -> str:
    return "\n\n".join([club.opening(), club.questions(), club.questions("spare")])


@pytest.fixture(scope="module")
def questions(club: Club) -> tuple[Question, ...]:
    return club.generated.questions


def test_an_unknown_plan_is_refused(club: Club) -> None:
    with pytest.raises(CompanionError, match="there is no plan “long”"):
        club.questions("long")


def test_participants_see_every_question(participant: str, questions: tuple[Question, ...]) -> None:
    assert all(question.ask in participant for question in questions)


def test_every_fence_has_a_line_and_a_blank_line_before_it(club: Club, participant: str) -> None:
    slides = (part for part in club.slides() if isinstance(part, str))
    for text in (participant, club.answers(), club.answers("spare"), club.notes(), *slides):
        before = ""
        for line in text.splitlines():
            assert line.startswith(":::") or ":::" not in line
            assert not before or not line.startswith("::: {.cell")
            before = line


def test_a_sheet_opens_with_a_patient_who_is_said_to_be_invented(club: Club) -> None:
    assert club.patient["tells"] in club.opening()
    assert "invented" in club.opening()


def test_a_sheet_asks_what_its_plan_asks(club: Club) -> None:
    for plan in club.session.plans:
        planned = {name for step in plan.steps for name in step.questions}
        assert set(re.findall(r"\{#q-([\w-]+) ", club.questions(plan.id))) == planned


def sentences(markdown: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.;:?]) ", markdown) if len(s) > 20]


def test_participants_get_no_explanation(participant: str, questions: tuple[Question, ...]) -> None:
    for question in questions:
        whys = [option.why for option in question.options if question.kind is not Kind.ORDER]
        for told in (question.explain, question.pitfall, *whys):
            where = for_participant(question) if told in whys else participant
            assert not [sentence for sentence in sentences(told) if sentence in where]


def test_participants_get_no_number_that_is_an_answer(questions: tuple[Question, ...]) -> None:
    for question in questions:
        if question.kind is Kind.NUMERIC and question.answer is not None:
            told = ATTRIBUTES.sub("", for_participant(question))
            for answer in question.answer[0]:
                assert not re.search(rf"(?<![\d.]){re.escape(answer)}(?![\d.])", told)


def test_facilitators_see_answers_timing_pitfalls_level_and_place(
    questions: tuple[Question, ...],
) -> None:
    for question in questions:
        text = for_facilitator(question)
        assert f"{question.level} · {question.minutes} min" in text
        for told in (question.explain, question.pitfall, question.look):
            assert told in text


def test_no_note_of_the_ledger_shows_a_code(questions: tuple[Question, ...]) -> None:
    noted = [question for question in questions if question.notes]
    assert noted and not any("not-computable" in for_facilitator(each) for each in noted)
    for question in noted:
        for claim in question.notes:
            assert f"): {claim.verdict.words}.]" in for_facilitator(question)


def test_a_note_of_the_ledger_shows_marks_as_text(questions: tuple[Question, ...]) -> None:
    question = next(question for question in questions if question.notes)
    claim = replace(question.notes[0], label="a*b | <c> {d}", printed="1*")
    text = for_facilitator(replace(question, notes=(claim,)))
    assert r"In the ledger: a\*b \| \<c\> \{d\}, printed 1\* (" in text


def test_plans_show_times_that_follow_each_other(club: Club) -> None:
    times = re.findall(r"^\| (\d+)–(\d+) \|", club.plans(), re.MULTILINE)
    for (_, end), (start, _) in itertools.pairwise(times):
        assert start in (end, "0")
    assert {end for _, end in times} >= {"45", "20"}


def test_every_plan_asks_what_to_tell_the_patient(club: Club) -> None:
    for plan in club.session.plans:
        assert "open-patient" in {name for step in plan.steps for name in step.questions}


def test_what_can_be_said_of_an_open_question_may_have_a_figure(club: Club) -> None:
    slot = next(s for s in club.slots() if s.question and not s.question.answer)
    question = replace(slot.question, figure={"draw": "follow-up"})
    slide = render_part("slides", "tell", club, replace(slot, question=question))
    assert question.slide[0] in slide


def test_every_goal_names_its_questions(club: Club) -> None:
    rows = club.goals().splitlines()[4:]
    assert rows
    assert all("](#q-" in row for row in rows)
