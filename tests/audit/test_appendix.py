"""The appendix on the page: headings of their own, no crowd of landmarks, frames that scroll."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from review_companion.audit.appendix import Appendix, appendix
from review_companion.review import Review

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def whole(review: Review) -> Appendix:
    """Two of its tables have the same caption."""
    made = appendix(review)
    tables = [group for group in made.groups if group not in ("values", "claims")]
    assert len(tables) > 1
    return replace(made, titles=dict(made.titles) | dict.fromkeys(tables[:2], "Same caption"))


def test_no_two_groups_have_the_same_heading(whole: Appendix) -> None:
    headings = re.findall(r"<h4>(.*?)</h4>", whole.to_html())
    assert sum(heading.startswith("Same caption (") for heading in headings) == 2
    assert max(Counter(headings).values()) == 1


def test_groups_are_no_landmarks(whole: Appendix) -> None:
    assert not re.search(r"<section|role=\"?region|<(nav|aside|form)\b", whole.to_html())


def test_frames_are_named_and_can_be_scrolled_by_keyboard_without_a_script(whole: Appendix) -> None:
    frames = re.findall(r'<div class="table-frame"[^>]*>', whole.to_html())
    assert frames
    for frame in frames:
        assert 'tabindex="0"' in frame
        assert 'role="group"' in frame
        assert re.search(r'aria-label="[^"]+"', frame)


@pytest.fixture
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("laid_out", [False, True])
def test_axe_finds_nothing_in_it(chromium: Any, rendered: Path, width: int, laid_out: bool) -> None:
    """What is far off is not laid out; the second time everything is."""
    from axe_playwright_python.sync_playwright import Axe

    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto((rendered / "companion.html").as_uri())
    if laid_out:
        shown = "group => group.style.contentVisibility = 'visible'"
        page.evaluate(f"document.querySelectorAll('.trace-group').forEach({shown})")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_jump_without_a_script_ends_at_the_entry(chromium: Any, rendered: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((rendered / "companion.html").as_uri())
    link = page.locator("a.traced[href^='#trace-claim-']").last
    link.click()
    entry = page.locator(link.get_attribute("href")).bounding_box()
    assert 0 <= entry["y"] < 200
