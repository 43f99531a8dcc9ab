"""The rendered review of the audit's tests, and copies that a test may tamper with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.evidence.conftest import project, rendered, review
from tests.rendered import PARTS

__all__ = ["project", "rendered", "review"]


@pytest.fixture
def report(rendered: Path, tmp_path: Path) -> Path:
    """A copy of the rendered folder."""
    return Path(shutil.copytree(rendered, tmp_path / "report"))


@pytest.fixture
def copied(project: Path, tmp_path: Path) -> Path:
    """A copy of the whole project, its report in it."""
    return Path(shutil.copytree(project, tmp_path / "copy", ignore=PARTS))
