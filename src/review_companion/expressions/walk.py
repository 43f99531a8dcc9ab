"""Evaluates a parsed expression, node by node, and notes every cell that it touches."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ..errors import CompanionError, nearest
from ..package.package import Package, Resource
from . import operations
from .expression_errors import ExpressionError, NotReported, at
from .frames import Reads, RowRef, Rows, column, follow, typed
from .functions import FUNCTIONS
from .parse import chain

NamedValue = Callable[[str, "Walk"], Any]
Forms = Mapping[type[ast.expr], Callable[["Walk", Any], Any]]


@dataclass(frozen=True)
class Names:
    """What an expression may name besides columns: resources and values, `_` for each hyphen."""

    resources: Mapping[str, Resource]
    values: Mapping[str, str]


@dataclass(frozen=True)
class Walk:
    """One evaluation of one text.

    `rows` are the rows in hand by name; `chosen` is the row that the innermost brackets look at,
    whose columns are bare names; within further brackets it is `row`, unless `row` was bound
    since (`around` is None then). `forms` say what each kind of node means. `fixed` are the sides
    of comparisons that are the same for all rows of a selection. With `intervals`, printed
    decimals are read as rounded.
    """

    package: Package
    parameters: Mapping[str, Any]
    names: Names
    named: NamedValue
    forms: Forms
    reads: Reads
    text: str = ""
    intervals: bool = False
    rows: Mapping[str, RowRef] = field(default_factory=dict)
    chosen: RowRef | None = None
    around: RowRef | None = None
    checked: dict[tuple[int, str], tuple[ast.AST, set[str]]] = field(default_factory=dict)
    fixed: Mapping[ast.expr, Any] = field(default_factory=dict)

    def having(self, **changes: Any) -> Walk:
        """The same with other fields.

        It is made for every row that a condition looks at: `dataclasses.replace` would take as long
        as the condition.
        """
        made = object.__new__(Walk)
        made.__dict__.update(self.__dict__, **changes)
        return made

    def value(self, node: ast.expr) -> Any:
        """Rows, a row, or a plain value. Errors know their place."""
        if node in self.fixed:
            return self.fixed[node]
        try:
            return self.forms[type(node)](self, node)
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
            inner = self.having(rows={**self.rows, name: row}, around=around)
            yield found(inner, node.elt)

    def parameter(self, name: str) -> Any:
        """A parameter of the notebooks; noted."""
        if name not in self.parameters:
            hint = nearest(name, self.parameters, "known parameters")
            raise ExpressionError(f"no parameter is named “{name}”", hint=hint, missing="parameter")
        value = self.parameters[name]
        self.reads.parameters.add((name, str(value)))
        return Decimal(str(value)) if isinstance(value, float) else value

    def row_at(self, node: ast.expr) -> tuple[RowRef, tuple[str, ...]] | None:
        """The row and the path that a chain of dots starts from, where it starts from a row."""
        node, path = chain(node)
        if isinstance(node, ast.Name):
            if self.chosen is not None and node.id in self.chosen.resource.by_name:
                return self.chosen, (node.id, *path)
            if node.id in self.rows:
                return self.rows[node.id], path
            if node.id == "row" and path:
                raise ExpressionError("there is no row in hand here", position=at(node, self.text))
        elif isinstance(node, ast.Subscript) and (resource := self.keyed(node)):
            return self.row_by_key(resource, node.slice), path
        return None

    def keyed(self, node: ast.Subscript) -> Resource | None:
        """The resource, where brackets name one of its rows by key."""
        if not isinstance(node.value, ast.Name) or (
            self.chosen is not None and node.value.id in self.chosen.resource.by_name
        ):
            return None
        resource = self.names.resources.get(node.value.id)
        return resource if resource is not None and is_key(node.slice, resource) else None

    def row_by_key(self, resource: Resource, node: ast.expr) -> RowRef:
        """The row that a key names. Raises ExpressionError for a key that no row has."""
        if isinstance(node, ast.Name) and not self.means(node.id):
            raise self.having(chosen=RowRef(resource, "")).unknown(node)
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

    def unknown(self, node: ast.Name) -> ExpressionError:
        """The error for a name that means nothing here, with what was most likely meant."""
        own = self.chosen.resource.columns if self.chosen else ()
        known = (*own, *self.names.values, *self.names.resources, *self.rows)
        in_hand = [n for n, row in self.rows.items() if node.id in row.resource.columns]
        position = at(node, self.text)
        hint = nearest(node.id, known, "names here")
        if hyphened := _with_hyphens(self.text, position, {*known}):
            hint = f"did you mean “{hyphened}”? names are written with _ for -"
        elif in_hand:
            hint = f"a column of the row in hand is {in_hand[0]}.{node.id}"
        elif node.id in FUNCTIONS:
            hint = f"a function is called: {FUNCTIONS[node.id].form}"
        what = f"nothing is named “{node.id}”"
        return ExpressionError(what, hint=hint, position=position, missing="value")

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
        """Whether a bare name is known here."""
        own = self.chosen.resource.columns if self.chosen else ()
        known = (own, self.rows, self.names.resources, self.names.values)
        return any(name in names for names in known)

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


def is_key(node: ast.expr, resource: Resource) -> bool:
    """Whether brackets hold a key rather than a condition."""
    node, _ = chain(node)
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, bool)
    return isinstance(node, ast.Name) and node.id not in resource.columns


def _with_hyphens(text: str, position: tuple[int, int], known: set[str]) -> str:
    """The known name that was written with hyphens around this place, or ""."""
    for found in re.finditer(r"[\w.]+(?:-\w+)+", text):
        name = found.group().replace("-", "_")
        if found.start() < position[1] <= found.end() and name in known:
            return name
    return ""
