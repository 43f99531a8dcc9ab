"""Comparing and calculating with exact numbers, intervals, sets and words, which may be open."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..package.cell_checks import NUMBER
from ..stats.rounding import Interval
from .parse import ExpressionError, shortened

_ORDERS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
EXACT: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SETS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Sub: operator.sub,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}
SIGNS = {*EXACT, *_SETS}
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")


class Differing(tuple[Any, ...]):
    """Numbers that several places print for one thing, and that differ: nothing equals them."""

    __slots__ = ()


def is_number(value: Any) -> bool:
    """Whether a value is an exact number (true and false are not)."""
    return isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool)


def described(value: Any) -> str:
    """A value in words, for an error."""
    if value is None:
        return "an empty cell"
    if isinstance(value, bool):
        return "true or false"
    if is_number(value) or isinstance(value, Interval):
        return f"the number {value}"
    if isinstance(value, tuple):
        return f"the set {{{shortened(', '.join(map(str, value)), 40)}}}"
    return f"the word “{shortened(value, 40)}”"


def whole(number: Any, name: str) -> int:
    """A count as an int. Raises ExpressionError for 2.5: it is never read as another number."""
    try:
        exact = Fraction(number)
    except (TypeError, ValueError):
        raise ExpressionError(f"{name} is a whole number, not {described(number)}") from None
    if exact.denominator != 1:
        raise ExpressionError(f"{name} is a whole number, not {number}")
    return int(exact)


def opposite(value: bool | None) -> bool | None:
    """Kleene's negation: what is open stays open."""
    return None if value is None else not value


def every(found: Iterable[bool | None]) -> bool | None:
    """Kleene's conjunction: open if nothing fails and something is open."""
    result: bool | None = True
    for value in found:
        if value is False:
            return False
        result = None if value is None else result
    return result


def some(found: Iterable[bool | None]) -> bool | None:
    """Kleene's disjunction: open if nothing holds and something is open."""
    return opposite(every(map(opposite, found)))


def compared(sign: type[ast.cmpop], left: Any, right: Any) -> bool | None:
    """A comparison; open where a side is empty. Raises ExpressionError for unlike types."""
    if left is None or right is None:
        return None
    if any(isinstance(side, Differing) for side in (left, right)):
        return {ast.Eq: False, ast.NotEq: True}.get(sign)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _ORDERS[sign](members(left), members(right))
    if isinstance(left, Interval) or isinstance(right, Interval):
        return _between(sign, as_interval(left), as_interval(right))
    if is_number(left) and is_number(right):
        return _ORDERS[sign](Fraction(left), Fraction(right))
    if type(left) is type(right) or (isinstance(left, str) and isinstance(right, str)):
        if sign in (ast.Eq, ast.NotEq) or (_is_date(left) and _is_date(right)):
            return _ORDERS[sign](left, right)
        raise ExpressionError(f"{described(left)} has no order: it cannot be smaller or larger")
    raise ExpressionError(f"{described(left)} is compared with {described(right)}")


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def _between(sign: type[ast.cmpop], left: Interval, right: Interval) -> bool | None:
    """A comparison of intervals; open where rounding leaves it undecided."""
    if sign in (ast.Gt, ast.GtE):
        return _between(ast.Lt if sign is ast.Gt else ast.LtE, right, left)
    if sign is ast.NotEq:
        return opposite(_between(ast.Eq, left, right))
    (a, b), (c, d) = left.ends, right.ends
    if sign is ast.Eq:
        return (True if a == b == c == d else None) if left.overlaps(right) else False
    order = _ORDERS[sign]
    return True if order(b, c) else (None if order(a, d) else False)


def member_text(value: Any) -> str:
    """A member of a set as a text: numbers by their value, truth values in lower case."""
    if isinstance(value, bool):
        return str(value).lower()
    if is_number(value):
        exact = Fraction(value)
        return str(exact.numerator if exact.denominator == 1 else exact)
    return str(value)


def members(values: Iterable[Any]) -> frozenset[str]:
    """The members of a set, as they are compared."""
    return frozenset(map(member_text, values))


def within(value: Any, options: Any) -> bool | None:
    """Whether a set or a list holds a value; open for an empty cell."""
    if not isinstance(options, tuple):
        raise ExpressionError(f"“in” wants a set or a list, not {described(options)}")
    if isinstance(value, tuple):
        raise ExpressionError("“in” asks for one member", hint="one set within another is a <= b")
    return None if value is None else member_text(value) in members(options)


def as_interval(value: Any) -> Interval:
    """A number as the interval that holds nothing else."""
    return value if isinstance(value, Interval) else Interval.point(value)


def calculated(sign: type[ast.operator], left: Any, right: Any) -> Any:
    """A sum, difference, product or quotient, exact; of sets their union or difference."""
    if isinstance(left, tuple) and isinstance(right, tuple) and sign in _SETS:
        kept = _SETS[sign](members(left), members(right))
        return distinct(item for item in (*left, *right) if member_text(item) in kept)
    for value in (left, right):
        if not (is_number(value) or isinstance(value, Interval)) or sign not in EXACT:
            raise ExpressionError(f"{described(value)} cannot be calculated with here")
    if isinstance(left, Interval) or isinstance(right, Interval):
        return EXACT[sign](as_interval(left), as_interval(right))
    alike = type(left) is type(right) and sign is not ast.Div
    if alike and (isinstance(left, int) or (sign is ast.Add and isinstance(left, Decimal))):
        return EXACT[sign](left, right)
    return EXACT[sign](Fraction(left), Fraction(right))


def distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    """The different values, numbers by size, then words."""
    found = {member_text(value): value for value in values if value is not None}
    return tuple(sorted(found.values(), key=natural))


def natural(value: Any) -> tuple[int, float | Fraction, str]:
    """Sorts numbers by size and before words, of which “nan” and “inf” are two."""
    if is_number(value):
        return (0, Fraction(value), "")
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return (0, float(value), "")
    return (1, 0, str(value))
