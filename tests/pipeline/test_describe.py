"""What the report says of itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.conftest import FIXTURE

from review_companion.pipeline.describe import describe
from review_companion.review import Review, open_review
from review_companion.typeset.config import read_book


@pytest.mark.parametrize(
    ("title", "cited"),
    [
        ("Lamps and sleep", "Lamps and sleep. Version "),
        ("Do lamps disturb sleep?", "Do lamps disturb sleep? Version "),
        ("Lamps etc.", "Lamps etc. Version "),
    ],
)
def test_a_title_ends_with_one_mark_in_the_citation(title: str, cited: str) -> None:
    anything: Any = SimpleNamespace(data="ab" * 32)
    book = replace(read_book(FIXTURE), title=title, subtitle="")
    assert f"). {cited}" in describe(anything, book, open_review(FIXTURE), anything).citation


def test_a_citation_stands_alone_and_names_the_review(root: Path, report_review: Review) -> None:
    anything: Any = SimpleNamespace(data="ab" * 32)
    cited = describe(anything, read_book(root), report_review, anything).citation
    assert "the systematic review by Grinzinger et al. (2025). Version" in cited
    assert f"data as of {report_review.package.descriptor['created'][:10]}." in cited
    assert cited.endswith("Accompanies doi:10.1007/s00066-025-02416-w.")


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ([{"name": "CC0-1.0"}], "CC0-1.0"),
        ([{"name": "ODC-By-1.0"}, {"title": "House rules"}], "ODC-By-1.0, House rules"),
        ([], ""),
    ],
)
def test_the_licence_is_the_one_that_the_package_declares(
    declared: list[dict[str, str]], shown: str
) -> None:
    anything: Any = SimpleNamespace(data="ab" * 32)
    review = open_review(FIXTURE)
    package = replace(
        review.package, descriptor={**review.package.descriptor, "licenses": declared}
    )
    said = describe(anything, read_book(FIXTURE), Review(FIXTURE, package), anything)
    assert said.licence == shown
