"""What `companion explain` says of a value, a table cell and a claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.audit.explain import explain, read_rendered
from review_companion.errors import CompanionError
from review_companion.review import Review


def test_a_value_is_told_with_formula_cells_places_and_sections(
    review: Review, rendered: Path
) -> None:
    said = explain(review, "sleepers-total", read_rendered(rendered / "companion.html"))
    assert "value: 80" in said
    assert "formula: sum of samples.number" in said
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


def test_near_misses_are_suggested(review: Review) -> None:
    with pytest.raises(CompanionError) as caught:
        explain(review, "sleeper-total")
    assert "sleepers-total" in str(caught.value.hint)
    assert caught.value.status == 2


def test_a_name_like_nothing_says_what_names_are(review: Review) -> None:
    with pytest.raises(CompanionError) as caught:
        explain(review, "zzzzzz")
    assert "table/row/column" in str(caught.value.hint)
