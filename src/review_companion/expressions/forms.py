"""How each kind of syntax node is evaluated: comparison, logic, arithmetic, call, brackets."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from ..errors import nearest
from ..package.package import Resource
from . import operations
from .checking import check_cells, check_condition
from .expression_errors import ExpressionError, NotReported, at, shortened
from .frames import Reads, RowRef, Rows, look_up
from .functions import FUNCTIONS
from .parse import called, joined
from .walk import Walk, is_key


def compare(walk: Walk, node: ast.Compare) -> bool | None:
    """A comparison, or several in a chain."""
    check_cells(walk, node)
    sides = pairwise((node.left, *node.comparators))
    pairs = zip(node.ops, sides, strict=True)
    return decided(
        walk, (compare_pair(walk, type(sign), left, right) for sign, (left, right) in pairs)
    )


def decided(walk: Walk, found: Iterable[bool | None], join: Any = operations.every) -> bool | None:
    """Evaluates several conditions: within brackets only until one decides, elsewhere all."""
    truth: bool | None = join(found if walk.chosen else list(found))
    return truth


def compare_pair(walk: Walk, sign: type[ast.cmpop], left: ast.expr, right: ast.expr) -> bool | None:
    """One comparison of two sides."""
    value = walk.plain(left)
    if sign not in (ast.In, ast.NotIn):
        return operations.compared(sign, value, walk.plain(right))
    held = among(walk, value, right)
    return held if sign is ast.In else operations.opposite(held)


def among(walk: Walk, value: Any, right: ast.expr) -> bool | None:
    """Whether a set has a value; members that are written out are evaluated until one is equal."""
    if not isinstance(right, ast.List | ast.Tuple | ast.Set):
        return operations.within(value, walk.plain(right))
    pairs = (operations.compared(ast.Eq, value, walk.plain(item)) for item in right.elts)
    return operations.some(pairs)


def logic(walk: Walk, node: ast.BoolOp) -> bool | None:
    """“and” and “or” in Kleene's logic: open unless one side decides."""
    for part in node.values:
        if _is_selection(walk, part):
            hint = "write one selection: rows[first and second]"
            raise ExpressionError("“and” and “or” join conditions, not selections", hint=hint)
    join = operations.every if isinstance(node.op, ast.And) else operations.some
    return decided(walk, (walk.truth(part) for part in node.values), join)


def _is_selection(walk: Walk, node: ast.expr) -> bool:
    if isinstance(node, ast.Subscript):
        return walk.keyed(node) is None
    own = walk.chosen.resource.columns if walk.chosen else ()
    return isinstance(node, ast.Name) and node.id not in own and node.id in walk.names.resources


def unary(walk: Walk, node: ast.UnaryOp) -> Any:
    """“not”, or a minus sign."""
    if isinstance(node.op, ast.Not):
        return operations.opposite(walk.truth(node.operand))
    return calculate(walk, ast.Sub, ast.Constant(0), node.operand)


def calculate(walk: Walk, sign: type[ast.operator], left: ast.expr, right: ast.expr) -> Any:
    """An arithmetic operation; the error names a zero divisor or an empty cell."""
    one, other = operand(walk, left), operand(walk, right)
    try:
        return operations.calculated(sign, one, other)
    except ExpressionError as error:
        if error.what == "division by zero":
            what = f"division by zero: “{node_text(walk, right)}” is 0"
            raise ExpressionError(what, position=at(right, walk.text)) from None
        raise


def operand(walk: Walk, node: ast.expr) -> Any:
    """A value to calculate with. Raises NotReported, naming the cell, where it is empty."""
    value = walk.settled(walk.value(node))
    if value is None:
        what = f"“{node_text(walk, node)}” is empty, so nothing can be calculated with it"
        raise NotReported(what, position=at(node, walk.text))
    return value


def node_text(walk: Walk, node: ast.expr) -> str:
    """A node as it is written; a cell of a row in hand with the row's key."""
    if isinstance(node, ast.Attribute) and (found := walk.row_at(node)):
        row, path = found
        return f'{row.resource.name}["{row.key}"].{".".join(path)}'
    return shortened(ast.unparse(node), 80)


