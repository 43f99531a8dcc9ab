"""Exact interval arithmetic: what is known of a number that was rounded before it was printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

from ..errors import CompanionError

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

    def __add__(self, other: Interval) -> Interval:
        (a, b), (c, d) = _ends(self), _ends(other)
        closed = (self.low_closed and other.low_closed, self.high_closed and other.high_closed)
        return Interval(a + c, b + d, *closed)

    def __neg__(self) -> Interval:
        low, high = _ends(self)
        return Interval(-high, -low, self.high_closed, self.low_closed)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        corners = [_times(*pair) for pair in product(_corners(self), _corners(other))]
        return _hull(corners)

    def __truediv__(self, other: Interval) -> Interval:
        low, high = _ends(other)
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


def _ends(interval: Interval) -> tuple[Fraction, Fraction]:
    if interval.low is None or interval.high is None:
        raise CompanionError(f"{interval} has no limit and cannot be calculated with")
    return interval.low, interval.high


def _corners(interval: Interval) -> tuple[tuple[Fraction, bool], tuple[Fraction, bool]]:
    low, high = _ends(interval)
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
