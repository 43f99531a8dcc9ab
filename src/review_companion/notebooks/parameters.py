"""Parameters of a notebook: declared in its cell tagged `parameters`, set by injecting a cell.

    colour: str = "all"  # the colour to show; one of: all, amber, red
    smallest: int = 0  # leave out studies with fewer patients

An annotated literal declares a parameter; `one of: …` in the comment after it (or in the comment
lines above) lists the values allowed. Injection works as papermill's: a cell tagged
`injected-parameters` follows.
"""

from __future__ import annotations

import ast
import io
import json
import math
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import CompanionError, most_similar
from ..package.package import as_type_of, read_defaults
from .notebook_files import (
    INJECTED,
    PARAMETERS,
    UNREADABLE,
    Cell,
    CellPlace,
    Notebook,
    place,
    read_notebook,
    tags,
    unreadable,
)

Value = str | int | float | bool

SETS = "parameter_sets"
"""A parameter that a render fills in: under which parameters the notebooks evaluate (JSON)."""

_CHOICES = re.compile(r"\bone of:\s*(.+)$", re.IGNORECASE)
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TYPES: dict[str, type[Value]] = {"str": str, "int": int, "float": float, "bool": bool}
_SPOKEN = {
    str: "a text",
    int: "an integer",
    float: "a number",
    bool: "a truth value (true or false)",
}


@dataclass(frozen=True)
class Parameter:
    """A declared parameter; `choices` is empty where any value of the type will do."""

    name: str
    type: type[Value]
    default: Value
    choices: tuple[Value, ...] = ()

    def __str__(self) -> str:
        allowed = f" (one of: {', '.join(map(str, self.choices))})" if self.choices else ""
        return f"{self.name}: {self.type.__name__} = {self.default!r}{allowed}"


def declared(notebook: Notebook, name: str = "notebook") -> tuple[Parameter, ...]:
    """The parameters that a notebook declares, in their order; none without a tagged cell.

    Raises CompanionError, with notebook, cell and line, for a declaration that is not
    an annotated literal, does not fit its own type or choices, or is made twice.
    """
    cell = _parameters_cell(notebook, name)
    if cell is None:
        return ()
    try:
        statements = ast.parse(cell["source"]).body
    except UNREADABLE as error:
        line = getattr(error, "lineno", None)
        raise place(notebook, cell, name, line).error(unreadable(error)) from None
    comments = _comments(cell["source"])
    found: dict[str, Parameter] = {}
    for statement in statements:
        here = place(notebook, cell, name, statement.lineno)
        parameter = _declaration(statement, comments, here)
        if parameter.name in found:
            raise here.error(f"parameter {parameter.name} is declared twice")
        found[parameter.name] = parameter
    return tuple(found.values())


def parse_assignments(assignments: Iterable[str]) -> dict[str, str]:
    """`["colour=red"]` as a mapping, the values still texts."""
    values: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip().isidentifier():
            raise CompanionError(f"{assignment!r} sets no parameter", hint="write it as name=value")
        values[name.strip()] = value.strip()
    return values


def resolve(parameter: Parameter, value: Value, where: str | None = None) -> Value:
    """The value in the parameter's type, from a text or from a value of that type.

    Raises CompanionError where it does not fit the type or is not among the choices.
    """
    hint = f"declared as {parameter}"
    try:
        resolved = _converted(parameter.type, value)
    except (KeyError, ValueError):
        what = f"parameter {parameter.name} takes {_SPOKEN[parameter.type]}, not {value!r}"
        raise CompanionError(what, where=where, hint=hint) from None
    if parameter.choices and resolved not in parameter.choices:
        near = most_similar(str(resolved), map(str, parameter.choices))
        meant = f"; did you mean {near!r}?" if near else ""
        what = f"parameter {parameter.name} cannot be {value!r}{meant}"
        raise CompanionError(what, where=where, hint=hint)
    return resolved


def _converted(of_type: type[Value], value: Value) -> Value:
    if of_type is int:
        return int(str(value))
    if of_type is bool:
        return _TRUTH[str(value).lower()]
    if of_type is float and not isinstance(value, bool) and math.isfinite(number := float(value)):
        return number
    if of_type is str and isinstance(value, str):
        return value
    raise ValueError


@dataclass(frozen=True)
class Parameters:
    """The parameters that a render sets, by notebook, and all of them merged.

    `sets` are the distinct sets of parameters under which the report is evaluated, without the
    defaults: one for each notebook, in which parameters that the render does not set have the
    notebook's own defaults; and `merged`, for tables and figures that no notebook shows. `audited`
    is what a notebook is given that asks for all sets; None where none does.
    """

    by_notebook: dict[str, dict[str, Value]]
    merged: dict[str, Value]
    sets: list[dict[str, Value]]
    audited: str | None


