"""Direction of effect: of one comparison, of a study, and over studies.

Statistical significance plays no part (Cochrane Handbook 12.2.1.3; Boon & Thomson 2021, *The
effect direction plot revisited*, Res Synth Methods 12:29-33).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ..errors import CompanionError
from .arithmetic import Interval
from .exact import binomial_p, wilson_limits
from .printed import Printed, PrintedLike, as_printed
from .rounding import interval
from .two_by_two import TwoByTwo

THRESHOLD = Fraction(7, 10)
FEWEST_STUDIES = 6


class Direction(StrEnum):
    """Which way an effect points: the exposed against the unexposed."""

    HIGHER = "higher"
    LOWER = "lower"
    NO_DIFFERENCE = "no difference"
    CONFLICTING = "conflicting"


@dataclass(frozen=True)
class SignTest:
    """Studies that point each way, the exact two-sided p, and the share `higher` with limits."""

    higher: int
    lower: int
    p: float
    share: Fraction
    low: float
    high: float


def compare(exposed: PrintedLike | None, unexposed: PrintedLike | None) -> Direction | None:
    """The direction of two percentages, rates or risks of the same unit.

    None without a comparator, and where rounding hides which is larger (5 beside 5.3). Equal
    figures show no difference at printed precision.
    """
    if exposed is None or unexposed is None:
        return None
    one, other = as_printed(exposed), as_printed(unexposed)
    if not one.operator and not other.operator and one.decimal == other.decimal:
        return Direction.NO_DIFFERENCE
    return _order(interval(one), interval(other))


def of_ratio(ratio: PrintedLike | None, null: int = 1) -> Direction | None:
    """The direction of an odds, risk or hazard ratio (of a difference, with `null` 0)."""
    if ratio is None:
        return None
    printed: Printed = as_printed(ratio)
    if printed.decimal == null and not printed.operator:
        return Direction.NO_DIFFERENCE
    return _order(interval(printed), Interval.point(null))


def of_table(table: TwoByTwo) -> Direction | None:
    """The direction of the two risks of a 2×2 table; None where an arm is empty."""
    if not (table.exposed and table.unexposed):
        return None
    return compare_exact(Fraction(table.a, table.exposed), Fraction(table.c, table.unexposed))


def compare_exact(exposed: Fraction, unexposed: Fraction) -> Direction:
    """The direction of two numbers known exactly."""
    if exposed == unexposed:
        return Direction.NO_DIFFERENCE
    return Direction.HIGHER if exposed > unexposed else Direction.LOWER


def study_direction(
    comparisons: Iterable[Direction | None], threshold: Fraction = THRESHOLD
) -> Direction | None:
    """The direction that at least 70% of a study's comparisons share, otherwise conflicting.

    Comparisons without a direction are left out; None if none is left. Raises CompanionError
    for a threshold that two directions could reach.
    """
    if not Fraction(1, 2) < threshold <= 1:
        raise CompanionError(
            f"{threshold} is no threshold for a direction", hint="above 0.5, at most 1"
        )
    directions = [direction for direction in comparisons if direction is not None]
    if not directions:
        return None
    for direction in (Direction.HIGHER, Direction.LOWER, Direction.NO_DIFFERENCE):
        if Fraction(directions.count(direction), len(directions)) >= threshold:
            return direction
    return Direction.CONFLICTING


def sign_test(higher: int, lower: int, fewest: int = FEWEST_STUDIES) -> SignTest | None:
    """The exact two-sided sign test over independent studies, with Wilson's 95% limits.

    Studies without a clear direction are not counted. None below `fewest`: with five studies even
    unanimity gives p = 0.0625. Raises CompanionError for negative counts.
    """
    if higher < 0 or lower < 0:
        raise CompanionError("a number of studies below zero")
    if higher + lower < max(fewest, 1):
        return None
    trials = higher + lower
    share = Fraction(higher, trials)
    return SignTest(
        higher, lower, binomial_p(higher, trials), share, *wilson_limits(higher, trials)
    )


def _order(one: Interval, other: Interval) -> Direction | None:
    if one.overlaps(other):
        return None
    below = one.high is not None and other.low is not None and one.high <= other.low
    return Direction.LOWER if below else Direction.HIGHER
