"""Answers that a page can check without holding them: canonical forms and salted hashes.

This deters a glance at the source and does no more: there are few answers to try.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from ..stats.arithmetic import Interval
from ..text import rounded

Item = TypeVar("Item")
MOST_ROUNDINGS = 60
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def salt(*parts: str) -> str:
    """Sixteen hexadecimal digits that change with any part."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def digest(salted: str, part: int, answer: str) -> str:
    """The hash of an answer to a part (from 0): 32 hexadecimal digits of SHA-256."""
    return hashlib.sha256(f"{salted}\n{part}\n{answer}".encode()).hexdigest()[:32]


def digests(salted: str, parts: Sequence[Iterable[str]]) -> str:
    """Every accepted hash: parts separated by ";", alternatives by a space, sorted."""
    return ";".join(
        " ".join(sorted(digest(salted, number, answer) for answer in accepted))
        for number, accepted in enumerate(parts)
    )


def shuffled(items: Iterable[Item], salted: str, text: Callable[[Item], str] = str) -> list[Item]:
    """The items in an order that the salt and their texts decide."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{salted}{text(item)}".encode()).digest())


def letter(position: int) -> str:
    """A for 0, B for 1, …"""
    return LETTERS[position]


def place(letter: str) -> int:
    """0 for A, 1 for B, …"""
    return LETTERS.index(letter)


def roundings(value: Fraction, places: int, bounds: Interval | None = None) -> tuple[str, ...]:
    """Every number at `places` that the value may be rounded to, as text.

    Half up and half to even; where printed inputs are themselves rounded, everything between
    the `bounds` that their rounding allows. Sorted, the usual rounding first.
    """
    usual = rounded(value, places)
    found = {usual, _half_even(value, places)}
    if bounds is not None and bounds.low is not None and bounds.high is not None:
        found |= _between(bounds.low, bounds.high, places)
    others = sorted(found - {usual})
    return tuple(f"{number:f}" for number in (usual, *others))


def _half_even(value: Fraction, places: int) -> Decimal:
    return Decimal(round(value * 10**places)).scaleb(-places)


def _between(low: Fraction, high: Fraction, places: int) -> set[Decimal]:
    scale = 10**places
    first, last = (math.floor(end * scale + Fraction(1, 2)) for end in (low, high))
    if last - first > MOST_ROUNDINGS:
        return set()
    return {Decimal(step).scaleb(-places) for step in range(first, last + 1)}
