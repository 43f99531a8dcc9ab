"""Direction of effect: of one comparison, of a study, and over studies.

Statistical significance plays no part (Cochrane Handbook 12.2.1.3; Boon & Thomson 2021, *The
effect direction plot revisited*, Res Synth Methods 12:29-33).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from math import comb

from ..errors import CompanionError
from .printed import PrintedLike, as_printed
from .rounding import Interval, interval

THRESHOLD = Fraction(7, 10)
FEWEST_STUDIES = 6


class Direction(StrEnum):
    """Which way an effect points: the exposed against the unexposed."""

    HIGHER = "higher"
    LOWER = "lower"
    NO_DIFFERENCE = "no difference"
    CONFLICTING = "conflicting"


def direction_of(exposed: PrintedLike | None, unexposed: PrintedLike | None) -> Direction | None:
    """The direction of two percentages, rates or risks of the same unit.

    None without a comparator, and where rounding hides which is larger (5 and 5.3). Equal figures
    show no difference at printed precision.
    """
    if exposed is None or unexposed is None:
        return None
    one, other = as_printed(exposed), as_printed(unexposed)
    if not one.operator and not other.operator and one.decimal == other.decimal:
        return Direction.NO_DIFFERENCE
    return _order(interval(one), interval(other))


def study_direction(comparisons: Iterable[Direction | None]) -> Direction | None:
    """The direction that at least 70% of a study's comparisons share, otherwise conflicting.

    Comparisons without a direction are left out; None if none is left.
    """
    directions = [direction for direction in comparisons if direction is not None]
    if not directions:
        return None
    for direction in (Direction.HIGHER, Direction.LOWER, Direction.NO_DIFFERENCE):
        if Fraction(directions.count(direction), len(directions)) >= THRESHOLD:
            return direction
    return Direction.CONFLICTING


def sign_test(higher: int, lower: int) -> Fraction | None:
    """The two-sided p of the exact sign test over independent studies that point each way.

    Studies without a clear direction are not counted. None below six: with five studies even
    unanimity gives p = 0.0625. Raises CompanionError for negative counts.
    """
    if higher < 0 or lower < 0:
        raise CompanionError("a number of studies below zero")
    trials = higher + lower
    if trials < FEWEST_STUDIES:
        return None
    one_sided = Fraction(sum(comb(trials, x) for x in range(min(higher, lower) + 1)), 2**trials)
    return min(2 * one_sided, Fraction(1))


def _order(one: Interval, other: Interval) -> Direction | None:
    if one.overlaps(other):
        return None
    below = one.high is not None and other.low is not None and one.high <= other.low
    return Direction.LOWER if below else Direction.HIGHER
