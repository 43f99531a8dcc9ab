"""Each kind of question, on the invented review; the data decide what is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from review_companion.club.generate import Questions
from review_companion.club.question import Question

Asked = Callable[..., Questions]
NUMERIC = """\
  answer: samples[group == "total"].number.sum()
  unit: sleepers
"""
CHOICE = """\
  options:
    - text: "{{ v('sleepers-total') }} sleepers"
      holds: sleepers_total == 80
    - {text: thirty, holds: sleepers_total == 30}
    - {text: forty, holds: sleepers_total == 40}
"""
SEVERAL = """\
  options:
    - each: studies
      text: "{{ row.label }}"
      holds: row.colour == "amber"
      why: "{{ row.colour }}"
"""
ORDER = """\
  items:
    rows: samples[group == "total"]
    text: "{{ row['study.label'] }}"
    by: row.number
"""
MATCH = """\
  items: {rows: ages, left: "{{ row['study.label'] }}", right: "{{ row.years }} years"}
"""
ODD = "  options:\n" + "".join(
    f"    - {{claim: {name}, text: '{{{{ claim.label }}}}: {{{{ claim.printed }}}}'}}\n"
    for name in ("sleepers-total", "beta-risk-ratio", "nights-average")
)
WITHOUT_SENSE = {
    "a number is missing": (
        "numeric", "  answer: samples[number > 1000].number.max()\n", {}, "cannot be computed"
    ),
    "nothing is right any more": (
        "choice", CHOICE, {"samples": ("total,40,", "total,41,")}, "none of the options is right"
    ),
    "two options are right": (
        "choice", f"{CHOICE}    - {{text: eighty, holds: sleepers_total == 80}}\n", {},
        "2 of the options are right"
    ),
    "all options are right": (
        "several", SEVERAL, {"studies": ("allocated,red", "allocated,amber")},
        "every option is right"
    ),
    "items tie": ("order", ORDER, {"samples": ("total,24,", "total,40,")}, "fewer than three"),
    "items share their match": (
        "match", MATCH, {"ages": ("median,29.5", "median,34.0")}, "fewer than three"
    ),
    "the data agree with the claim": (
        "choice", ODD, {"comparisons": ("risk-ratio,1.00,", "risk-ratio,0.90,")},
        "none of the options is right"
    ),
    "what it needs does not hold": (
        "numeric", f"{NUMERIC}  needs: sleepers_total < 10\n  otherwise: too many\n", {}, "too many"
    ),
    "its study went": (
        "numeric", '  answer: ages["delta-2005/all"].years\n', {}, "delta-2005/all"
    ),
}  # fmt: skip


def only(found: Questions) -> Question:
    assert found.dropped == ()
    return found.questions[0]


def reason(found: Questions) -> str:
    assert found.questions == ()
    return found.dropped[0].reason


def right(question: Question) -> set[str]:
    return {option.text for option in question.options if option.right}


@pytest.mark.parametrize("why", WITHOUT_SENSE)
def test_a_question_without_sense_is_taken_out_with_the_reason(asked: Asked, why: str) -> None:
    kind, body, edits, said = WITHOUT_SENSE[why]
    assert said in reason(asked(kind, body, **edits))


def test_a_number_is_computed(asked: Asked) -> None:
    question = only(asked("numeric", NUMERIC))
    assert question.answer.parts == (("80",),)
    assert "80 sleepers" in question.answer.shown


def test_a_number_follows_the_data(asked: Asked) -> None:
    edit = ("total,40,", "total,41,")
    assert only(asked("numeric", NUMERIC, samples=edit)).answer.parts == (("81",),)


def test_tolerance_accepts_what_printed_inputs_allow(asked: Asked) -> None:
    keys = ("alpha-2001", "gamma-2004")
    ages = " / ".join(f'ages["{key}/all"].years' for key in keys)
    exact = f"  answer: {ages}\n  places: 2\n"
    assert "allows 1.15, 1.16" in reason(asked("numeric", exact))
    wide = only(asked("numeric", f"{exact}  tolerance: printed\n"))
    assert set(wide.answer.parts[0]) == {"1.15", "1.16"}


def test_one_option_is_right_because_it_holds(asked: Asked) -> None:
    question = only(asked("choice", CHOICE))
    assert right(question) == {"80 sleepers"}
    place = [option.right for option in question.options].index(True)
    assert question.answer.parts == (("ABC"[place],),)


def test_several_options_come_from_rows(asked: Asked) -> None:
    question = only(asked("several", SEVERAL))
    assert right(question) == {"Study Alpha", "Study Beta"}
    letters = {"ABC"[n] for n, option in enumerate(question.options) if option.right}
    assert set(question.answer.parts[0][0].split(",")) == letters
    assert {option.why for option in question.options} == {"amber", "red"}


def test_several_follows_the_data(asked: Asked) -> None:
    edit = ("observed,amber", "observed,red")
    assert right(only(asked("several", SEVERAL, studies=edit))) == {"Study Alpha"}


def test_taking_fewer_keeps_something_right_and_something_wrong(asked: Asked) -> None:
    body = """\
  options:
    - each: flow
      text: "{{ row.label }}"
      holds: row.kind == "reason"
  take: 3
"""
    question = only(asked("several", body))
    assert len(question.options) == 3
    assert 0 < len(right(question)) < 3


def test_options_that_read_the_same_stand_once(asked: Asked) -> None:
    body = CHOICE + "    - {text: forty}\n    - {text: '80 sleepers'}\n"
    question = only(asked("choice", body))
    assert sorted(option.text for option in question.options) == ["80 sleepers", "forty", "thirty"]
    assert right(question) == {"80 sleepers"}


def test_items_are_ordered_by_their_number(asked: Asked) -> None:
    question = only(asked("order", ORDER))
    places = ["ABC".index(at) for (at,) in question.answer.parts]
    ordered = [question.options[place].text for place in places]
    assert ordered == ["Study Gamma", "Study Beta", "Study Alpha"]
    assert [option.text for option in question.options] != ordered


def test_items_are_matched(asked: Asked) -> None:
    question = only(asked("match", MATCH))
    pairs = {
        option.text: question.targets["ABC".index(at)]
        for option, (at,) in zip(question.options, question.answer.parts, strict=True)
    }
    assert pairs == {
        "Study Alpha": "34.0 years", "Study Beta": "31 years", "Study Gamma": "29.5 years",
    }  # fmt: skip


def test_the_odd_one_is_the_inconsistent_claim(asked: Asked) -> None:
    assert right(only(asked("choice", ODD))) == {"Risk ratio of Study Beta: 0.9"}


def test_an_open_question_has_no_answer_to_check(asked: Asked) -> None:
    question = only(asked("open", "  explain: \"{{ v('sleepers-total') }} of them.\"\n"))
    assert question.answer is None
    assert question.explain == "80 of them."


@pytest.mark.parametrize("kind", ["numeric", "open"])
def test_the_same_data_give_the_same_question(asked: Asked, kind: str) -> None:
    assert asked(kind, NUMERIC) == asked(kind, NUMERIC)
