from __future__ import annotations

import itertools
import json
import re

import pytest
from bs4 import BeautifulSoup, Tag
from tests.typeset.fixtures import HOSTILE, METADATA

from review_companion.typeset.page import payload_element, source_hash

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def page(page_text: str) -> BeautifulSoup:
    return BeautifulSoup(page_text, "html.parser")


def one(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def test_the_page_asks_for_nothing_outside_itself(page: BeautifulSoup) -> None:
    assert not page.select("link, iframe, object, embed, script[src], base")
    for tag in page.select("[src]"):
        assert str(tag["src"]).startswith("data:")
    style = one(page, "style").get_text()
    assert style.count("url(") == style.count("url(data:font/woff;base64,") == 2
    assert "@import" not in style


def test_the_page_is_ascii_and_says_all_it_says(page_text: str, page: BeautifulSoup) -> None:
    assert page_text.isascii()
    assert "Müller-Ångström" in page.get_text()
    assert r"\u2913" in one(page, "script:not([type])").get_text()
    payload = payload_element("x", '"–🙂"')
    assert payload.isascii() and json.loads(payload.partition(">")[2][:-9]) == "–🙂"


def test_the_policy_admits_this_script_and_no_other(page: BeautifulSoup) -> None:
    policy = str(one(page, "meta[http-equiv='Content-Security-Policy']")["content"])
    executable = [s for s in page.select("script") if s.get("type") != "application/json"]
    assert len(executable) == 1
    assert f"script-src '{source_hash(str(executable[0].string))}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy


def test_title_facts_and_language_are_those_of_the_book(page: BeautifulSoup) -> None:
    assert one(page, "h1").get_text() == "Invented review"
    assert one(page, "html")["lang"] == "en-GB"
    facts = " ".join(words(found) for found in page.select(".report-facts"))
    for fact in (METADATA.version, METADATA.digest, METADATA.data_date, METADATA.licence):
        assert fact in facts
    assert words(one(page, "#how-to-cite")) == METADATA.citation
    assert one(page, "main")["id"] == str(one(page, "a.skip")["href"])[1:]


def test_chapters_parts_and_appendices_are_numbered_in_the_contents(page: BeautifulSoup) -> None:
    lines = [words(item) for item in page.select(".toc > ul > li > a, .toc .part")]
    assert lines == [
        "About",
        "What was found",
        "1 Results for x",
        "2 Tables",
        "Appendix",
        "A Audit",
        "References",
        "About this file, how to cite",
    ]


def test_every_link_leads_somewhere_and_headings_skip_no_level(page: BeautifulSoup) -> None:
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for a in page.select("a[href^='#']")} <= set(ids)
    levels = [int(str(h.name)[1]) for h in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_references_carry_the_number_of_what_they_lead_to(page: BeautifulSoup) -> None:
    links = {(str(a["href"]), words(a)) for a in page.select("main a.crossref")}
    assert links == {
        ("#sec-results", "Chapter 1"),
        ("#sec-tables", "Chapter 2"),
        ("#sec-results-more", "Section 1.1"),
        ("#tbl-small", "Table 2.1"),
        ("#fig-bars", "1.1"),
        ("#fig-bars", "Figure 1.1"),
    }


def test_citations_are_listed_and_footnotes_of_two_chapters_do_not_meet(
    page: BeautifulSoup,
) -> None:
    assert "Müller-Ångström 2020, 3" in words(one(page, "main > p:has(.footnote-ref) .citation"))
    assert "An Invented Study" in words(one(page, "#refs")).replace("study", "Study")
    notes = [words(item).rstrip(" ↩︎") for item in page.select(".footnotes li")]
    assert notes == ["A footnote.", "Another footnote."]


def test_a_traced_number_leads_to_its_entry_or_stays_text(page: BeautifulSoup) -> None:
    link = one(page, "a.traced[data-trace='total']")
    assert link["href"] == "#trace-total"
    assert link.get_text() == "3219"
    assert not page.select("a[data-trace='missing']")
    assert one(page, "span.traced[data-trace='missing']").get_text() == "3"


def test_a_table_keeps_spans_classes_scopes_and_notes(page: BeautifulSoup) -> None:
    figure = one(page, "figure#tbl-small")
    assert words(one(figure, "figcaption")) == "Table 2.1. Patients, see Figure 1.1"
    frame = one(figure, ".table-frame[tabindex='0'][role='region']")
    assert " ".join(str(frame["aria-label"]).split()) == "Table 2.1. Patients, see Figure 1.1"
    head = [(words(th), th.get("rowspan"), th["scope"]) for th in figure.select("thead th")]
    assert head == [
        ("Study", "2", "col"),
        ("Patients", None, "colgroup"),
        ("Class", "2", "col"),
        ("Total", None, "col"),
        ("Subgroup", None, "col"),
    ]
    assert [(words(th), th["scope"]) for th in figure.select("tbody th")] == [
        ("Doe 2020", "row"),
        ("Roe 2021", "row"),
    ]
    assert not figure.select("td[scope]")
    assert one(figure, "th[data-filter='select']").get_text() == "Class"
    assert one(figure, "tr#study-doe-2020")
    hostile = page.select("#tbl-small tbody tr")[-1].select("td")[-1]
    assert words(hostile) == HOSTILE and not hostile.find_all(True)
    assert words(one(figure, ".table-notes")) == "a Of the subgroup. BZ betazolid, RN radionecrosis"


def test_chapters_after_the_first_screen_lie_in_blocks_and_their_headings_keep_their_ids(
    page: BeautifulSoup,
) -> None:
    chapters = [[str(h["id"]) for h in block.select("h2")] for block in page.select(".chapter")]
    assert chapters == [["sec-tables"], ["sec-audit"], ["references"]]
    assert [str(h["id"]) for h in page.select("main > h2")][-1] == "sec-results"


def test_a_figure_is_inline_with_its_text_alternative(page: BeautifulSoup) -> None:
    drawing = one(page, "figure#fig-bars svg")
    assert drawing["role"] == "img"
    assert drawing["aria-label"] == 'One bar, "twelve" per cent'
    assert page.select("img")[0]["alt"] == "A dot"


def test_callouts_and_tabs_stand_open_without_the_script(page: BeautifulSoup) -> None:
    note = one(page, ".callout-note")
    assert note["role"] == "note"
    assert words(one(note, ".callout-title")) == "Reading note"
    assert words(one(page, "details.callout-warning > summary")) == "Warning"
    assert [words(tab) for tab in page.select(".tab > .tab-title")] == ["First", "Second"]
    assert not page.select("[hidden]")


def test_a_payload_cannot_leave_its_element(page: BeautifulSoup) -> None:
    payload = one(page, "script#claims[type='application/json']")
    assert "</" not in str(payload.string)
    assert str(payload.string) == '{"text": "\\u003c/script\\u003e\\u003cb\\u003e"}'
