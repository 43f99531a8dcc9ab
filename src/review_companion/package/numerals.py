"""Finds the numerals and number words of a text, and the numbers that they print.

A numeral is a run of digits (thousands by comma, decimals by point, an ordinal suffix, a percent
sign and a true minus sign belong to it) or a number word. Each end of a range is a numeral of its
own, and so is each citation number in brackets. Digits inside a name do not count: digits joined to
letters directly (B12, 18F, CO2) or by a hyphen after letters (COVID-19, HIF-1-α); so "24Gy" without
its space counts as a name too. The number word in "half-life" is part of a name.

A printed figure is a number in the forms that a cell may hold: "four" is 4, "1,939" is 1939, "24Gy"
is 24. What can be read in two ways ("13,5") is read in both.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ..stats.printed import SMALL, TENS, from_words

_UNITS, _TENS = " ".join(SMALL[1:10]), " ".join(TENS)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
VALUES = {  # of further words, such as “both”
    **dict.fromkeys(("once", "single", "sole", "solely", "singular"), "1"),
    **dict.fromkeys(("both", "twice", "double", "doubled"), "2"),
    **dict.fromkeys(("thrice", "triple", "tripled"), "3"),
    **dict.fromkeys(("half", "halves", "halved"), "0.5"),
    **dict.fromkeys(("quarter", "quarters"), "0.25"),
    **{"none": "0", "hundred": "100", "thousand": "1000", "million": "1000000"},
    **{word: str(number) for number, word in enumerate(_ORDINALS, 1)},
}
_WORDS = [*SMALL, *TENS, *VALUES, *"millions most mostly majority minority all".split()]

_LETTER, _HYPHEN = r"[^\W\d_]", "[-‐‑]"
_JOINED = rf"(?:[^\W_]|{_HYPHEN}(?=[^\W_])|–(?={_LETTER})|['’](?={_LETTER}))*"
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|(?<![\w.])\.[0-9]+"
_SUFFIX = r"(?:(?:st|nd|rd|th)(?![^\W_])|[ \u00a0\u2009\u202f]?%)?"
_SCANNER = re.compile(
    rf"""(?P<number>(?:(?<![\w%)\]])−)?(?>{_DIGITS})(?:{_SUFFIX})(?!{_LETTER}))
    |(?P<name>[0-9]{_JOINED})
    |(?P<cardinal>(?:(?:{_TENS.replace(" ", "|")}){_HYPHEN}(?:{_UNITS.replace(" ", "|")})
        |(?:{"|".join(_WORDS)})(?!{_HYPHEN}li(?:fe|ves)))(?![^\W_]|['’]{_LETTER}))
    |(?P<word>{_LETTER}{_JOINED})
    |(?P<mark>\^\w)
    |(?P<sign><=|>=|[=<>≤≥±])""",
    re.VERBOSE | re.IGNORECASE,
)
_CITATION = re.compile(r"\[\s*[0-9]+(?:\s*[,;–-]\s*[0-9]+)*\s*\]")
MONTHS = {name.casefold(): str(number) for number, name in enumerate(month_name) if name}
_THIN = re.compile(r"(?<=\d)[\u2009\u202f\u00a0'’](?=\d{3}(?!\d))")  # between thousands
_PLAIN = re.compile(r"(?<![\w.,·^−‑-])[0-9]+(?:\.[0-9]+)?(?![\w‑-]|[.,·]\d)")
_POINT = re.compile(r"(?<=\d)·(?=\d)")
_GLUED = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?=[^\W\d_])")  # to its unit: 24Gy
_COMMA = re.compile(r"(?<![\w.,])\d+,\d+(?![\d,])")  # a decimal comma, perhaps
_JOINT = re.compile(r"\s+(?:and\s+)?|-", re.IGNORECASE)


@dataclass(frozen=True)
class Numeral:
    """A numeral as printed at text[start:end], with the words up to the next numeral.

    `before` and `after` hold every word and sign (= < > ≤ ≥ ±) between it and its neighbouring
    numerals, or the ends of the text. `cited` says that it is within a citation's brackets.
    """

    text: str
    start: int
    end: int
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    cited: bool = False


@lru_cache(maxsize=4096)
def numerals(text: str) -> tuple[Numeral, ...]:
    """Every numeral of a text, in order."""
    citations = [match.span() for match in _CITATION.finditer(text)]
    gaps: list[list[str]] = [[]]
    spans: list[tuple[int, int]] = []
    for match in _SCANNER.finditer(text):
        if match.lastgroup in ("number", "cardinal"):
            spans.append(match.span())
            gaps.append([])
        elif match.lastgroup != "mark":
            gaps[-1].append(match.group())
    return tuple(
        Numeral(
            text[start:end],
            start,
            end,
            before=tuple(gaps[i]),
            after=tuple(gaps[i + 1]),
            cited=any(left < start and end < right for left, right in citations),
        )
        for i, (start, end) in enumerate(spans)
    )


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
