"""A study's page gathers its rows of every table that is named, and says nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.review import Review, open_review
from review_companion.tables.dossier import Dossiers, belongs


@pytest.fixture(scope="module")
def review(root: Path) -> Review:
    return open_review(root)


@pytest.fixture(scope="module")
def dossiers(review: Review) -> Dossiers:
    return review.dossiers("studies")


@pytest.mark.parametrize("name", ["table-1", "table-2", "direction-comparisons", "doses"])
def test_every_row_of_a_study_is_on_its_page(review: Review, dossiers: Dossiers, name: str) -> None:
    rows = review.table(name).rows
    found = {
        key
        for dossier in dossiers.items
        for table in dossier.tables
        if table.name == name
        for key in table.rows
        if belongs(key, dossier.key)
    }
    assert found == set(rows)


def test_columns_that_repeat_the_title_are_left_out_and_traces_keep_their_names(
    dossiers: Dossiers,
) -> None:
    for dossier in dossiers.items:
        for table in dossier.tables:
            assert not {"study", "class"} & {column.id for column in table.columns}
    text = dossiers.items[0].to_html()
    assert 'data-trace="direction-comparisons/id-said-2022/after/direction"' in text


def test_what_is_empty_is_no_link(dossiers: Dossiers) -> None:
    text = "".join(dossier.to_html() for dossier in dossiers.items)
    assert "–</td>" in text
    assert ">–</span>" not in text
