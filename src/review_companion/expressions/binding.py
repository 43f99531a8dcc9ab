"""What each node of an expression means: names are looked up, and compared words, once.

A `Scope` makes of a parsed expression the `Term` that `Walk` evaluates. What it refuses is refused
whether or not any row would ever reach it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ..errors import CompanionError, nearest, require_known
from ..package.package import Package, Resource
from . import operations
from .checking import check_compared, unknown
from .frames import Path, RowRef, Rows, end_of, follow, parse_cell
from .functions import FUNCTIONS
from .parse import (
    MOST_DIGITS,
    PARAMETERS,
    SHAPE,
    ExpressionError,
    at,
    called,
    chain,
    joined,
    placed,
    shortened,
)
from .walk import Condition, Term, Walk

Truth = Callable[[Walk], bool | None]
_INSTEAD: dict[type[ast.AST], str] = {  # of what Python has and the language has not
    ast.Is: "write ==, or column.given",
    ast.IsNot: "write !=, or column.given",
    ast.Slice: 'rows have names, not positions: write rows["their key"]',
    ast.ListComp: "write list(… for …)",
    ast.SetComp: "write set(… for …)",
    ast.IfExp: "see first_given(…)",
    ast.Dict: "whether a set is empty: len(…) == 0",
    ast.NamedExpr: "to compare, write ==",
}


def row_term(node: ast.AST, resource: Resource, by: object) -> Term:
    """A row that is in hand during an evaluation, by what chose it."""
    find: Callable[[Walk], RowRef] = lambda walk: walk.rows[by]  # noqa: E731
    return Term(node, find, resource, row=find)


@dataclass(frozen=True)
class Scope:
    """What names mean at a place in an expression.

    Names of `resources` and `values` have `_` for each hyphen. `rows` are the rows in hand by
    name; `chosen` is the row that the innermost brackets look at, whose columns are bare names;
    within further brackets it is `row`, unless `row` was bound since (`around` is None then). In

        lamps[count(nights[lamp == row.lamp and number > 1]) == 1]

    `lamp` and `number` are columns of `nights`, and `row` is the lamp looked at. What binds a node
    has the node's name, as in `ast.NodeVisitor`.
    """

    package: Package
    resources: Mapping[str, Resource]
    values: Mapping[str, str]
    parameters: Collection[str]
    text: str = ""
    rows: Mapping[str, Term] = field(default_factory=dict)
    chosen: Term | None = None
    around: Term | None = None

    def bind(self, node: ast.expr) -> Term:
        """The term of a node. Raises ExpressionError, with the place of what means nothing."""
        try:
            form = getattr(self, f"_{type(node).__name__}", None)
            if form is None:
                raise _foreign(node)
            term: Term = form(node)
            return term
        except CompanionError as error:
            raise placed(error, node, self.text) from None

    def _Constant(self, node: ast.Constant) -> Term:
        value: Any = node.value
        if value is None:
            hint = "whether a cell is filled is column.given"
            raise ExpressionError("“None” is not part of the language", hint=hint)
        if isinstance(value, float):
            value = self._decimal(node)
        if not isinstance(value, str | int | Decimal):
            raise ExpressionError("not a value of the language")
        if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
            raise ExpressionError(f"a number is written in at most {MOST_DIGITS} digits")
        return Term(node, lambda walk: value)

    def _decimal(self, node: ast.Constant) -> Decimal:
        """A decimal with the digits that are written."""
        segment = ast.get_source_segment(self.text.strip(" \n"), node) or ""
        if not re.fullmatch(r"[\d_]*\.[\d_]*", segment) or len(segment) > MOST_DIGITS:
            raise ExpressionError("a number is written in plain digits")
        return Decimal(segment.replace("_", ""))

    def _List(self, node: ast.List | ast.Tuple | ast.Set) -> Term:
        """A list or a set that is written out."""
        parts = tuple(map(self.bind, node.elts))
        join = operations.distinct if isinstance(node, ast.Set) else tuple[Any, ...]
        return Term(node, lambda walk: join(map(walk.plain, parts)), parts=parts)

    _Tuple = _Set = _List

    def _Name(self, node: ast.Name) -> Term:
        """A column of the row looked at, a row in hand, a resource, or a named value."""
        name = node.id
        if name.startswith("_"):
            raise ExpressionError("no name begins with an underscore")
        if self.chosen and name in self._columns:
            return self._column(node, self.chosen, name)
        if name in self.rows:
            return replace(self.rows[name], node=node)
        if resource := self.resources.get(name):

            def rows(walk: Walk) -> Rows:
                walk.reads.membership.add(resource.name)
                return Rows(resource, tuple(resource.rows))

            return Term(node, rows, resource)
        if name in self.values:
            return Term(node, lambda walk: walk.named(self.values[name], walk))
        raise self._unknown(node)

    @property
    def _columns(self) -> Collection[str]:
        """The columns that are bare names."""
        return self.chosen.resource.columns if self.chosen and self.chosen.resource else ()

    def _unknown(self, node: ast.Name) -> ExpressionError:
        known = (*self._columns, *self.values, *self.resources, *self.rows)
        rows = {name: row.resource for name, row in self.rows.items() if row.resource}
        return unknown(node.id, at(node, self.text), self.text, known, rows)

    def _Attribute(self, node: ast.Attribute) -> Term:
        """A cell of a row, a column of a selection, a parameter, or whether a cell is given."""
        name = node.attr
        if isinstance(node.value, ast.Name) and node.value.id == "param":
            return self._parameter(node, name)
        whole = self.bind(node.value)
        if whole.resource is None or name.startswith("_"):
            raise ExpressionError(f"“{shortened(ast.unparse(node.value))}” has no columns")
        if name == "given" and whole.path:
            return self._given(node, whole)
        return self._column(node, whole, name)

    def _given(self, node: ast.Attribute, cell: Term) -> Term:
        """Whether a cell is filled."""
        find, path = cell.row, cell.path
        if find is None:
            hint = "choose the rows: rows[column.given]"
            raise ExpressionError("a whole column is not given or missing", hint=hint)
        return Term(
            node, lambda walk: follow(walk.package, find(walk), path, walk.reads.read) != ""
        )

    def _column(self, node: ast.expr, whole: Term, name: str) -> Term:
        """A column of rows, or a cell of one row, one step further than `whole`."""
        assert whole.resource is not None
        path, find = (*whole.path, name), whole.row
        try:
            end, last = end_of(self.package, whole.resource, path)
        except CompanionError as error:
            if name in FUNCTIONS and FUNCTIONS[name].method:
                error.hint = f"“{name}” is a function; it is written {FUNCTIONS[name].form}"
            raise
        of = end.field(last)
        if find is None:
            return Term(node, lambda walk: walk.value(whole).column(name), whole.resource, path)

        def cell(walk: Walk) -> Any:
            text = follow(walk.package, find(walk), path, walk.reads.read)
            return parse_cell(text, of, intervals=walk.intervals)

        return Term(node, cell, whole.resource, path, find)

    def _parameter(self, node: ast.Attribute, name: str) -> Term:
        """A parameter of the notebooks; noted."""
        require_known(name, self.parameters, *PARAMETERS)

        def run(walk: Walk) -> Any:
            value = walk.parameters[name]
            walk.reads.parameters.add((name, str(value)))
            return Decimal(str(value)) if isinstance(value, float) else value

        return Term(node, run)

    def _Compare(self, node: ast.Compare) -> Term:
        """A comparison, or several in a chain."""
        sides = tuple(map(self.bind, (node.left, *node.comparators)))
        found = []
        for sign, (left, right) in zip(node.ops, pairwise(sides), strict=True):
            if isinstance(sign, ast.Is | ast.IsNot):
                raise _foreign(node, sign)
            check_compared(self.package, left, right, self.text, held=self.chosen is not None)
            found.append(_pair(type(sign), left, right))
        return Term(node, self._decided(found, operations.every), parts=sides)

    def _BoolOp(self, node: ast.BoolOp) -> Term:
        """“and” and “or” in Kleene's logic: open unless one side decides."""
        is_and = isinstance(node.op, ast.And)
        words = (n for n in node.values if isinstance(n, ast.Constant))
        if any(not isinstance(word.value, bool) for word in words):
            what = f"“{'and' if is_and else 'or'}” joins whole conditions"
            raise ExpressionError(what, hint='write: column in ["one", "other"]')
        parts = tuple(map(self.bind, node.values))
        if any(part.is_selection and not part.path for part in parts):
            hint = "write one selection: rows[first and second]"
            raise ExpressionError("“and” and “or” join conditions, not selections", hint=hint)
        join = operations.every if is_and else operations.some
        return Term(node, self._decided([_truth_of(part) for part in parts], join), parts=parts)

    def _decided(self, found: list[Truth], join: Any) -> Truth:
        """Several conditions: within brackets evaluated only until one decides, elsewhere all."""
        if self.chosen:
            return lambda walk: join(each(walk) for each in found)
        return lambda walk: join([each(walk) for each in found])

    def _UnaryOp(self, node: ast.UnaryOp) -> Term:
        """“not”, or a minus sign."""
        operand = self.bind(node.operand)
        if isinstance(node.op, ast.Not):
            return Term(node, lambda walk: operations.opposite(walk.truth(operand)))
        if not isinstance(node.op, ast.USub):
            raise _foreign(node)
        zero = self.bind(ast.Constant(0))
        return Term(node, lambda walk: walk.calculated(ast.Sub, zero, operand))

    def _BinOp(self, node: ast.BinOp) -> Term:
        sign = type(node.op)
        if sign not in operations.SIGNS:
            raise _foreign(node)
        left, right = self.bind(node.left), self.bind(node.right)
        if sign not in operations.EXACT and ast.Constant in (type(node.left), type(node.right)):
            what = "“&” and “|” join sets, not conditions"
            raise ExpressionError(what, hint="write “and” or “or”")
        return Term(node, lambda walk: walk.calculated(sign, left, right))

    def _GeneratorExp(self, node: ast.GeneratorExp) -> Term:
        """A “for”, for functions that go through its rows."""
        loop, target = node.generators[0], node.generators[0].target
        if len(node.generators) > 1 or loop.is_async or not isinstance(target, ast.Name):
            hint = "all(row.p < 1 for row in comparisons)"
            raise ExpressionError("“for” takes one name over one selection", hint=hint)
        if loop.ifs:
            hint = "choose the rows: for row in rows[condition]"
            raise ExpressionError("“if” cannot follow “for”", hint=hint)
        rows = self.bind(loop.iter)
        if rows.resource is None or not rows.is_selection:
            raise ExpressionError("“for” goes through the rows of a selection")
        within = {**self.rows, target.id: row_term(node, rows.resource, node)}
        around = None if target.id == "row" else self.around
        body = replace(self, rows=within, around=around).bind(node.elt)

        def alone(walk: Walk) -> Any:
            what = "“for” needs all(…), any(…), count(…), sum(…), min, max, set, list"
            raise ExpressionError(what)

        return Term(node, alone, parts=(rows, body))

    def _Call(self, node: ast.Call) -> Term:
        """A function of the vocabulary, written before its argument or after a dot."""
        name, arguments = called(node)
        require_known(name, FUNCTIONS, "no function is named", "functions")
        function = FUNCTIONS[name]
        if isinstance(node.func, ast.Attribute) and not function.method:
            hint = f"it is written {function.form}"
            raise ExpressionError(f"“{name}” does not follow a dot", hint=hint)
        taken: dict[str, Any] = {}
        terms: list[Term] = []
        given = function.bind(arguments, {str(k.arg): k.value for k in node.keywords})
        for parameter, argument in given.items():
            several = argument if isinstance(argument, tuple) else (argument,)
            if function.takes(parameter) == "Path":
                made: list[Any] = [self._path(each, terms[0]) for each in several]
            else:
                made = list(map(self.bind, several))
                terms += made
            if function.takes(parameter) == "Rows" and not made[0].is_selection:
                hint = f"it is written {function.form}"
                raise ExpressionError("a selection of rows is needed here", hint=hint)
            taken[parameter] = tuple(made) if isinstance(argument, tuple) else made[0]
        term = Term(node, lambda walk: function.run(walk, taken), parts=tuple(terms))
        if function.gives == "Rows":
            return replace(term, resource=terms[0].resource, path=terms[0].path)
        return term

    def _path(self, node: ast.expr, rows: Term) -> Path:
        """The way to a column of a selection."""
        root, dots = chain(node)
        try:
            if not isinstance(root, ast.Name) or rows.resource is None:
                raise ExpressionError("the name of a column is needed here, such as study.year")
            end_of(self.package, rows.resource, (root.id, *dots))
        except CompanionError as error:
            raise placed(error, node, self.text) from None
        return root.id, *dots

    def _Subscript(self, node: ast.Subscript) -> Term:
        """A row by its key, or the rows that meet a condition."""
        if isinstance(node.slice, ast.Tuple):
            raise ExpressionError("brackets hold one condition", hint="join conditions by “and”")
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        resource = None if name in self._columns else self.resources.get(name)
        if resource and _is_key(node.slice, resource):
            return self._row_by_key(node, resource)
        rows = self.bind(node.value)
        if rows.resource is None or not rows.is_selection or rows.path:
            hint = "such as samples[number > 9].number"
            raise ExpressionError("brackets follow the name of a resource", hint=hint)
        if _is_key(node.slice, rows.resource):
            raise ExpressionError("a key follows the name of a resource, not a selection")
        condition = self.condition(node, rows.resource)
        return Term(node, lambda walk: condition.choose(walk, walk.value(rows)), rows.resource)

    def condition(self, node: ast.Subscript, resource: Resource) -> Condition:
        """The condition in brackets, on the rows of a resource."""
        inner = self._within(node, resource)
        return Condition(resource, node, tuple(map(inner.bind, joined(node.slice))))

    def _within(self, node: ast.Subscript, resource: Resource) -> Scope:
        """The scope of a condition on the rows of a resource."""
        rows = {**self.rows, "row": self.around} if self.around else self.rows
        chosen = row_term(node, resource, node)
        return replace(self, rows=rows, chosen=chosen, around=chosen)

    def _row_by_key(self, node: ast.Subscript, resource: Resource) -> Term:
        """The row that a key names. Raises ExpressionError for a key that no row has."""
        known = {*self._columns, *self.rows, *self.resources, *self.values}
        if isinstance(node.slice, ast.Name) and node.slice.id not in known:
            raise self._within(node, resource)._unknown(node.slice)
        named = self.bind(node.slice)

        def row(walk: Walk) -> RowRef:
            key = walk.plain(named)
            if isinstance(key, str) and key in resource.rows:
                return RowRef(resource, key)
            if isinstance(key, str):
                what = f"{resource.name} has no row “{key}”"
                hint = nearest(key, resource.rows, "its rows")
            else:
                given = operations.described(key)
                what = f"a row of {resource.name} is named by its key, not by {given}"
                hint = f'such as {resource.name}["{next(iter(resource.rows), "key")}"]'
            missing = "row" if isinstance(key, str) else ""
            raise ExpressionError(
                what, hint=hint, position=at(named.node, walk.text), missing=missing
            )

        return Term(node, row, resource, row=row)


