"""Notebook files, in nbformat 4.5, read without a heavy import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..package.files import read_json

Notebook = dict[str, Any]
Cell = dict[str, Any]

INJECTED = "injected-parameters"
PARAMETERS = "parameters"
UNREADABLE = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError)
"""What Python raises for text that it cannot read, as code or as a literal."""
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_VOLATILE_IN_NOTEBOOK = ("language_info", "papermill", "signature", "toc", "vscode", "widgets")
_VOLATILE_IN_CELL = (
    "ExecuteTime",
    "collapsed",
    "execution",
    "jupyter",
    "papermill",
    "scrolled",
    "trusted",
    "user_expressions",
    "vscode",
)


def unreadable(error: BaseException) -> str:
    """What one of these says."""
    return getattr(error, "msg", "") or str(error) or "it is nested too deeply"


def read_notebook(path: Path) -> Notebook:
    """The notebook as its author wrote it: without outputs, counts and injected cells.

    What editors and earlier runs left in the metadata is not read either. Texts come joined, and
    cells without an id get one from their position. Raises CompanionError for a file that is
    missing or not a notebook of format 4.
    """
    return as_written(read_json(path), str(path))


def as_written(content: object, where: str) -> Notebook:
    """The notebook that parsed JSON is, in the one form that this program works on."""
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise CompanionError("not a notebook of format 4", where=where)
    try:
        cells = [_cell_as_written(_are(dict, cell)) for cell in _are(list, content["cells"])]
        metadata = _without(content.get("metadata", {}), _VOLATILE_IN_NOTEBOOK)
    except (KeyError, TypeError):
        what = "a notebook needs a list of cells, each with a type and a source"
        raise CompanionError(what, where=where) from None
    cells = [cell for cell in cells if INJECTED not in tags(cell)]
    _name_cells(cells)
    metadata["kernelspec"] = dict(KERNEL)
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def tags(cell: Cell) -> list[str]:
    """The tags of a cell."""
    return list(cell["metadata"].get("tags", []))


def number(notebook: Notebook, cell: Cell) -> int:
    """The number of a cell as an author counts: from 1, without injected cells."""
    written = [each for each in notebook["cells"] if INJECTED not in tags(each) or each is cell]
    return 1 + next(place for place, each in enumerate(written) if each is cell)


@dataclass(frozen=True)
class CellPlace:
    """A place for an error message: notebook, cell (counted from 1), line within the cell."""

    source: str
    cell: int = 0
    line: int = 0

    def __str__(self) -> str:
        cell = f", cell {self.cell}" if self.cell else ""
        return f"{self.source}{cell}" + (f", line {self.line}" if self.line else "")

    def error(self, what: str, line: int = 0, hint: str | None = None) -> CompanionError:
        """An error that names this place, or another line of the same cell."""
        where = str(CellPlace(self.source, self.cell, line or self.line))
        return CompanionError(what, where=where, hint=hint)


def place(notebook: Notebook, cell: Cell, name: str, line: int | None = None) -> CellPlace:
    """The place of a cell in a notebook that messages call `name`."""
    return CellPlace(name, number(notebook, cell), line or 0)


def _cell_as_written(cell: Cell) -> Cell:
    """Raises KeyError or TypeError for anything but a cell."""
    if cell["cell_type"] not in ("code", "markdown", "raw"):
        raise TypeError
    metadata = _without(cell.get("metadata", {}), _VOLATILE_IN_CELL)
    "".join(_are(list, metadata.get("tags", [])))
    if not metadata.get("tags"):
        metadata.pop("tags", None)
    name = _are(str, cell.get("id", ""))
    written = {**cell, "id": name, "metadata": metadata, "source": _joined(cell["source"])}
    if cell["cell_type"] == "code":
        written |= {"outputs": [], "execution_count": None}
    return written


def _without(metadata: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in _are(dict, metadata).items() if key not in names}


def _are(kind: type, part: Any) -> Any:
    """What is of this kind. Raises TypeError for anything else."""
    if not isinstance(part, kind):
        raise TypeError
    return part


def _joined(text: Any) -> str:
    return text if isinstance(text, str) else "".join(_are(list, text))


def _name_cells(cells: list[Cell]) -> None:
    taken: set[str] = set()
    for position, cell in enumerate(cells, start=1):
        if not cell["id"] or cell["id"] in taken:
            cell["id"] = f"cell-{position}"
        taken.add(cell["id"])
