"""What a study lacks is told for each table and each claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.exchange.missing import missing
from review_companion.review import open_review


def without(root: Path, name: str, text: str) -> None:
    """Takes the rows with a text out of a table."""
    path = root / "data" / f"{name}.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    assert any(text in line for line in lines)
    path.write_text("".join(line for line in lines if text not in line), "utf-8")


def test_a_whole_study_lacks_nothing(fixture_copy: Path) -> None:
    found = missing(open_review(fixture_copy), "alpha-2001")
    assert not found
    assert str(found) == "alpha-2001: nothing is missing"


def test_a_cell_that_cannot_be_filled_and_an_empty_one_are_told(fixture_copy: Path) -> None:
    without(fixture_copy, "ages", "alpha-2001")
    without(fixture_copy, "study_lamps", "alpha-2001")
    found = missing(open_review(fixture_copy), "alpha-2001")
    assert found.cells == {
        "table-1/alpha-2001/lamps": "empty",
        "table-1/alpha-2001/age": "no row of ages for alpha-2001; one is needed",
    }
    assert (found.tables, found.failing) == ({}, {})


def test_a_table_without_a_row_of_the_study_is_told(fixture_copy: Path) -> None:
    without(fixture_copy, "comparisons", "alpha-2001")
    without(fixture_copy, "locators", "alpha-2001")
    found = missing(open_review(fixture_copy), "alpha-2001")
    assert found.tables == {"comparisons": ("table-2",)}
    assert "table-2: no row, since comparisons has none of the study" in str(found)


def test_the_claims_that_count_what_the_study_lacks_are_told(fixture_copy: Path) -> None:
    without(fixture_copy, "samples", "alpha-2001")
    found = missing(open_review(fixture_copy), "alpha-2001")
    assert found.claims == {"samples": ("sleepers-total",)}
    assert "sleepers-total: samples has no row of the study" in str(found)


def test_a_claim_that_cannot_be_computed_is_told_with_the_reason(fixture_copy: Path) -> None:
    without(fixture_copy, "comparisons", "beta-2003")
    found = missing(open_review(fixture_copy), "beta-2003")
    assert list(found.failing) == ["beta-risk-ratio"]
    assert "beta-2003/awake" in found.failing["beta-risk-ratio"]


def test_an_unknown_study_is_refused_with_the_known_ones(fixture_copy: Path) -> None:
    with pytest.raises(CompanionError, match="no study “beta-2004”") as caught:
        missing(open_review(fixture_copy), "beta-2004")
    assert "beta-2003" in str(caught.value.hint)
