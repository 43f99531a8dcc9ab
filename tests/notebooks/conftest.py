from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from notebook_cells import NAME, notebook, saved

from review_companion.notebooks.execute import Executed, Task, execute_all
from review_companion.notebooks.notebook_files import Cell, as_written
from review_companion.notebooks.parameters import Value


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Executed]:
    """Execute cells as a notebook."""

    def execute_cells(*cells: Cell, **parameters: Value) -> Executed:
        task = replace(saved(tmp_path, notebook(*cells)), parameters=parameters)
        return execute_all([task])[0]

    return execute_cells


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Task]:
    """Write cells as a notebook file."""
    return lambda *cells, name=NAME: saved(tmp_path, as_written(notebook(*cells), name), name)
