"""A value as the report prints it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

ABSENT = "–"


def rounded(value: Fraction | Decimal | int, places: int) -> Decimal:
    """Half up to so many places."""
    exact = Fraction(value)
    scaled = exact * 10**places
    whole = int(abs(scaled) + Fraction(1, 2))
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)


def as_text(value: Any, places: int | None = None) -> str:
    """Numbers half up to `places` (1 for quotients unless told), sets joined, booleans as words."""
    if value is None or value == "":
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(as_text(item, places) for item in value) or "none"
    if isinstance(value, Fraction):
        if value.denominator == 1 and places is None:
            return str(value.numerator)
        return f"{rounded(value, 1 if places is None else places):f}"
    if isinstance(value, Decimal):
        return f"{value:f}" if places is None else f"{rounded(value, places):f}"
    if isinstance(value, int) and places:
        return f"{Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    return str(value)
