"""A figure as it is printed: digits or words, per cent sign, “<” and “approximately”."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache

from ..errors import CompanionError

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
LARGEST = 999_999
DAYS = {
    "day": Fraction(1),
    "week": Fraction(7),
    "month": Fraction(36525, 1200),
    "year": Fraction(36525, 100),
}
PHRASES = {
    "<": ("<", "less than", "fewer than", "under", "below", "younger than"),
    ">": (">", "more than", "greater than", "over", "above", "older than"),
    ">=": (">=", "≥", "at least", "no less than", "minimum of", "min.", "or more", "or later"),
    "<=": ("<=", "≤", "at most", "up to", "no more than", "not more than", "maximum of", "max."),
}
OPERATORS = {"": "", "=": ""} | {word: sign for sign, words in PHRASES.items() for word in words}
APPROXIMATE = ("approximately", "approx.", "about", "around", "roughly", "circa", "ca.", "~", "≈")

# minus, en dash and non-breaking hyphen; thin, narrow and non-breaking space; TeX's dollar
_PLAIN = str.maketrans("\u2212\u2013\u2011\u2009\u202f\u00a0", "---   ", "$")
_NUMBER = r"[1-9]\d{0,2}(?:[, ]\d{3})+(?:\.\d+)?|(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+"
_COMMA = re.compile(r"[-+]?(?<![\d,.])\d+,\d+(?![\d,.])")
_ZEROS = re.compile(r"[-+]?0\d+(?:\.\d+)?")


def _either(phrases: tuple[str, ...]) -> str:
    ordered = sorted((p for p in phrases if p), key=len, reverse=True)
    return "|".join(re.escape(p) + (r"\s" if p[-1].isalpha() else "") for p in ordered)


_HEAD = (
    r"\s*(?:[A-Za-z]\s*(?=[=<>≤≥]))?"
    rf"(?P<approximate>{_either(APPROXIMATE)})?\s*(?P<operator>{_either(tuple(OPERATORS))})?\s*"
)
_TAIL = r"\s*(?P<percent>%|per\s?cent)?(?:-?fold)?\s*"
_PRINTED = re.compile(rf"{_HEAD}(?P<number>[-+]?(?:{_NUMBER})){_TAIL}", re.IGNORECASE)
_SPELT = re.compile(rf"{_HEAD}(?P<number>[a-z -]+?){_TAIL}", re.IGNORECASE)


@dataclass(frozen=True)
class Printed:
    """A printed number. The exponent of `decimal` is its precision: 17.0 is not 17.

    A percentage keeps its printed scale (39.1 for 39.1%). `operator` is "", "<", ">", "<=" or
    ">=". An approximate integer counts as precise only to its last digit that is not zero.
    """

    decimal: Decimal
    percent: bool = False
    operator: str = ""
    approximate: bool = False

    @property
    def places(self) -> int:
        """Decimal places of the last digit that counts; negative for tens and more."""
        exponent = _exponent(self.decimal)
        if self.approximate and self.decimal and exponent >= 0:
            exponent = _exponent(self.decimal.normalize())
        return -exponent

    def __str__(self) -> str:
        head = ("≈" if self.approximate else "") + self.operator
        return f"{head}{self.decimal:f}{'%' if self.percent else ''}"


PrintedLike = Printed | Decimal | int | str


def parse_printed(text: str) -> Printed:
    """Reads "1,939", "39.1%", "p<0.001", "approximately 270", "max. 29", "13.5-fold", "Seventeen".

    The comma separates thousands. Raises CompanionError where the text is not a single number.
    """
    plain = text.translate(_PLAIN)
    if found := _PRINTED.fullmatch(plain):
        return _printed(Decimal(re.sub(r"[, ]", "", found["number"])), found)
    found = _SPELT.fullmatch(plain)
    spelt = from_words(found["number"]) if found else None
    if found is None or spelt is None:
        raise CompanionError(f"“{text}” is not a printed number", hint=_hint(plain))
    return _printed(Decimal(spelt), found)


def _hint(plain: str) -> str:
    if comma := _COMMA.search(plain):
        return f"a decimal comma? write “{comma[0].replace(',', '.')}”"
    if zeros := _ZEROS.fullmatch(plain.strip()):
        return f"write “{zeros[0].lstrip('+-0') or '0'}”, without zeros before it"
    return "digits with “.” for decimals and “,” for thousands, or number words"


def as_printed(value: PrintedLike) -> Printed:
    """A string is parsed, a Decimal or an integer taken as printed.

    Raises CompanionError for anything but a finite number.
    """
    if isinstance(value, Printed):
        return value
    if isinstance(value, str):
        return parse_printed(value)
    try:
        decimal = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise CompanionError(f"“{value}” is not a printed number") from None
    if not decimal.is_finite():
        raise CompanionError(f"“{value}” is not a finite number")
    return Printed(decimal)


def _printed(decimal: Decimal, found: re.Match[str]) -> Printed:
    operator = " ".join((found["operator"] or "").lower().split())
    return Printed(
        decimal,
        percent=found["percent"] is not None,
        operator=OPERATORS[operator],
        approximate=found["approximate"] is not None,
    )


def _exponent(decimal: Decimal) -> int:
    exponent = decimal.as_tuple().exponent
    if not isinstance(exponent, int):
        raise CompanionError(f"“{decimal}” is not a finite number")
    return exponent


def in_words(number: int) -> str:
    """`in_words(17) == "seventeen"`, 194 "one hundred and ninety-four"; up to 999,999.

    Raises CompanionError for a negative or larger number.
    """
    if not 0 <= number <= LARGEST:
        raise CompanionError(f"{number} is not spelt out", hint=f"from 0 to {LARGEST}")
    if number < len(SMALL):
        return SMALL[number]
    if number < 100:
        tens, unit = divmod(number, 10)
        return TENS[tens - 2] + (f"-{SMALL[unit]}" if unit else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, size)
    words = f"{in_words(head)} {name}"
    return f"{words} {'and ' if rest < 100 else ''}{in_words(rest)}" if rest else words


def from_words(text: str) -> int | None:
    """The integer that number words say ("Seventeen" is 17); None for any other text."""
    words = text.split()
    if not words or "and" in (words[0], words[-1]):
        return None
    thousands, has_thousands, rest = _bare(text).rpartition("thousand")
    known = _below_thousand()
    if not has_thousands:
        return known.get(rest)
    head, tail = known.get(thousands.strip()), known.get(rest.strip())
    if not head or (rest and not tail):
        return None
    return 1000 * head + (tail or 0)


def _bare(text: str) -> str:
    """The words in small letters, one space apart, without hyphens and "and"."""
    words = text.lower().replace("-", " ").replace("\u2011", " ").split()
    return " ".join(word for word in words if word != "and")


@cache
def _below_thousand() -> Mapping[str, int]:
    return {_bare(in_words(number)): number for number in range(1000)}


def in_days(number: Decimal | int, unit: str) -> Fraction | None:
    """A number of days, weeks, months or years in days; a year has 365.25."""
    days = DAYS.get(unit.removesuffix("s"))
    return None if days is None else Fraction(number) * days
