"""Notebook files, in nbformat 4.5, read and written without a heavy import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..package.files import read_json

Notebook = dict[str, Any]
Cell = dict[str, Any]

INJECTED = "injected-parameters"
PARAMETERS = "parameters"


def read_notebook(path: Path) -> Notebook:
    """Read a notebook; texts come joined, and cells without an id get one from their position.

    Raises CompanionError for a file that is missing or not a notebook of format 4.
    """
    return as_notebook(_load(path), str(path))


def as_notebook(content: object, where: str) -> Notebook:
    """Bring parsed JSON into the one form that this package works on (in place)."""
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise CompanionError("not a notebook of format 4", where=where)
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(_is_cell(cell) for cell in cells):
        raise CompanionError(
            "a notebook needs a list of cells, each with a type and a source", where=where
        )
    content["nbformat_minor"] = 5
    content.setdefault("metadata", {})
    for cell in cells:
        _complete(cell)
    _name_cells(cells)
    return content


def tags(cell: Cell) -> list[str]:
    """The tags of a cell."""
    return list(cell["metadata"].get("tags", []))


def number(notebook: Notebook, cell: Cell) -> int:
    """The number of a cell as an author counts: from 1, without injected cells."""
    written = [each for each in notebook["cells"] if INJECTED not in tags(each) or each is cell]
    return 1 + next(place for place, each in enumerate(written) if each is cell)


def place(notebook: Notebook, cell: Cell, name: str, line: int | None = None) -> str:
    """Where something stands, for an error: notebook, cell and line."""
    here = f"{name}, cell {number(notebook, cell)}"
    return f"{here}, line {line}" if line else here


def _load(path: Path) -> object:
    return read_json(path)


def _is_cell(cell: object) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata", {}), dict):
        return False
    attached, outputs = cell.get("attachments", {}), cell.get("outputs", [])
    return (
        cell.get("cell_type") in ("code", "markdown", "raw")
        and _is_lines(cell.get("source"))
        and isinstance(cell.get("id", ""), str)
        and _is_lines(cell.get("metadata", {}).get("tags", []))
        and isinstance(attached, dict)
        and all(map(_is_bundle, attached.values()))
        and isinstance(outputs, list)
        and all(map(_is_output, outputs))
    )


def _is_output(output: object) -> bool:
    if not isinstance(output, dict) or not isinstance(output.get("output_type"), str):
        return False
    return _is_bundle(output.get("data", {})) and _is_lines(output.get("text", ""))


def _is_bundle(data: object) -> bool:
    return isinstance(data, dict) and all(_is_lines(t) for key, t in data.items() if _is_text(key))


def _is_lines(text: object) -> bool:
    return isinstance(text, str) or (
        isinstance(text, list) and all(isinstance(t, str) for t in text)
    )


def _complete(cell: Cell) -> None:
    cell["source"] = _joined(cell["source"])
    cell.setdefault("metadata", {})
    if cell["cell_type"] == "code":
        cell.setdefault("outputs", [])
        cell.setdefault("execution_count", None)
    for bundle in _bundles(cell):
        for key, value in bundle.items():
            if _is_text(key):
                bundle[key] = _joined(value)


def _bundles(cell: Cell) -> Iterator[dict[str, Any]]:
    """The mappings of a cell whose texts are written as lists of lines."""
    yield from cell.get("attachments", {}).values()
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream":
            yield output
        elif "data" in output:
            yield output["data"]


def _is_text(key: str) -> bool:
    return key == "text" or key.startswith("text/") or key in _TEXTS_BY_ANOTHER_NAME


_TEXTS_BY_ANOTHER_NAME = ("image/svg+xml", "application/javascript")


def _joined(text: Any) -> Any:
    return "".join(text) if isinstance(text, list) else text


def _name_cells(cells: list[Cell]) -> None:
    taken: set[str] = set()
    for position, cell in enumerate(cells, start=1):
        wanted = cell.get("id")
        if not wanted or wanted in taken:
            cell["id"] = f"cell-{position}"
        taken.add(cell["id"])
