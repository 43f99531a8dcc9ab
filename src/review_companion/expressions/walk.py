"""Evaluates a parsed expression, node by node, and notes every cell that it touches."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ..data.package import Package, Resource
from ..errors import CompanionError
from . import operations
from .checking import check_cells, check_condition
from .errors import ExpressionError, NotReported, at, nearest, shortened
from .frames import Rows, column, follow, look_up, typed
from .functions import FUNCTIONS, Arguments
from .reads import Reads, RowRef

Named = Callable[[str, "Walk"], Any]


@dataclass(frozen=True)
class Names:
    """What a text may name beside columns: resources and values, with `_` for each hyphen."""

    resources: Mapping[str, Resource]
    values: Mapping[str, str]


@dataclass(frozen=True)
class Walk:
    """One evaluation of one text.

    `rows` are the rows in hand by name; `chosen` is the row that the innermost brackets look at,
    whose columns are bare names; within further brackets it is `row`, unless `row` was bound
    since (`around` is None then). `fixed` are the sides of comparisons that are the same for all
    rows of a selection. With `intervals`, printed decimals are read as rounded.
    """

    package: Package
    parameters: Mapping[str, Any]
    names: Names
    named: Named
    reads: Reads
    text: str = ""
    intervals: bool = False
    rows: Mapping[str, RowRef] = field(default_factory=dict)
    chosen: RowRef | None = None
    around: RowRef | None = None
    checked: dict[tuple[int, str], ast.AST] = field(default_factory=dict)
    fixed: Mapping[ast.expr, Any] = field(default_factory=dict)

    # Values

    def value(self, node: ast.expr) -> Any:
        """Rows, a row, or a plain value. Errors know their place."""
        if node in self.fixed:
            return self.fixed[node]
        try:
            return _FORMS[type(node)](self, node)
        except ExpressionError as error:
            if error.position is None and error.where is None:
                error.position = at(node, self.text)
            raise
        except CompanionError as error:
            if error.where is not None:
                raise
            position = at(node, self.text)
            raise ExpressionError(error.what, hint=error.hint, position=position) from None

    def plain(self, node: ast.expr) -> Any:
        """A plain value; a column is the tuple of its filled cells; None if a cell is missing."""
        try:
            return self.settled(self.value(node))
        except NotReported:
            return None

    def settled(self, value: Any) -> Any:
        """Rows as the tuple of their column's cells, or of their keys; a row by itself fails."""
        if isinstance(value, Rows):
            cells = value if value.path else replace(value, path=(value.resource.key,))
            return tuple(self.cells(cells))
        if isinstance(value, RowRef):
            columns = nearest("", value.resource.columns, "its columns")
            raise ExpressionError("a row is not a value: name one of its columns", hint=columns)
        return value

    def truth(self, node: ast.expr) -> bool | None:
        """The truth of a node: open where a cell is missing."""
        value = self.plain(node)
        if value is None or isinstance(value, bool):
            return value
        what = f"true or false is needed here, not {operations.described(value)}"
        raise ExpressionError(what, hint="compare it with something", position=at(node, self.text))

    def cells(self, rows: Rows) -> list[Any]:
        """The filled cells of a column, in the order of its rows."""
        if not rows.path:
            hint = nearest("", rows.resource.columns, "its columns")
            raise ExpressionError(f"name a column of {rows.resource.name}", hint=hint)
        column(self.package, rows.resource, rows.path)
        found = (self.cell(row, rows.path) for row in rows)
        return [value for value in found if value is not None]

    def cell(self, row: RowRef, path: tuple[str, ...]) -> Any:
        """The cell at a path, typed; noted as read."""
        return typed(self.package, row, path, self.reads.read, self.intervals)

    def items(self, node: ast.expr) -> list[Any]:
        """What a function aggregates: a column's cells, a set's members, or each of a `for`."""
        if isinstance(node, ast.GeneratorExp):
            return list(self.each(node, Walk.plain))
        value = self.settled(self.value(node))
        if not isinstance(value, tuple):
            what = f"a column or a set is needed here, not {operations.described(value)}"
            raise ExpressionError(what, position=at(node, self.text))
        return list(value)

    def each(self, node: ast.GeneratorExp, found: Callable[[Walk, ast.expr], Any]) -> Iterator[Any]:
        """The body of a `for` for each row of its selection."""
        loop = node.generators[0]
        rows = self.value(loop.iter)
        if not isinstance(rows, Rows):
            raise ExpressionError("“for” goes through the rows of a selection")
        assert isinstance(loop.target, ast.Name)
        name = loop.target.id
        around = None if name == "row" else self.around
        for row in rows:
            inner = replace(self, rows={**self.rows, name: row}, around=around)
            yield found(inner, node.elt)

    def parameter(self, name: str) -> Any:
        """A parameter of the notebooks; noted."""
        if name not in self.parameters:
            hint = nearest(name, self.parameters, "known parameters")
            raise ExpressionError(f"no parameter is named “{name}”", hint=hint)
        value = self.parameters[name]
        self.reads.parameters.add((name, str(value)))
        return Decimal(str(value)) if isinstance(value, float) else value

    # Names

    def row_at(self, node: ast.expr) -> tuple[RowRef, tuple[str, ...]] | None:
        """The row and the path that a chain of dots starts from, where it starts from a row."""
        path: list[str] = []
        while isinstance(node, ast.Attribute):
            path.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            if self.chosen is not None and node.id in self.chosen.resource.columns:
                return self.chosen, (node.id, *path)
            if node.id in self.rows:
                return self.rows[node.id], tuple(path)
            if node.id == "row" and path:
                raise ExpressionError("there is no row in hand here", position=at(node, self.text))
        elif isinstance(node, ast.Subscript) and (resource := self.keyed(node)):
            return self.row_by_key(resource, node.slice), tuple(path)
        return None

    def keyed(self, node: ast.Subscript) -> Resource | None:
        """The resource of which brackets name one row by its key."""
        if not isinstance(node.value, ast.Name) or (
            self.chosen is not None and node.value.id in self.chosen.resource.columns
        ):
            return None
        resource = self.names.resources.get(node.value.id)
        return resource if resource is not None and _is_key(node.slice, resource) else None

    def name(self, node: ast.Name) -> Any:
        """A column of the row looked at, a resource, or a named value."""
        if found := self.row_at(node):
            return found[0] if not found[1] else self.cell(*found)
        known = self.names
        if node.id in known.resources:
            resource = known.resources[node.id]
            self.reads.membership.add(resource.name)
            return Rows(resource, tuple(resource.rows))
        if node.id in known.values:
            return self.named(known.values[node.id], self)
        raise self.unknown(node)

    def means(self, name: str) -> bool:
        """Whether a bare name means anything here."""
        own = self.chosen.resource.columns if self.chosen else ()
        known = (own, self.rows, self.names.resources, self.names.values)
        return any(name in names for names in known)

    def unknown(self, node: ast.Name) -> ExpressionError:
        """The error for a name that means nothing here, with what was most likely meant."""
        own = list(self.chosen.resource.columns) if self.chosen else []
        in_hand = [n for n, row in self.rows.items() if node.id in row.resource.columns]
        known = [*own, *self.names.values, *self.names.resources, *self.rows]
        position = at(node, self.text)
        hint: str | None = None
        if hyphened := _with_hyphens(self.text, position, {*known}):
            hint = f"did you mean “{hyphened}”? names are written with _ for -"
        if hint is None and in_hand:
            hint = f"a column of the row in hand is {in_hand[0]}.{node.id}"
        if hint is None and node.id in FUNCTIONS:
            hint = f"a function is called: {FUNCTIONS[node.id].form}"
        hint = hint or nearest(node.id, known, "names here")
        return ExpressionError(f"nothing is named “{node.id}”", hint=hint, position=position)

    def attribute(self, node: ast.Attribute) -> Any:
        """A cell of a row, a column of a selection, a parameter, or whether a cell is given."""
        if isinstance(node.value, ast.Name) and node.value.id == "param":
            return self.parameter(node.attr)
        if found := self.row_at(node):
            row, path = found
            if path[-1] == "given" and "given" not in row.resource.columns and len(path) > 1:
                column(self.package, row.resource, path[:-1])
                return follow(self.package, row, path[:-1], self.reads.read) != ""
            return self.cell(row, path)
        value = self.value(node.value)
        if not isinstance(value, Rows):
            what = f"{operations.described(value)} has no columns"
            raise ExpressionError(what, position=at(node, self.text))
        rows = replace(value, path=(*value.path, node.attr))
        if node.attr == "given" and value.path:
            hint = "choose the rows: rows[column.given]"
            raise ExpressionError("a whole column is not given or missing", hint=hint)
        column(self.package, rows.resource, rows.path)
        return rows

    # Selections

    def subscript(self, node: ast.Subscript) -> Any:
        """A row by its key, or the rows that meet a condition."""
        if resource := self.keyed(node):
            return self.row_by_key(resource, node.slice)
        rows = self.value(node.value)
        if not isinstance(rows, Rows) or rows.path:
            hint = "such as samples[number > 9].number"
            raise ExpressionError("brackets follow the name of a resource", hint=hint)
        if _is_key(node.slice, rows.resource):
            raise ExpressionError("a key follows the name of a resource, not a selection")
        self.reads.membership.add(rows.resource.name)
        return rows.keeping(self.choose(rows, node.slice))

    def row_by_key(self, resource: Resource, node: ast.expr) -> RowRef:
        if isinstance(node, ast.Name) and not self.means(node.id):
            raise replace(self, chosen=RowRef(resource, "")).unknown(node)
        key = self.plain(node)
        if not isinstance(key, str):
            given = operations.described(key)
            what = f"a row of {resource.name} is named by its key, not by {given}"
            example = f'such as {resource.name}["{next(iter(resource.rows), "key")}"]'
            raise ExpressionError(what, hint=example, position=at(node, self.text))
        if key not in resource.rows:
            hint = nearest(key, resource.rows, "its rows")
            what = f"{resource.name} has no row “{key}”"
            raise ExpressionError(what, hint=hint, position=at(node, self.text))
        return RowRef(resource, key)

    def choose(self, rows: Rows, condition: ast.expr) -> Iterator[str]:
        """The keys of the rows that meet a condition.

        A part of “and” is looked at only for rows that met those before it, so the cells looked
        at are exactly the ones that decided.
        """
        aside = Reads()
        around = {**self.rows, "row": self.around} if self.around else self.rows
        walk = replace(self, reads=aside, rows=around)
        check_condition(walk, rows.resource, condition)
        tests = list(_parts(condition))
        walk = replace(walk, fixed=walk.fix(rows.resource, tests))
        keys: tuple[str, ...] = rows.keys
        found = walk.looked_up(rows, tests[0]) if keys == tuple(rows.resource.rows) else None
        if found is not None:
            keys, tests = tuple(found), tests[1:]
        kept = [key for key in keys if walk.meets(RowRef(rows.resource, key), tests)]
        self.reads.include_as_looked(aside)
        return iter(kept)

    def fix(self, resource: Resource, tests: list[ast.expr]) -> dict[ast.expr, Any]:
        """The sides of comparisons that name no column of the rows to choose from, evaluated."""
        compares = (test for test in tests if isinstance(test, ast.Compare))
        sides = [side for test in compares for side in (test.left, *test.comparators)]
        free = (side for side in sides if not isinstance(side, ast.Constant))
        return {side: self.plain(side) for side in free if not _own(side, resource)}

    def meets(self, row: RowRef, tests: list[ast.expr]) -> bool:
        """Whether a row meets every test; what is open is not met."""
        if not tests:
            return True
        walk = replace(self, chosen=row, around=row)
        return all(walk.truth(test) is True for test in tests)

    def looked_up(self, rows: Rows, test: ast.expr) -> list[str] | None:
        """The rows for which a column of their own is one of some texts, found by an index."""
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
            return None
        left, right = test.left, test.comparators[0]
        resource = rows.resource
        if (
            not isinstance(left, ast.Name)
            or left.id not in resource.columns
            or _own(right, resource)
        ):
            return None
        if not isinstance(test.ops[0], ast.Eq | ast.In):
            return None
        if resource.field(left.id).get("type", "string") not in ("string", "boolean"):
            return None
        value = self.plain(right)
        if isinstance(test.ops[0], ast.In) != isinstance(value, tuple):
            return None
        options = value if isinstance(value, tuple) else (value,)
        if not all(isinstance(option, str | bool) for option in options):
            return None
        texts = [operations.plain(option) for option in options]
        return list(look_up(resource, left.id, texts, self.reads.read))

    # Operations

    def compare(self, node: ast.Compare) -> bool | None:
        check_cells(self, node)
        sides = pairwise((node.left, *node.comparators))
        pairs = zip(node.ops, sides, strict=True)
        return self.decided(
            self.compare_pair(type(sign), left, right) for sign, (left, right) in pairs
        )

    def decided(self, found: Iterable[bool | None], join: Any = operations.every) -> bool | None:
        """Some truths together; within brackets no further than decides, elsewhere all of them."""
        truth: bool | None = join(found if self.chosen else list(found))
        return truth

    def compare_pair(self, sign: type[ast.cmpop], left: ast.expr, right: ast.expr) -> bool | None:
        value = self.plain(left)
        if sign not in (ast.In, ast.NotIn):
            return operations.compared(sign, value, self.plain(right))
        held = self.among(value, right)
        return held if sign is ast.In else operations.opposite(held)

    def among(self, value: Any, right: ast.expr) -> bool | None:
        """Whether a set holds a value; members written out are looked at until one fits."""
        if not isinstance(right, ast.List | ast.Tuple | ast.Set):
            return operations.within(value, self.plain(right))
        pairs = (operations.compared(ast.Eq, value, self.plain(item)) for item in right.elts)
        return operations.some(pairs)

    def logic(self, node: ast.BoolOp) -> bool | None:
        for part in node.values:
            if isinstance(part, ast.Name | ast.Subscript) and isinstance(self.value(part), Rows):
                hint = "write one selection: rows[first and second]"
                raise ExpressionError("“and” and “or” join conditions, not selections", hint=hint)
        join = operations.every if isinstance(node.op, ast.And) else operations.some
        return self.decided((self.truth(part) for part in node.values), join)

    def unary(self, node: ast.UnaryOp) -> Any:
        if isinstance(node.op, ast.Not):
            return operations.opposite(self.truth(node.operand))
        return self.calculate(ast.Sub, ast.Constant(0), node.operand)

    def calculate(self, sign: type[ast.operator], left: ast.expr, right: ast.expr) -> Any:
        one, other = self.operand(left), self.operand(right)
        try:
            return operations.calculated(sign, one, other)
        except ExpressionError as error:
            if error.what == "division by zero":
                what = f"division by zero: “{self.shown(right)}” is 0"
                raise ExpressionError(what, position=at(right, self.text)) from None
            raise

    def operand(self, node: ast.expr) -> Any:
        """What is calculated with. Raises NotReported, naming the cell, where there is nothing."""
        value = self.settled(self.value(node))
        if value is None:
            what = f"“{self.shown(node)}” is empty, so nothing can be calculated with it"
            raise NotReported(what, position=at(node, self.text))
        return value

    def shown(self, node: ast.expr) -> str:
        """A node as it is written; a cell of a row in hand with the row's key."""
        if isinstance(node, ast.Attribute) and (found := self.row_at(node)):
            row, path = found
            return f'{row.resource.name}["{row.key}"].{".".join(path)}'
        return shortened(ast.unparse(node), 80)

    def call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Attribute):
            name, arguments = node.func.attr, [node.func.value, *node.args]
        else:
            assert isinstance(node.func, ast.Name)
            name, arguments = node.func.id, node.args
        function = FUNCTIONS.get(name)
        position = at(node, self.text)
        if function is None:
            hint = nearest(name, FUNCTIONS, "functions")
            raise ExpressionError(f"no function is named “{name}”", hint=hint, position=position)
        if isinstance(node.func, ast.Attribute) and not function.method:
            hint = f"it is written {function.form}"
            raise ExpressionError(f"“{name}” does not follow a dot", hint=hint, position=position)
        given: Arguments = (arguments, {str(k.arg): k.value for k in node.keywords})
        return function.bound(self, function.bind(given))

    def loop(self, node: ast.GeneratorExp) -> Any:
        raise ExpressionError(
            "“for” stands in all(…), any(…), count(…), sum(…), min, max, set, list"
        )

    def display(self, node: ast.List | ast.Tuple | ast.Set) -> tuple[Any, ...]:
        found = tuple(self.plain(item) for item in node.elts)
        return operations.distinct(found) if isinstance(node, ast.Set) else found


