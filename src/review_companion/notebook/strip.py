"""Notebooks as they are committed: what was written, nothing that a run left behind."""

from __future__ import annotations

import copy

from review_companion.notebook.files import INJECTED, Cell, Notebook, tags

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
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def strip(notebook: Notebook) -> Notebook:
    """A copy without outputs, counts, inline results, injected cells and volatile metadata.

    Stripping a stripped notebook changes nothing.
    """
    stripped = copy.deepcopy(notebook)
    stripped["metadata"] = _without(notebook["metadata"], _VOLATILE_IN_NOTEBOOK)
    stripped["metadata"]["kernelspec"] = dict(KERNEL)
    stripped["cells"] = [_strip_cell(c) for c in stripped["cells"] if INJECTED not in tags(c)]
    return stripped


def _strip_cell(cell: Cell) -> Cell:
    cell["metadata"] = _without(cell["metadata"], _VOLATILE_IN_CELL)
    if not cell["metadata"].get("tags", True):
        del cell["metadata"]["tags"]
    if cell["cell_type"] == "code":
        cell |= {"outputs": [], "execution_count": None}
    return cell


def _without(metadata: dict[str, object], names: tuple[str, ...]) -> dict[str, object]:
    return {key: value for key, value in metadata.items() if key not in names}
