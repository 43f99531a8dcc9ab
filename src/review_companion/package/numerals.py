"""Finds the numerals and number words of a text, each with its neighbouring words.

A numeral is a run of digits (thousands by comma, decimals by point, an ordinal suffix, a percent
sign and a true minus sign belong to it) or a number word. Each end of a range is a numeral of its
own, and so is each citation number in brackets. Digits inside a name do not count: digits joined to
letters directly (B12, 18F, CO2) or by a hyphen after letters (COVID-19, HIF-1-α); so "24Gy" without
its space counts as a name too. The number word in "half-life" is part of a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..stats.printed import SMALL, TENS
from .files import read_rows, reading

BEFORE, AFTER = 2, 1
COLUMNS = ("entry", "section", "numeral", "before", "after")

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


@dataclass(frozen=True)
class IndexEntry:
    """A row of the numeral index: at most two words `before`, one word `after`, and the signs.

    A citation number's `before` ends in "[", the last one's `after` in a bracket is "]".
    """

    entry: int
    section: str
    numeral: str
    before: str = ""
    after: str = ""


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


def index_entries(section: str, paragraphs: Iterable[str], first: int = 1) -> Iterator[IndexEntry]:
    """The index's entries for a section, numbered from `first`, neighbours cut to three words."""
    number = first
    for paragraph in paragraphs:
        found = numerals(paragraph)
        for i, numeral in enumerate(found):
            before = _nearest(numeral.before[::-1], BEFORE)[::-1]
            after = _nearest(numeral.after, AFTER)
            if numeral.cited:
                before.append("[")
                if i + 1 == len(found) or "]" in paragraph[numeral.end : found[i + 1].start]:
                    after = ["]"]
            yield IndexEntry(number, section, numeral.text, " ".join(before), " ".join(after))
            number += 1


def _nearest(tokens: Sequence[str], words: int) -> list[str]:
    """The first tokens up to so many words; signs between them do not count."""
    kept: list[str] = []
    for token in tokens:
        if count_words(kept) == words:
            break
        kept.append(token)
    return kept


def count_words(tokens: Iterable[str]) -> int:
    """How many of the tokens are words and not signs."""
    return sum(token[0].isalnum() for token in tokens)


def read_index(path: Path) -> tuple[IndexEntry, ...]:
    """Reads `numerals.csv`. Raises CompanionError if it is missing or has other columns."""
    hint = "it lists every numeral of the article, with its section"
    header, *rows = read_rows(path, hint) or [[]]
    with reading(path):
        if tuple(header) != COLUMNS:
            raise ValueError(f"the columns are not {', '.join(COLUMNS)}")
        return tuple(IndexEntry(int(number), *cells) for number, *cells in rows)
