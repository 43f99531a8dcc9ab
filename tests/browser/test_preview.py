"""The authors' loop in Chromium: change Stumpf's follow-up, save, look."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
MILLISECONDS = 240_000
PARTS = ("data", "notebooks", "report/style", "_quarto.yml", "index.md", "requirements.lock",
         "pyproject.toml")  # fmt: skip
BEFORE = "stumpf-2019/table,stumpf-2019,false,median,,"
AFTER = "stumpf-2019/table,stumpf-2019,true,median,11.5,"


@pytest.fixture(scope="module")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real project, in which an author works."""
    folder = tmp_path_factory.mktemp("project")
    for name in PARTS:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name)
        elif (root / name).is_file():
            shutil.copy(root / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    """Where a preview of the project serves."""
    command = [sys.executable, "-m", "review_companion.cli", "--project", str(project)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, "preview", "--no-browser"], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, env=environment,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        yield found[0]
        try:
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
        assert process.returncode == 130, said


@pytest.fixture(scope="module")
def page(address: str, browser: Any) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(MILLISECONDS)
    page.goto(address)
    page.wait_for_selector('body[data-report="1"]')
    yield page
    page.close()


def report_in(page: Any) -> Any:
    return next(frame for frame in page.frames if "/report/" in frame.url)


def save(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_a_save_is_seen_at_its_place_and_what_changed_is_named(page: Any, project: Path) -> None:
    cell = '[data-trace="table-1/stumpf-2019/follow-up"]'
    report = report_in(page)
    assert report.locator(cell).first.inner_text() == "Not stated"
    report.locator(cell).first.evaluate("each => each.scrollIntoView({behavior: 'instant'})")
    place = report.evaluate("window.scrollY")
    assert place > 0
    save(project / "data/follow_ups.csv", BEFORE, AFTER)
    page.wait_for_selector('body[data-report="2"]')
    report = report_in(page)
    assert report.locator(cell).first.inner_text() == "11.5"
    assert abs(report.evaluate("window.scrollY") - place) < 200
    page.wait_for_selector("#changes:not([hidden])")
    page.click("#changes summary")
    said = page.inner_text("#changes")
    assert "follow_ups[stumpf-2019/table].months: (empty) → 11.5" in said
    assert "table-1/stumpf-2019/follow-up" in said
    assert "Not stated → 11.5" in said
    assert "Verdicts" in said
    assert "Sentences" in said


def test_a_mistake_is_shown_instead_of_a_stale_report(page: Any, project: Path) -> None:
    path = project / "data/follow_ups.csv"
    rows = path.read_text("utf-8").splitlines()
    before = next(row for row in rows if row.startswith("stumpf-2019/table,"))
    wrong = AFTER.replace("11.5", "eleven") + before.split(",", 5)[5]
    save(path, before, wrong)
    page.wait_for_selector('body[data-kind="problems"]')
    assert not page.is_visible("#report")
    said = page.inner_text("#problems")
    assert "follow_ups.csv:4" in said
    assert "eleven" in said
    save(path, wrong, before)
    page.wait_for_selector('body[data-kind="report"]')
    assert page.is_visible("#report")
    assert not page.is_visible("#problems")


def test_the_frame_can_be_used_by_everyone(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page.main_frame, options={"iframes": False})
    assert [each["id"] for each in found.response["violations"]] == []
