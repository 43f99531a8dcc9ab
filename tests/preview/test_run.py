"""The preview shows a report, problems instead of a stale one, and what changed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from tests.cases import cases
from tests.edits import replace_in
from tests.pipeline.conftest import kernels, project, two_notebooks
from tests.pipeline.small_project import FakeKernels

from review_companion.errors import CompanionError
from review_companion.pipeline.progress import Printer
from review_companion.pipeline.render_session import RenderSession
from review_companion.preview.loop import Preview, preview_settings, run
from review_companion.preview.server import Board

pytestmark = pytest.mark.integration

__all__ = ["kernels", "project", "two_notebooks"]


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def preview(two_notebooks: Path, board: Board) -> Preview:
    settings = preview_settings(two_notebooks)
    return Preview(settings, RenderSession(two_notebooks), board, Printer(io.StringIO()))


def test_the_first_render_shows_a_report(preview: Preview, board: Board) -> None:
    preview.render(frozenset())
    assert (board.state.kind, board.state.report) == ("report", 1)
    assert board.state.changes == ""


def test_a_save_shows_a_new_report_and_names_what_changed(
    preview: Preview, board: Board, two_notebooks: Path, kernels: FakeKernels
) -> None:
    preview.render(frozenset())
    kernels.ran.clear()
    replace_in(two_notebooks / "data/samples.csv", ",40,", ",41,")
    preview.render(frozenset({two_notebooks / "data/samples.csv"}))
    assert board.state.report == 2
    assert "samples[alpha-2001/total].number" in board.state.changes
    assert "<del>80</del> → <ins>81</ins>" in board.state.changes
    assert set(kernels.ran) == {"notebooks/sleepers.ipynb", "notebooks/studies.ipynb"}


def test_a_problem_is_shown_instead_of_the_report(
    preview: Preview, board: Board, two_notebooks: Path
) -> None:
    preview.render(frozenset())
    replace_in(two_notebooks / "data/samples.csv", ",40,", ",<b>forty,")
    preview.render(frozenset())
    assert board.state.kind == "problems"
    assert "samples.csv:2" in board.state.problems
    assert "&lt;b&gt;forty" in board.state.problems
    replace_in(two_notebooks / "data/samples.csv", ",<b>forty,", ",40,")
    preview.render(frozenset())
    assert board.state.kind == "report"


def test_a_problem_from_the_start_is_shown_too(
    preview: Preview, board: Board, two_notebooks: Path
) -> None:
    replace_in(two_notebooks / "data/samples.csv", ",40,", ",forty,")
    preview.render(frozenset())
    assert (board.state.kind, board.state.report) == ("problems", 0)


def test_a_fault_of_the_program_does_not_end_the_preview(
    preview: Preview, board: Board, kernels: FakeKernels
) -> None:
    def fault() -> None:
        kernels.meanwhile = lambda: None
        raise ZeroDivisionError("division by zero")

    kernels.meanwhile = fault
    preview.render(frozenset())
    assert board.state.kind == "problems"
    assert "division by zero" in board.state.problems
    preview.render(frozenset())
    assert board.state.kind == "report"


def test_saving_without_a_change_keeps_the_page(preview: Preview, board: Board) -> None:
    preview.render(frozenset())
    preview.render(frozenset())
    assert board.state.report == 1


def test_the_preview_has_the_pdf_and_leaves_the_published_report_alone(
    preview: Preview, two_notebooks: Path
) -> None:
    preview.render(frozenset())
    assert (two_notebooks / "build/preview/companion.pdf").exists()
    assert not (two_notebooks / "report/rendered").exists()


def test_changed_code_asks_for_a_new_start(
    preview: Preview, board: Board, two_notebooks: Path
) -> None:
    preview.render(frozenset())
    (two_notebooks / "requirements.lock").write_text("pandas==0\n", "utf-8")
    preview.render(frozenset())
    assert "start the preview again" in board.state.problems


@cases
def test_an_option_that_no_save_would_mend_ends_it(
    two_notebooks: Path, wanted: dict[str, Any], told: str
) -> None:
    stream = io.StringIO()
    with pytest.raises(CompanionError, match=told):
        run(preview_settings(two_notebooks, **wanted), stream, open_browser=False)
    assert stream.getvalue() == ""
