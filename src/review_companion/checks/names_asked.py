"""Names that notebooks ask a review for, in code cells and in inline expressions."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from contextlib import suppress

from ..errors import CompanionError
from ..notebooks.inline import find_expressions
from ..notebooks.notebook_files import UNREADABLE, Cell, Notebook, place, unreadable
from ..package.files import merge_marker_line
from ..package.problems import did_you_mean
from ..review import Review

SHELL = re.compile(r"^\s*[%!?]|\?\s*$", re.MULTILINE)
DIGIT = re.compile(r"\d")
OF_KERNELS = ("display", "In", "Out")  # and names that begin with _
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
UNSEEN = re.compile(r"\b(exec|globals|locals|get_ipython)\b")  # what may set any name
KIND_ASKED = {
    **dict.fromkeys(("v", "value", "result", "shown"), "value"),
    **dict.fromkeys(("table", "comparison", "data"), "table"),
    "figure": "figure",
    "text": "sentence",
    "dossiers": "dossier",
}


def unknown_names(notebook: Notebook, name: str, review: Review) -> Iterator[CompanionError]:
    """One error for each name that is asked for and not declared, or asked for without quotation
    marks, with notebook, cell and line."""
    called: dict[str, str] = {}
    for cell, code, line in _codes(notebook):
        for node in _nodes(code):
            _note_names(node, called)
            if not isinstance(node, ast.Call) or not node.args:
                continue
            method = called.get(ast.unparse(node.func), "")
            if error := _wrong_name(method, node.args[0], review):
                error.where = str(place(notebook, cell, name, line + node.lineno - 1))
                yield error


def _wrong_name(method: str, argument: ast.expr, review: Review) -> CompanionError | None:
    """What is wrong with the name that a method of the review is asked for."""
    match argument:
        case ast.Constant(value=str(asked)):
            bare = False
        case ast.BinOp():  # hyphens, read as minus
            asked, bare = ast.unparse(argument).replace(" ", ""), True
        case _:
            return None
    kind = "table" if method in ("v", "value") and "/" in asked else KIND_ASKED.get(method)
    wanted = asked.partition("/")[0] if kind == "table" else asked
    known = getattr(review, f"{kind}s_declared") if kind else (wanted,)
    if bare and kind and wanted in known:
        hint = f'write {method}("{asked}")'
        return CompanionError(f"{asked} is a name without quotation marks", hint=hint)
    if bare or wanted in known:
        return None
    near = did_you_mean(wanted, known) or None
    return CompanionError(f"no {kind} is named “{wanted}”", hint=near, missing=kind or "")


def unbound_names(notebook: Notebook, name: str) -> Iterator[CompanionError]:
    """One error for each name that a cell uses and no cell up to it sets, but in functions.

    What sets names unseen (`UNSEEN`, `import *`, a line for the shell) ends the search.
    """
    known = {*dir(builtins), *OF_KERNELS}
    for cell, code, line in _codes(notebook):
        nodes = list(_nodes(code))
        known.update(filter(None, map(_bound, nodes)))
        is_unread = cell["cell_type"] == "code" and not nodes
        if "*" in known or UNSEEN.search(code) or is_unread:
            return
        for node in _outside_functions(nodes[:1]):
            if isinstance(node, ast.Name) and not (node.id in known or node.id[0] == "_"):
                hint = did_you_mean(node.id, known) or "no cell before this one sets it"
                known.add(node.id)
                here = place(notebook, cell, name, line + node.lineno - 1)
                yield here.error(f"the name {node.id} is not known here", hint=hint)


def _bound(node: ast.AST) -> str:
    """The name that a syntax node sets; `*` where it may be any."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.alias(asname=str(name)):
            return name
        case ast.alias(name=name):
            return name.partition(".")[0]
        case (
            ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.ClassDef(name=name)
            | ast.ExceptHandler(name=str(name))
            | ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
        ):
            return name
    return ""


def no_python(notebook: Notebook, name: str) -> Iterator[CompanionError]:
    """An error for each code cell and inline expression that Python cannot read.

    A cell with a line for the shell or a magic word is not judged.
    """
    for cell, code, line in _codes(notebook):
        is_inline = cell["cell_type"] == "markdown"
        if row := merge_marker_line(code):
            here = place(notebook, cell, name, row)
            yield here.error("left over from a merge", hint="choose one")
        elif is_inline or not SHELL.search(code):
            mode, text = ("eval", f"({code}\n)") if is_inline else ("exec", code)
            try:
                compile(text, name, mode, ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            except UNREADABLE as error:
                row = line + (getattr(error, "lineno", None) or 1) - 1
                yield place(notebook, cell, name, row).error(
                    f"is not Python: {unreadable(error)}",
                    hint=f"`{{python}} {code}`" if is_inline else None,
                )


def numbers_in_code(notebook: Notebook, name: str) -> Iterator[CompanionError]:
    """One error for each inline expression that asks for nothing, and gives a number."""
    for cell, code, line in _codes(notebook):
        if cell["cell_type"] == "markdown" and DIGIT.search(code):
            nodes = list(_nodes(code))
            if nodes and not any(isinstance(node, ast.Name) for node in nodes):
                what = f"a number is typed in `{{python}} {code}`"
                hint = 'ask for its value: `{python} v("name")`'
                yield place(notebook, cell, name, line).error(what, hint=hint)


def _codes(notebook: Notebook) -> Iterator[tuple[Cell, str, int]]:
    """Each piece of code with its cell, and the line of it at which it begins."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            yield cell, cell["source"], 1
        elif cell["cell_type"] == "markdown":
            for expression in find_expressions(cell["source"]):
                yield cell, expression.code, expression.line


def _nodes(code: str) -> Iterator[ast.AST]:
    """The syntax nodes; none for what is not Python: a line for the shell, a magic word."""
    with suppress(*UNREADABLE):
        yield from ast.walk(ast.parse(code))


def _outside_functions(nodes: list[ast.AST]) -> Iterator[ast.AST]:
    """The syntax nodes and those in them, but for functions, which run later."""
    for node in nodes:
        yield node
        if not isinstance(node, FUNCTIONS):
            yield from _outside_functions([*ast.iter_child_nodes(node)])


def _note_names(node: ast.AST, called: dict[str, str]) -> None:
    """Adds how a method of a review is called: `review.v` after `review = open_review(…)`, and
    `v` after `v = review.v`.
    """
    match node:
        case ast.Assign(targets=names, value=ast.Call(func=ast.Name(id="open_review"))):
            for name in names:
                called.update({f"{ast.unparse(name)}.{method}": method for method in KIND_ASKED})
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
            called[name] = called.get(ast.unparse(value), "")