def read_parameters(
    root: Path, notebooks: tuple[str, ...], wanted: Mapping[str, str]
) -> Parameters:
    """Each of those wanted goes to the notebooks that declare it; one may ask for all sets.

    Raises CompanionError for a parameter that no notebook declares, listing those known.
    """
    known = {
        name: {p.name: p for p in declared(read_notebook(root / name), name)} for name in notebooks
    }
    declared_anywhere = {n: p for found in known.values() for n, p in found.items() if n != SETS}
    for name in wanted:
        if name not in declared_anywhere:
            listing = "; ".join(str(p) for _, p in sorted(declared_anywhere.items())) or "none"
            raise CompanionError(f"no notebook has a parameter “{name}”", hint=f"known: {listing}")
    by_notebook = {
        notebook: {n: resolve(found[n], text, notebook) for n, text in wanted.items() if n in found}
        for notebook, found in known.items()
    }
    merged = {key: value for values in by_notebook.values() for key, value in values.items()}
    defaults = read_defaults(root / "data")
    each = [
        {n: p.default for n, p in known[name].items()} | by_notebook[name] for name in notebooks
    ]
    sets: list[dict[str, Value]] = []
    for values in (*each, merged):
        changed = {
            key: v
            for key, v in sorted(values.items())
            if (default := defaults.get(key, v)) != as_type_of(default, v)
        }
        if changed and changed not in sets:
            sets.append(changed)
    asking = [name for name in notebooks if SETS in known[name]]
    for name in asking if sets else ():
        by_notebook[name][SETS] = json.dumps(sets)
    audited = (json.dumps(sets) if sets else "") if asking else None
    return Parameters(by_notebook, merged, sets, audited)


def inject(notebook: Notebook, values: Mapping[str, Value], name: str) -> Notebook:
    """The notebook whose kernel will see these values; no values, no injected cell."""
    cell = _parameters_cell(notebook, name)
    if not values or cell is None:
        return notebook
    order = [parameter.name for parameter in declared(notebook, name)]
    lines = [f"{each} = {values[each]!r}" for each in order if each in values]
    injected: Cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": INJECTED,
        "metadata": {"tags": [INJECTED]},
        "outputs": [],
        "source": "\n".join(["#| include: false", "# Parameters", *lines]),
    }
    after = notebook["cells"].index(cell) + 1
    cells = [*notebook["cells"][:after], injected, *notebook["cells"][after:]]
    return {**notebook, "cells": cells}


def _parameters_cell(notebook: Notebook, name: str) -> Cell | None:
    cells: list[Cell] = [cell for cell in notebook["cells"] if PARAMETERS in tags(cell)]
    if len(cells) > 1:
        raise place(notebook, cells[1], name).error("a second cell is tagged parameters")
    return cells[0] if cells else None


def _declaration(
    statement: ast.stmt, comments: Mapping[int, tokenize.TokenInfo], here: CellPlace
) -> Parameter:
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
        hint = "declare one as: name: str = 'value'  # what it does"
        raise here.error("the cell tagged parameters holds only parameters", hint=hint)
    name = statement.target.id
    of_type = _TYPES.get(ast.unparse(statement.annotation))
    if of_type is None:
        raise here.error(f"parameter {name} must be one of: {', '.join(_TYPES)}")
    bare = Parameter(name, of_type, _literal(statement, here))
    if isinstance(bare.default, str) and of_type is not str:
        raise here.error(f"the default of {name} is a text, not its type")
    written = _CHOICES.search(_comment_for(statement, comments))
    listed = re.split(r"\s*,\s*", written[1].strip(" .")) if written else []
    choices = tuple(resolve(bare, choice, str(here)) for choice in listed)
    complete = replace(bare, choices=choices)
    resolve(complete, bare.default, str(here))
    return complete


def _literal(statement: ast.AnnAssign, here: CellPlace) -> Value:
    try:
        value = ast.literal_eval(statement.value) if statement.value else None
    except UNREADABLE:
        value = None
    if not isinstance(value, str | int | float | bool):
        raise here.error("a parameter needs a literal as its default")
    return value


def _comments(source: str) -> dict[int, tokenize.TokenInfo]:
    """The comment of each line, without those that are cell options (`#|`)."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    found = (token for token in tokens if token.type == tokenize.COMMENT)
    return {each.start[0]: each for each in found if not each.string.startswith("#|")}


def _comment_for(statement: ast.stmt, comments: Mapping[int, tokenize.TokenInfo]) -> str:
    """The comment after a statement, else the lines of comments above it."""
    found = comments.get(statement.end_lineno or statement.lineno)
    if found is not None:
        return found.string.lstrip("# ")
    above: list[str] = []
    line = statement.lineno - 1
    while line in comments and comments[line].line.lstrip().startswith("#"):
        above.insert(0, comments[line].string.lstrip("# "))
        line -= 1
    return " ".join(above)
