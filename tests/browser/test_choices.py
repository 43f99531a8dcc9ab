"""Counting choices as radio buttons: made of the table that the page holds, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.chromium import Opened, violations

pytestmark = pytest.mark.browser
ROWS = (
    ("As counted", "holds, 2 higher", "cannot be said"),
    ("Other rule", "does not hold, 1 higher and 3 lower", "cannot be said"),
)


@pytest.fixture
def page(root: Path, browser: Any, tmp_path: Path) -> Any:
    style = root / "report/style"
    scripts = "".join(
        f"<script>{(style / name).read_text('utf-8')}</script>" for name in ("dom.js", "choices.js")
    )
    body = "".join(
        f'<tr><th>{name}</th><td><span class="traced" data-trace="c/{n}/a">{one}</span></td>'
        f"<td>{other}</td></tr>"
        for n, (name, one, other) in enumerate(ROWS)
    )
    path = tmp_path / "page.html"
    path.write_text(
        f"<!DOCTYPE html><meta charset=utf-8>{scripts}<details><table class=choices><thead><tr>"
        f"<th>Rule</th><th>Lamps</th><th>Candles</th></tr></thead><tbody>{body}</tbody></table>"
        "</details>",
        "utf-8",
    )
    with Opened(browser, path) as opened:
        yield opened.page
        assert opened.said == []


def test_a_choice_redraws_conclusions_and_marks(page: Any) -> None:
    lamps, candles = page.locator(".choices li").all()
    assert page.get_by_role("radio").count() == len(ROWS)
    assert lamps.inner_text().split() == "Lamps holds, 2 higher ▲▲".split()
    page.get_by_role("radio", name="Other rule").check()
    lamps, candles = page.locator(".choices li").all()
    assert "▲▼▼▼" in lamps.inner_text()
    assert "changed" in lamps.inner_text()
    assert "changed" not in candles.inner_text()


def test_what_is_shown_is_the_cell_and_leads_to_its_trace(page: Any) -> None:
    page.get_by_role("radio", name="Other rule").check()
    shown = page.locator(".choices li .traced")
    assert shown.get_attribute("data-trace") == "c/1/a"
    assert shown.inner_text() == ROWS[1][1]


def test_axe_would_find_a_fault(browser: Any, tmp_path: Path) -> None:
    """The rules that other tests hold a page to, all of them or a part."""
    path = tmp_path / "faulty.html"
    path.write_text(
        '<!DOCTYPE html><html lang="en"><title>T</title><main><h1>H</h1><img src="data:,">'
        '<p style="color: #ccc; background: #fff">pale</p></main></html>',
        "utf-8",
    )
    with Opened(browser, path) as opened:

        def found(**asked: bool) -> set[str]:
            return {line.partition(":")[0] for line in violations(opened.page, **asked)}

        assert found() == {"color-contrast", "image-alt"}
        assert found(contrast=False) == {"image-alt"}
        assert found(others=False) == {"color-contrast"}
