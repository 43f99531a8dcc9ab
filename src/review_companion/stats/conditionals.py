"""Reversed conditionals: the share of cases who were exposed is not the risk of the exposed.

Both are read off one 2×2 table, and the odds ratio and its tests are the same for either, so that
a p-value cannot tell which was meant (Altman 1991, *Practical Statistics for Medical Research*,
ch. 10; Gigerenzer 2002, *Reckoning with Risk*, on inverted conditional probabilities).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..errors import CompanionError
from .percentages import percentage
from .printed import PrintedLike
from .rounding import NEAREST, Rule, matches
from .two_by_two import TwoByTwo

Shares = tuple[Fraction, Fraction]


def risks(table: TwoByTwo) -> Shares | None:
    """Per cent with the event among the exposed and the unexposed; None for an empty arm."""
    if not (table.exposed and table.unexposed):
        return None
    return percentage(table.a, table.exposed), percentage(table.c, table.unexposed)


def shares_exposed(table: TwoByTwo) -> Shares | None:
    """Per cent exposed among those with and without the event; None if either are none."""
    return risks(table.transposed)


READINGS: dict[str, Callable[[TwoByTwo], Shares | None]] = {
    "risk of the exposed against the unexposed": risks,
    "share exposed among those with the event against those without": shares_exposed,
}


def conditional_readings(
    table: TwoByTwo,
    first: PrintedLike,
    second: PrintedLike,
    rules: tuple[Rule, ...] = NEAREST,
) -> tuple[str, ...]:
    """Which conditional percentages of the table are printed as these two; maybe both or none."""
    found = []
    for name, shares_of in READINGS.items():
        shares = shares_of(table)
        if shares and matches(shares[0], first, rules) and matches(shares[1], second, rules):
            found.append(name)
    return tuple(found)


def table_from_margins(both: int, exposed: int, events: int, total: int) -> TwoByTwo | None:
    """The table of which `both` are exposed and have the event; None where no table has them."""
    try:
        return TwoByTwo.from_margins(both, exposed, events, total)
    except CompanionError:
        return None
