"""The one evaluator: named expressions over the data package, lazily, each with its trace."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..errors import CompanionError, require_known
from ..limits import bounded
from ..model import Result
from ..package.package import Package, Remembered, Resource
from ..stats.rounding import Interval
from ..text import as_text
from .binding import Scope, row_term
from .frames import Reads, RowRef, Rows
from .parse import ExpressionError, NotReported, one_line, parse, require_computed, with_place
from .walk import Term, Walk

MOST_PLACES = 12
ROW = "row"  # the name of the row in hand


@dataclass(frozen=True)
class Selection:
    """Rows that an expression chooses, and the cells that were read to choose them."""

    rows: tuple[RowRef, ...]
    reads: Reads


def identifier(name: str) -> str:
    """A name as an expression writes it: `participants-total` -> `participants_total`."""
    return name.replace("-", "_")


class Evaluator:
    """Evaluates expressions for one package and one set of parameters.

    `definitions` maps a name to a mapping with at least `expression`. Errors are CompanionErrors
    that name file, line and column, as far as the texts know them.
    """

    def __init__(
        self,
        package: Package,
        definitions: Mapping[str, Any],
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        self.package = package
        self.definitions = definitions
        self.parameters = dict(parameters or {})
        self.resources = {identifier(name): table for name, table in package.resources.items()}
        self._scope = Scope(
            package,
            self.resources,
            {identifier(name): name for name in definitions},
            self.parameters,
        )
        self._values = Remembered[tuple[Any, ...], tuple[Any, Reads]]()
        self._terms = Remembered[tuple[str, str, bool], Term]()
        self._under_way: list[str] = []

    def __getstate__(self) -> dict[str, Any]:
        """The state without terms, which are functions of this process."""
        return {**self.__dict__, "_terms": Remembered[Any, Any]()}

    def continue_from(self, other: Evaluator, changed: set[str]) -> None:
        """Takes over the values that rest on none of the changed resources."""
        self._values.take(other._values, changed)

    def named(self, name: str) -> Result:
        """The result of a definition. Raises CompanionError for an unknown name or a cycle."""
        definition = self._definition(name)
        reads = Reads()
        value = self.value_of(name, self._walk(reads, None))
        result = reads.result(value, str(definition["expression"]))
        return replace(result, unit=str(definition.get("unit", "")))

    def shown(self, name: str) -> str:
        """The value of a definition as a reader sees it, with its `places` and `suffix`."""
        definition = self._definition(name)
        places = definition.get("places")
        if places is not None and (type(places) is not int or not 0 <= places <= MOST_PLACES):
            what = f"“places” is a number of decimals from 0 to {MOST_PLACES}, not “{places}”"
            raise CompanionError(what, where=getattr(definition, "where", None))
        value = self.value_of(name, self._walk(Reads(), None))
        return as_text(value, places) + str(definition.get("suffix", ""))

    def result(
        self, expression: str, here: RowRef | None = None, *, computed: bool = False
    ) -> Result:
        """The result of an expression, with what it read; `row` is the row `here`.

        One that must be `computed` may not consist of figures alone.

        With a row in hand, a calculation with an empty cell gives no value; without one it raises
        NotReported.
        """
        reads = Reads()
        try:
            value = self._value(expression, self._walk(reads, here), computed=computed)
        except NotReported:
            if here is None:
                raise
            value = None
        return reads.result(value, str(expression))

    def bounds(self, expression: str, here: RowRef | None = None) -> Interval | None:
        """The values that an expression can have with every printed decimal read as rounded.

        None where the expression is not a number, or a function has no meaning for intervals.
        """
        try:
            found = self._value(expression, replace(self._walk(Reads(), here), intervals=True))
        except CompanionError:
            return None
        return found if isinstance(found, Interval) else None

    def rows(self, expression: str, here: RowRef | None = None) -> Selection:
        """The rows that an expression chooses, in its order."""
        reads = Reads()
        with self._reading(expression) as text:
            walk = replace(self._walk(reads, here), text=text)
            term = self._term(walk, computed=False)
            if not term.is_selection or term.path:
                hint = "such as studies[year > 2020].sort(year)"
                raise ExpressionError("rows of a resource are needed here", hint=hint)
            return Selection(tuple(walk.value(term)), reads)

    def failing(self, rule: str, part: ast.expr, resource: Resource) -> tuple[str, ...]:
        """The keys of the rows of which a part of a rule is false."""
        with self._reading(rule) as text:
            fails = ast.Subscript(ast.Name(""), ast.UnaryOp(ast.Not(), part))
            condition = replace(self._scope, text=text).condition(fails, resource)
            walk = replace(self._walk(Reads(), None), text=text)
            return condition.choose(walk, Rows(resource, tuple(resource.rows))).keys

    def labels(self, expression: str) -> dict[str, str]:
        """The labels of the named values and columns in an expression, to be shown on hovering.

        A column whose label says no more than its name has none.
        """
        try:
            tree = parse(one_line(str(expression)))
        except CompanionError:
            return {}
        named = [n for n in ast.walk(tree) if isinstance(n, ast.Name | ast.Attribute)]
        names = [n.id if isinstance(n, ast.Name) else n.attr for n in named]
        own = [self.resources[name] for name in names if name in self.resources]
        linked = [self.package[t] for r in own for t in r.foreign_keys.values() if t]
        titles = {k: v for each in (*linked, *own) for k, v in self._titles[each.name].items()}
        for name in names:
            definition = self.definitions.get(self._scope.values.get(name, ""), {})
            titles[name] = str(definition.get("label", "")) or titles.get(name, "")
        return {name: titles[name] for name in names if titles[name]}

    @cached_property
    def _titles(self) -> dict[str, dict[str, str]]:
        """Resource -> the titles of columns that say more than the column's name."""
        return {
            resource.name: {
                name: title
                for name, field in resource.by_name.items()
                if (title := str(field.get("title") or ""))
                and title.casefold() != name.replace("_", " ")
            }
            for resource in self.package
        }

    def value_of(self, name: str, walk: Walk) -> Any:
        """A definition's value, evaluated once; adds what it read to the record of the walk."""
        key = (name, walk.intervals, *walk.parameters.items())
        value, reads = self._values.get(key, lambda: self._evaluated(name, walk))
        if name not in walk.reads.names:  # the sets are large, and a value is named in many rows
            walk.reads.include(reads)
            walk.reads.names.add(name)
        return value

    def _evaluated(self, name: str, walk: Walk) -> tuple[Any, Reads]:
        if name in self._under_way:
            circle = [*self._under_way[self._under_way.index(name) :], name]
            raise ExpressionError(f"“{name}” depends on itself: {' → '.join(circle)}")
        expression = self._definition(name)["expression"]
        inner = replace(walk, reads=Reads(), rows={}, fixed={})
        self._under_way.append(name)
        try:
            return self._value(expression, inner, f" ({name})", computed=True), inner.reads
        finally:
            self._under_way.pop()

    def _value(
        self, expression: str, walk: Walk, label: str = "", *, computed: bool = False
    ) -> Any:
        with self._reading(expression, label) as text:
            inner = replace(walk, text=text)
            return inner.settled(inner.value(self._term(inner, computed)))

    @contextmanager
    def _reading(self, expression: str, label: str = "") -> Iterator[str]:
        """The text of an expression, within limits; errors get its place."""
        try:
            if not isinstance(expression, str):
                hint = "such as samples.number.sum(); see docs/expressions.md"
                is_shown = isinstance(expression, bool | int | float)
                what = f"an expression is a text{f', not {expression}' if is_shown else ''}"
                raise ExpressionError(what, hint=hint)
            with bounded("the expression"):
                yield one_line(expression)
        except CompanionError as error:
            raise with_place(error, expression, label) from None

    def _term(self, walk: Walk, computed: bool) -> Term:
        """The term of a text, made once for all rows of a resource that may be in hand."""
        here = walk.rows.get(ROW)

        def make() -> Term:
            tree = require_computed(walk.text) if computed else parse(walk.text)
            rows = {ROW: row_term(tree, here.resource, ROW)} if here else {}
            return replace(self._scope, text=walk.text, rows=rows).bind(tree)

        return self._terms.get((walk.text, here.resource.name if here else "", computed), make)

    def _walk(self, reads: Reads, here: RowRef | None) -> Walk:
        rows: dict[object, RowRef] = {ROW: here} if here else {}
        return Walk(self.package, self.parameters, self.value_of, reads, text="", rows=rows)

    def _definition(self, name: str) -> Mapping[str, Any]:
        require_known(name, self.definitions, "no value is named", missing="value")
        definition: Mapping[str, Any] = self.definitions[name]
        if not isinstance(definition, Mapping) or "expression" not in definition:
            where = getattr(definition, "where", None)
            raise CompanionError(f"“{name}” has no expression", where=where)
        return definition
