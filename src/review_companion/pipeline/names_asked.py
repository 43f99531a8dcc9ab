"""Names that notebooks ask a review for, in code cells and in inline expressions."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any

from ..errors import CompanionError
from ..notebooks.inline import find_expressions
from ..notebooks.notebook_files import Notebook, place
from ..package.files import left_from_a_merge
from ..package.problems import did_you_mean
from ..review import Review

SHELL = re.compile(r"^\s*[%!?]|\?\s*$", re.MULTILINE)
Known = Mapping[str, Collection[str]]
Called = Callable[[ast.expr], str]
KIND_ASKED = {
    **dict.fromkeys(("v", "value", "result", "shown"), "value"),
    **dict.fromkeys(("table", "comparison", "data"), "table"),
    "figure": "figure",
    "text": "sentence",
    "dossiers": "dossier",
}


def unknown_names(notebook: Notebook, name: str, review: Review) -> Iterator[CompanionError]:
    """One error for each name that is asked for and not declared, with notebook, cell and line."""
    known: Known = {
        "value": review.values_declared,
        "table": review.tables_declared,
        "figure": review.figures_declared,
        "sentence": review.sentences_declared,
        "dossier": review.dossiers_declared,
    }
    called = _called(notebook)
    for cell in notebook["cells"]:
        for code, line in _codes(cell):
            for asked, method, behind in _calls(code, called):
                kind = "table" if method in ("v", "value") and "/" in asked else KIND_ASKED[method]
                wanted = asked.partition("/")[0] if kind == "table" else asked
                if wanted not in known[kind]:
                    yield CompanionError(
                        f"no {kind} is named “{wanted}”",
                        where=place(notebook, cell, name, line + behind),
                        hint=did_you_mean(wanted, known[kind]) or None,
                        missing=kind,
                    )


def no_python(notebook: Notebook, name: str) -> Iterator[CompanionError]:
    """An error for each code cell and inline expression that Python cannot read.

    A cell with a line for the shell or a magic word is not judged.
    """
    for cell in notebook["cells"]:
        for code, line in _codes(cell):
            is_inline = cell["cell_type"] == "markdown"
            mode, text = ("eval", f"({code}\n)") if is_inline else ("exec", code)
            if row := left_from_a_merge(code):
                where = place(notebook, cell, name, row)
                yield CompanionError("left over from a merge", where=where, hint="choose one")
                continue
            if not is_inline and SHELL.search(code):
                continue
            try:
                compile(text, name, mode, ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                behind = (getattr(error, "lineno", None) or 1) - 1
                what = f"is not Python: {getattr(error, 'msg', error)}"
                hint = f"`{{python}} {code}`" if is_inline else None
                yield CompanionError(
                    what, where=place(notebook, cell, name, line + behind), hint=hint
                )


def _codes(cell: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Each piece of code of a cell, and the line at which it begins."""
    if cell["cell_type"] == "code":
        yield cell["source"], 1
    elif cell["cell_type"] == "markdown":
        for expression in find_expressions(cell["source"]):
            yield expression.code, expression.line


def _nodes(code: str) -> Iterator[ast.AST]:
    """Nothing for what is no Python: a line for the shell, a magic word."""
    with suppress(SyntaxError, ValueError, RecursionError):
        yield from ast.walk(ast.parse(code))


def _called(notebook: Notebook) -> Called:
    """How a function is called on a review: `review.v`, or `v` after `v = review.v`."""
    nodes = [n for cell in notebook["cells"] for code, _ in _codes(cell) for n in _nodes(code)]
    reviews = {name for node in nodes for name in _reviews_in(node)}

    def method(function: ast.expr) -> str:
        match function:
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute) if owner in reviews:
                return attribute
            case ast.Name(id=name):
                return aliases.get(name, "")
        return ""

    aliases: dict[str, str] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                aliases[name] = method(value)
    return method


def _reviews_in(node: ast.AST) -> Iterator[str]:
    """Names that hold a review: assigned from `open_review(…)`."""
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "open_review"
    ):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _calls(code: str, called: Called) -> Iterator[tuple[str, str, int]]:
    """The name asked for, by what, and how many lines further on."""
    for node in _nodes(code):
        match node:
            case ast.Call(func=function, args=[ast.Constant(value=str(asked)), *_]):
                method = called(function)
                if method in KIND_ASKED:
                    yield asked, method, node.lineno - 1
