"""The closed vocabulary of expressions: one small function per operator.

Each takes the operator's argument, the scope and `evaluate` for what is nested in the argument.
`docs/vocabulary.md` is generated from the docstrings here and in `claims.operators`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..errors import CompanionError
from ..stats.arithmetic import Interval
from .scope import RowRef, Scope
from .selection import column_of, follow, select, typed

Evaluate = Callable[[Any, Scope], Any]
Operator = Callable[[Any, Scope, Evaluate], Any]
OPERATORS: dict[str, Operator] = {}


def operator(name: str) -> Callable[[Operator], Operator]:
    """Adds a function to the vocabulary."""

    def register(function: Operator) -> Operator:
        OPERATORS[name] = function
        return function

    return register


@operator("cell")
def cell(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """The cell `{of: resource.column, row: key}`, or of the one row that matches `where`."""
    resource, path = column_of(argument)
    if "row" in argument:
        row = RowRef(scope.package[resource], str(argument["row"]))
        if row.key not in row.resource.rows:
            raise CompanionError(f"{resource} has no row “{row.key}”")
        return typed(scope, row, path)
    rows = select(argument, scope, evaluate)
    if len(rows) != 1:
        raise CompanionError(f"{len(rows)} rows of {resource} match where one is meant")
    return typed(scope, rows[0], path)


@operator("here")
def here(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """A column of the row in hand (in frames, `every` and `some`)."""
    if scope.here is None:
        raise CompanionError("“here” is used where there is no row in hand")
    return typed(scope, scope.here, str(argument))


@operator("value")
def value(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """Another named value."""
    return scope.named(str(argument), scope)


@operator("param")
def param(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """A notebook parameter."""
    return scope.parameter(str(argument))


@operator("count")
def count(argument: Any, scope: Scope, evaluate: Evaluate) -> int:
    """How many rows a selection has."""
    rows = select(argument, scope, evaluate)
    scope.reads.read.update(row.origin(row.resource.key) for row in rows)
    return len(rows)


def _cells(argument: Any, scope: Scope, evaluate: Evaluate) -> list[Any]:
    path = column_of(argument)[1]
    found = [typed(scope, row, path) for row in select(argument, scope, evaluate)]
    return [item for item in found if item is not None]


def _one_unit(argument: Any, scope: Scope, evaluate: Evaluate) -> None:
    resource = scope.package[column_of(argument)[0]]
    if "unit" not in resource.columns:
        return
    units = {
        follow(scope, row, "unit", scope.reads.looked) for row in select(argument, scope, evaluate)
    }
    if len(units) > 1:
        raise CompanionError(
            f"a sum over {resource.name} would mix units: {', '.join(sorted(units))}",
            hint="add the unit to “where”",
        )


@operator("sum")
def total(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """Sum of a column over a selection, or of a list of expressions; refuses mixed units."""
    if isinstance(argument, list):
        terms = [evaluate(item, scope) for item in argument]
    else:
        _one_unit(argument, scope, evaluate)
        terms = _cells(argument, scope, evaluate)
    if len({type(term) for term in terms}) > 1:
        terms = _alike([_exact(term) for term in terms])
    return sum(terms[1:], terms[0]) if terms else 0


def _extreme(pick: Callable[..., Any]) -> Operator:
    def extreme(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
        """Smallest or largest of a column over a selection, or of a list of expressions."""
        items = (
            [evaluate(item, scope) for item in argument]
            if isinstance(argument, list)
            else _cells(argument, scope, evaluate)
        )
        return pick(items) if items else None

    return extreme


operator("min")(_extreme(min))
operator("max")(_extreme(max))


@operator("list")
def listing(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[Any, ...]:
    """The column's cells over a selection, in order."""
    return tuple(_cells(argument, scope, evaluate))


@operator("set")
def distinct(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[Any, ...]:
    """The distinct cells of a column over a selection, sorted; or a literal list."""
    if isinstance(argument, list):
        return tuple(sorted({str(evaluate(item, scope)) for item in argument}))
    return tuple(sorted(set(_cells(argument, scope, evaluate)), key=str))


@operator("union")
def union(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[Any, ...]:
    """Union of set-valued expressions."""
    return tuple(sorted(set().union(*(evaluate(item, scope) for item in argument)), key=str))


@operator("intersection")
def intersection(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[Any, ...]:
    """What set-valued expressions have in common."""
    first, *others = (set(evaluate(item, scope)) for item in argument)
    return tuple(sorted(first.intersection(*others), key=str))


@operator("without")
def without(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[Any, ...]:
    """The first set less the members of the others."""
    first, *others = (set(evaluate(item, scope)) for item in argument)
    return tuple(sorted(first.difference(*others), key=str))


@operator("size")
def size(argument: Any, scope: Scope, evaluate: Evaluate) -> int:
    """How many members a set-valued expression has."""
    return len(evaluate(argument, scope))


@operator("references")
def references(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[str, ...]:
    """Reference numbers of a selection's rows (`of` names the column that holds them), sorted."""
    found = {str(item) for item in _cells(argument, scope, evaluate)}
    return tuple(sorted(found, key=lambda text: (len(text), text)))


@operator("citations")
def citations(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[str, ...]:
    """The reference numbers behind a printed citation such as "20–22, 25"."""
    found: set[int] = set()
    for part in str(argument).strip("[] ").split(","):
        low, _, high = part.strip().replace("-", "–").partition("–")
        found.update(range(int(low), int(high or low) + 1))
    return tuple(str(number) for number in sorted(found))


def _pair(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[Any, Any]:
    if not isinstance(argument, list) or len(argument) != 2:
        raise CompanionError("two expressions are needed here")
    first, second = _alike([_exact(evaluate(item, scope)) for item in argument])
    return first, second


def _exact(number: Any) -> Any:
    if isinstance(number, Decimal | int) and not isinstance(number, bool):
        return Fraction(number)
    return number


def _alike(numbers: list[Any]) -> list[Any]:
    """The numbers as they are, or all as intervals where one of them is an interval."""
    if any(isinstance(number, Interval) for number in numbers):
        return [n if isinstance(n, Interval) else Interval.point(n) for n in numbers]
    return numbers


@operator("difference")
def difference(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """The first number less the second."""
    first, second = _pair(argument, scope, evaluate)
    return first - second


@operator("product")
def product(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """The product of two numbers."""
    first, second = _pair(argument, scope, evaluate)
    return first * second


@operator("ratio")
def ratio(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """The first number divided by the second; nothing where the second is zero."""
    first, second = _pair(argument, scope, evaluate)
    zero = second == (Interval.point(0) if isinstance(second, Interval) else 0)
    return None if zero else first / second


@operator("percent")
def percent(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """The first number as a percentage of the second; nothing where the second is zero."""
    quotient = ratio(argument, scope, evaluate)
    if quotient is None:
        return None
    return quotient * (Interval.point(100) if isinstance(quotient, Interval) else 100)


@operator("share")
def share(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """Rows of a selection that meet `that` as a fraction of the selection's rows."""
    rows = select(argument, scope, evaluate)
    narrowed = {**argument, "where": {**(argument.get("where") or {}), **argument["that"]}}
    met = select({k: v for k, v in narrowed.items() if k != "that"}, scope, evaluate)
    return Fraction(len(met), len(rows)) if rows else None


def is_expression(candidate: Any) -> bool:
    """Whether something is an operator tree rather than a literal."""
    return isinstance(candidate, Mapping)
