"""The editions: what each shows, and what the participants' must not hold."""

from __future__ import annotations

import itertools
import re
from functools import partial

import pytest

from review_companion.club.hashes import digest
from review_companion.club.pages import Club, open_club
from review_companion.club.question import Kind, Question
from review_companion.club.session_markup import shown
from review_companion.errors import CompanionError
from review_companion.sentences import untraced

pytestmark = pytest.mark.integration

for_participant = partial(shown, "question", "participant")
for_facilitator = partial(shown, "question", "facilitator")
for_slides = partial(shown, "question", "slides")


@pytest.fixture(scope="module")
def pages(clubs: dict[str, Club]) -> dict[str, str]:
    return {
        name: "\n\n".join(
            [club.welcome(), club.goals(), club.materials(), club.plans(), club.questions(),
             club.dropped(), club.about_appraisal(), club.appraisal("studies"),
             club.appraisal("review"), club.extraction()]
        )
        for name, club in clubs.items()
    }  # fmt: skip


@pytest.fixture(scope="module")
def questions(clubs: dict[str, Club]) -> tuple[Question, ...]:
    return clubs["facilitator"].generated.questions


def test_an_unknown_edition_is_refused(clubs: dict[str, Club]) -> None:
    with pytest.raises(CompanionError, match="there is no edition “audience”"):
        Club(clubs["slides"].review, "audience")


def test_participants_see_every_question(
    pages: dict[str, str], questions: tuple[Question, ...]
) -> None:
    for question in questions:
        assert untraced(question.ask) in pages["participant"]


def sentences(markdown: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.;:?]) ", untraced(markdown)) if len(s) > 20]


def test_participants_get_no_explanation_and_no_hint(
    pages: dict[str, str], questions: tuple[Question, ...]
) -> None:
    for question in questions:
        asked = for_participant(question)
        whys = [option.why for option in question.options if question.kind is not Kind.ORDER]
        for told in (question.explain, question.pitfall, question.look, *whys):
            where = asked if told in whys else pages["participant"]
            assert not [sentence for sentence in sentences(told) if sentence in where]
        assert "Answer" not in asked.replace("Answer: [", "")
        assert not re.search(r"\*\*[A-F]\*\*|callout|traced", asked.partition("::::")[2])


def test_participants_get_no_number_that_is_an_answer(questions: tuple[Question, ...]) -> None:
    for question in questions:
        if question.kind is Kind.NUMERIC and question.answer is not None:
            shown = re.sub(r'^### \d+|data-\w+="[^"]*"', "", for_participant(question))
            for answer in question.answer.parts[0]:
                assert not re.search(rf"(?<![\d.]){re.escape(answer)}(?![\d.])", shown)


def test_what_participants_can_check_are_the_hashes_of_the_answers(
    questions: tuple[Question, ...],
) -> None:
    for question in questions:
        text = for_participant(question)
        salted = re.search(r'data-salt="([^"]*)"', text)
        check = re.search(r'data-check="([^"]*)"', text)
        assert (question.answer is None) == (salted is None) == (check is None)
        if question.answer and salted and check:
            for number, (accepted, hashes) in enumerate(
                zip(question.answer.parts, check[1].split(";"), strict=True)
            ):
                assert sorted(hashes.split()) == sorted(
                    digest(salted[1], number, answer) for answer in accepted
                )


def test_participants_see_no_plan_and_no_traces(pages: dict[str, str]) -> None:
    assert ".traced" not in pages["participant"]
    assert "Plan:" not in pages["participant"]


def test_facilitators_see_answers_timing_pitfalls_and_where_to_look(
    questions: tuple[Question, ...],
) -> None:
    for question in questions:
        text = for_facilitator(question)
        assert 'title="Answer"' in text or 'title="Model answer"' in text
        assert "What usually goes wrong" in text
        assert "Where to look" in text
        assert f"{question.minutes} minute" in text
        assert question.explain in text


def test_plans_show_times_that_follow_each_other(pages: dict[str, str]) -> None:
    times = re.findall(r"^\| (\d+)–(\d+) \|", pages["facilitator"], re.MULTILINE)
    for (_, end), (start, _) in itertools.pairwise(times):
        assert start in (end, "0")
    assert {end for _, end in times} >= {"45", "20"}


def test_every_goal_names_its_questions(clubs: dict[str, Club]) -> None:
    rows = clubs["facilitator"].goals().splitlines()[4:]
    assert rows
    assert all("](#q-" in row for row in rows)


def test_a_question_and_its_answer_are_two_slides(questions: tuple[Question, ...]) -> None:
    for question in questions:
        slides = re.findall(r"^## ", for_slides(question), re.MULTILINE)
        assert len(slides) == (2 if question.answer is not None else 1)


def test_slides_ask_before_they_tell(questions: tuple[Question, ...]) -> None:
    for question in questions:
        ask = for_slides(question).partition("– the answer")[0]
        assert all(sentence not in ask for sentence in sentences(question.explain))


def test_a_question_that_drops_out_is_noted_for_the_facilitator_only(fixture_copy) -> None:  # type: ignore[no-untyped-def]
    told = {name: open_club(name, fixture_copy) for name in ("participant", "facilitator")}
    assert "Studies of amber lamps" in told["facilitator"].dropped()
    assert told["participant"].dropped() == ""


def test_a_review_without_templates_gets_a_sensible_set(fixture_copy) -> None:  # type: ignore[no-untyped-def]
    club = open_club("facilitator", fixture_copy)
    found = {question.id: question for question in club.generated.questions}
    assert found["value-sleepers-total"].answer.parts == (("80",),)  # type: ignore[union-attr]
    odd = found["odd-beta-risk-ratio"]
    assert [option.text for option in odd.options if option.right] == [
        "Risk ratio of Study Beta: 0.9"
    ]
    assert {option.text.split(":")[0] for option in odd.options} == {
        "Risk ratio of Study Beta",
        "Sleepers in all studies",
        "Nights watched in Study Gamma, cut off",
    }
    assert "80" not in re.sub(
        r'data-\w+="[^"]*"', "", for_participant(found["value-sleepers-total"])
    )


def test_every_trace_of_an_answer_is_listed_once(clubs: dict[str, Club]) -> None:
    club = clubs["facilitator"]
    names = [trace.name for trace in club.traces()]
    assert len(names) == len(set(names))
    shown = re.findall(r'\.traced trace="([^"]+)"', club.questions())
    assert set(shown) <= set(names)
