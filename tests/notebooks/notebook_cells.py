"""Tiny notebooks for the tests."""

from __future__ import annotations

from pathlib import Path
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


def execute(notebook: Path | Notebook, *, timeout: int = 600, **options: Any) -> Executed:
    """One notebook."""
    of_kernels = {key: options.pop(key) for key in ("env", "forked") if key in options}
    task = {"name": str(notebook) if isinstance(notebook, Path) else "notebook", **options}
    return execute_all([Task(notebook, **task)], timeout=timeout, **of_kernels)[0]
