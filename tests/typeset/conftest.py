"""The invented book, rendered once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rendered import shared
from tests.typeset.fixtures import Rendered, make_book, typeset


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    def make(folder: Path) -> None:
        typeset(*make_book(folder), folder / "out")

    out = shared(tmp_path_factory, "book", make) / "out"
    return Rendered(out / "companion.html", out / "companion.pdf")


@pytest.fixture(scope="session")
def page_text(rendered: Rendered) -> str:
    return rendered.html.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pdf_path(rendered: Rendered) -> Path:
    return rendered.pdf
