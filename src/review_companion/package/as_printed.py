"""Holds each number of the data against what its own locator says is printed.

A number in a cell must be one of those that the fragment of the cell's locator prints: its entry
in `locators`, else its row's own fragment. Where several cells of a row share a locator, the
fragment must print a number as often as these cells hold it. So a slip of the keys is seen
without the article at hand. It is a warning: who corrects a figure changes its fragment last. A
field that is not printed as a number declares it in its descriptor: `"printed": false` for what
is ours (an order), `"printed": "month"` for a month's name. Foreign keys name rows and are no
numbers of their own.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ..stats.words import from_words
from .cell_checks import NUMBER
from .damage import Table
from .descriptor import MONTH, TableSpec
from .links import LOCATORS
from .numerals import Numeral, numerals
from .problems import Problem, shown

CODE = "as-printed"
PLACE = ("source", "section", "fragment")
MONTHS = {name.casefold(): str(number) for number, name in enumerate(month_name) if name}
WORDS = {
    **dict.fromkeys(("once", "single", "sole", "solely", "singular"), "1"),
    **dict.fromkeys(("both", "twice", "double", "doubled"), "2"),
    **dict.fromkeys(("thrice", "triple", "tripled"), "3"),
    **dict.fromkeys(("half", "halves", "halved"), "0.5"),
    **dict.fromkeys(("quarter", "quarters"), "0.25"),
    **{"none": "0", "hundred": "100", "thousand": "1000", "million": "1000000"},
    **{
        word: str(place)
        for place, word in enumerate(
            "first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1
        )
    },
}

_THIN = re.compile(r"(?<=\d)[\u2009\u202f\u00a0'’](?=\d{3}(?!\d))")  # between thousands
_PLAIN = re.compile(r"(?<![\w.,‑-])\d+(?:\.\d+)?(?![\w‑-]|[.,]\d)")  # beyond doubt
_POINT = re.compile(r"(?<=\d)·(?=\d)")
_GLUED = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?=[^\W\d_])")  # to its unit: 24Gy
_COMMA = re.compile(r"(?<![\w.,])\d+,\d+(?![\d,])")  # a decimal comma, perhaps
_JOINT = re.compile(r"\s+(?:and\s+)?|-", re.IGNORECASE)

Tables = Mapping[str, Table]
Cell = tuple[str, str, str]  # resource, row, column
Place = tuple[str, ...]


class _Held(NamedTuple):
    """A number in a cell: its column, and what stands there once corrections are laid over it."""

    column: str
    value: str
    corrected: str


def numbers_printed(text: str) -> Counter[str]:
    """How often a text prints each number, in plain digits: "four" is 4, "1,939" is 1939.

    What can be read in two ways ("13,5") is counted in both.
    """
    text = _POINT.sub(".", _THIN.sub(",", text))
    found = numerals(text)
    printed = Counter(_plain(numeral.text) for numeral in found)
    printed.update(f"-{_plain(n.text)}" for n in found if _signed(text, n.start))
    printed.update(_plain(number) for number in _GLUED.findall(text))
    printed.update(_plain(n.replace(",", ".")) for n in _COMMA.findall(text))
    printed.update(_in_several_words(text, found))
    return printed


def _plain(numeral: str) -> str:
    """A numeral as a cell would hold it: digits, a decimal point, a sign."""
    bare = numeral.rstrip("% \u00a0\u2009\u202f").replace(",", "").replace("−", "-").casefold()
    if bare[:-2].isdecimal() and bare[-2:] in ("st", "nd", "rd", "th"):
        return bare[:-2]
    if bare.startswith("."):
        return f"0{bare}"
    number = from_words(bare)
    return WORDS.get(bare, bare) if number is None else str(number)


def _signed(text: str, start: int) -> bool:
    """Whether a hyphen or dash before a numeral may be its sign, not a range's."""
    head = text[:start]
    if head[-1:] not in ("-", "–", "‑", "−"):
        return False
    return re.search(r"\s.$", head) is not None or not re.search(r"[\w%)\]].$", head)


def _in_several_words(text: str, found: Sequence[Numeral]) -> Iterator[str]:
    """Numbers of more than one word: "one hundred and ninety-four"."""
    first = 0
    for last, numeral in enumerate(found):
        following = found[last + 1] if last + 1 < len(found) else None
        if following and _JOINT.fullmatch(text[numeral.end : following.start]):
            continue
        if last > first:
            number = from_words(text[found[first].start : numeral.end])
            if number is not None:
                yield str(number)
        first = last + 1


