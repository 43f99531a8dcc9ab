"""Every number of the real pages, as Chromium has them: traced with an entry that holds, or
declared.

The report and its audit volume are walked after their scripts ran, so that a number which they add
is asked as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cases import cases
from tests.chromium import Opened

from review_companion.evidence.rendered_page import AUDIT, PAGE, PageText, squeeze
from review_companion.evidence.untraced import NoTrace, read_no_trace, untraced

pytestmark = pytest.mark.browser
# Each text node with a digit; what is alike in text, surroundings and row is asked once.
NUMBERS = r"""(root) => {
  const found = new Map(), chains = new Map();
  const chain = (at) => {
    if (!at || !at.parentElement) return "";
    if (!chains.has(at)) chains.set(at, [at.localName, ...[...at.classList].map((c) => `.${c}`),
      chain(at.parentElement)].join(" "));
    return chains.get(at);
  };
  const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!/\p{Nd}/u.test(node.data)) continue;
    const row = node.parentElement.closest("tr");
    const head = row?.querySelector('th[scope="row"] a.traced[data-trace^="claim/"]');
    const one = { text: node.data, around: chain(node.parentElement),
      claim: head?.hash.slice(1) ?? "" };
    found.set(Object.values(one).join("\0"), one);
  }
  return [...found.values()];
}"""
# The entry of each trace with the text of the places that it points to; words of neighbouring
# elements are kept apart.
ENTRIES = r"""() => {
  const known = new Map();
  const words = (element) => {
    if (known.has(element)) return known.get(element);
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) found.push(walker.currentNode.data);
    known.set(element, found.join(" "));
    return known.get(element);
  };
  const all = [...document.querySelectorAll(".traces [id^='trace-']")];
  return Object.fromEntries(all.map((entry) => {
    const places = [...entry.querySelectorAll('a[href^="#p"]')].map((a) =>
      words(document.getElementById(a.hash.slice(1))));
    return [entry.id, { value: entry.cells?.[1].textContent ?? "",
      text: [words(entry), ...places].join(" ") }];
  }));
}"""
LINKS = r"""() => [...document.querySelectorAll(".traced")].map((link) => (
  { name: link.dataset.trace, text: link.textContent, entry: link.hash?.slice(1) ?? "" }))"""
CHOICES = r"""() => [...document.querySelectorAll(".tools option")].map((option) => {
  const table = option.closest(".float").querySelector("table");
  const cells = [...table.querySelectorAll("td, th")].map((cell) => cell.textContent.trim());
  return { text: option.textContent.trim(), stands: cells.includes(option.textContent.trim()) };
})"""
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def page(root: Path, browser: Any) -> Iterator[Any]:
    yield from _opened(root, browser, PAGE)


@pytest.fixture(scope="module")
def audit(root: Path, browser: Any) -> Iterator[Any]:
    """The audit volume, which holds the entries."""
    yield from _opened(root, browser, AUDIT)


def given(page: Any, script: str, *arguments: Any) -> Any:
    """What a script gives, as JSON: Playwright takes ten times as long over a long list."""
    return json.loads(page.evaluate(f"(given) => JSON.stringify(({script})(...given))", arguments))


def _opened(root: Path, browser: Any, name: str) -> Iterator[Any]:
    path = root / "report/rendered" / name
    if not path.is_file():
        pytest.skip("no rendered report in this checkout")
    with Opened(browser, path) as opened:
        yield opened.page


@pytest.fixture(scope="module")
def kinds(root: Path) -> tuple[NoTrace, ...]:
    return read_no_trace(root / "data")


@pytest.fixture(scope="module")
def shown(page: Any, audit: Any) -> list[dict[str, Any]]:
    """Every text node of the two pages with a digit, walked once."""
    return [*given(page, NUMBERS, "body"), *given(audit, NUMBERS, "body")]


def texts(nodes: list[dict[str, Any]]) -> list[PageText]:
    """The text nodes; a cell in the row of a claim is traced by the row's head."""
    around = (one["around"].split() + [".traced"] * bool(one["claim"]) for one in nodes)
    return [
        PageText(one["text"], frozenset(names)) for one, names in zip(nodes, around, strict=True)
    ]


def test_every_number_is_traced_or_declared(
    shown: list[dict[str, Any]], kinds: tuple[NoTrace, ...]
) -> None:
    found = texts(shown)
    assert sum(".traced" in text.around for text in found) > 2000
    assert list(untraced(found, kinds)) == []


