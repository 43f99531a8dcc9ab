"""What `make bench` times is what it says: generated reviews that hold, edits that take hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import growth, running
from benchmarks.__main__ import MARKS, PAGE, copied
from benchmarks.edits import edit_cell, edit_prose
from benchmarks.generated import generate
from benchmarks.growth import MOST, growth_table, rows_checked
from benchmarks.reading import longest_task

from review_companion.package.numerals import figures
from review_companion.review import open_review
from review_companion.validate import validate

pytestmark = pytest.mark.integration


def test_a_generated_review_validates_and_has_that_many_studies(tmp_path: Path) -> None:
    project = generate(tmp_path, 12)
    assert [p for p in validate(project / "data") if p.severity == "error"] == []
    assert open_review(project).value("studies-total") == 12


def test_the_edits_change_the_copy(tmp_path: Path) -> None:
    project = copied(tmp_path / "project")
    data, notebook = project / "data/follow_ups.csv", project / "notebooks/radiotherapy.ipynb"
    before = data.read_text("utf-8"), notebook.read_text("utf-8")
    edit_cell(project, "11.5")
    edit_prose(project, "11.5")
    assert data.read_text("utf-8") != before[0]
    assert notebook.read_text("utf-8") != before[1]
    assert [p for p in validate(project / "data") if p.severity == "error"] == []


def test_the_rows_that_are_checked_are_sound_and_as_many_as_said(tmp_path: Path) -> None:
    assert rows_checked(tmp_path, 40)() == []
    assert len((tmp_path / "rows-40/comparisons.csv").read_text("utf-8").splitlines()) == 41


def test_sound_rows_are_not_read_numeral_by_numeral(tmp_path: Path) -> None:
    figures.cache_clear()
    rows_checked(tmp_path, 20)()
    read = figures.cache_info().misses
    rows_checked(tmp_path, 200)()
    assert figures.cache_info().misses == read


def test_growth_is_told_for_each_against_the_size_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = iter([1.0, 10.0, 10.0 * 10 * MOST * 1.01, 1.0, 1.0, 1.0])
    monkeypatch.setattr(growth, "processor_seconds", lambda work, runs: next(taken))
    monkeypatch.setattr(growth, "rows_checked", lambda folder, rows: None)
    table, steep = growth_table(tmp_path)
    assert [line.split("|")[-2].strip() for line in table.splitlines()[2:5]] == [
        "–",
        "1.00",
        "2.02",
    ]
    (line,) = steep
    assert line.startswith("rows of a table, checked, 100,000: 2.0 times as long for each")


def test_a_command_that_fails_is_not_timed_and_one_that_hangs_has_no_seconds(
    tmp_path: Path,
) -> None:
    with pytest.raises(RuntimeError, match="it went wrong"):
        running.measure(["python3", "-c", "raise SystemExit('it went wrong')"], tmp_path)
    hangs = ["python3", "-c", "import time; time.sleep(60)"]
    assert running.measure(hangs, tmp_path, limit=1).seconds is None


def test_the_page_has_a_place_for_the_tables() -> None:
    text = PAGE.read_text("utf-8")
    assert [text.count(mark) for mark in MARKS] == [1, 1]


def test_the_longest_task_is_one_of_the_page_itself() -> None:
    def task(pid: int, milliseconds: float, name: str = "RunTask") -> dict[str, object]:
        return {"name": name, "pid": pid, "tid": 1, "dur": milliseconds * 1000}

    names = {"name": "thread_name", "pid": 1, "tid": 1, "args": {"name": "CrRendererMain"}}
    other = {"name": "thread_name", "pid": 2, "tid": 1, "args": {"name": "CrBrowserMain"}}
    events = [names, other, task(1, 40), task(1, 70), task(2, 900), task(1, 800, "Layout")]
    assert longest_task(events) == 70
    assert longest_task([]) == 0
