"""Whether a notebook asks by name only, so that what it depends on is known.

A notebook that reads files by itself, or parts of the review that keep no record of being
read, is executed again after every change of the data: never stale, at the price of time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..notebook.files import Notebook
from ..notebook.inline import find_expressions

RECORDED = frozenset(
    (
        *("value", "v", "result", "shown", "cell", "table", "comparison", "frame", "figure"),
        *("text", "claims", "verdict_counts", "findings", "traces", "parameters", "defaults"),
    )
)
HARMLESS = frozenset({"review_companion", "IPython", "pandas", "matplotlib", "math", "textwrap"})
READERS = ("open", "read_")


def asks_by_name_only(notebook: Notebook) -> bool:
    """Whether every cell and inline expression leaves a record of what it read."""
    try:
        trees = [ast.parse(code) for code in _codes(notebook)]
    except SyntaxError:
        return False
    nodes = [node for tree in trees for node in ast.walk(tree)]
    reviews = {name for node in nodes for name in _reviews(node)}
    return not any(_goes_past(node, reviews) for node in nodes)


def _codes(notebook: Notebook) -> Iterator[str]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            yield cell["source"]
        elif cell["cell_type"] == "markdown":
            yield from (expression.code for expression in find_expressions(cell["source"]))


def _reviews(node: ast.AST) -> Iterator[str]:
    """Names that hold a review: assigned from `open_review(…)`."""
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "open_review"
    ):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _goes_past(node: ast.AST, reviews: set[str]) -> bool:
    match node:
        case ast.Import(names=names):
            return any(name.name.split(".")[0] not in HARMLESS for name in names)
        case ast.ImportFrom(module="review_companion", names=names):
            return any(name.name != "open_review" for name in names)
        case ast.ImportFrom(module=module):
            return (module or "").split(".")[0] not in HARMLESS - {"review_companion"}
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in reviews:
            return attribute not in RECORDED
        case ast.Attribute(attr=attribute):
            return attribute.startswith(READERS)
        case ast.Name(id=name):
            return name in ("open", "exec", "eval", "getattr", "__import__", "compile")
    return False
