"""The one evaluator: named expressions over the data package, lazily, each with its trace."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..errors import CompanionError, nearest
from ..limits import bounded
from ..model import Result
from ..package.package import Package, touch, touching
from ..stats.rounding import Interval
from .binding import Scope, row_term
from .frames import Reads, RowRef, Rows
from .parse import ExpressionError, NotReported, one_line, parse, require_computed, with_place
from .walk import Term, Walk

ROW = "row"  # the name of the row in hand
PLAIN = (str, int, Decimal, Fraction)  # values that hold no rows


@dataclass(frozen=True)
class Selection:
    """Rows that an expression chooses, and the cells that were read to choose them."""

    rows: tuple[RowRef, ...]
    reads: Reads


def _whole_rows(_: Walk, value: Any) -> Rows:
    if not isinstance(value, Rows) or value.path:
        hint = "such as studies[year > 2020].sort(year)"
        raise ExpressionError("rows of a resource are needed here", hint=hint)
    return value


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
        self._scope = Scope(
            package,
            {identifier(name): resource for name, resource in package.resources.items()},
            {identifier(name): name for name in definitions},
            self.parameters,
        )
        self._memo: dict[tuple[Any, ...], tuple[Any, Reads] | CompanionError] = {}
        self._under_way: list[str] = []
        self._touched: dict[tuple[Any, ...], set[str]] = {}
        self._terms: dict[tuple[str, str, bool], tuple[Term, set[str]]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """The state without terms, which are functions of this process."""
        return {**self.__dict__, "_terms": {}}

    def continue_from(self, other: Evaluator, changed: set[str]) -> None:
        """Takes over the values that rest on none of the changed resources."""
        for key, found in other._memo.items():
            is_plain = isinstance(found, tuple) and isinstance(found[0], PLAIN)
            if is_plain and not other._touched[key] & changed:
                self._memo[key], self._touched[key] = found, other._touched[key]

    def named(self, name: str) -> Result:
        """The result of a definition. Raises CompanionError for an unknown name or a cycle."""
        definition = self._definition(name)
        reads = Reads()
        value = self.value_of(name, self._walk(reads, None))
        result = reads.result(value, str(definition["expression"]))
        return replace(result, unit=str(definition.get("unit", "")))

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
            value = self._evaluated(expression, self._walk(reads, here), computed=computed)
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
            walk = self._walk(Reads(), here).having(intervals=True)
            found = self._evaluated(expression, walk)
        except CompanionError:
            return None
        return found if isinstance(found, Interval) else None

    def rows(self, expression: str, here: RowRef | None = None) -> Selection:
        """The rows that an expression chooses, in its order."""
        reads = Reads()
        chosen = self._evaluated(expression, self._walk(reads, here), finish=_whole_rows)
        return Selection(tuple(chosen), reads)

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
        own = [self._scope.resources[name] for name in names if name in self._scope.resources]
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
        key = (name, walk.intervals, tuple(walk.parameters.items()))
        if key not in self._memo:
            with touching() as touched:
                try:
                    self._memo[key] = self._evaluate_definition(name, walk)
                except CompanionError as error:
                    self._memo[key] = error
            self._touched[key] = touched
        touch(self._touched[key])
        found = self._memo[key]
        if isinstance(found, CompanionError):
            raise found
        value, reads = found
        if name not in walk.reads.names:  # the sets are large, and a value is named in many rows
            walk.reads.include(reads)
            walk.reads.names.add(name)
        return value

    def _evaluate_definition(self, name: str, walk: Walk) -> tuple[Any, Reads]:
        if name in self._under_way:
            circle = [*self._under_way[self._under_way.index(name) :], name]
            raise ExpressionError(f"“{name}” depends on itself: {' → '.join(circle)}")
        expression = self._definition(name)["expression"]
        reads = Reads()
        self._under_way.append(name)
        try:
            inner = walk.having(reads=reads, rows={}, fixed={})
            return self._evaluated(expression, inner, f" ({name})", computed=True), reads
        finally:
            self._under_way.pop()

    def _evaluated(
        self,
        expression: str,
        walk: Walk,
        label: str = "",
        *,
        computed: bool = False,
        finish: Callable[[Walk, Any], Any] = Walk.settled,
    ) -> Any:
        text = one_line(str(expression))
        inner = walk.having(text=text)
        try:
            if not isinstance(expression, str):
                hint = "such as samples.number.sum(); see docs/expressions.md"
                raise ExpressionError(f"an expression is a text, not {text}", hint=hint)
            with bounded("the expression"):
                return finish(inner, inner.value(self._term(inner, computed)))
        except CompanionError as error:
            raise with_place(error, expression, label) from None

    def _term(self, walk: Walk, computed: bool) -> Term:
        """The term of a text, made once for all rows of a resource that may be in hand."""
        here = walk.rows.get(ROW)
        key = (walk.text, here.resource.name if here else "", computed)
        if key not in self._terms:
            with touching() as touched:
                tree = require_computed(walk.text) if computed else parse(walk.text)
                rows = {ROW: row_term(tree, here.resource, ROW)} if here else {}
                term = replace(self._scope, text=walk.text, rows=rows).bind(tree)
            self._terms[key] = term, touched
        term, touched = self._terms[key]
        touch(touched)
        return term

    def _walk(self, reads: Reads, here: RowRef | None) -> Walk:
        rows: dict[object, RowRef] = {ROW: here} if here else {}
        return Walk(self.package, self.parameters, self.value_of, reads, text="", rows=rows)

    def _definition(self, name: str) -> Mapping[str, Any]:
        if name not in self.definitions:
            what = f"no value is named “{name}”"
            raise CompanionError(what, hint=nearest(name, self.definitions), missing="value")
        definition: Mapping[str, Any] = self.definitions[name]
        if not isinstance(definition, Mapping) or "expression" not in definition:
            where = getattr(definition, "where", None)
            raise CompanionError(f"“{name}” has no expression", where=where)
        return definition
