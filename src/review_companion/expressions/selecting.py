"""Brackets: one row by its key, or the rows that meet a condition."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..package.package import Resource
from . import operations
from .checking import check_condition
from .expression_errors import ExpressionError
from .frames import Rows, look_up
from .reads import Reads, RowRef
from .walk import Walk, is_key


def subscript(walk: Walk, node: ast.Subscript) -> Any:
    """A row by its key, or the rows that meet a condition."""
    if resource := walk.keyed(node):
        return walk.row_by_key(resource, node.slice)
    rows = walk.value(node.value)
    if not isinstance(rows, Rows) or rows.path:
        hint = "such as samples[number > 9].number"
        raise ExpressionError("brackets follow the name of a resource", hint=hint)
    if is_key(node.slice, rows.resource):
        raise ExpressionError("a key follows the name of a resource, not a selection")
    walk.reads.membership.add(rows.resource.name)
    return rows.keeping(choose(walk, rows, node.slice))


def choose(walk: Walk, rows: Rows, condition: ast.expr) -> Iterator[str]:
    """The keys of the rows that meet a condition.

    A part of “and” is looked at only for rows that met those before it, so the cells looked
    at are exactly the ones that decided.
    """
    aside = Reads()
    around = {**walk.rows, "row": walk.around} if walk.around else walk.rows
    inner = replace(walk, reads=aside, rows=around)
    check_condition(inner, rows.resource, condition)
    tests = list(_parts(condition))
    inner = replace(inner, fixed=fix(inner, rows.resource, tests))
    keys: tuple[str, ...] = rows.keys
    found = looked_up(inner, rows, tests[0]) if keys == tuple(rows.resource.rows) else None
    if found is not None:
        keys, tests = tuple(found), tests[1:]
    kept = [key for key in keys if meets(inner, RowRef(rows.resource, key), tests)]
    walk.reads.include_as_looked(aside)
    return iter(kept)


def fix(walk: Walk, resource: Resource, tests: list[ast.expr]) -> dict[ast.expr, Any]:
    """The sides of comparisons that name no column of the rows to choose from, evaluated."""
    compares = (test for test in tests if isinstance(test, ast.Compare))
    sides = [side for test in compares for side in (test.left, *test.comparators)]
    free = (side for side in sides if not isinstance(side, ast.Constant))
    return {side: walk.plain(side) for side in free if not _own(side, resource)}


def meets(walk: Walk, row: RowRef, tests: list[ast.expr]) -> bool:
    """Whether a row meets every test; what is open is not met."""
    if not tests:
        return True
    inner = replace(walk, chosen=row, around=row)
    return all(inner.truth(test) is True for test in tests)


def looked_up(walk: Walk, rows: Rows, test: ast.expr) -> list[str] | None:
    """The rows for which a column of their own is one of some texts, found by an index."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
        return None
    left, right = test.left, test.comparators[0]
    resource = rows.resource
    if not isinstance(left, ast.Name) or left.id not in resource.columns or _own(right, resource):
        return None
    if not isinstance(test.ops[0], ast.Eq | ast.In):
        return None
    if resource.field(left.id).get("type", "string") not in ("string", "boolean"):
        return None
    value = walk.plain(right)
    if isinstance(test.ops[0], ast.In) != isinstance(value, tuple):
        return None
    options = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(option, str | bool) for option in options):
        return None
    texts = [operations.plain(option) for option in options]
    return list(look_up(resource, left.id, texts, walk.reads.read))


def _parts(condition: ast.expr) -> Iterator[ast.expr]:
    """The conditions that “and” joins, in order."""
    if isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And):
        for part in condition.values:
            yield from _parts(part)
    else:
        yield condition


def _own(node: ast.expr, resource: Resource) -> bool:
    """Whether a node names a column of the resource, so that it differs from row to row."""
    return any(isinstance(n, ast.Name) and n.id in resource.columns for n in ast.walk(node))
