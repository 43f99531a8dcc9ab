"""A small package to damage: the invented review, copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

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

    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_bytes().decode()
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode())

    return replace
