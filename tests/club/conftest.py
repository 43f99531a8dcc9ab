"""The real session, and reviews whose questions a test writes itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.club.generate import Questions, generate
from review_companion.club.pages import EDITIONS, Club
from review_companion.club.session import Block, Session
from review_companion.review import Review, open_review

SESSION = Session("A test", {"g": "A goal"}, (), "", (Block("b", "A block", ""),), ())
Asked = Callable[..., Questions]


@pytest.fixture(scope="session")
def review(report_review: Review) -> Review:
    return report_review


@pytest.fixture(scope="session")
def clubs(report_review: Review) -> dict[str, Club]:
    found = {name: Club(report_review, name) for name in EDITIONS}
    for club in found.values():
        club.generated = found["facilitator"].generated
    return found


@pytest.fixture
def asked(fixture_copy: Path) -> Asked:
    """Generates one question of the invented review from its YAML (indented by two)."""

    def ask(kind: str, body: str, **edits: tuple[str, str]) -> Questions:
        head = f"q:\n  kind: {kind}\n  title: T\n  topic: t\n  goal: g\n  block: b\n  minutes: 1\n"
        text = f"{head}  ask: Well?\n{body}"
        (fixture_copy / "data/questions.yml").write_text(text, "utf-8")
        for name, (old, new) in edits.items():
            path = fixture_copy / "data" / f"{name}.csv"
            content = path.read_text("utf-8")
            assert old in content
            path.write_text(content.replace(old, new), "utf-8")
        return generate(open_review(fixture_copy), SESSION)

    return ask
