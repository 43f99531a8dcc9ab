"""Reads what was published: transcribed tables, numerals, and a local copy of the article's text.

`table-N.csv` holds a table as printed, `table-N-notes.csv` its caption and footnotes (mark, text),
`keys.csv` the key of each row and column (place, key), `sections.csv` the first words of each part
of the article (part, opening, kind, section), in order: the line is a `heading` or begins the
`text` itself; a `skip` is not looked at. `numerals.csv` is the index of the article's numerals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from ..errors import CompanionError
from .files import read_rows
from .numerals import numerals

Sections = Mapping[str, Sequence[str]]

BEFORE, AFTER = 2, 1
PART_KINDS = ("heading", "text", "skip")
KEY_COLUMNS, NOTE_COLUMNS = ("place", "key"), ("mark", "text")

_UNIFIED = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–−", "-"),
        **dict.fromkeys("‘’´`", "'"),
        **dict.fromkeys("“”„", '"'),
        "\u00ad": None,
        "\u00a0": " ",
        "$": None,
    }
)
_LETTER = r"[^\W\d_]"
_STEPS = (
    (re.compile(rf"(?<={_LETTER})-\s*(?={_LETTER})"), ""),
    (re.compile(r"\s+"), " "),
    (re.compile(r" ?([/=<>≤≥^]) ?"), r"\1"),
    (re.compile(r"(?<=[\w)])- ?(?=\d)"), "-"),
)


class IndexEntry(NamedTuple):
    """A row of the numeral index: at most two words `before`, one word `after`, and the signs.

    A citation number's `before` ends in "[", the last one's `after` in a bracket is "]".
    """

    entry: int
    section: str
    numeral: str
    before: str = ""
    after: str = ""


class Part(NamedTuple):
    """A part of the article: the first words of its first line, and the section it belongs to."""

    opening: str
    kind: str
    section: str


PART_COLUMNS = ("part", *Part._fields)


@dataclass(frozen=True)
class Published:
    """What was published: its numerals, its tables, and how its text is divided."""

    index: tuple[IndexEntry, ...]
    tables: Sections
    parts: tuple[Part, ...]

    @cached_property
    def sections(self) -> frozenset[str]:
        """The names of all sections, of prose and of tables."""
        return frozenset(self.tables) | {part.section for part in self.parts if part.section}

    @cached_property
    def by_section(self) -> Mapping[str, Sequence[IndexEntry]]:
        return by_section(self.index)


def by_section(index: Iterable[IndexEntry]) -> Mapping[str, Sequence[IndexEntry]]:
    """The numerals of each section, in order."""
    found: dict[str, list[IndexEntry]] = {}
    for entry in index:
        found.setdefault(entry.section, []).append(entry)
    return found


def read_published(folder: Path) -> Published:
    """Reads `data/published`. Raises CompanionError for a file that cannot be read."""
    parts = read_parts(folder / "sections.csv")
    return Published(read_index(folder / "numerals.csv"), read_tables(folder), parts)


def read_parts(path: Path) -> tuple[Part, ...]:
    """Reads `sections.csv`. Raises CompanionError if it is missing, or for columns and kinds."""
    hint = "`companion index ARTICLE` writes it: the sections of the article"
    parts = tuple(Part(*cells) for _, *cells in _rows(path, PART_COLUMNS, hint))
    for row, part in enumerate(parts, start=2):
        if part.kind not in PART_KINDS:
            known = f"one of: {', '.join(PART_KINDS)}"
            raise CompanionError(f"“{part.kind}” is no kind", where=f"{path}:{row}", hint=known)
    return parts


def read_keys(path: Path) -> Mapping[str, str]:
    """Reads `keys.csv`: place -> key. Raises CompanionError if it has other columns."""
    return dict(_rows(path, KEY_COLUMNS))


def _rows(path: Path, columns: Sequence[str], hint: str | None = None) -> list[list[str]]:
    header, *rows = read_rows(path, hint) or [[]]
    if tuple(header) != columns:
        raise CompanionError(f"the columns are not {', '.join(columns)}", where=f"{path}:1")
    return rows


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """A form in which hyphenation, line breaks, dashes, quotes and math marks make no difference.

    Hyphens between letters vanish, so that a word split at a line's end equals the whole word.
    """
    text = text.translate(_UNIFIED)
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    return text.strip()


def read_tables(folder: Path) -> dict[str, tuple[str, ...]]:
    """Section (`table-1/alpha-2001/age`, `table-1/footnotes`, …) -> the lines printed there."""
    keys = read_keys(folder / "keys.csv")
    sections: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("table-*.csv")):
        if path.stem.endswith("-notes"):
            sections.update(_notes(path.stem.removesuffix("-notes"), _rows(path, NOTE_COLUMNS)))
        else:
            sections.update(_cells(path, keys))
    return sections


def _cells(path: Path, keys: Mapping[str, str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    table = path.stem
    for i, cells in enumerate(read_rows(path)):
        row = keys.get(f"{table}/row/{i}") if i else "header"
        for j, cell in enumerate(cells, 1):
            column = keys.get(f"{table}/column/{j}")
            if row is None or column is None:
                place = f"{table}/row/{i}" if row is None else f"{table}/column/{j}"
                what, hint = f"keys.csv has no key for {place}", "complete it"
                raise CompanionError(what, where=f"{path}:{i + 1}", hint=hint)
            yield f"{table}/{row}/{column}", (cell,)


def _notes(table: str, rows: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    label = table.replace("-", " ").capitalize()
    parts: dict[str, list[str]] = {"caption": [], "abbreviations": [], "footnotes": []}
    for mark, text in rows:
        line = f"{label} {text}" if mark == "caption" else text
        parts[mark if mark in parts else "footnotes"].append(line)
    return {f"{table}/{part}": tuple(lines) for part, lines in parts.items()}


def split_article(article: str, parts: Sequence[Part]) -> dict[str, tuple[str, ...]]:
    """The article's text, as extracted -> the paragraphs of each section of prose.

    Headings are dropped, paragraphs that a page break cut are joined. Raises CompanionError
    when an opening is not found in its order.
    """
    found: dict[str, list[str]] = {part.section: [] for part in parts if part.section}
    coming, section = list(parts), ""
    for line in filter(None, (line.strip() for line in article.splitlines())):
        if coming and line.startswith(coming[0].opening):
            part = coming.pop(0)
            section = part.section
            if part.kind == "heading":
                continue
        if section:
            found[section].append(line)
    if coming:
        raise CompanionError(
            f"no line of the article begins with “{coming[0].opening}” in its place",
            hint="is this the text of the article that sections.csv divides?",
        )
    return {section: tuple(_joined(lines)) for section, lines in found.items()}


def _joined(lines: Iterable[str]) -> list[str]:
    paragraphs: list[str] = []
    for line in lines:
        line = line.replace("$", "")
        if not paragraphs or re.search(r"[.:?!]$", paragraphs[-1]):
            paragraphs.append(line)
        elif paragraphs[-1].endswith("-") and line[0].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line
        else:
            paragraphs[-1] += f" {line}"
    return paragraphs


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
    hint = "`companion index ARTICLE` writes it: every numeral of the article, with its section"
    rows = _rows(path, IndexEntry._fields, hint)
    for row, (number, *_) in enumerate(rows, start=2):
        if not number.isdecimal():
            raise CompanionError(f"the entry “{number}” is not a number", where=f"{path}:{row}")
    return tuple(IndexEntry(int(number), *cells) for number, *cells in rows)
