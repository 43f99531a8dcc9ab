"""What a notebook may depend on, beyond the names that it is known to ask for.

A notebook that reads files by itself, or parts of the review that keep no record of being
read, is executed again after every change of them: never stale, at the price of time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from ..notebooks.inline import find_expressions
from ..notebooks.notebook_files import Notebook

Reliance = Literal["names", "data", "everything"]
RECORDED = frozenset(
    {
        *("value", "v", "result", "shown", "cell", "table", "comparison", "frame", "figure"),
        *("text", "claims", "verdict_changes", "verdict_counts", "verdict_sentence", "traces"),
        *("cards", "findings", "findings_summary", "parameters", "defaults"),
    }
)
OF_DATA = frozenset({"dossiers", "package", "ledger", "evaluator"})
HARMLESS = frozenset({"IPython", "pandas", "matplotlib", "math", "textwrap"})
READERS = ("open", "read_")
BUILTINS = frozenset({"open", "exec", "eval", "getattr", "__import__", "compile", "vars"})


def reliance(notebook: Notebook) -> Reliance:
    """Whether it depends on names alone, on the whole data, or on any file there may be."""
    try:
        trees = [ast.parse(code) for code in _codes(notebook)]
    except SyntaxError:
        return "everything"
    nodes = [node for tree in trees for node in ast.walk(tree)]
    reviews = {name for node in nodes for name in reviews_in(node)}
    asked = {name for node in nodes for name in _asked(node, reviews)}
    if _hands_on(nodes, reviews) or any(_goes_past(node) for node in nodes):
        return "everything"
    if asked - RECORDED:
        return "data" if asked <= RECORDED | OF_DATA else "everything"
    return "names"


def _codes(notebook: Notebook) -> Iterator[str]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            yield cell["source"]
        elif cell["cell_type"] == "markdown":
            yield from (expression.code for expression in find_expressions(cell["source"]))


def reviews_in(node: ast.AST) -> Iterator[str]:
    """Names that hold a review: assigned from `open_review(…)`."""
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "open_review"
    ):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _asked(node: ast.AST, reviews: set[str]) -> Iterator[str]:
    """What a review is asked for."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in reviews:
            yield attribute


def _hands_on(nodes: list[ast.AST], reviews: set[str]) -> bool:
    """Whether a review is used otherwise than by asking it something."""
    asked = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    return any(
        isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and node.id in reviews
        and id(node) not in asked
        for node in nodes
    )


def _goes_past(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any(name.name.split(".")[0] not in HARMLESS for name in names)
        case ast.ImportFrom(module="review_companion", names=names):
            return any(name.name != "open_review" for name in names)
        case ast.ImportFrom(module=module):
            return (module or "").split(".")[0] not in HARMLESS
        case ast.Attribute(attr=attribute):
            return attribute.startswith(READERS)
        case ast.Name(id=name):
            return name in BUILTINS
    return False
