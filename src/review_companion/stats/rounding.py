"""Exact intervals, rounding rules, the numbers behind a printed figure, and what a value prints as.

A printed figure stands for an interval of unrounded values whose width is one unit of its last
digit; recomputation must respect it (Brown & Heathers 2017, *The GRIM Test*, Soc Psychol Personal
Sci 8:363–369, and the rounding options of R's `scrutiny`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import product

from ..errors import CompanionError
from .printed import Printed, PrintedLike, as_printed

Exact = Fraction | Decimal | int


@dataclass(frozen=True)
class Interval:
    """All numbers from `low` to `high`; None is no limit; flags say whether the ends belong to it.

    Operations give the tightest interval for *independent* operands (Moore 1966, *Interval
    Analysis*); an operand that occurs twice in an expression widens the result. Raises
    CompanionError for an empty interval.
    """

    low: Fraction | None
    high: Fraction | None
    low_closed: bool = True
    high_closed: bool = True

    def __post_init__(self) -> None:
        if self.low is None or self.high is None or self.low < self.high:
            return
        if self.low > self.high or not (self.low_closed and self.high_closed):
            raise CompanionError(f"no number lies from {self.low} to {self.high}")

    @classmethod
    def point(cls, value: Exact) -> Interval:
        """A number known exactly, such as a count."""
        return cls(Fraction(value), Fraction(value))

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Both ends. Raises CompanionError where there is no limit."""
        if self.low is None or self.high is None:
            raise CompanionError(f"{self} has no limit and cannot be calculated with")
        return self.low, self.high

    def __add__(self, other: Interval) -> Interval:
        (a, b), (c, d) = self.ends, other.ends
        closed = (self.low_closed and other.low_closed, self.high_closed and other.high_closed)
        return Interval(a + c, b + d, *closed)

    def __neg__(self) -> Interval:
        low, high = self.ends
        return Interval(-high, -low, self.high_closed, self.low_closed)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        corners = [_times(*pair) for pair in product(_corners(self), _corners(other))]
        return _hull(corners)

    def __truediv__(self, other: Interval) -> Interval:
        low, high = other.ends
        if low <= 0 <= high:
            raise CompanionError(f"division by an interval that holds zero: {other}")
        return self * Interval(1 / high, 1 / low, other.high_closed, other.low_closed)

    def __contains__(self, value: Exact) -> bool:
        return self.overlaps(Interval.point(value))

    def overlaps(self, other: Interval) -> bool:
        """Whether some number is in both."""
        return not (_before(self, other) or _before(other, self))

    def __str__(self) -> str:
        left = "[" if self.low_closed and self.low is not None else "("
        right = "]" if self.high_closed and self.high is not None else ")"
        low = "−∞" if self.low is None else f"{float(self.low):.6g}"
        high = "∞" if self.high is None else f"{float(self.high):.6g}"
        return f"{left}{low}, {high}{right}"


def _corners(interval: Interval) -> tuple[tuple[Fraction, bool], tuple[Fraction, bool]]:
    low, high = interval.ends
    return (low, interval.low_closed), (high, interval.high_closed)


def _times(one: tuple[Fraction, bool], other: tuple[Fraction, bool]) -> tuple[Fraction, bool]:
    """A corner of a product belongs if both factors do; zero makes the other one irrelevant."""
    (a, a_closed), (b, b_closed) = one, other
    reached = (a_closed and b_closed) or (a == 0 and a_closed) or (b == 0 and b_closed)
    return a * b, reached


def _hull(corners: list[tuple[Fraction, bool]]) -> Interval:
    low, high = min(v for v, _ in corners), max(v for v, _ in corners)
    if low == high:
        return Interval.point(low)
    return Interval(low, high, (low, True) in corners, (high, True) in corners)


def _before(one: Interval, other: Interval) -> bool:
    if one.high is None or other.low is None:
        return False
    if one.high == other.low:
        return not (one.high_closed and other.low_closed)
    return one.high < other.low


class RoundingRule(StrEnum):
    """How digits were dropped: to the nearest, ties as named, or (`DOWN`) cut off."""

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    DOWN = "down"

    @property
    def label(self) -> str:
        """The rule in words, for an explanation."""
        return _LABELS[self]


_LABELS = {
    RoundingRule.HALF_UP: "rounded half up",
    RoundingRule.HALF_EVEN: "rounded half to even",
    RoundingRule.DOWN: "truncated",
}
NEAREST = (RoundingRule.HALF_UP, RoundingRule.HALF_EVEN)
DEFENSIBLE = (*NEAREST, RoundingRule.DOWN)


def interval(printed: PrintedLike, rule: RoundingRule = RoundingRule.HALF_UP) -> Interval:
    """The unrounded values that a rule prints as this figure.

    For “<” and “≤” it reaches down to zero (p-values, counts and sizes; below zero without an end;
    “<0.000” is what may be printed as 0.000), for “>” and “≥” it has no upper limit; the rule makes
    no difference there.
    """
    figure = as_printed(printed)
    number = Fraction(figure.decimal)
    if figure.operator in ("<", "<="):
        return _below(number, figure)
    if figure.operator:
        return Interval(number, None, figure.operator == ">=", True)
    unit = Fraction(10) ** -figure.places
    mirrored = _above_zero(abs(number), unit, rule) if number else _at_zero(unit, rule)
    return -mirrored if number < 0 else mirrored


def _below(number: Fraction, figure: Printed) -> Interval:
    if number < 0:
        return Interval(None, number, True, figure.operator == "<=")
    if number or figure.operator == "<=":
        return Interval(Fraction(0), number, True, figure.operator == "<=")
    # nothing is below zero: "<0.000" says of a number that it is printed as 0.000
    return Interval(Fraction(0), Fraction(10) ** -figure.places, True, False)


def _above_zero(number: Fraction, unit: Fraction, rule: RoundingRule) -> Interval:
    if rule is RoundingRule.DOWN:
        return Interval(number, number + unit, True, False)
    even = number / unit % 2 == 0
    low_closed, high_closed = (even, even) if rule is RoundingRule.HALF_EVEN else (True, False)
    return Interval(number - unit / 2, number + unit / 2, low_closed, high_closed)


def _at_zero(unit: Fraction, rule: RoundingRule) -> Interval:
    reach = unit if rule is RoundingRule.DOWN else unit / 2
    closed = rule is RoundingRule.HALF_EVEN
    return Interval(-reach, reach, closed, closed)


def matches(
    value: Exact, printed: PrintedLike, rules: tuple[RoundingRule, ...] = DEFENSIBLE
) -> RoundingRule | None:
    """The first rule under which the value is printed as this figure, half-up first."""
    return next((rule for rule in rules if value in interval(printed, rule)), None)


def hold_against(value: Exact, printed: PrintedLike, span: Interval | None = None) -> str | None:
    """Why a recomputed value is printed as this figure, the most innocent reason first.

    "" where it is, rounded half up. Otherwise under another nearest rule, else for some value of
    `span` (the inputs' own rounding carried through), else under the other rules, each in words.
    None where it cannot be.
    """
    number = Fraction(value)
    rule = matches(number, printed, NEAREST)
    if rule is RoundingRule.HALF_UP:
        return ""
    if rule is None and span is not None and span.overlaps(interval(printed)):
        return "rounding of the inputs"
    rule = rule or matches(number, printed)
    return rule and rule.label
