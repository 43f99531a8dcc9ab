"""What the report says of itself."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from tests.conftest import FIXTURE

from review_companion.build.describe import describe
from review_companion.render.config import read_book
from review_companion.review import open_review


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
    book = replace(read_book(FIXTURE), title=title)
    assert f"). {cited}" in describe(anything, book, open_review(FIXTURE), anything).citation
