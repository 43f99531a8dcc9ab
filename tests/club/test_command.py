"""`companion club` on the invented review: every file of a session from one command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from review_companion.cli import main

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("warm_kernels")]

EDITIONS = """\
  editions:
    participant: &edition
      chapters: [notebooks/questions.ipynb]
      look: [club]
      parameters: {edition: participant}
    facilitator:
      chapters: [notebooks/questions.ipynb]
      look: [club]
      parameters: {edition: facilitator}
    slides:
      chapters: [notebooks/questions.ipynb]
      formats: [pdf]
      look: [slides]
      parameters: {edition: slides}
"""


@pytest.fixture
def project(root: Path, fixture_copy: Path) -> Path:
    """The invented review with the questions' notebook and the looks."""
    with (fixture_copy / "_quarto.yml").open("a", encoding="utf-8") as file:
        file.write(EDITIONS)
    notebook = root / "notebooks/journal-club/questions.ipynb"
    shutil.copyfile(notebook, fixture_copy / "notebooks/questions.ipynb")
    shutil.copytree(root / "report/style", fixture_copy / "report/style", dirs_exist_ok=True)
    return fixture_copy


def test_one_command_makes_every_file(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "club"
    assert (
        main(
            [
                "--project",
                str(project),
                "club",
                "--out",
                str(out),
                "--study",
                "beta-2003",
                "--quiet",
            ]
        )
        == 0
    )
    assert {path.name for path in out.iterdir()} == {
        "participant.html", "participant.pdf", "facilitator.html", "facilitator.pdf", "slides.pdf",
        "appraisal.csv", "beta-2003-blank.xlsx",
    }  # fmt: skip
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 7
    assert "left out: Studies of amber lamps" in told.err
    participant = (out / "participant.html").read_text("utf-8")
    assert "sleepers in the included studies" in participant.lower()
    assert "80 sleepers" not in participant
    assert "80 sleepers" in (out / "facilitator.html").read_text("utf-8")
    assert openpyxl.load_workbook(out / "beta-2003-blank.xlsx").sheetnames
    manifest = json.loads((project / "build/participant/manifest.json").read_text("utf-8"))
    assert set(manifest["outputs"]) == {"companion.html", "companion.pdf"}


@pytest.mark.parametrize("name", ["beta-2003-blank.xlsx", "appraisal.csv"])
def test_a_filled_sheet_is_kept_and_nothing_is_rendered(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    filled = tmp_path / name
    filled.write_bytes(b"filled in")
    arguments = ["--project", str(project), "club", "--out", str(tmp_path), "--study", "beta-2003"]
    assert main(arguments) == 2
    assert f"{name}: stands there already" in capsys.readouterr().err
    assert filled.read_bytes() == b"filled in"
    assert not (tmp_path / "participant.html").exists()


def test_a_study_that_is_not_there_is_told_before_anything_is_rendered(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "club"
    assert main(["--project", str(project), "club", "--out", str(out), "--study", "nope"]) == 2
    assert "known: alpha-2001" in capsys.readouterr().err
    assert not out.exists()
