"""Checks all names in an expression first, also those of parts that no row would reach."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from ..errors import nearest
from ..package.package import Package, Resource, touch, touching
from .expression_errors import ExpressionError, at
from .frames import RowRef, column, end_of
from .parse import called, chain
from .walk import Walk

_HELD = ("set", "list", "only")


def check_condition(walk: Walk, resource: Resource, condition: ast.expr) -> None:
    """Checks names and compared values of a condition, once for each condition.

    Raises ExpressionError.
    """
    key = id(condition), resource.name
    if key not in walk.checked:
        with touching() as touched:
            _check_condition(walk, resource, condition)
        walk.checked[key] = condition, touched
    touch(walk.checked[key][1])


def _check_condition(walk: Walk, resource: Resource, condition: ast.expr) -> None:
    inner = walk.having(chosen=RowRef(resource, ""))
    loops = (n.target for n in ast.walk(condition) if isinstance(n, ast.comprehension))
    bound = {target.id for target in loops if isinstance(target, ast.Name)}
    for node in outside_brackets(condition):
        if isinstance(node, ast.Name):
            if node.id == "row" and not bound and not inner.means("row"):
                raise ExpressionError("there is no row in hand here", position=at(node, walk.text))
            if node.id not in {"row", "param", *bound} and not inner.means(node.id):
                raise inner.unknown(node)
        elif isinstance(node, ast.Attribute):
            _check_path(inner, node)
        elif isinstance(node, ast.Compare):
            _check_compare(inner, node, held=True)


def check_cells(walk: Walk, node: ast.Compare) -> None:
    """Checks values that are compared with cells outside brackets: the column must declare them."""
    if (id(node), "") not in walk.checked:
        walk.checked[id(node), ""] = node, set()  # no rows are asked for
        _check_compare(walk, node, held=False)


def require_allowed(
    package: Package, resource: Resource, path: Sequence[str], texts: Iterable[str]
) -> None:
    """Raises ExpressionError for a text that a column does not declare among its values."""
    end, name = end_of(package, resource, path)
    for text in filter(None, texts):
        if problem := _not_allowed(package, end, name, text, held=False):
            raise ExpressionError(problem[0], hint=problem[1])


def outside_brackets(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a condition that are about its own rows, without names of functions."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Subscript) and child is node.slice:
            continue
        if isinstance(node, ast.Call) and child is node.func:
            if isinstance(child, ast.Attribute):
                yield from outside_brackets(child.value)
            continue
        yield from outside_brackets(child)


def _check_path(walk: Walk, node: ast.Attribute) -> None:
    assert walk.chosen is not None
    root, path = chain(node)
    resource = walk.chosen.resource
    if isinstance(root, ast.Name) and root.id in resource.columns:
        steps = (root.id, *(path[:-1] if path[-1] == "given" else path))
        try:
            column(walk.package, resource, steps)
        except ExpressionError as error:
            error.position = error.position or at(node, walk.text)
            raise


def _check_compare(walk: Walk, node: ast.Compare, held: bool) -> None:
    sides = [node.left, *node.comparators]
    for one, other in pairwise(sides):
        for side, against in ((one, other), (other, one)):
            items = (
                against.elts if isinstance(against, ast.List | ast.Tuple | ast.Set) else [against]
            )
            literals = [item for item in items if isinstance(item, ast.Constant)]
            found = _column_of(walk, side) if literals else None
            for literal in literals if found else ():
                assert found is not None
                resource, name, many = found
                if problem := _problem(walk, resource, name, literal.value, held and not many):
                    position = at(literal, walk.text)
                    raise ExpressionError(problem[0], hint=problem[1], position=position)


def _column_of(walk: Walk, node: ast.expr) -> tuple[Resource, str, bool] | None:
    """The column that a side of a comparison names, and whether it stands for many of its cells."""
    if isinstance(node, ast.Call):
        name, arguments = called(node)
        found = _column_of(walk, arguments[0]) if name in _HELD and arguments else None
        return (found[0], found[1], True) if found else None
    root, path = chain(node)
    names = walk.names.resources
    start: Resource | None = None
    if isinstance(root, ast.Name):
        if walk.chosen is not None and root.id in walk.chosen.resource.columns:
            start, path = walk.chosen.resource, (root.id, *path)
        elif root.id in walk.rows:
            start = walk.rows[root.id].resource
        elif root.id in names:
            start = names[root.id]
    elif isinstance(root, ast.Subscript) and isinstance(root.value, ast.Name):
        start = names.get(root.value.id)
    if start is None or not path or path[-1] == "given":
        return None
    try:
        return (*end_of(walk.package, start, path), False)
    except ExpressionError:
        return None  # an error when it is evaluated


def _problem(
    walk: Walk, resource: Resource, name: str, value: Any, held: bool
) -> tuple[str, str | None] | None:
    field = resource.field(name)
    kind = field.get("type", "string")
    label = f"{resource.name}.{name}"
    is_word, is_truth = isinstance(value, str), isinstance(value, bool)
    if kind == "boolean":
        hint = f"write {name}, or not {name}"
        return None if is_truth else (f"{label} is true or false", hint)
    if kind in ("integer", "number"):
        if is_word or is_truth:
            return f"{label} is a number, and “{value}” is not", "write the number without quotes"
        return None
    if not is_word:
        text = str(value).lower() if is_truth else str(value)
        return f"{label} holds words, and {text} is not one", f'write "{text}"'
    if not value:
        return "an empty cell equals nothing", f"write not {name}.given"
    return _not_allowed(walk.package, resource, name, value, held)


def _not_allowed(
    package: Package, resource: Resource, name: str, value: str, held: bool
) -> tuple[str, str | None] | None:
    allowed = resource.field(name).get("constraints", {}).get("enum")
    verb = "allows"
    if not allowed and (target := resource.foreign_keys.get(name)):
        allowed = list(package[target].rows)
    if not allowed and held:
        verb = "holds"
        allowed = sorted({row[name] for row in resource.rows.values()} - {""})
    if not allowed or value in allowed:
        return None
    near = nearest(value, allowed, f"it {verb}")
    listed = f"it {verb}: {', '.join(list(allowed)[:20])}"
    hint = f"{near} {listed}" if near and not near.startswith("it ") else near
    return f"{resource.name}.{name} {verb} no “{value}”", hint
