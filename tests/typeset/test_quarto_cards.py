"""Cards in a book of several pages: the filter, the scripts that Quarto copies, Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.chromium import Opened
from tests.typeset.fixtures import STYLE
from tests.typeset.test_quarto import filtered

from review_companion.typeset.quarto import SCRIPTS, SHEETS

pytestmark = pytest.mark.browser

HEAD = "---\ncompanion:\n  audit: notebooks/audit.ipynb\n  style: style\n---\n\n"
CHAPTER = """[12]{.traced trace="total"} and [7]{.traced trace="nowhere"}

::: {#tbl-doses .quarto-float}
| Study | Dose |
|-------|------|
| Doe   | 24   |
:::
"""
AUDIT = """```{=html}
<table class="trace-list"><thead><tr><th>Number</th><th>Value</th><th>From</th></tr></thead><tbody>
<tr id="trace-total"><th>Patients in all</th><td>12</td>
<td><i>sum of patients</i>: <a href="#p1">place 1</a>: samples</td></tr></tbody></table>
<ol class="places"><li id="p1"><a href="https://example.org/#t1">Table 1: “12”</a></li></ol>
```
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two pages as Quarto lays them out, with the resources that `_quarto.yml` names."""
    (tmp_path / "site" / "style").mkdir(parents=True)
    (tmp_path / "site" / "notebooks").mkdir()
    for name in (*SCRIPTS, *SHEETS):
        shutil.copyfile(STYLE / name, tmp_path / "site" / "style" / name)
    for name, text in (("chapter", CHAPTER), ("audit", AUDIT)):
        page = filtered("html", HEAD + text, tmp_path)
        page = page.replace("<table>", '<table class="companion">')
        lines = ["<!DOCTYPE html><meta charset=utf-8>", f"<title>{name}</title>", page]
        (tmp_path / "site" / "notebooks" / f"{name}.html").write_text("\n".join(lines))
    return tmp_path / "site" / "notebooks" / "chapter.html"


@pytest.fixture
def opened(browser: Any, site: Path) -> Iterator[Any]:
    with Opened(browser, site) as made:
        yield made.page
        assert made.said == []


def test_a_number_opens_the_card_that_the_page_of_the_audit_trail_holds(opened: Any) -> None:
    """A table can be downloaded, and a number without an entry leads to the page itself."""
    opened.get_by_role("link", name="12").click()
    card = opened.get_by_role("dialog", name="Where “12” comes from")
    card.wait_for()
    assert card.get_by_text("sum of patients").count() == 1
    assert card.get_by_role("link", name="Table 1: “12”").is_visible()
    leads = card.get_by_role("link", name="Open in the audit trail").get_attribute("href")
    assert leads.endswith("/notebooks/audit.html#trace-total")
    opened.keyboard.press("Escape")
    assert not opened.locator("dialog").is_visible()
    assert opened.evaluate("document.activeElement.textContent") == "12"
    with opened.expect_download() as download:
        opened.get_by_role("button", name="Download this table as CSV").click()
    assert download.value.suggested_filename == "tbl-doses.csv"
    opened.get_by_role("link", name="7").click()
    opened.wait_for_url("**/audit.html#trace-nowhere")
