"""Each kind of question, on the invented review; the data decide what is right."""

from __future__ import annotations

from collections.abc import Callable

from tests.cases import cases

from review_companion.club.generate import BUILDERS, Questions
from review_companion.club.pages import render_part
from review_companion.club.question import Question
from review_companion.club.session import SCHEMA
from review_companion.package.yaml_files import schema_parts

Asked = Callable[..., Questions]
Edits = dict[str, list[str]]
ORDER = """\
  items:
    rows: samples[group == "total"]
    text: "{{ row['study.label'] }}"
    by: row.number
"""
MATCH = """\
  items: {rows: ages, left: "{{ row['study.label'] }}", right: "{{ row.years }} years"}
"""
TAKEN = """\
  options:
    - each: flow
      text: "{{ row.label }}"
      holds: row.kind == "reason"
  take: 3
"""


def only(found: Questions) -> Question:
    assert found.dropped == ()
    return found.questions[0]


def right(question: Question) -> set[str]:
    return {option.text for option in question.options if option.right}


@cases
def test_a_question_without_sense_is_taken_out_with_the_reason(
    asked: Asked, kind: str, body: str, edits: Edits, said: str
) -> None:
    found = asked(kind, body, **edits)
    assert found.questions == ()
    assert said in found.dropped[0].reason
    assert found.wrong == {}


@cases
def test_a_template_that_no_data_could_answer_is_wrong(asked: Asked, body: str, said: str) -> None:
    assert said in asked("numeric", body).wrong["q"].what


@cases
def test_what_is_right_follows_from_the_data(
    asked: Asked, kind: str, body: str, edits: Edits, right: list[str], offered: int
) -> None:
    question = only(asked(kind, body, **edits))
    assert {option.text for option in question.options if option.right} == set(right)
    assert len({option.text for option in question.options}) == len(question.options) == offered
    assert kind != "several" or {option.why for option in question.options} == {"amber", "red"}
    letters = {"ABC"[n] for n, option in enumerate(question.options) if option.right}
    assert set(question.answer[0][0].split(",")) == letters


@cases
def test_a_number_is_computed_from_the_data(
    asked: Asked, body: str, edits: Edits, accepted: list[str]
) -> None:
    """Tolerance accepts what printed inputs allow."""
    question = only(asked("numeric", body, **edits))
    assert set(question.answer[0]) == set(accepted)
    told = render_part("question", "facilitator", question)
    assert "unit" not in body or f"[{accepted[0]} sleepers]" in told


def test_taking_fewer_keeps_something_right_and_something_wrong(asked: Asked) -> None:
    question = only(asked("several", TAKEN))
    assert len(question.options) == 3
    assert 0 < len(right(question)) < 3


def test_items_are_ordered_by_their_number(asked: Asked) -> None:
    question = only(asked("order", ORDER))
    places = ["ABC".index(at) for (at,) in question.answer]
    ordered = [question.options[place].text for place in places]
    assert ordered == ["Study Gamma", "Study Beta", "Study Alpha"]
    assert [option.text for option in question.options] != ordered


def test_items_are_matched(asked: Asked) -> None:
    question = only(asked("match", MATCH))
    pairs = {
        option.text: question.targets["ABC".index(at)]
        for option, (at,) in zip(question.options, question.answer, strict=True)
    }
    assert pairs == {
        "Study Alpha": "34.0 years", "Study Beta": "31 years", "Study Gamma": "29.5 years",
    }  # fmt: skip


def test_an_open_question_has_no_answer_to_check_and_is_the_same_each_time(asked: Asked) -> None:
    body = "  explain: \"{{ v('sleepers-total') }} of them.\"\n"
    question = only(asked("open", body))
    assert question.answer is None
    assert question.explain == "80 of them."
    assert asked("order", ORDER) == asked("order", ORDER)


def test_the_schema_knows_every_kind() -> None:
    declared = schema_parts(SCHEMA)["question"]["properties"]["kind"]["enum"]
    assert declared == [str(kind) for kind in BUILDERS]