@cases
def test_a_number_typed_into_the_page_is_found(
    page: Any, kinds: tuple[NoTrace, ...], markup: str
) -> None:
    add = "(markup) => document.querySelector('main').insertAdjacentHTML('afterbegin', markup)"
    page.evaluate(add, f'<div id="seeded">{markup}</div>')
    try:
        assert list(untraced(texts(given(page, NUMBERS, "#seeded")), kinds))
    finally:
        page.evaluate("document.getElementById('seeded').remove()")


def test_every_declaration_takes_something_out(
    shown: list[dict[str, Any]], kinds: tuple[NoTrace, ...]
) -> None:
    found = texts(shown)
    places = frozenset({".traced"}).union(*(kind.within for kind in kinds))
    asked = [text.text for text in found if not places & text.around]
    patterns = [pattern for kind in kinds for pattern in kind.patterns]
    assert [p for p in patterns if not any(map(p.search, asked))] == []
    assert places - frozenset().union(*(text.around for text in found)) == set()


@pytest.fixture(scope="module")
def entries(audit: Any) -> dict[str, dict[str, str]]:
    """Anchor -> the value of a value's or cell's entry, and all its text."""
    return dict(given(audit, ENTRIES))


def test_every_traced_number_leads_to_an_entry_with_the_same_value(
    page: Any, audit: Any, entries: dict[str, dict[str, str]]
) -> None:
    links = [*given(page, LINKS), *given(audit, LINKS)]
    assert len(links) > 2000
    wrong = [link for link in links if not _agrees(link, entries.get(link["entry"]))]
    assert wrong == []


def _agrees(link: dict[str, str], entry: dict[str, str] | None) -> bool:
    """The entry of a claim holds each number shown; any other's value is what is shown."""
    if entry is None or not link["entry"].startswith("trace-"):
        return False
    shown, value = squeeze(link["text"]), squeeze(entry["value"])
    if link["name"].startswith("claim/"):
        return numbers(shown) <= numbers(entry["text"])
    return not numbers(shown) or value == shown or value.startswith(f"{shown} ")


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def test_the_numbers_in_the_row_of_a_claim_are_those_of_its_entry(
    shown: list[dict[str, Any]], entries: dict[str, dict[str, str]], kinds: tuple[NoTrace, ...]
) -> None:
    claimed = [one for one in shown if one["claim"]]
    rows = [one for one in claimed if any(untraced([PageText(one["text"], frozenset())], kinds))]
    assert len(rows) > 500
    wrong = [r for r in rows if not numbers(r["text"]) <= numbers(entries[r["claim"]]["text"])]
    assert wrong == []


def test_the_choices_of_a_filter_are_cells_of_its_table(page: Any) -> None:
    choices = [choice for choice in given(page, CHOICES) if numbers(choice["text"])]
    assert choices
    assert [choice["text"] for choice in choices if not choice["stands"]] == []


def test_the_page_goes_through_a_mail_gate(root: Path) -> None:
    path = root / "report/rendered/companion.html"
    if not path.is_file():
        pytest.skip("no rendered report in this checkout")
    assert path.stat().st_size <= 1_200_000


def test_numbers_of_a_column_stand_under_each_other(page: Any) -> None:
    style = "cells => [...new Set(cells.map((cell) => getComputedStyle(cell).textAlign))]"
    cells = page.locator("main td.num")
    assert cells.count() > 20
    assert cells.evaluate_all(style) == ["right"]


def test_a_column_of_text_sorts(page: Any) -> None:
    head = page.locator("#tbl-table-1 th", has_text="Results").get_by_role("button")
    first = page.locator("#tbl-table-1 tbody tr").first.locator("td").last
    head.click()
    assert first.inner_text().startswith("Higher risk for concurrent ADCs")
    head.click()
    assert first.inner_text().startswith("One case of RN")


def test_on_paper_no_control_is_left_and_no_table_is_cut(page: Any) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 900})
    try:
        assert not page.locator("main .tools").first.is_visible()
        wide = "tables => tables.filter((t) => t.offsetWidth > 700).map((t) => t.className)"
        assert page.locator("main figure table").evaluate_all(wide) == []
    finally:
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1280, "height": 800})
