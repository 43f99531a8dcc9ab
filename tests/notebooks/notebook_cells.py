"""Tiny notebooks for the tests."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

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


NAME = "notebooks/n.ipynb"


def saved(root: Path, notebook: Notebook, name: str = NAME) -> Task:
    """The notebook as one of a project."""
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(json.dumps(notebook), encoding="utf-8")
    return Task(root, name)


def execute(notebook: Notebook) -> Executed:
    """One notebook, of a project of its own."""
    with TemporaryDirectory() as root:
        return execute_all([saved(Path(root), notebook)])[0]
