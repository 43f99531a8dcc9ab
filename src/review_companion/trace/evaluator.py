"""The one evaluator: named expressions over the data package, lazily, each with its trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from ..data.package import Package
from ..errors import CompanionError
from ..expressions import Evaluator as Expressions
from ..model import Result
from .operators import OPERATORS, Operator
from .scope import Reads, RowRef, Scope
from .words import in_words


class Evaluator:
    """Evaluates expressions for one package and one set of parameters.

    `definitions` maps a name to a mapping with at least `expression`; `operators` is the
    vocabulary (the claims layer passes a larger one).
    """

    def __init__(
        self,
        package: Package,
        definitions: Mapping[str, Any],
        parameters: Mapping[str, Any] | None = None,
        operators: Mapping[str, Operator] = OPERATORS,
    ) -> None:
        self.package = package
        self.definitions = definitions
        self.parameters = dict(parameters or {})
        self._operators = operators
        self._memo: dict[tuple[Any, ...], tuple[Any, Reads]] = {}
        self._under_way: list[str] = []
        self._expressions = Expressions(package, definitions, parameters)

    def named(self, name: str) -> Result:
        """The result of a definition. Raises CompanionError for an unknown name or a cycle."""
        definition = self._definition(name)
        result = self.result(definition["expression"], scope_name=name)
        return replace(result, unit=str(definition.get("unit", "")))

    def result(self, expression: Any, here: RowRef | None = None, scope_name: str = "") -> Result:
        """The result of an expression, with what it read."""
        reads = Reads()
        scope = self._scope(reads, here)
        value = (
            self.value_in_scope(scope_name, scope)
            if scope_name
            else self.evaluate(expression, scope)
        )
        return Result(
            value=tuple(value) if isinstance(value, list) else value,
            read=frozenset(reads.read),
            looked=frozenset(reads.looked - reads.read),
            membership=frozenset(reads.membership),
            parameters=frozenset(reads.parameters),
            formula=in_words(expression, self.definitions),
        )

    def bounds(self, expression: Any, here: RowRef | None = None) -> Any:
        """The expression's value with every printed decimal read as its rounding interval.

        None where an operator has no meaning for intervals.
        """
        try:
            return self.evaluate(expression, replace(self._scope(Reads(), here), intervals=True))
        except CompanionError:
            return None

    def evaluate(self, expression: Any, scope: Scope) -> Any:
        """An operator tree's value; a scalar or list is a literal."""
        if not isinstance(expression, Mapping):
            return expression
        name, argument = self._operator(expression)
        try:
            return self._operators[name](argument, scope, self.evaluate)
        except CompanionError as error:
            if error.where is None:
                error.where = getattr(expression, "where", None)
            raise
        except (
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            IndexError,
            ArithmeticError,
        ) as error:
            raise CompanionError(
                f"operator “{name}” cannot work with its argument: {error}",
                where=getattr(expression, "where", None),
                hint=_first_line(self._operators[name].__doc__),
            ) from error

    def _operator(self, expression: Mapping[str, Any]) -> tuple[str, Any]:
        where = getattr(expression, "where", None)
        if len(expression) != 1:
            raise CompanionError(
                f"an expression has one operator, this has {len(expression)}: "
                f"{', '.join(expression) or 'none'}",
                where=where,
            )
        name, argument = next(iter(expression.items()))
        if name not in self._operators:
            near = get_close_matches(name, self._operators, 1)
            raise CompanionError(
                f"unknown operator “{name}”",
                where=where,
                hint=f"did you mean “{near[0]}”?"
                if near
                else f"known operators: {', '.join(sorted(self._operators))}",
            )
        return name, argument

    def _scope(self, reads: Reads, here: RowRef | None) -> Scope:
        return Scope(self.package, self.parameters, self.value_in_scope, reads, here)

    def _definition(self, name: str) -> Mapping[str, Any]:
        if name not in self.definitions:
            near = get_close_matches(name, self.definitions, 1)
            raise CompanionError(
                f"no value is named “{name}”",
                hint=f"did you mean “{near[0]}”?" if near else None,
            )
        definition: Mapping[str, Any] = self.definitions[name]
        if "expression" not in definition:
            raise CompanionError(
                f"“{name}” has no expression", where=getattr(definition, "where", None)
            )
        return definition

    def value_in_scope(self, name: str, scope: Scope) -> Any:
        """A definition's value, what it read added to the scope's record; evaluated once."""
        key = (name, scope.intervals, *sorted(scope.parameters.items()))
        if key not in self._memo and isinstance(self._definition(name)["expression"], str):
            found = self._expressions.found(name, scope.parameters, scope.intervals)
            self._memo[key] = found
        if key not in self._memo:
            if name in self._under_way:
                raise CompanionError(f"“{name}” depends on itself: {' → '.join(self._under_way)}")
            definition = self._definition(name)
            reads = Reads()
            self._under_way.append(name)
            try:
                inner = replace(scope, reads=reads, here=None)
                self._memo[key] = (self.evaluate(definition["expression"], inner), reads)
            finally:
                self._under_way.pop()
        value, reads = self._memo[key]
        scope.reads.include(reads)
        scope.reads.names.add(name)
        return value


def _first_line(text: str | None) -> str | None:
    return text.strip().splitlines()[0] if text else None
