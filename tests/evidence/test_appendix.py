"""The appendix on the page: headings of their own, no crowd of landmarks, frames that scroll."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from markupsafe import escape
from tests.chromium import Opened, violations
from tests.conftest import FIXTURE
from tests.edits import replace_in

from review_companion.evidence.appendix import AuditEntries, audit_entries, grouped_entries
from review_companion.evidence.trace_entries import PlaceNames, TraceEntry, entry, make_entries
from review_companion.model import EVERY
from review_companion.review import Review, open_review

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def whole(review: Review) -> AuditEntries:
    return audit_entries(review)


def test_tables_of_one_caption_are_one_list(review: Review) -> None:
    declared = review.tables_declared
    same = {name: {**spec, "caption": "Same caption"} for name, spec in declared.items()}
    made = grouped_entries(SimpleNamespace(tables_declared=same), make_entries(review))
    headings = re.findall(r"<h4>(.*?)</h4>", made.to_html())
    assert len(declared) > 1
    assert headings.count("Same caption") == 1
    tables = {entry.group for entry in made.groups["Same caption"]}
    assert tables == set(declared)


def test_of_a_long_table_a_column_that_was_searched_is_an_entry_without_a_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("review_companion.expressions.frames.MANY_ROWS", 2)
    made = list(make_entries(open_review(FIXTURE)))
    read = [(p, c) for entry in made for p in entry.places for c in p.cells]
    columns = [place for place, cell in read if cell.origin.row == EVERY]
    assert columns and not any(place.words for place in columns)


def test_after_an_edit_entries_that_rest_on_nothing_else_are_taken_over(fixture_copy: Path) -> None:
    before = audit_entries(open_review(fixture_copy))
    replace_in(fixture_copy / "data/samples.csv", ",40,", ",41,")
    changed = open_review(fixture_copy)
    after = audit_entries(changed, before, {"samples"})
    same = {n for n, entry in after.by_trace.items() if entry is before.by_trace[n]}
    assert same and len(same) < len(after.by_trace)
    assert not any("samples" in after.by_trace[name].rests_on for name in same)
    assert set(after.known) == same
    assert after.to_html() == audit_entries(changed).to_html()


def test_markup_is_taken_over_only_where_places_have_the_same_numbers(review: Review) -> None:
    before = audit_entries(review)
    other = replace(before, known={})
    other.__dict__["numbers"] = {**before.numbers, "one more formula": 1000}
    assert not audit_entries(review, other).known


def test_a_place_leads_to_its_source_as_it_is_now(fixture_copy: Path) -> None:
    data = fixture_copy / "data"
    replace_in(data / "schema.yml", "      doi: {", "      url: {about: Its page.}\n      doi: {")
    replace_in(data / "sources.csv", "citation,doi", "citation,url,doi")
    replace_in(data / "sources.csv", "is real.,", "is real.,https://one.example,")
    before = audit_entries(open_review(fixture_copy))
    assert "https://one.example" in before.to_html()
    replace_in(data / "sources.csv", "one.example", "other.example")
    after = audit_entries(open_review(fixture_copy), before, {"sources"})
    assert "https://one.example" not in after.to_html()
    assert "https://other.example" in after.to_html()


def listed(found: TraceEntry) -> str:
    return AuditEntries({"One": (found,)}).to_html()


def of(review: Review, name: str, most: int) -> TraceEntry:
    trace = next(trace for trace in review.traces() if trace.name == name)
    return entry(trace, PlaceNames(review.package), None, most)


def test_of_many_cells_those_are_shown_that_the_text_repeats(review: Review) -> None:
    found = of(review, "table-2/alpha-2001/awake/ratio", 2)
    assert {c.value for place in found.places for c in place.cells} <= {"0.50", "0.18", "1.40"}
    assert len(found.places) > 0
    assert found.rest
    assert "comparisons, alpha 2001, awake" in listed(found).lower()


def test_of_a_count_the_rows_counted_are_shown(review: Review) -> None:
    found = of(review, "amber-studies", 14)
    rows = [cell.origin.row for place in found.places for cell in place.cells]
    assert len(rows) == found.trace.result.value
    assert all(cell.is_key for place in found.places for cell in place.cells)
    assert not found.rest


def test_cells_that_decide_nothing_are_counted(review: Review) -> None:
    found = of(review, "sleepers-total", 1)
    assert not found.places
    assert sum(number for _, number in found.rest) == len(found.trace.result.read)
    assert f"{len(found.trace.result.read)} cells of samples" in listed(found)


def test_verdicts_bases_and_rows_are_told_in_words(whole: AuditEntries) -> None:
    page = re.sub(r' id="[^"]*"', "", whole.to_html())
    rows = [row for found in whole.to_lists() for row in found["rows"]]
    lists = str([(name, value, cells) for _, name, value, _, cells in rows])  # but the formulas
    for code in ("not-computable", "other-place", "reproduced-by-rounding"):
        assert code not in page
        assert code not in lists
    assert "basis: elsewhere in the article" in page
    assert not re.search(r"<td>[^<]*\w\[[^\]]*\]", page)
    assert "alpha-2001/" not in lists


def test_a_formula_that_several_entries_share_is_listed_once(whole: AuditEntries) -> None:
    page = whole.to_html()
    shared = {formula for formula in whole.numbers if isinstance(formula, str)}
    for formula in shared:
        assert len(re.findall(rf">{re.escape(escape(formula))}</(?:i|code)>", page)) == 1
    used = set(re.findall(r"href=#(f\d+)", page))
    assert used == set(re.findall(r"<li id=(f\d+)", page))


def test_an_expression_is_shown_as_written_with_labels_on_hover(review: Review) -> None:
    found = of(review, "amber-studies", 14)
    names = 'lamps: "all" lamps'
    assert f'<code title="{escape(names)}">' in listed(replace(found, names=names))
    assert "<code>" in listed(replace(found, names=""))
    assert "<i>" in listed(replace(found, names=None))


def test_groups_are_no_landmarks(whole: AuditEntries) -> None:
    assert not re.search(r"<section|role=\"?region|<(nav|aside|form)\b", whole.to_html())


def test_frames_are_named_and_can_be_scrolled_by_keyboard_without_a_script(
    whole: AuditEntries,
) -> None:
    frames = re.findall(r'<div class="table-frame"[^>]*>', whole.to_html())
    assert frames
    for frame in frames:
        assert 'tabindex="0"' in frame
        assert 'role="group"' in frame
        assert re.search(r'aria-label="[^"]+"', frame)


@pytest.mark.browser
def test_axe_finds_nothing_in_it(browser: Any, rendered: Path) -> None:
    """Also where it is far off, and so is not laid out; colours of the rest have tests."""
    with Opened(browser, rendered / "companion.html") as made:
        made.page.set_viewport_size({"width": 320, "height": 800})
        shown = "group => group.style.contentVisibility = 'visible'"
        made.page.evaluate(f"document.querySelectorAll('.trace-group').forEach({shown})")
        assert violations(made.page, contrast=False) == []
        assert violations(made.page, ".traces", others=False) == []
        assert made.page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
def test_a_jump_without_a_script_ends_at_the_entry(browser: Any, rendered: Path) -> None:
    with Opened(browser, rendered / "companion.html", scripted=False) as made:
        link = made.page.locator("a.traced[href^='#trace-claim-']").last
        link.click()
        entry = made.page.locator(link.get_attribute("href")).bounding_box()
        assert 0 <= entry["y"] < 200
