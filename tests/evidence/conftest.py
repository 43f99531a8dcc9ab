"""The invented review, rendered once in earnest with its audit trail."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.review import Review, open_review


@pytest.fixture(scope="session")
def project(rendered_project: Path) -> Path:
    """A project whose report is rendered; tests read it and change nothing."""
    return rendered_project


@pytest.fixture(scope="session")
def rendered(project: Path) -> Path:
    return project / "report" / "rendered"


@pytest.fixture(scope="session")
def review(project: Path) -> Review:
    return open_review(project)
