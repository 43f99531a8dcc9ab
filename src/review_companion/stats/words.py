"""English number words ↔ integers, for counts that an article spells out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ..errors import CompanionError

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
LARGEST = 999_999


def in_words(number: int) -> str:
    """`in_words(17) == "seventeen"`, 194 "one hundred and ninety-four"; up to 999,999.

    Raises CompanionError for a negative or larger number.
    """
    if not 0 <= number <= LARGEST:
        raise CompanionError(f"{number} is not spelt out", hint=f"from 0 to {LARGEST}")
    if number < 100:
        return _below_hundred(number)
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, size)
    words = f"{in_words(head)} {name}"
    if not rest:
        return words
    return f"{words} {'and ' if rest < 100 else ''}{in_words(rest)}"


def _below_hundred(number: int) -> str:
    if number < len(SMALL):
        return SMALL[number]
    tens, unit = divmod(number, 10)
    return TENS[tens - 2] + (f"-{SMALL[unit]}" if unit else "")


def from_words(text: str) -> int | None:
    """The integer that number words say ("Seventeen" is 17); None for any other text."""
    words = text.split()
    if not words or "and" in (words[0], words[-1]):
        return None
    thousands, found, rest = _bare(text).rpartition("thousand")
    known = _below_thousand()
    if not found:
        return known.get(rest)
    head, tail = known.get(thousands.strip()), known.get(rest.strip())
    return 1000 * head + (tail or 0) if head and (tail or not rest) else None


def _bare(text: str) -> str:
    """The words in small letters, one space apart, without hyphens and "and"."""
    words = text.lower().replace("-", " ").replace("\u2011", " ").split()
    return " ".join(word for word in words if word != "and")


@cache
def _below_thousand() -> Mapping[str, int]:
    return {_bare(in_words(number)): number for number in range(1000)}
