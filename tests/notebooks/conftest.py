from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from notebook_cells import execute, notebook

from review_companion.notebooks.execute import Executed
from review_companion.notebooks.notebook_files import Cell, as_notebook
from review_companion.notebooks.strip import strip


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Executed]:
    """Execute cells as the notebook `n.ipynb`."""

    def execute_cells(*cells: Cell, **options: object) -> Executed:
        defaults = {"name": "n.ipynb", "cwd": tmp_path}
        return execute(notebook(*cells), **(defaults | options))  # type: ignore[arg-type]

    return execute_cells


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write cells as a notebook file."""

    def write(*cells: Cell, name: str = "n.ipynb") -> Path:
        path = tmp_path / name
        committed = strip(as_notebook(notebook(*cells), name))
        path.write_text(json.dumps(committed), encoding="utf-8")
        return path

    return write
