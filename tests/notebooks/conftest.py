from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from notebook_cells import execute, notebook, saved

from review_companion.notebooks.execute import Executed
from review_companion.notebooks.notebook_files import Cell, as_written


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Executed]:
    """Execute cells as the notebook `n.ipynb`."""

    def execute_cells(*cells: Cell, **task: object) -> Executed:
        return execute(saved(notebook(*cells), tmp_path / "n.ipynb"), name="n.ipynb", **task)

    return execute_cells


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write cells as a notebook file."""

    def write(*cells: Cell, name: str = "n.ipynb") -> Path:
        return saved(as_written(notebook(*cells), name), tmp_path / name)

    return write
