"""The engine works for a review of another subject, with resources and columns of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.model import Verdict
from review_companion.review import Review, open_review

ROOT = Path(__file__).parent / "fixture_review"


@pytest.fixture(scope="module")
def review() -> Review:
    return open_review(ROOT)


def test_everything_in_it_says_that_it_is_invented(review: Review) -> None:
    assert "Invented" in str(review.package.descriptor["title"])
    assert "invented" in (ROOT / "README.md").read_text("utf-8")
    assert all("nvented" in r["citation"] for r in review.package["sources"].rows.values())
    assert all("Invented" in r["note"] for r in review.package["studies"].rows.values())


@pytest.mark.parametrize(("table", "cells"), [("table-1", 21), ("table-2", 12)])
def test_its_tables_are_rebuilt_as_published(review: Review, table: str, cells: int) -> None:
    comparison = review.comparison(table)
    assert comparison.differences == ()
    assert comparison.total == cells


def test_a_correction_shows_in_the_table_and_in_the_package(review: Review) -> None:
    assert review.table("table-1").cell("beta-2003", "age").text == "31"
    assert [c.before for c in review.package.corrections.values()] == ["13"]


def test_a_value_is_traced_to_its_cells(review: Review) -> None:
    assert review.value("sleepers-total") == 80
    assert 'trace="sleepers-total"' in review.v("sleepers-total")


def test_its_claims_reach_every_kind_of_verdict(review: Review) -> None:
    verdicts = {claim.id: claim.verdict for claim in review.ledger}
    assert verdicts == {
        "sleepers-total": Verdict.REPRODUCED,
        "beta-risk-ratio": Verdict.INCONSISTENT,
        "amber-studies": Verdict.AMBIGUOUS,
        "nights-average": Verdict.BY_ROUNDING,
        "house-shared": Verdict.NOT_COMPUTABLE,
        "auto/percentage/alpha-2001/lit": Verdict.REPRODUCED,  # declared nowhere
        "auto/percentage/gamma-2004/lit": Verdict.REPRODUCED,
    }
