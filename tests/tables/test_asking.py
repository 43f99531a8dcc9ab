"""A notebook's own questions: expressions, frames, and what a table is made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.review import Review, open_review

FIXTURE = Path(__file__).parents[1] / "fixture_review"


@pytest.fixture(scope="module")
def review() -> Review:
    return open_review(FIXTURE)


def test_an_expression_gives_its_value_cells_and_places(review: Review) -> None:
    answer = review('samples[group == "total"].number.sum()')
    assert answer.value == review.value("sleepers-total")
    cells = answer.cells
    assert set(cells["used"]) == {"read", "looked at"}
    read = cells[cells["used"] == "read"]
    assert [int(cell) for cell in read["cell"]] and sum(map(int, read["cell"])) == answer.value
    assert all(read["printed in"].str.contains("table-1"))
    assert "= <strong>80</strong>" in answer._repr_html_()
    assert repr(answer).endswith(f"= 80 ({len(read)} cells read)")


def test_named_values_are_names_and_mistakes_are_told(review: Review) -> None:
    assert review("sleepers_total / 2").text == "40"
    with pytest.raises(CompanionError, match="samples has no column “nmber”"):
        review("samples.nmber.sum()")


def test_a_resource_is_a_typed_and_labelled_frame(review: Review) -> None:
    frame = review.frame("evenings")
    assert str(frame["stated"].dtype) == "boolean"
    assert str(frame["minutes_before"].dtype) in ("Int64", "Float64")
    assert frame["minutes_before"].isna().any()
    assert set(frame.attrs["labels"]) == set(frame.columns)
    assert list(frame.index) == list(review.package["evenings"].rows)


def test_a_table_is_a_frame(review: Review) -> None:
    frame = review.table("table-1").frame
    assert list(frame.index) == list(review.table("table-1").rows)
    assert frame.attrs["labels"]["sleepers"] == "Sleepers"
    assert frame.equals(review.frame("table-1"))


def test_what_a_table_is_made_of_is_folded(review: Review) -> None:
    made = review.data("table-1")
    assert {"samples", "studies"} <= set(made.frames)
    shown = made._repr_html_()
    assert shown.count("<details>") == len(made.frames) + 1
    assert "one(&#39;samples&#39;" in shown
    assert made["studies"].equals(review.frame("studies"))
    assert "studies (3 rows)" in repr(made)
