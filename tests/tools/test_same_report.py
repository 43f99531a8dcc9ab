"""What `make same-report` says: nothing, the program alone, or every file with its lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from review_companion.evidence import digests
from tools import same_report

pytestmark = pytest.mark.integration

MANIFEST = {"inputs": {"data/a.csv": "1", digests.PROGRAM: "2"}, "outputs": {}}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two equal folders: a manifest and a page."""
    pair = tmp_path / "base", tmp_path / "fresh"
    for folder in pair:
        folder.mkdir()
        (folder / "manifest.json").write_text(json.dumps(MANIFEST), "utf-8")
        (folder / "page.html").write_text("<p>same</p><p>12 of 30</p>", "utf-8")
    return pair


def test_equal_folders_are_the_same(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert same_report.report(*folders) == 0
    assert capsys.readouterr().out == "the same bytes: 2 files\n"


def test_another_program_alone_is_said_in_one_line(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    other = {**MANIFEST, "inputs": {"data/a.csv": "1", digests.PROGRAM: "3"}}
    (folders[1] / "manifest.json").write_text(json.dumps(other), "utf-8")
    assert same_report.report(*folders) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert "only the digest of the program" in line


def test_a_changed_input_is_not_the_program_alone(folders: tuple[Path, Path]) -> None:
    other = {**MANIFEST, "inputs": {"data/a.csv": "5", digests.PROGRAM: "3"}}
    (folders[1] / "manifest.json").write_text(json.dumps(other), "utf-8")
    assert not same_report.only_the_program(*folders, ["manifest.json"])


def test_each_file_is_named_with_the_lines_that_differ(folders: tuple[Path, Path]) -> None:
    base, fresh = folders
    (fresh / "page.html").write_text("<p>same</p><p>13 of 30</p>", "utf-8")
    (fresh / "new.csv").write_text("a", "utf-8")
    (base / "old.csv").write_text("a", "utf-8")
    names = same_report.differing(base, fresh)
    said = "\n".join(same_report.described(base, fresh, names))
    assert "new.csv: new" in said
    assert "old.csv: gone" in said
    assert "-<p>12 of 30</p>" in said
    assert "+<p>13 of 30</p>" in said
    assert "<p>same</p>" not in said


def test_without_a_report_it_says_what_to_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert same_report.main([str(tmp_path)]) == 2
    assert "BASE=" in capsys.readouterr().out
