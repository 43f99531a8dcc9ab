"""A small package to damage: the invented review, copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.edits import replace_in

FIXTURE = Path(__file__).parents[1] / "fixture_review" / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the invented review's data."""
    copy = tmp_path / "data"
    shutil.copytree(FIXTURE, copy)
    return copy


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    """Replaces text that must be there in a file of the copy."""

    return lambda name, old, new: replace_in(folder / name, old, new)
