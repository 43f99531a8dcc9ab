"""The deck: one idea a slide, each of which fits its page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from review_companion.club.pages import Club
from review_companion.typeset.config import Chapter
from review_companion.typeset.editions import read_edition
from review_companion.typeset.embedded import EmbeddedEngine
from review_companion.typeset.protocol import Metadata

pytestmark = pytest.mark.integration

METADATA = Metadata("1", "2026-01-05", "ab" * 32, "Cite.", "CC BY 4.0", 0, "Slides")


@pytest.fixture(scope="module")
def text(clubs: dict[str, Club]) -> str:
    club = clubs["slides"]
    parts = [
        "# Session {#sec-session}", club.goals(), club.plans(), club.questions(),
        club.about_appraisal(), club.appraisal("studies"), club.appraisal("review"),
        club.extraction(),
    ]  # fmt: skip
    return "\n\n".join(parts)


@pytest.fixture(scope="module")
def pages(
    root: Path, text: str, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[float, float, str]]:
    folder = tmp_path_factory.mktemp("slides")
    (folder / "deck.md").write_text(text, "utf-8")
    book = replace(read_edition(root, "slides"), root=folder, chapters=(Chapter("deck.md"),))
    made = EmbeddedEngine().render(book, {}, folder / "out", METADATA, book.formats)
    assert made.html is None
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        return [(*page.get_size(), page.get_textpage().get_text_bounded()) for page in pdf]


def test_slides_are_sixteen_to_nine(pages: list[tuple[float, float, str]]) -> None:
    assert {round(width / height, 2) for width, height, _ in pages} == {1.78}


def test_every_heading_is_one_page(text: str, pages: list[tuple[float, float, str]]) -> None:
    headings = re.findall(r"^##? (.+?) \{#", text, re.MULTILINE)
    titles = [re.sub(r"\\(.)", r"\1", heading) for heading in headings]
    shown = [" ".join(page.split()) for _, _, page in pages[1:]]
    assert len(shown) == len(titles), [page[:40] for page in shown]
    for title, page in zip(titles, shown, strict=True):
        assert page.startswith(" ".join(title.split())[:24])
