"""Compares codes with the words of the article: of the fragment, a label or the table cell.

The words that print a code are common ones (median, weeks, ≤, univariate), the units' own, or
declared in the schema as `words`. A code is reported where the words next to its figure belong to
another code and none belongs to this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..stats.printed import PHRASES
from .descriptor import TableSpec
from .numerals import positions, segment
from .printed_places import PrintedRow, PrintedTables, Slip
from .problems import printable

SHORTENED = ("min.", "max.")  # of minutes, too: no sign by itself
SIGNS = {sign: tuple(w for w in words if w not in SHORTENED) for sign, words in PHRASES.items()}
SIGNS["="] = ("=",)
TIMES = {
    **{name: (name, f"{name}s") for name in ("day", "week", "month", "year", "hour", "minute")},
    "half-life": ("half-life", "half-lives"),
}
STATISTICS = {"median": ("median", "medians"), "mean": ("mean", "means", "average")}
ANALYSES = {
    "univariable": ("univariable", "univariate"),
    "multivariable": ("multivariable", "multivariate"),
    "unadjusted": ("unadjusted", "crude"),
    "adjusted": ("adjusted",),
}
FAMILIES = (SIGNS, TIMES, STATISTICS, ANALYSES)
LEADING = (SIGNS, STATISTICS)  # printed before their figure
UNKNOWN = ("not-stated", "none", "")


@dataclass(frozen=True)
class Vocabulary:
    """The words of each code; with `leads` they are printed before their figure, not after."""

    words: Mapping[str, Sequence[str]]
    figure: str = ""
    leads: bool = False
    also_in: tuple[str, ...] = ()

    @cached_property
    def _codes(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for code, words in self.words.items():
            for word in words:
                found.setdefault(_plain(str(word)), set()).add(code)
        return {word: frozenset(codes) for word, codes in found.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._codes, key=len, reverse=True)
        return re.compile("|".join(map(_as_pattern, longest_first)), re.IGNORECASE)

    def all_in(self, text: str) -> list[frozenset[str]]:
        """The codes of each word in the text, in order; a longer word hides those within it."""
        words = (_plain(match[0]) for match in self._pattern.finditer(text))
        return [self._codes[word] for word in words if word in self._codes]  # not “mınus”

    def near(self, text: str, value: str) -> frozenset[str]:
        """The codes whose words are printed next to a figure; all codes in the text if none are."""
        found = self.all_in(text)
        if len({*found}) < 2:
            return frozenset().union(*found)
        for span in positions(text, value)[:1] if value else ():
            before, after = (self.all_in(part) for part in segment(text, span))
            sides = (before[-1:], after[:1]) if self.leads else (after[:1], before[-1:])
            for side in sides:
                if side:
                    return side[0]
        return frozenset().union(*found)


def _plain(word: str) -> str:
    return word.replace("‑", " ").replace("-", " ").casefold()


def _as_pattern(word: str) -> str:
    """A whole word, whose parts blanks or hyphens join; a sign is found anywhere."""
    parts = "[ ‑-]".join(map(re.escape, word.split(" ")))
    return rf"(?<!\w){parts}(?!\w)" if word[:1].isalnum() else parts


def vocabulary(
    field: Mapping[str, Any], spec: TableSpec, tables: PrintedTables
) -> Vocabulary | None:
    """The words for the codes of a column; None for a column that has none."""
    words, leads = _words(field, spec, tables)
    if not words:
        return None
    figure = field.get("of") or _figure(field["name"], spec)
    return Vocabulary(words, figure, leads, tuple(field.get("beside", ())))


def _words(
    field: Mapping[str, Any], spec: TableSpec, tables: PrintedTables
) -> tuple[Mapping[str, Sequence[str]], bool]:
    declared = field.get("words", ["singular", "plural"])
    if not isinstance(declared, list):
        return declared, False
    rows = tables.rows(spec.foreign_keys.get(field["name"], ""))
    if rows and set(declared) <= rows[0].cells.keys():
        return {row.key: [w for d in declared if (w := row.get(d))] for row in rows}, False
    codes = [str(c) for c in field.get("constraints", {}).get("enum", ())]
    known = [code for code in codes if code not in UNKNOWN]
    for family in FAMILIES:
        words = {_bare(code, family): code for code in known}
        if known and all(words):
            listed = {words.get(bare, bare): family[bare] for bare in family}
            return listed, family in LEADING
    return {}, False


def _bare(code: str, family: Mapping[str, Any]) -> str:
    """The code as the family names it (`years` is `year`); "" if it is not in the family."""
    return next((name for name in (code, code.removesuffix("s")) if name in family), "")


def _figure(column: str, spec: TableSpec) -> str:
    """The number that a column of units, signs or statistics is about, by its name; or ""."""
    numbers = spec.numbers
    head, _, tail = column.rpartition("_")
    if head and tail in ("unit", "operator", "sign", "statistic", "comparator"):
        return next((n for n in numbers if n == head or n.startswith(f"{head}_")), "")
    if column not in ("unit", "comparator", "statistic", "sign"):
        return ""
    usual = [n for n in ("value", "number", "threshold") if n in numbers]
    return next(iter(usual or (numbers if len(numbers) == 1 else ())), "")


def code_slips(spec: TableSpec, tables: PrintedTables) -> Iterator[Slip]:
    """Codes of a table next to which the article prints the words of another code."""
    for field in spec.fields:
        if words := vocabulary(field, spec, tables):
            for row in tables.rows(spec.name):
                for expected, note in _of_cell(field, words, row):
                    yield row, field["name"], expected, note


def _of_cell(
    field: Mapping[str, Any], words: Vocabulary, row: PrintedRow
) -> Iterator[tuple[str, str]]:
    """The codes whose words are printed instead, and a note; or that words are needed."""
    column, worded = field["name"], field.get("worded", ())
    value, texts = row.get(column), _texts(words, row, column)
    others = [(text, codes) for text, codes in texts if codes and value not in codes]
    if value in UNKNOWN and value not in words.words:
        # that nothing is stated is contradicted by one code, in a text about this cell alone
        about = {row.get(also) for also in words.also_in}
        if column in row.own or (worded is True and not words.figure):
            about.add(texts[0][0])
        others = [(text, codes) for text, codes in others if len(codes) == 1 and text in about]
    for text, codes in others[:1]:
        yield " or ".join(sorted(codes)), f"“{printable(text)}” says so"
    asked = worded is True or value in worded or row.get(f"{column}_basis") == "words"
    if asked and value in words.words and not any(codes for _, codes in texts):
        expected = "words of the article that say so"
        yield expected, "give them in locators, or leave the cell empty"


def _texts(words: Vocabulary, row: PrintedRow, column: str) -> list[tuple[str, frozenset[str]]]:
    """The texts that may carry a code, with the codes whose words each holds."""
    place, figure = row.place(column), row.get(words.figure)
    places = [place]
    if words.figure and column not in row.own:
        places += {row.place(words.figure)} - {place}
    found = [(p.fragment, words.near(p.fragment, figure)) for p in places]
    for text in map(row.get, words.also_in):
        found.append((text, frozenset().union(*words.all_in(text))))
    if not found[0][1]:
        text = row.tables.printed.get(place.section, "")
        found.append((text, words.near(text, figure)))
    return found


def is_worded(words: Vocabulary | None, row: PrintedRow, column: str) -> bool:
    """Whether the words that the article prints for a code are those of the code."""
    if words is None:
        return False
    return row.get(column) in words.near(row.place(column).fragment, row.get(words.figure))
