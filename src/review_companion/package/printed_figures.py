"""The numbers that a text prints, in the forms that a cell may hold.

"four" is 4, "1,939" is 1939, "24Gy" is 24. What can be read in two ways ("13,5") is read in both.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..stats.printed import from_words
from .numerals import VALUES, Numeral, numerals

MONTHS = {name.casefold(): str(number) for number, name in enumerate(month_name) if name}
_THIN = re.compile(r"(?<=\d)[\u2009\u202f\u00a0'’](?=\d{3}(?!\d))")  # between thousands
_PLAIN = re.compile(r"(?<![\w.,·^−‑-])[0-9]+(?:\.[0-9]+)?(?![\w‑-]|[.,·]\d)")
_POINT = re.compile(r"(?<=\d)·(?=\d)")
_GLUED = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?=[^\W\d_])")  # to its unit: 24Gy
_COMMA = re.compile(r"(?<![\w.,])\d+,\d+(?![\d,])")  # a decimal comma, perhaps
_JOINT = re.compile(r"\s+(?:and\s+)?|-", re.IGNORECASE)


class PrintedFigure(NamedTuple):
    """A number that a text prints at [start:end], in the forms that a cell may hold."""

    start: int
    end: int
    values: tuple[str, ...]
    cited: bool = False


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[PrintedFigure, ...]:
    """The numbers that a text prints, in order; two for one that can be read in two ways."""
    text = _POINT.sub(".", _THIN.sub(",", text))
    found = numerals(text)
    readings = [PrintedFigure(n.start, n.end, tuple(_forms(text, n)), n.cited) for n in found]
    taken = {n.start for n in found}
    readings += [
        PrintedFigure(*m.span(), (m[0],)) for m in _GLUED.finditer(text) if m.start() not in taken
    ]
    readings += [PrintedFigure(*m.span(), (m[0].replace(",", "."),)) for m in _COMMA.finditer(text)]
    return tuple(sorted([*readings, *_in_several_words(text, found)]))


def plainly_printed(text: str) -> list[str]:
    """The numbers that are plain digits beyond doubt, in order, without citations.

    That is all that most rows need: reading every numeral takes a hundred times as long.
    """
    return [] if "[" in text or _THIN.search(text) else _PLAIN.findall(text)


def numbers_printed(text: str) -> Counter[str]:
    """How often a text prints each number, in plain digits."""
    return Counter(value for figure in figures(text) for value in figure.values)


def positions(text: str, value: str) -> list[tuple[int, int]]:
    """Where a text prints a number, citations apart: start and end of each."""
    return [(f.start, f.end) for f in figures(text) if value in f.values and not f.cited]


def segment(text: str, span: tuple[int, int]) -> tuple[str, str]:
    """The text from the number before a figure to it, and from it to the number after."""
    found = [f for f in figures(text) if not f.cited]
    before = max((f.end for f in found if f.end <= span[0]), default=0)
    after = min((f.start for f in found if f.start >= span[1]), default=len(text))
    return text[before : span[0]], text[span[1] : after]


def names_month(text: str, number: str) -> bool:
    """Whether a text names the month of this number."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return any(MONTHS.get(word) == number for word in words)


def _forms(text: str, numeral: Numeral) -> Iterator[str]:
    """A numeral as a cell would hold it: digits, a decimal point, a sign that it may have."""
    plain = _plain(numeral.text)
    yield plain
    head = text[: numeral.start]
    if head[-1:] in ("-", "–", "‑", "−") and (
        re.search(r"\s.$", head) or not re.search(r"[\w%)\]].$", head)
    ):
        yield f"-{plain}"


def _plain(numeral: str) -> str:
    bare = numeral.rstrip("% \u00a0\u2009\u202f").replace(",", "").replace("−", "-").casefold()
    if bare[:-2].isdecimal() and bare[-2:] in ("st", "nd", "rd", "th"):
        return bare[:-2]
    if bare.startswith("."):
        return f"0{bare}"
    number = from_words(bare)
    return VALUES.get(bare, bare) if number is None else str(number)


def _in_several_words(text: str, found: Sequence[Numeral]) -> Iterator[PrintedFigure]:
    """Numbers of more than one word: "one hundred and ninety-four"."""
    first = 0
    for last, numeral in enumerate(found):
        following = found[last + 1] if last + 1 < len(found) else None
        if following and _JOINT.fullmatch(text[numeral.end : following.start]):
            continue
        start, end = found[first].start, numeral.end
        if last > first and (number := from_words(text[start:end])) is not None:
            yield PrintedFigure(start, end, (str(number),))
        first = last + 1
