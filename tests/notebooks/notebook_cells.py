"""Tiny notebooks for the tests."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from review_companion.notebooks.execute import Executed, Task, execute_all
from review_companion.notebooks.notebook_files import Cell, Notebook


def code(source: str, *tags: str) -> Cell:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}


def markdown(source: str) -> Cell:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def notebook(*cells: Cell) -> Notebook:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def parameters(source: str) -> Cell:
    return code(source, "parameters")


def saved(notebook: Notebook, path: Path) -> Path:
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def execute(notebook: Path | Notebook, **task: Any) -> Executed:
    """One notebook, if it is no file yet in a folder of its own."""
    if isinstance(notebook, Path):
        return execute_all([Task(notebook, task.pop("name", str(notebook)), **task)])[0]
    with TemporaryDirectory() as folder:
        return execute(saved(notebook, Path(folder, "notebook.ipynb")), name="notebook", **task)