def call(walk: Walk, node: ast.Call) -> Any:
    """A function of the vocabulary, written before its argument or after a dot."""
    name, arguments = called(node)
    function = FUNCTIONS.get(name)
    position = at(node, walk.text)
    if function is None:
        hint = nearest(name, FUNCTIONS, "functions")
        raise ExpressionError(f"no function is named “{name}”", hint=hint, position=position)
    if isinstance(node.func, ast.Attribute) and not function.method:
        hint = f"it is written {function.form}"
        raise ExpressionError(f"“{name}” does not follow a dot", hint=hint, position=position)
    keywords = {str(k.arg): k.value for k in node.keywords}
    return function.bound(walk, function.bind(arguments, keywords))


def loop(walk: Walk, node: ast.GeneratorExp) -> Any:
    """Refuses a “for” that no function goes through."""
    raise ExpressionError("“for” needs all(…), any(…), count(…), sum(…), min, max, set, list")


def display(walk: Walk, node: ast.List | ast.Tuple | ast.Set) -> tuple[Any, ...]:
    """A list or a set that is written out."""
    found = tuple(walk.plain(item) for item in node.elts)
    return operations.distinct(found) if isinstance(node, ast.Set) else found


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
    return rows.keeping(_choose(walk, rows, node.slice))


def _choose(walk: Walk, rows: Rows, condition: ast.expr) -> list[str]:
    """The keys of the rows that meet a condition.

    A part of “and” is looked at only for rows that met those before it, so the cells looked
    at are exactly the ones that decided.
    """
    aside = Reads()
    around = {**walk.rows, "row": walk.around} if walk.around else walk.rows
    inner = walk.having(reads=aside, rows=around)
    check_condition(inner, rows.resource, condition)
    tests = list(joined(condition))
    inner = inner.having(fixed=_fixed(inner, rows.resource, tests))
    keys: tuple[str, ...] = rows.keys
    # an index knows all rows of the resource: of a part of them it would say too much
    found = _looked_up(inner, rows, tests[0]) if keys == tuple(rows.resource.rows) else None
    if found is not None:
        keys, tests = tuple(found), tests[1:]
    kept = [key for key in keys if _meets(inner, RowRef(rows.resource, key), tests)]
    walk.reads.include_as_looked(aside)
    return kept


def _fixed(walk: Walk, resource: Resource, tests: list[ast.expr]) -> dict[ast.expr, Any]:
    """Evaluates the sides of comparisons that are the same for all rows, once."""
    compares = (test for test in tests if isinstance(test, ast.Compare))
    sides = [side for test in compares for side in (test.left, *test.comparators)]
    free = (side for side in sides if not isinstance(side, ast.Constant))
    return {side: walk.plain(side) for side in free if not _own(side, resource)}


def _meets(walk: Walk, row: RowRef, tests: list[ast.expr]) -> bool:
    """Whether a row meets every condition; an open one is not met."""
    if not tests:
        return True
    inner = walk.having(chosen=row, around=row)
    return all(inner.truth(test) is True for test in tests)


def _looked_up(walk: Walk, rows: Rows, test: ast.expr) -> list[str] | None:
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
    texts = [operations.member_text(option) for option in options]
    return list(look_up(resource, left.id, texts, walk.reads.read))


def _own(node: ast.expr, resource: Resource) -> bool:
    """Whether a node names a column of the resource, so that its value differs from row to row."""
    return any(isinstance(n, ast.Name) and n.id in resource.columns for n in ast.walk(node))


FORMS: dict[type[ast.expr], Callable[[Any, Any], Any]] = {
    ast.Name: lambda walk, node: walk.name(node),
    ast.Attribute: lambda walk, node: walk.attribute(node),
    ast.Subscript: subscript,
    ast.Compare: compare,
    ast.BoolOp: logic,
    ast.UnaryOp: unary,
    ast.BinOp: lambda walk, node: calculate(walk, type(node.op), node.left, node.right),
    ast.Call: call,
    ast.Constant: lambda walk, node: node.value,
    ast.GeneratorExp: loop,
    ast.List: display,
    ast.Tuple: display,
    ast.Set: display,
}