def unprinted(specs: Iterable[TableSpec], tables: Tables, corrected: Tables) -> Iterator[Problem]:
    """The numbers that the fragments of their own locators do not print.

    `corrected` are the tables with corrections laid over them: what is printed there may be
    either. A cell that is blank, no number, or has no locator is others' to judge.
    """
    overrides = _overrides(tables)
    for spec in specs:
        columns = {
            f["name"]: f.get("printed", True)
            for f in spec.fields
            if f.get("type") in ("number", "integer") and f["name"] not in spec.foreign_keys
        }
        wanted = {c: how for c, how in columns.items() if how is not False}
        if wanted:
            yield from _of_table(spec.name, tables[spec.name], wanted, corrected, overrides)


def _overrides(tables: Tables) -> Mapping[Cell, Place]:
    table = tables.get(LOCATORS)
    if table is None or not {"resource", "row", "column", *PLACE} <= set(table.columns):
        return {}
    return {(c["resource"], c["row"], c["column"]): _place(c) for _, c in table.rows}


def _place(cells: Mapping[str, str]) -> Place:
    return tuple(cells.get(part, "") for part in PLACE)


def _of_table(
    name: str,
    table: Table,
    wanted: Mapping[str, Any],
    corrected: Tables,
    overrides: Mapping[Cell, Place],
) -> Iterator[Problem]:
    key = table.columns[0]
    moved = {row for resource, row, _ in overrides if resource == name}
    columns = [column for column in wanted if column in table.columns]
    for (number, cells), (_, now) in zip(table.rows, corrected[name].rows, strict=True):
        default = _place(cells)
        row = cells[key]
        held: dict[Place, list[str]] = {}
        for column in columns:
            if cells[column]:
                own = overrides.get((name, row, column), default) if row in moved else default
                held.setdefault(own, []).append(column)
        for place, found in held.items():
            if place[-1] and not _plainly_printed(place[-1], [cells[c] for c in found]):
                numbers = [_Held(c, cells[c], now[c]) for c in found if NUMBER.fullmatch(cells[c])]
                for column, expected in _wrong(numbers, place[-1], wanted):
                    yield table.problem(
                        number, cells, column, severity="warning", code=CODE, **expected
                    )


def _plainly_printed(fragment: str, values: Iterable[str]) -> bool:
    """Whether the fragment holds the values in plain digits: all that most rows need."""
    printed = _PLAIN.findall(fragment)
    try:
        for value in values:
            printed.remove(value)
    except ValueError:
        return False
    return True


def _wrong(
    held: Sequence[_Held], fragment: str, wanted: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, str]]]:
    """The columns whose number the fragment does not print, or not so often."""
    printed = numbers_printed(fragment)
    left = Counter(printed)
    for column, value, corrected in held:
        if wanted[column] == MONTH:
            if not _names_month(fragment, value):
                yield column, _said(fragment, [], "the number of a month named there")
            continue
        fits = next((v for v in (value, corrected) if left[v]), None)
        if fits is not None:
            left[fits] -= 1
        elif not printed[value]:
            yield column, _said(fragment, printed)
        else:
            others = [h.column for h in held if h.value == value and h.column != column]
            note = f"{', '.join(others)} of this row holds the {value} that is printed there"
            yield column, _said(fragment, printed, note)


def _names_month(fragment: str, value: str) -> bool:
    words = re.findall(r"[^\W\d_]+", fragment.casefold())
    return any(MONTHS.get(word) == value for word in words)


def _said(fragment: str, printed: Iterable[str], note: str = "") -> dict[str, str]:
    numbers = ", ".join(printed)
    expected = f"a number printed in “{shown(fragment)}”" + (f": {numbers}" if numbers else "")
    advice = "correct the cell, or say in locators where it is printed"
    return {"expected": expected, "message": note or advice}


class Figure(NamedTuple):
    """A number that a text prints at [start:end], in the forms that a cell may hold."""

    start: int
    end: int
    values: frozenset[str]


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """The numbers that a text prints, in order; those of citations are left out."""
    text = _POINT.sub(".", _THIN.sub(",", text))
    found = []
    for numeral in numerals(text):
        plain = _plain(numeral.text)
        signed = {f"-{plain}"} if _signed(text, numeral.start) else set()
        if not numeral.cited:
            found.append(Figure(numeral.start, numeral.end, frozenset({plain, *signed})))
    taken = {(f.start, f.end) for f in found}
    for match in _GLUED.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            found.append(Figure(match.start(), match.end(), frozenset({match[0]})))
    return tuple(sorted(found))
