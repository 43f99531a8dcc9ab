"""The real session, and reviews whose questions a test writes itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.typeset.fixtures import Format
from tests.typeset.fixtures import typeset as typeset_book

from review_companion.club.generate import Questions, generate
from review_companion.club.pages import Club
from review_companion.club.session import Session
from review_companion.review import Review, open_review
from review_companion.typeset.config import Chapter, read_edition
from review_companion.typeset.metadata import Metadata

SESSION = Session((), goals={"g": "A goal"})
METADATA = Metadata("1", "2026-01-05", "ab" * 32, "Cite.", "CC BY 4.0", 0, "A session")
Asked = Callable[..., Questions]


def typeset(root: Path, folder: Path, edition: str, form: Format, *chapters: str) -> Path:
    """The page or PDF of an edition with these chapters of Markdown."""
    names = [f"chapter-{number}.md" for number in range(len(chapters))]
    for name, text in zip(names, chapters, strict=True):
        (folder / name).write_text(text, "utf-8")
    book = replace(read_edition(root, edition), root=folder, chapters=tuple(map(Chapter, names)))
    made = typeset_book(book, {}, folder / "out", METADATA, (form,))
    return made.html if form == "html" else made.pdf


def deck(club: Club) -> str:
    """The slides, without figures."""
    return "\n\n".join(["# A session", *(part for part in club.slides() if isinstance(part, str))])


@pytest.fixture(scope="session")
def review(report_review: Review) -> Review:
    return report_review


@pytest.fixture
def asked(fixture_copy: Path) -> Asked:
    """Generates one question of the invented review from its YAML (indented by two)."""

    def ask(kind: str, body: str, **edits: tuple[str, str]) -> Questions:
        head = f"q:\n  kind: {kind}\n  title: T\n  goal: g\n  level: recall\n"
        text = f"{head}  minutes: 1\n  ask: Well?\n{body}"
        (fixture_copy / "data/questions.yml").write_text(text, "utf-8")
        for name, (old, new) in edits.items():
            path = fixture_copy / "data" / f"{name}.csv"
            content = path.read_text("utf-8")
            assert old in content
            path.write_text(content.replace(old, new), "utf-8")
        return generate(open_review(fixture_copy), SESSION)

    return ask
