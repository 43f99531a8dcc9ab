"""The authors' loop in Chromium: change a number of the invented review, save, look."""

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
from tests.chromium import violations
from tests.edits import replace_in
from tests.rendered import PARTS

pytestmark = pytest.mark.browser
MILLISECONDS = 240_000
BEFORE, AFTER = "alpha-2001/total,alpha-2001,total,40,", "alpha-2001/total,alpha-2001,total,41,"


@pytest.fixture(scope="module")
def project(rendered_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the invented review, rendered before, in which an author works."""
    folder = tmp_path_factory.mktemp("project") / "review"
    return Path(shutil.copytree(rendered_project, folder, ignore=PARTS))


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


def test_a_save_is_seen_at_its_place_and_what_changed_is_named(page: Any, project: Path) -> None:
    number = '[data-trace="sleepers-total"]'
    report = report_in(page)
    assert report.locator(number).first.inner_text() == "80"
    report.evaluate("window.scrollTo({top: 200, behavior: 'instant'})")
    place = report.evaluate("window.scrollY")
    assert place > 0
    replace_in(project / "data/samples.csv", BEFORE, AFTER)
    page.wait_for_selector('body[data-report="2"]')
    report = report_in(page)
    assert report.locator(number).first.inner_text() == "81"
    assert abs(report.evaluate("window.scrollY") - place) < 200
    assert page.get_attribute("#pdf", "href") == "/report/companion.pdf?2"
    assert page.request.get(f"{page.url}report/companion.pdf?2").body().startswith(b"%PDF")
    page.wait_for_selector("#changes:not([hidden])")
    page.click("#changes summary")
    said = page.inner_text("#changes")
    assert "samples[alpha-2001/total].number: 40 → 41" in said
    assert "sleepers-total" in said
    assert "80 → 81" in said
    assert "Verdicts" in said
    assert "Sentences" in said


def test_a_mistake_is_shown_instead_of_a_stale_report(page: Any, project: Path) -> None:
    right, wrong = "beta-2003/total,beta-2003,total,24,", "beta-2003/total,beta-2003,total,many,"
    replace_in(project / "data/samples.csv", right, wrong)
    page.wait_for_selector('body[data-kind="problems"]')
    assert not page.is_visible("#report")
    said = page.inner_text("#problems")
    assert "samples.csv:" in said
    assert "many" in said
    replace_in(project / "data/samples.csv", wrong, right)
    page.wait_for_selector('body[data-kind="report"]')
    assert page.is_visible("#report")
    assert not page.is_visible("#problems")


def test_the_frame_can_be_used_by_everyone(page: Any) -> None:
    assert violations(page.main_frame) == []
