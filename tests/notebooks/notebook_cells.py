"""Tiny notebooks for the tests."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from review_companion.notebooks.execute import Executed, Task
from review_companion.notebooks.kernels import KernelPool
from review_companion.notebooks.notebook_files import Cell, Notebook
from review_companion.notebooks.pool import execute_all


def code(source: str, *tags: str) -> Cell:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}


def markdown(source: str) -> Cell:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def notebook(*cells: Cell) -> Notebook:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def parameters(source: str) -> Cell:
    return code(source, "parameters")


def execute(
    notebook: Path | Notebook,
    kernel_pool: KernelPool | None = None,
    timeout: int = 600,
    **task: Any,
) -> Executed:
    """One notebook, in a kernel that starts by itself unless there is a pool."""
    named = {"name": str(notebook) if isinstance(notebook, Path) else "notebook", **task}
    with contextlib.ExitStack() as stack:
        pool = kernel_pool or stack.enter_context(KernelPool(forked=False))
        return execute_all([Task(notebook, **named)], kernel_pool=pool, timeout=timeout)[0]
