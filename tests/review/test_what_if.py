"""Controls for the parameters of a review: what is shown follows them, with its expressions."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import FIXTURE

from review_companion.errors import CompanionError
from review_companion.review import open_review
from review_companion.what_if import LIVE, WhatIf


@pytest.fixture
def asked() -> WhatIf:
    return WhatIf(open_review(FIXTURE), tables={"table-1": ["sleepers"]}, values=["sleepers-total"])


def test_each_number_stands_beside_its_expression(asked: WhatIf) -> None:
    text = " ".join(asked.markdown().split())  # columns are padded
    assert text.startswith("colour = all")
    assert '[80]{.traced trace="sleepers-total"}' in text
    assert '`samples[group == "total"].number.sum()`' in text
    assert "| Number | Study Alpha" in text.replace("\\", "")


def test_another_choice_gives_other_answers(asked: WhatIf) -> None:
    text = asked.under({"colour": "amber"}).markdown()
    assert text.startswith("colour = amber")
    assert asked.markdown() != text


def test_each_parameter_has_a_control_and_moving_it_shows_the_new_answers(asked: WhatIf) -> None:
    control, shown = asked.controls().children
    assert list(control.options) == ["all", "amber", "red"]
    before = shown.outputs[0]["data"]["text/markdown"]
    control.value = "amber"
    after = shown.outputs[0]["data"]["text/markdown"]
    assert before.startswith("colour = all")
    assert after.startswith("colour = amber")
    assert ".traced" not in after  # JupyterLab would show the attributes


DOSES = """
least: {default: 5, help: least, choices: [5, 10]}
share: {default: 0.5, help: share}
"""


def test_a_parameter_that_is_a_number_has_a_control_and_takes_its_choices(
    fixture_copy: Path,
) -> None:
    for file, more in (
        ("parameters.yml", DOSES),
        ("values.yml", "dose: {label: dose, expression: param.least * param.share}\n"),
    ):
        path = fixture_copy / "data" / file
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    review = open_review(fixture_copy)
    assert review.under({"least": 10}).value("dose") == 5
    with pytest.raises(CompanionError, match="least cannot be 7"):
        review.under({"least": 7})
    _, least, share, shown = WhatIf(review, values=["dose"]).controls().children
    assert list(least.options) == [5, 10]
    least.value, share.value = 10, "0.25"
    assert r"| 2\.5 " in shown.outputs[0]["data"]["text/markdown"]
    share.value = "a half"
    assert "share takes a number, not 'a half'" in shown.outputs[0]["data"]["text/plain"]


@pytest.mark.parametrize("live", [True, False])
def test_controls_are_for_a_server_alone(
    asked: WhatIf, monkeypatch: pytest.MonkeyPatch, live: bool
) -> None:
    monkeypatch.delenv(LIVE, raising=False)
    if live:
        monkeypatch.setenv(LIVE, "notebook")
    shown = asked._repr_mimebundle_()
    assert ("application/vnd.jupyter.widget-view+json" in shown) is live
    assert ("text/markdown" in shown) is not live
