"""What claims may say beyond values: comparisons, quantifiers, and checks of consistency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..data.cells import folded
from ..errors import CompanionError
from ..stats.rounding import matches
from ..trace.operators import OPERATORS, Evaluate, Operator
from ..trace.scope import Scope
from ..trace.selection import column_of, select, typed

CLAIM_OPERATORS: dict[str, Operator] = dict(OPERATORS)


def operator(name: str) -> Callable[[Operator], Operator]:
    """Adds a function to the vocabulary of claims."""

    def register(function: Operator) -> Operator:
        CLAIM_OPERATORS[name] = function
        return function

    return register


def _all(argument: Any, scope: Scope, evaluate: Evaluate) -> list[Any]:
    return [_comparable(evaluate(item, scope)) for item in argument]


def _comparable(value: Any) -> Any:
    """Sets compare as sets, numbers exactly, a number in YAML with one in the data."""
    if isinstance(value, tuple | list):
        return frozenset(str(item) for item in value)
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return Fraction(value)


@operator("equal")
def equal(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """All of the expressions have the same value (sets: the same members); open if one has none."""
    first, *others = _all(argument, scope, evaluate)
    if None in (first, *others):
        return None
    return all(other == first for other in others)


@operator("less")
def less(argument: Any, scope: Scope, evaluate: Evaluate) -> bool:
    """Each expression is smaller than the next."""
    found = _all(argument, scope, evaluate)
    return all(a < b for a, b in pairwise(found))


@operator("at-most")
def at_most(argument: Any, scope: Scope, evaluate: Evaluate) -> bool:
    """No expression is larger than the next."""
    found = _all(argument, scope, evaluate)
    return all(a <= b for a, b in pairwise(found))


@operator("contains")
def contains(argument: Any, scope: Scope, evaluate: Evaluate) -> bool:
    """The first set holds every member of the second."""
    whole, part = _all(argument, scope, evaluate)
    return bool(part <= whole)


@operator("all")
def conjunction(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """Every expression holds; open if none fails and one is open."""
    return _every([_truth(evaluate(item, scope)) for item in argument])


@operator("any")
def disjunction(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """At least one expression holds; open if none does and one is open."""
    return _some([_truth(evaluate(item, scope)) for item in argument])


@operator("not")
def negation(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """The expression does not hold; open if it is open."""
    return _opposite(_truth(evaluate(argument, scope)))


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _every(found: list[bool | None]) -> bool | None:
    """Kleene's conjunction: what is open stays open unless something fails."""
    if False in found:
        return False
    return None if None in found else True


def _some(found: list[bool | None]) -> bool | None:
    if True in found:
        return True
    return None if None in found else False


def _opposite(found: bool | None) -> bool | None:
    return None if found is None else not found


def _quantified(argument: Any, scope: Scope, evaluate: Evaluate) -> list[bool | None]:
    rows = select({k: v for k, v in argument.items() if k != "is"}, scope, evaluate)
    return [_truth(evaluate(argument["is"], replace(scope, here=row))) for row in rows]


@operator("every")
def every(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """Every row of a selection meets `is` (in which `here` is the row); none at all fails."""
    found = _quantified(argument, scope, evaluate)
    return _every(found) if found else False


@operator("some")
def some(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """At least one row of a selection meets `is`."""
    return _some(_quantified(argument, scope, evaluate))


@operator("no")
def no(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """No row of a selection meets `is`."""
    return _opposite(_some(_quantified(argument, scope, evaluate)))


@operator("number-of")
def number_of(argument: Any, scope: Scope, evaluate: Evaluate) -> int | None:
    """How many rows of a selection meet `is`; open if that is open for one of them."""
    found = _quantified(argument, scope, evaluate)
    return None if None in found else sum(map(bool, found))


@operator("majority")
def majority(argument: Any, scope: Scope, evaluate: Evaluate) -> bool:
    """The first number is more than half of the second."""
    part, whole = (Fraction(evaluate(item, scope)) for item in argument)
    return whole > 0 and part * 2 > whole


@operator("rounds-to")
def rounds_to(argument: Any, scope: Scope, evaluate: Evaluate) -> bool:
    """The first number, rounded half up, is the second at its printed digits."""
    value, printed = (evaluate(item, scope) for item in argument)
    return matches(Fraction(value), printed) == "half-up"


@operator("adds-up")
def adds_up(argument: Any, scope: Scope, evaluate: Evaluate) -> bool:
    """The `parts` sum to the `whole`, each read as the interval that rounds to it."""
    scope = replace(scope, intervals=True)
    parts = evaluate(argument["parts"], scope)
    whole = evaluate(argument["whole"], scope)
    total = sum(parts[1:], parts[0])
    low, high = _ends(total)
    whole_low, whole_high = _ends(whole)
    return low <= whole_high and whole_low <= high


def _ends(value: Any) -> tuple[Fraction, Fraction]:
    if hasattr(value, "low"):
        return Fraction(value.low), Fraction(value.high)
    return Fraction(value), Fraction(value)


@operator("column-missing")
def column_missing(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[str, ...]:
    """Keys of a selection's rows whose column is empty."""
    column = column_of(argument)[1]
    if not column:
        raise CompanionError("“of: resource.column” is needed")
    where: Mapping[str, Any] = {**(argument.get("where") or {}), column: {"present": False}}
    rows = select({**argument, "where": where}, scope, evaluate)
    return tuple(row.key for row in rows)


def _texts(argument: Any, scope: Scope, evaluate: Evaluate) -> list[str] | None:
    found = [evaluate(item, scope) for item in argument]
    return None if None in found else [str(item) for item in found]


@operator("text-contains")
def text_contains(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """The first text holds each of the others, whatever their case, dashes and white space."""
    texts = _texts(argument, scope, evaluate)
    if texts is None:
        return None
    whole, *parts = (folded(text) for text in texts)
    return all(part in whole for part in parts)


@operator("same-words")
def same_words(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """All texts are the same but for case, dashes and white space."""
    texts = _texts(argument, scope, evaluate)
    return None if texts is None else len({folded(text) for text in texts}) == 1


@operator("mentioned")
def mentioned(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """The number with which other places repeat the cell `{of: resource.column, row}`.

    Those places are the rows of the resource `in` (mentions unless told), each of which names a
    `resource`, `row` and `column`. Where they differ it is the set of their numbers; where there
    is none, nothing.
    """
    resource, column = column_of(argument)
    where = {"resource": resource, "row": str(argument["row"]), "column": column}
    rows = select({"in": argument.get("in", "mentions"), "where": where}, scope, evaluate)
    found = sorted({typed(scope, row, "number") for row in rows})
    return found[0] if len(found) == 1 else tuple(found) or None
