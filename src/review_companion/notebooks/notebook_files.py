"""Notebook files, in nbformat 4.5, read and written without a heavy import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
    return as_notebook(read_json(path), str(path))


def as_notebook(content: object, where: str) -> Notebook:
    """Bring parsed JSON into the one form that this package works on (in place)."""
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise CompanionError("not a notebook of format 4", where=where)
    try:
        cells = _are(list, content["cells"])
        for cell in cells:
            _complete(_are(dict, cell))
        _name_cells(cells)
    except (KeyError, TypeError):
        what = "a notebook needs a list of cells, each with a type and a source"
        raise CompanionError(what, where=where) from None
    content["nbformat_minor"] = 5
    content.setdefault("metadata", {})
    return content


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


def _are(kind: type, part: Any) -> Any:
    """What is of this kind. Raises TypeError for anything else."""
    if not isinstance(part, kind):
        raise TypeError
    return part


def _complete(cell: Cell) -> None:
    """Joins texts and adds what may be left out. Raises KeyError or TypeError for anything but a cell."""
    if cell["cell_type"] not in ("code", "markdown", "raw"):
        raise TypeError
    cell["source"] = _joined(cell["source"])
    _joined(_are(dict, cell.setdefault("metadata", {})).get("tags", []))
    if cell["cell_type"] == "code":
        cell.setdefault("outputs", [])
        cell.setdefault("execution_count", None)
    for bundle in _bundles(cell):
        for key, value in _are(dict, bundle).items():
            if key == "text" or key.startswith("text/") or key in _TEXTS_BY_ANOTHER_NAME:
                bundle[key] = _joined(value)


def _bundles(cell: Cell) -> Iterator[Any]:
    """The mappings of a cell whose texts are written as lists of lines."""
    yield from _are(dict, cell.get("attachments", {})).values()
    for output in _are(list, cell.get("outputs", [])):
        _are(str, _are(dict, output)["output_type"])
        if output["output_type"] == "stream":
            yield output
        elif "data" in output:
            yield output["data"]


_TEXTS_BY_ANOTHER_NAME = ("image/svg+xml", "application/javascript")


def _joined(text: Any) -> str:
    return text if isinstance(text, str) else "".join(_are(list, text))


def _name_cells(cells: list[Cell]) -> None:
    taken: set[str] = set()
    for position, cell in enumerate(cells, start=1):
        wanted = _are(str, cell.get("id", ""))
        if not wanted or wanted in taken:
            cell["id"] = f"cell-{position}"
        taken.add(cell["id"])