def _with_hyphens(text: str, position: tuple[int, int], known: set[str]) -> str:
    """The known name that was written with hyphens around this place, or ""."""
    for found in re.finditer(r"[\w.]+(?:-\w+)+", text):
        name = found.group().replace("-", "_")
        if found.start() < position[1] <= found.end() and name in known:
            return name
    return ""


def _is_key(node: ast.expr, resource: Resource) -> bool:
    """Whether brackets hold a key rather than a condition."""
    while isinstance(node, ast.Attribute):
        node = node.value
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, bool)
    return isinstance(node, ast.Name) and node.id not in resource.columns


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


_FORMS: dict[type[ast.expr], Callable[[Walk, Any], Any]] = {
    ast.Name: Walk.name,
    ast.Attribute: Walk.attribute,
    ast.Subscript: Walk.subscript,
    ast.Compare: Walk.compare,
    ast.BoolOp: Walk.logic,
    ast.UnaryOp: Walk.unary,
    ast.BinOp: lambda walk, node: walk.calculate(type(node.op), node.left, node.right),
    ast.Call: Walk.call,
    ast.Constant: lambda walk, node: node.value,
    ast.GeneratorExp: Walk.loop,
    ast.List: Walk.display,
    ast.Tuple: Walk.display,
    ast.Set: Walk.display,
}