def _foreign(node: ast.AST, sign: ast.AST | None = None) -> ExpressionError:
    """The error for a node, or a sign of it, that the language does not have."""
    what = f"“{shortened(ast.unparse(node))}” is not part of the language"
    return ExpressionError(what, hint=_INSTEAD.get(type(sign or node), SHAPE))


def _truth_of(term: Term) -> Truth:
    return lambda walk: walk.truth(term)


def _pair(sign: type[ast.cmpop], left: Term, right: Term) -> Truth:
    """One comparison of two sides."""
    if sign not in (ast.In, ast.NotIn):
        return lambda walk: operations.compared(sign, walk.plain(left), walk.plain(right))

    def held(walk: Walk) -> bool | None:
        value = walk.plain(left)
        if not isinstance(right.node, ast.List | ast.Tuple | ast.Set):
            return operations.within(value, walk.plain(right))
        found = (operations.compared(ast.Eq, value, walk.plain(item)) for item in right.parts)
        return operations.some(found)  # members are evaluated until one is equal

    return held if sign is ast.In else lambda walk: operations.opposite(held(walk))


def _is_key(node: ast.expr, resource: Resource) -> bool:
    """Whether brackets hold a key rather than a condition."""
    node, _ = chain(node)
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, bool)
    return isinstance(node, ast.Name) and node.id not in resource.columns
