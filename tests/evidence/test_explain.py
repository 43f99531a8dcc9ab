"""What `companion explain` says of a value, a table cell and a claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.evidence.explain import explain, read_rendered
from review_companion.evidence.rendered_page import Page
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


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("80", "did you mean sleepers-total"),
        ("table-1/beta-2003", "table-1/beta-2003/age"),
        ("table-1/beta-2003/aeg", "table-1/beta-2003/age"),
        ("claim/beta-risk", "claim/beta-risk-ratio"),
        ("sleeper-total", "sleepers-total"),
        ("zzzzzz", "names are those of values.yml, table/row/column"),
    ],
)
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
