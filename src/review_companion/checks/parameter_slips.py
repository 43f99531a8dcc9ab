"""Parameters that make a chapter narrower than the report, or that it does not follow.

In JupyterLab a value is soon changed to see what happens, and as soon forgotten.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress

from ..errors import CompanionError
from ..notebooks.inline import find_expressions
from ..notebooks.notebook_files import (
    INJECTED,
    PARAMETERS,
    Cell,
    Notebook,
    place,
    tags,
)
from ..notebooks.parameters import Value, declared
from ..package.package import as_type_of


def parameter_slips(
    notebooks: Mapping[str, Notebook], defaults: Mapping[str, Value]
) -> Iterator[CompanionError]:
    """What nobody expects of the notebooks' parameters, each with notebook and cell.

    `defaults` are the review's; a parameter that it does not have is the notebook's own.
    """
    for name, notebook in notebooks.items():
        for cell, what, hint in _slips(notebook, name, defaults):
            yield place(notebook, cell, name).error(what, hint=hint)


def _slips(
    notebook: Notebook, name: str, defaults: Mapping[str, Value]
) -> Iterator[tuple[Cell, str, str]]:
    parameters = {p.name: p for p in declared(notebook, name)}
    used = {each for cell in notebook["cells"] for each in _used(cell)}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or INJECTED in tags(cell):  # a render takes its own values
            continue
        if PARAMETERS not in tags(cell):
            for each in _assigned(cell):
                if each in parameters:
                    yield cell, f"{each} is set again, whatever -P says", "set it in its own cell"
                elif each in defaults:
                    hint = f"a cell with the tag “{PARAMETERS}” is what -P reaches"
                    yield cell, f"the parameter {each} is set in a cell without a tag", hint
            continue
        for each, parameter in parameters.items():
            default = defaults.get(each, parameter.default)
            if as_type_of(default, parameter.default) != default:
                what = f"{each} is “{parameter.default}” here, “{default}” in the review"
                yield cell, what, "put it back, unless this chapter alone is meant to differ"
            if each not in used:
                what = f"nothing follows the parameter {each}"
                yield cell, what, f"open_review({each}={each}), or take it out"


def _used(cell: Cell) -> Iterator[str]:
    """The names that a cell reads, in code or in prose."""
    codes = [cell["source"]] if cell["cell_type"] == "code" else []
    if cell["cell_type"] == "markdown":
        codes = [expression.code for expression in find_expressions(cell["source"])]
    for code in codes:
        for node in ast.walk(_parsed(code)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield node.id


def _assigned(cell: Cell) -> Iterator[str]:
    """The names that a cell sets, outside of functions and loops."""
    for statement in _parsed(cell["source"]).body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))


def _parsed(code: str) -> ast.Module:
    """The code as Python reads it; nothing of what is none, which is named elsewhere."""
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse(code)
    return ast.Module([], [])
