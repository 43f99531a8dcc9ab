"""Before a report is published, its page is held against the traces, and these against the data."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.edits import replace_in
from tests.evidence.conftest import project, rendered, review
from tests.rendered import write_project

from review_companion.cache import Cache
from review_companion.errors import CheckFailed
from review_companion.evidence import rendered_page
from review_companion.evidence.records import every_trace
from review_companion.evidence.rendered_page import PAGE
from review_companion.model import Origin
from review_companion.pipeline.evidence import UNTRACED, read_pages, seal_pages, untraced_numbers
from review_companion.pipeline.progress import Printer
from review_companion.pipeline.render import Settings, render
from review_companion.review import Review, open_review

pytestmark = pytest.mark.integration

__all__ = ["project", "rendered", "review"]

FOUND = "There were 45 sleepers in 2019 [3]."


@pytest.fixture
def stage(rendered: Path, tmp_path: Path) -> Path:
    shutil.copyfile(rendered / PAGE, tmp_path / PAGE)
    return tmp_path


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", "")


def copied(project: Path, folder: Path) -> Path:
    shutil.copytree(project / "data", folder / "other/data")
    shutil.copyfile(project / "_quarto.yml", folder / "other/_quarto.yml")
    return folder / "other"


def test_a_page_that_holds_is_sealed_to_the_same_bytes(
    stage: Path, rendered: Path, review: Review, cache: Cache
) -> None:
    seal_pages(stage, read_pages(stage), review)
    assert (stage / PAGE).read_bytes() == (rendered / PAGE).read_bytes()
    assert untraced_numbers(read_pages(stage), review, cache, is_edition=False) == ()


def test_a_trace_that_names_a_missing_cell_fails_the_build(
    stage: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = open_review(copied(project, tmp_path))
    trace = next(trace for trace in review.traces() if trace.name == "sleepers-total")
    missing = Origin("samples", "gone", "number")
    lost = replace(trace, result=replace(trace.result, looked=frozenset({missing})))
    traces = [*every_trace(review), lost]
    monkeypatch.setattr(rendered_page, "every_trace", lambda review: traces)
    with pytest.raises(CheckFailed, match=r"names samples\[gone\]\.number, which is not in the"):
        seal_pages(stage, read_pages(stage), review)


def test_a_number_that_its_cells_do_not_give_fails_the_build(
    stage: Path, project: Path, tmp_path: Path
) -> None:
    other = copied(project, tmp_path)
    replace_in(other / "data/samples.csv", ",40,", ",41,")
    with pytest.raises(CheckFailed, match="sleepers-total: the page shows “80”, the data give"):
        seal_pages(stage, read_pages(stage), open_review(other))


def test_a_typed_number_is_published_with_a_warning(tmp_path: Path) -> None:
    root = write_project(tmp_path / "review")
    path = root / "notebooks/lamps.ipynb"
    replace_in(path, "The review has ", f"{FOUND} The review has ")
    report = render(Settings(root, formats=("html",)))
    (warning,) = report.warnings
    assert warning.startswith(f"Lamps: “{FOUND} The review has”: a number without a trace")
    said = io.StringIO()
    Printer(said, quiet=True).summary(report)
    assert f"warning: {warning}" in said.getvalue()
    assert json.loads((root / "build/run.json").read_text("utf-8"))["warnings"] == [warning]
    again = render(Settings(root, formats=("html",)))
    assert again.unchanged
    assert again.warnings == (warning,)


def test_a_review_that_declares_nothing_is_asked_all_the_same(
    stage: Path, project: Path, tmp_path: Path, cache: Cache
) -> None:
    other = copied(project, tmp_path)
    (other / "data/no-trace.yml").unlink()
    assert all(
        UNTRACED in told
        for told in untraced_numbers(read_pages(stage), open_review(other), cache, is_edition=False)
    )


def test_a_report_without_an_audit_trail_is_told_and_asked(tmp_path: Path, cache: Cache) -> None:
    stage = tmp_path / "stage"
    stage.mkdir()
    (stage / PAGE).write_text("<html><body><h2>Found</h2><p>We found 42 lamps.</p></body></html>")
    review = open_review(write_project(tmp_path / "review"))
    trail, number = untraced_numbers(read_pages(stage), review, cache, is_edition=False)
    assert "no chapter shows the audit trail" in trail
    assert number.startswith("Found: “We found 42 lamps.”: a number without a trace")
    assert untraced_numbers(read_pages(stage), review, cache, is_edition=True) == ()
