"""The real session, and reviews whose questions a test writes itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.club.generate import Questions, generate
from review_companion.club.pages import Club
from review_companion.club.session import Session
from review_companion.review import Review, open_review

SESSION = Session((), goals={"g": "A goal"})
Asked = Callable[..., Questions]


@pytest.fixture(scope="session")
def review(report_review: Review) -> Review:
    return report_review


@pytest.fixture(scope="session")
def club(report_review: Review) -> Club:
    return Club(report_review)


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
