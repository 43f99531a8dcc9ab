"""`companion club` on the invented review: every file of a session from one command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from review_companion.cli import main
from review_companion.club.command import problems
from review_companion.review import open_review

pytestmark = pytest.mark.integration

EDITIONS = """\
  editions:
    participant:
      chapters: [notebooks/questions.ipynb]
      look: [club]
      formats: [html]
    sheet:
      chapters: [notebooks/questions.ipynb]
      look: [club]
      formats: [pdf]
"""
SESSION = """\
editions: [participant, sheet]
goals: {count: Count sleepers.}
plans:
  only:
    title: Three minutes
    minutes: 3
    steps: [{title: All, minutes: 3, questions: [sleepers, gone]}]
"""
COMMON = "goal: count, level: recall, minutes: 1"
QUESTIONS = f"""\
sleepers:
  {{kind: numeric, title: How many, ask: How many sleepers?, answer: sleepers_total, {COMMON}}}
gone: {{kind: open, title: Gone, ask: What?, needs: sleepers_total == 1, {COMMON}}}
"""


@pytest.fixture
def project(root: Path, fixture_copy: Path) -> Path:
    """The invented review with a session of two questions, one of which makes no sense."""
    with (fixture_copy / "_quarto.yml").open("a", encoding="utf-8") as file:
        file.write(EDITIONS)
    (fixture_copy / "data/session.yml").write_text(SESSION, "utf-8")
    (fixture_copy / "data/questions.yml").write_text(QUESTIONS, "utf-8")
    notebook = root / "notebooks/journal-club/questions.ipynb"
    shutil.copyfile(notebook, fixture_copy / "notebooks/questions.ipynb")
    shutil.copytree(root / "report/style", fixture_copy / "report/style", dirs_exist_ok=True)
    return fixture_copy


SHEET = """\
sheet: {tool: T, version: "1", link: L, title: T, about: A, each: studies, label: "{{ row.study }}",
  judgements: [low], items: {one: {domain: D, asks: A, shows: "{{ al('samples') | length }}"}}}
"""


def test_check_fills_the_worksheets(project: Path) -> None:
    sheet = project / "data/appraisal.yml"
    sheet.write_text(SHEET, "utf-8")
    [found] = problems(open_review(project))
    assert (found.severity, found.code) == ("error", "definition")
    assert found.file.endswith("data/appraisal.yml") and found.row == 2
    sheet.write_text(SHEET.replace("al(", "all("), "utf-8")
    assert problems(open_review(project)) == []


def test_one_command_makes_every_file(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "club"
    assert main(["--project", str(project), "club", "--out", str(out), "--quiet"]) == 0
    assert {path.name for path in out.iterdir()} == {
        "participant.html", "sheet.pdf", "appraisal.csv",
    }  # fmt: skip
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 3
    assert "left out: Gone (the data no longer support it)" in told.err
    page = (out / "participant.html").read_text("utf-8")
    assert "How many sleepers?" in " ".join(page.split())


def test_a_filled_sheet_is_kept_and_nothing_is_rendered(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = tmp_path / "appraisal.csv"
    filled.write_bytes(b"filled in")
    assert main(["--project", str(project), "club", "--out", str(tmp_path)]) == 2
    assert "appraisal.csv: exists already" in capsys.readouterr().err
    assert filled.read_bytes() == b"filled in"
    assert not (tmp_path / "participant.html").exists()


def test_a_review_without_a_session_is_told_so(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--project", str(fixture_copy), "club"]) == 2
    assert "there is no session with a plan" in capsys.readouterr().err
