"""Edits of data, in a file or in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from review_companion.model import Origin
from review_companion.package.package import Package


def replace_in(path: Path, before: str, after: str) -> None:
    """Edits a file; the text must be there."""
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def change_json(path: Path, change: Callable[[Any], object]) -> None:
    """Changes what a JSON file holds: a descriptor, a manifest, a notebook."""
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content), "utf-8")


def with_cells(package: Package, cells: Mapping[Origin, str]) -> Package:
    """The package with other texts in some cells."""
    resources = dict(package.resources)
    for cell, text in cells.items():
        rows = resources[cell.resource].rows
        changed = {**rows, cell.row: {**rows[cell.row], cell.column: text}}
        resources[cell.resource] = replace(resources[cell.resource], content=changed)
    return replace(package, resources=resources)
