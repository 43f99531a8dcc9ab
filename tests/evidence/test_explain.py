"""What `companion explain` says; every number is traced, or declared to be none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.evidence.explain import explain, read_rendered
from review_companion.evidence.rendered_page import Page
from review_companion.evidence.untraced import (
    SET_BY_PROGRAM,
    NoTrace,
    read_no_trace,
    untraced,
)
from review_companion.review import Review

pytestmark = pytest.mark.integration


def test_a_value_is_told_with_formula_cells_places_and_sections(
    review: Review, rendered: Path
) -> None:
    said = explain(review, "sleepers-total", read_rendered(rendered / "companion.html"))
    assert "value: 80" in said
    assert 'formula: samples[group == "total"].number.sum()' in said
    assert "samples[alpha-2001/total].number = 40" in said
    assert "printed in Table 1" in said
    assert "in the report: " in said


def test_a_table_cell_shows_its_correction(review: Review) -> None:
    said = explain(review, "table-1/beta-2003/age")
    assert "corrected from “13”" in said


@pytest.mark.parametrize("name", ["claim/beta-risk-ratio", "beta-risk-ratio",
                                  "#trace-claim-beta-risk-ratio"])  # fmt: skip
def test_a_claim_is_found_by_name_id_and_anchor(review: Review, name: str) -> None:
    assert "verdict: inconsistent" in explain(review, name)


@cases
def test_what_is_no_name_leads_to_names(review: Review, name: str, meant: str) -> None:
    with pytest.raises(CompanionError) as caught:
        explain(review, name)
    assert meant in str(caught.value.hint)
    assert caught.value.status == 2


def test_a_claim_is_told_in_words_with_its_place_and_every_cell(review: Review) -> None:
    said = explain(review, "claim/beta-risk-ratio")
    assert "most innocent explanation: " in said
    assert "what would settle it: " in said
    claim = next(claim for claim in review.ledger if claim.id == "beta-risk-ratio")
    trace = next(trace for trace in review.traces() if trace.name == "claim/beta-risk-ratio")
    assert f"printed: “{claim.printed}” in " in said
    assert trace.result.read
    assert [str(origin) for origin in trace.result.read if f"{origin} = " not in said] == []


def test_without_a_report_it_says_how_to_make_one(review: Review) -> None:
    assert "run `companion render`" in explain(review, "sleepers-total")


def test_a_heading_that_stands_twice_is_told_with_the_one_above_it(review: Review) -> None:
    part = '<h4 id="{0}-add">What adds up</h4><a data-trace="sleepers-total">80</a>'
    study = '<h3 id="{0}">Study {0}</h3>' + part
    page = Page(f"<h2 id='all'>All</h2>{study.format('one')}{study.format('two')}")
    said = explain(review, "sleepers-total", page)
    assert "in the report: Study one: What adds up (#one-add)" in said
    assert "in the report: Study two: What adds up (#two-add)" in said


BODY = "<html><body>{}</body></html>"


def kind(*patterns: str, within: frozenset[str] = frozenset()) -> NoTrace:
    return NoTrace("kind", "a reason", tuple(map(re.compile, patterns)), within)


def left(markup: str, *kinds: NoTrace) -> list[str]:
    return list(untraced(Page(BODY.format(markup)).texts(), kinds))


@cases
def test_a_number_neither_traced_nor_declared_is_found(
    markup: str, patterns: tuple[str, ...], found: list[str]
) -> None:
    assert left(f"<p>{markup}</p>", *map(kind, patterns)) == found


def test_within_an_element_or_class_nothing_is_asked() -> None:
    places = frozenset({"svg", ".number"})
    markup = '<svg><text>10</text></svg><span class="number">2.1</span><p>3</p>'
    assert left(markup, kind(within=places)) == ["3"]


def test_what_the_program_says_of_two_tables_is_no_fault_of_an_author() -> None:
    markup = '<div class="differences"><ul><li>rebuilt “46”, published “45”</li></ul></div>'
    assert left(markup, *SET_BY_PROGRAM) == []


def test_a_row_of_a_claim_is_traced_by_its_head_and_the_next_row_is_not() -> None:
    head = '<th scope="row"><a class="traced" data-trace="claim/x">label</a></th>'
    markup = f"<table><tr>{head}<td>45</td></tr><tr><th>other</th><td>46</td></tr></table>"
    assert left(markup) == ["46"]


def test_a_long_text_is_cut_around_its_number() -> None:
    assert left(f"<p>{'before ' * 30}45 {'after ' * 30}</p>") == [
        f"…{'before ' * 8}45 {'after ' * 9}".rstrip() + "…"
    ]


@pytest.mark.parametrize("text", ["x: {patterns: ['a']}", "x: {reason: r, patterns: ['(']}",
                                  "x: {reason: r, pattern: ['a']}"])  # fmt: skip
def test_a_declaration_needs_a_reason_and_patterns(tmp_path: Path, text: str) -> None:
    (tmp_path / "no-trace.yml").write_text(text, "utf-8")
    with pytest.raises(CompanionError):
        read_no_trace(tmp_path)


@pytest.fixture(scope="module")
def report(root: Path) -> str:
    path = root / "report/rendered/companion.html"
    if not path.is_file():
        pytest.skip("no rendered report in this checkout")
    return path.read_text("utf-8")


def test_every_number_of_the_report_is_traced_or_declared(report: str, root: Path) -> None:
    assert list(untraced(Page(report).texts(), read_no_trace(root / "data"))) == []


def test_a_number_typed_into_the_report_is_found(root: Path, report: str) -> None:
    seeded = "<p>There were 45 patients in 2019 [3].</p>"
    page = Page(report.replace("<h1", f"{seeded}<h1", 1)).texts()
    found = list(untraced(page, read_no_trace(root / "data")))
    assert found == ["There were 45 patients in 2019 [3]."]


@pytest.mark.parametrize(
    "datum",
    ["of 2019 patients", "Of 2019 patients", "In Kim 45", "(2025)", "[45]", "table 45", "Table 45",
     "CC BY 45", "95", "4.0", "et al. 45", "HER2-positive in 45", "doi 45", "(Table 1, 45)"],
)  # fmt: skip
def test_no_pattern_takes_out_a_datum(root: Path, datum: str) -> None:
    assert left(f"<p>{datum}</p>", *read_no_trace(root / "data")) == [datum]
