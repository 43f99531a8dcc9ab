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


def only(found: Questions) -> Question:
    assert found.dropped == ()
    return found.questions[0]


def reason(found: Questions) -> str:
    assert found.questions == ()
    return found.dropped[0].reason


def right(question: Question) -> set[str]:
    return {option.text for option in question.options if option.right}


def test_a_number_is_computed(asked: Asked) -> None:
    question = only(asked("numeric", NUMERIC))
    assert question.answer.parts == (("80",),)
    assert "80 sleepers" in question.answer.shown


def test_a_number_follows_the_data(asked: Asked) -> None:
    edit = ("total,40,", "total,41,")
    assert only(asked("numeric", NUMERIC, samples=edit)).answer.parts == (("81",),)


def test_a_number_that_is_missing_drops_the_question(asked: Asked) -> None:
    body = "  answer: samples[number > 1000].number.max()\n"
    assert "cannot be computed" in reason(asked("numeric", body))


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


def test_a_choice_drops_out_when_nothing_is_right_any_more(asked: Asked) -> None:
    found = asked("choice", CHOICE, samples=("total,40,", "total,41,"))
    assert reason(found) == "none of the options is right"


def test_a_choice_drops_out_when_two_options_come_to_be_right(asked: Asked) -> None:
    body = CHOICE + "    - {text: eighty, holds: sleepers_total == 80}\n"
    assert reason(asked("choice", body)) == "2 of the options are right"


def test_several_options_come_from_rows(asked: Asked) -> None:
    question = only(asked("several", SEVERAL))
    assert right(question) == {"Study Alpha", "Study Beta"}
    letters = {"ABC"[n] for n, option in enumerate(question.options) if option.right}
    assert set(question.answer.parts[0][0].split(",")) == letters
    assert {option.why for option in question.options} == {"amber", "red"}


def test_several_follows_the_data(asked: Asked) -> None:
    edit = ("observed,amber", "observed,red")
    assert right(only(asked("several", SEVERAL, studies=edit))) == {"Study Alpha"}


def test_all_right_is_no_question(asked: Asked) -> None:
    found = asked("several", SEVERAL, studies=("allocated,red", "allocated,amber"))
    assert reason(found) == "every option is right"


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


def test_items_that_tie_are_not_asked_together(asked: Asked) -> None:
    found = asked("order", ORDER, samples=("total,24,", "total,40,"))
    assert "fewer than three" in reason(found)


def test_items_are_matched(asked: Asked) -> None:
    question = only(asked("match", MATCH))
    pairs = {
        option.text: question.targets["ABC".index(at)]
        for option, (at,) in zip(question.options, question.answer.parts, strict=True)
    }
    assert pairs == {
        "Study Alpha": "34.0 years", "Study Beta": "31 years", "Study Gamma": "29.5 years",
    }  # fmt: skip


def test_items_that_share_their_match_are_not_asked_together(asked: Asked) -> None:
    found = asked("match", MATCH, ages=("median,29.5", "median,34.0"))
    assert "fewer than three" in reason(found)


ODD = "  options:\n" + "".join(
    f"    - {{claim: {name}, text: '{{{{ claim.label }}}}: {{{{ claim.printed }}}}'}}\n"
    for name in ("sleepers-total", "beta-risk-ratio", "nights-average")
)


def test_the_odd_one_is_the_inconsistent_claim(asked: Asked) -> None:
    assert right(only(asked("choice", ODD))) == {"Risk ratio of Study Beta: 0.9"}


def test_the_odd_one_drops_out_when_the_data_agree(asked: Asked) -> None:
    found = asked("choice", ODD, comparisons=("risk-ratio,1.00,", "risk-ratio,0.90,"))
    assert reason(found) == "none of the options is right"


def test_a_question_without_what_it_needs_drops_out_with_its_own_words(asked: Asked) -> None:
    body = f"{NUMERIC}  needs: sleepers_total < 10\n  otherwise: too many\n"
    assert reason(asked("numeric", body)) == "too many"


def test_a_question_about_a_study_that_went_drops_out(asked: Asked) -> None:
    body = '  answer: ages["delta-2005/all"].years\n'
    assert "delta-2005/all" in reason(asked("numeric", body))


def test_an_open_question_has_no_answer_to_check(asked: Asked) -> None:
    question = only(asked("open", "  explain: \"{{ v('sleepers-total') }} of them.\"\n"))
    assert question.answer is None
    assert question.explain == "80 of them."


@pytest.mark.parametrize("kind", ["numeric", "open"])
def test_the_same_data_give_the_same_question(asked: Asked, kind: str) -> None:
    assert asked(kind, NUMERIC) == asked(kind, NUMERIC)
