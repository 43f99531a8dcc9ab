"""The page in Chromium: cards, filters, tabs, theme; no request, no message, no axe violation."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.chromium import Opened, violations
from tests.typeset.fixtures import STYLE, Rendered

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def window(browser: Any, rendered: Rendered) -> Iterator[Opened]:
    with Opened(browser, rendered.html) as made:
        yield made


@pytest.fixture
def opened(window: Opened) -> Iterator[Any]:
    yield window.anew()
    assert window.said == []


def saved(download: Any, folder: Path) -> Path:
    path = folder / "saved"
    download.value.save_as(path)
    return path


def test_axe_finds_nothing_in_any_state(opened: Any) -> None:
    found = {"light": violations(opened)}
    opened.emulate_media(media="print")
    found["print"] = violations(opened, others=False)
    opened.emulate_media(media="screen", forced_colors="active")
    opened.set_viewport_size({"width": 320, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320
    opened.evaluate("document.querySelector('.filters').open = true")
    found["320 px, a filter open"] = violations(opened, contrast=False)
    opened.emulate_media(forced_colors="none")
    opened.set_viewport_size({"width": 1280, "height": 800})
    opened.evaluate("document.documentElement.style.fontSize = '200%'")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 1280
    opened.keyboard.press("/")
    opened.keyboard.type("doe")
    opened.locator(".find li a").first.wait_for()
    found["the search, 200 % text"] = violations(opened, ".find")
    opened.evaluate("document.documentElement.style.fontSize = ''")
    opened.locator("a.traced").first.click()
    found["a card"] = violations(opened, "dialog[open]")
    opened.emulate_media(color_scheme="dark")
    found["dark, with a card and a filter"] = violations(opened, others=False)
    opened.emulate_media(color_scheme="light")
    assert {state: some for state, some in found.items() if some} == {}


def test_the_skip_link_shows_the_focus_a_paragraph_is_one_stop_and_a_long_line_wraps(
    opened: Any,
) -> None:
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "content"
    style = opened.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"
    paragraphs = opened.locator("main p:has(a.traced)")
    stops = "all => all.map((p) => p.querySelectorAll('a.traced:not([tabindex=\"-1\"])').length)"
    assert set(paragraphs.evaluate_all(stops)) == {1}
    pre = "[...document.querySelectorAll('pre')].every((one) => one.scrollWidth <= one.clientWidth)"
    assert opened.evaluate(pre)


def test_a_card_opens_by_keyboard_and_escape_gives_the_focus_back(opened: Any) -> None:
    opened.locator("a.traced").first.focus()
    opened.keyboard.press("Enter")
    card = opened.get_by_role("dialog", name="Where “3219” comes from")
    assert card.is_visible()
    assert "sum of number in samples" in card.inner_text()
    assert opened.evaluate("document.activeElement.closest('dialog') !== null")
    ids = opened.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    opened.keyboard.press("Escape")
    assert not opened.locator("dialog").is_visible()
    assert opened.evaluate("document.activeElement.dataset.trace") == "total"
    opened.locator("a.traced").first.click()
    opened.mouse.click(5, 5)
    assert not opened.locator("dialog").is_visible()
    opened.locator("a.traced").first.click()
    opened.get_by_role("link", name="Open in the audit trail").click()
    assert opened.url.endswith("#trace-total")
    assert not opened.locator("dialog").is_visible()


SETTLE = """async (link) => {
  for (let y = -1; y !== scrollY; ) {
    y = scrollY;
    link.scrollIntoView({ block: "center" });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
}"""


def test_a_card_far_down_the_page_opens_at_its_number(opened: Any) -> None:
    link = opened.locator("#tables-from-code + p a.traced, .cell a.traced").last
    link.evaluate(SETTLE)  # what comes near is laid out, and moves what is below it
    before = opened.evaluate("scrollY")
    assert before > 500
    link.click()
    assert opened.evaluate("scrollY") == before
    card, number = opened.locator("dialog").bounding_box(), link.bounding_box()
    assert 0 <= card["y"] <= 800 - card["height"]
    paragraph = link.locator("xpath=ancestor::p[1]").bounding_box()
    assert card["x"] >= paragraph["x"] + paragraph["width"]  # beside the text, covering nothing
    assert abs(card["y"] - number["y"]) < 200


def test_a_card_says_where_it_is_printed_and_folds_the_cells(opened: Any) -> None:
    opened.locator("#tbl-long a.traced").first.click()
    card = opened.get_by_role("dialog", name="Where “What it did, doe-2020” comes from")
    assert card.locator("header p").inner_text() == "What it did, doe-2020"
    assert card.get_by_text("Long text").evaluate("e => getComputedStyle(e).fontWeight") == "400"
    assert (
        card.locator("dt", has_text="Studies concerned").locator("+ dd").inner_text() == "Doe 2020"
    )
    assert card.locator("dt").all_inner_texts()[:1] == ["In the article"]
    assert card.get_by_role("link", name="Table 1: “12”").is_visible()
    formula = card.get_by_text("sum of number in samples")
    how = card.get_by_text("companion explain long/doe-2020")
    assert not how.is_visible() and not formula.is_visible()
    card.get_by_text("How it was computed").click()
    assert how.is_visible() and formula.is_visible()
    assert violations(opened, "dialog[open]") == []
    opened.keyboard.press("Escape")
    opened.locator("#tbl-long a.traced").last.click()
    assert not opened.locator("dialog dt", has_text="From").count()


CHECKED = (
    " Checked in: Review Companion contributors (2025). Invented review, version 1.2.3."
    " Data as of 2025-01-31. To check it: "
)
ARTICLE = "Roe J (2021) An invented review, doi 10.0000/y (Table 1: “12”)."
CITATIONS = {
    "total": "participants in the included studies: 3219."
    f"{CHECKED}companion.html#trace-total, or companion explain total",
    "long/doe-2020": f"What it did, doe-2020: {('Long text of many words. ' * 4).strip()[:-1]}.."
    f" Studies: Doe 2020. From figures printed in: {ARTICLE}"
    f"{CHECKED}companion.html#trace-long-doe-2020, or companion explain long/doe-2020",
    "claim/awake": "patients who lay awake: printed: 9; recomputed: 8; verdict: inconsistent."
    f" Studies: Doe 2020. Printed in: {ARTICLE}"
    f"{CHECKED}companion.html#trace-claim-awake, or companion explain claim/awake",
}


def test_a_citation_names_number_study_article_place_and_report(opened: Any) -> None:
    for name, citation in CITATIONS.items():
        opened.locator(f'a.traced[data-trace="{name}"]').first.click()
        card = opened.get_by_role("dialog")
        card.get_by_role("button", name="Copy a citation of this number").click()
        card.get_by_text("Copied").wait_for()
        assert opened.evaluate("navigator.clipboard.readText()") == citation
        opened.keyboard.press("Escape")


def shown(page: Any) -> list[str]:
    rows = page.locator("#tbl-small tbody tr").all()
    return [row.locator("th, td").first.inner_text() for row in rows if row.is_visible()]


def test_a_table_sorts_and_filters_and_keeps_joined_rows_together(opened: Any) -> None:
    table = opened.locator("#tbl-small")
    button, header = table.get_by_role("button", name="Total"), table.locator("th[aria-sort]")
    button.click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert shown(opened) == ["Roe 2021", "Doe 2020", "7"]
    button.click()
    assert header.get_attribute("aria-sort") == "descending"
    assert shown(opened) == ["Doe 2020", "7", "Roe 2021"]
    table.get_by_label("Search this table").fill("roe alert")
    assert shown(opened) == ["Roe 2021"]
    assert table.get_by_role("status").inner_text() == "1 of 2 rows"
    table.get_by_label("Search this table").fill("")
    table.get_by_label("Class").select_option("Ä-class")
    assert shown(opened) == ["Doe 2020", "7"]


def test_a_row_is_one_stop_and_arrow_keys_lead_through_its_links(opened: Any) -> None:
    table = opened.locator("#tbl-ledger table, #tbl-long table").first
    links = table.locator("tbody tr").first.locator("a")
    assert [links.nth(n).evaluate("a => a.tabIndex") for n in range(links.count())] == [0] + [
        -1
    ] * (links.count() - 1)
    links.first.focus()
    opened.keyboard.press("ArrowRight")
    if links.count() > 1:
        assert links.nth(1).evaluate("a => a === document.activeElement && a.tabIndex === 0")


def column(browser: Any, folder: Path, cells: list[str]) -> Opened:
    """A page with a table of two columns, the second of these cells."""
    rows = "".join(f"<tr><th>{n}</th><td>{cell}</td></tr>" for n, cell in enumerate(cells))
    scripts = "".join(f"<script>{(STYLE / name).read_text('utf-8')}</script>" for name in (
        "dom.js", "tables.js"))  # fmt: skip
    path = folder / "page.html"
    path.write_text(
        f'<!DOCTYPE html><meta charset=utf-8>{scripts}<div class="table-frame"><table '
        f'class="filterable"><thead><tr><th>S</th><th data-filter="select">Window</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>",
        "utf-8",
    )
    return Opened(browser, path)


def test_lengths_of_time_sort_by_length_and_a_filter_offers_single_values_and_both_readings(
    browser: Any, tmp_path: Path
) -> None:
    cells = ["1 month", "5 half-lives", "4 weeks", "6 months", "21 days", "none"]
    with column(browser, tmp_path, [*cells, "this; that", "this (or other)", "that"]) as made:
        choice = made.page.locator("select")
        options = choice.locator("option").all_inner_texts()
        assert set(options) == {*cells, "All", "other", "that", "this"}
        choice.select_option("this")
        shown = made.page.locator("td:visible").all_inner_texts()
        assert shown == ["this; that", "this (or other)"]
        choice.select_option("All")
        made.page.get_by_role("button", name="Window").click()
        found = made.page.locator("td").all_inner_texts()
    assert [text for text in found if text in cells] == [
        "21 days", "4 weeks", "1 month", "6 months", "5 half-lives", "none",
    ]  # fmt: skip


def test_a_downloaded_table_holds_text_only(opened: Any, tmp_path: Path) -> None:
    with opened.expect_download() as download:
        opened.locator("#tbl-small").get_by_role("button", name=re.compile("as CSV")).click()
    assert download.value.suggested_filename == "tbl-small.csv"
    text = saved(download, tmp_path).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Study", "Patients / Total", "Patients / Subgroup", "Class"]
    assert rows[1] == ["Doe 2020", "12", "3^a", "Ä-class"]
    assert rows[2] == ["Doe 2020", "7", "1", "B; second line"]
    assert rows[3][3].startswith("<script>alert(1)</script> {{ x }}")


def test_a_dark_page_turns_its_drawings_but_no_download(opened: Any, tmp_path: Path) -> None:
    drawing = opened.locator("#fig-bars svg")
    look = "svg => getComputedStyle(svg).filter"
    assert drawing.evaluate(look) == "none"
    opened.get_by_role("button", name="Dark page").click()
    assert drawing.evaluate(look).startswith("invert(1)")
    opened.emulate_media(media="print")
    assert drawing.evaluate(look) == "none"
    opened.emulate_media(media="screen")
    with opened.expect_download() as download:
        opened.locator("#fig-bars").get_by_role("button", name=re.compile("as SVG")).click()
    drawn = saved(download, tmp_path).read_text(encoding="utf-8")
    assert "Risk ≥ 12 %" in drawn and "invert" not in drawn


def test_a_phone_is_shown_a_drawing_of_its_own_and_paper_the_wide_one(opened: Any) -> None:
    wide, narrow = opened.get_by_text("Risk ≥").first, opened.get_by_text("Narrow risk")
    assert narrow.count() == 0
    opened.set_viewport_size({"width": 375, "height": 800})
    narrow.scroll_into_view_if_needed()
    assert not wide.is_visible()
    lines = "span => [span.getClientRects().length, span.firstChild.data.trim() !== '']"
    icon = opened.locator("#tbl-long figcaption span:has(> .download)")
    assert icon.evaluate(lines) == [1, True]  # with the caption's last word
    named = opened.get_by_role("img", name='One bar, "twelve" per cent')
    assert named.locator("text").all_text_contents() == ["Narrow risk ≥ 12 %"]
    opened.emulate_media(media="print")
    assert wide.is_visible() and not narrow.is_visible()
    opened.emulate_media(media="screen")
    opened.set_viewport_size({"width": 1280, "height": 800})
    assert wide.is_visible() and not narrow.is_visible()


def test_tabs_follow_the_arrow_keys(opened: Any) -> None:
    opened.get_by_role("tab", name="First").focus()
    opened.keyboard.press("ArrowRight")
    assert opened.get_by_role("tab", name="Second").get_attribute("aria-selected") == "true"
    assert opened.get_by_text("Text of the second tab.").is_visible()
    assert not opened.get_by_text("print('hello')").is_visible()


def test_the_chosen_theme_is_remembered(opened: Any) -> None:
    opened.get_by_role("button", name="Dark page").click()
    assert opened.evaluate("document.documentElement.dataset.theme") == "dark"
    opened.reload()
    assert opened.evaluate("document.documentElement.dataset.theme") == "dark"
    assert opened.get_by_role("button", name="Light page").is_visible()


def test_the_finder_is_opened_by_a_slash_and_leads_to_tables_by_keyboard_alone(opened: Any) -> None:
    opened.keyboard.press("/")
    assert opened.evaluate("document.activeElement.id") == "find"
    assert opened.locator("#find").input_value() == ""
    opened.keyboard.type("wide table")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    assert opened.url.endswith("#tbl-wide")


def find(page: Any, text: str) -> list[str]:
    page.get_by_label("Find a study").fill(text)
    return [link.inner_text() for link in page.locator("#found a").all()]


def test_the_finder_reads_the_text_and_opens_the_first_hit_with_enter(opened: Any) -> None:
    (hit,) = find(opened, "13.5")
    assert hit.startswith("Folded: betazolid for 13.5 % of them.")
    assert opened.locator("#found mark").inner_text() == "13.5"
    opened.keyboard.press("Enter")
    found = opened.locator("main").get_by_text("Folded: betazolid")
    assert found.is_visible()
    assert found.evaluate("p => p === document.activeElement && p.matches('.was-found')")
    assert found.bounding_box()["y"] >= opened.locator(".bar").bounding_box()["height"]


def test_the_finder_knows_what_readers_mean(opened: Any) -> None:
    """Whole numbers, names before text, abbreviations, words alike, headings, slips of a key."""
    assert not find(opened, "3.5")
    hits = find(opened, "wide")
    assert [hit.splitlines()[-1] for hit in hits[:2]] == ["Section", "Table"]
    meant = find(opened, "Betazolid")
    for alike in ("BZ", "b-z", "inventin", "Inventins", "betazolit"):
        assert find(opened, alike) == meant, alike
    status = opened.locator(".find").get_by_role("status")
    assert status.inner_text().endswith("found for “betazolid”")
    assert any("Folded" in hit for hit in find(opened, "BZ folded"))
    assert find(opened, "Deeper Großhirn")[0].startswith("Étude, Großhirn.")
    assert not find(opened, "Wide Großhirn")
    assert find(opened, "Folded ambiguous betazolid")
    assert find(opened, "Doe 2020")[0].startswith("Doe 2020")
    assert not find(opened, "patients 123456")


def test_the_finder_opens_the_tab_of_a_hit_and_moves_by_arrow_keys(opened: Any) -> None:
    hits = find(opened, "tab")
    assert len(hits) > 1
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowDown")
    focus = "[...document.querySelectorAll('#found a')].indexOf(document.activeElement)"
    assert opened.evaluate(focus) == 1
    opened.keyboard.press("Escape")
    assert opened.evaluate("document.activeElement.id") == "find"
    find(opened, "second tab")
    opened.keyboard.press("Enter")
    assert opened.locator("main").get_by_text("Text of the second tab.").is_visible()


def test_the_finder_says_what_it_found(opened: Any) -> None:
    status = opened.locator(".find").get_by_role("status")
    find(opened, "3219")
    assert status.inner_text().endswith("found")
    hits = find(opened, "word")
    assert status.inner_text().endswith(f", the first {len(hits)} listed")
    opened.get_by_role("button", name=re.compile("Show .* more")).click()
    assert opened.locator("#found a").count() > len(hits)
    assert opened.locator("#found .group").all_inner_texts()[0] in (
        "Studies",
        "Sections",
        "In tables",
    )
    assert not find(opened, "nowhere at all")
    assert status.inner_text() == "Nothing found. Try a study’s name, a word or a number."
    assert violations(opened, ".find") == []


def test_the_section_in_view_is_marked_in_the_contents(opened: Any) -> None:
    show = "name => document.getElementById(name).scrollIntoView({behavior: 'instant'})"
    for name in ("sec-audit", "sec-results"):
        opened.evaluate(show, name)
        opened.wait_for_selector(f".toc [aria-current][href='#{name}']", state="attached")
        opened.evaluate("delete Element.prototype.checkVisibility")  # as in an older browser


def test_without_javascript_every_number_leads_to_its_entry(
    browser: Any, rendered: Rendered
) -> None:
    with Opened(browser, rendered.html, scripted=False) as made:
        made.page.locator("a.traced").first.click()
        assert made.page.url.endswith("#trace-total")
        assert made.page.locator("#trace-total").is_visible()
        assert made.page.get_by_text("Text of the second tab.").is_visible()
        assert not made.page.locator("main button").count()
        made.page.set_viewport_size({"width": 375, "height": 800})
        assert made.page.get_by_text("Risk ≥ 12 %").is_visible()


def test_what_a_spreadsheet_would_compute_is_saved_as_text(opened: Any) -> None:
    computed, kept = ["-2+3", "=1+1", "+1", "@a"], ["-2.5", "12"]
    saved = opened.evaluate("texts => texts.map(dom.unformulated)", [*computed, *kept])
    assert saved == [*(f"'{text}" for text in computed), *kept]
