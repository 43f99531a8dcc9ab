"""Figures beside the report: taken from the notebooks where these drew the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.cache import Cache
from review_companion.checks import definitions
from review_companion.checks.definitions import definition_problems
from review_companion.figures import ON_A_PHONE
from review_companion.notebooks.notebook_files import Notebook
from review_companion.pipeline.evidence import Records
from review_companion.pipeline.inputs import read_inputs
from review_companion.pipeline.published_files import (
    drawn_before,
    figures_drawn,
    outputs_in,
    pictures_in,
    write_outputs,
)
from review_companion.review import Review

pytestmark = pytest.mark.integration

FIGURE = "selection-flow"
NOTHING = Records("", "", "")


@pytest.fixture
def review(report_review: Review, monkeypatch: pytest.MonkeyPatch) -> Review:
    """The review of the report, with one figure."""
    spec = report_review.figures_declared[FIGURE]
    monkeypatch.setitem(vars(report_review), "figures_declared", {FIGURE: spec})
    return report_review


def executed(svg: str, of: str) -> Notebook:
    data = {"image/svg+xml": svg, ON_A_PHONE: "<svg/>"}
    output = {"output_type": "display_data", "data": data, "metadata": {"of": of}}
    prose = {"cell_type": "markdown", "source": ""}
    return {"cells": [prose, {"cell_type": "code", "outputs": [output]}]}


def written(review: Review, tmp_path: Path, notebooks: list[Notebook]) -> str:
    shown = pictures_in(outputs_in(notebooks))
    write_outputs(review, NOTHING, [], figures_drawn(review, shown, Cache(tmp_path, "")), tmp_path)
    return (tmp_path / "figures" / f"{FIGURE}.svg").read_text("utf-8")


def test_a_picture_of_the_same_table_is_taken_as_it_is(review: Review, tmp_path: Path) -> None:
    figure = review.figure(FIGURE)
    assert written(review, tmp_path, [executed("<svg>\n</svg>", figure.of)]) == "<svg>\n</svg>"


def test_a_picture_of_something_else_is_not(review: Review, tmp_path: Path) -> None:
    figure = review.figure(FIGURE)
    assert written(review, tmp_path, [executed("<svg/>", "other")]) == figure.svg


def test_pictures_are_kept_for_the_next_render_and_for_check(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure, cache = review.figure(FIGURE), Cache(tmp_path, "")
    figures_drawn(review, {"other": ("", "")}, cache)
    monkeypatch.setattr(definitions, "require_drawable", None)  # it would fail
    assert definition_problems(review, tmp_path, cache, read_inputs(review.root)) == []
    assert drawn_before(review, cache) == {figure.of: (figure.svg, figure.narrow)}
    assert cache.find("drawn", {"of": "other"}) is not None
