"""The index of an article (its parts and numerals), and claims that the numerals suggest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import CompanionError
from ..expressions.evaluator import identifier
from ..model import Origin
from ..package.cell_checks import NUMBER
from ..package.files import csv_text, read_bytes, read_text
from ..package.locators import match_numerals, unaccounted
from ..package.package import Package, Resource
from ..package.published import (
    PART_COLUMNS,
    IndexEntry,
    Part,
    by_section,
    index_entries,
    read_index,
    read_parts,
    read_tables,
    split_article,
)
from ..stats.printed import parse_printed

if TYPE_CHECKING:
    from ..review import Review

SECTIONS, NUMERALS, KEYS = "sections.csv", "numerals.csv", "keys.csv"
NO_TEXT = {b"%PDF": "is a PDF", b"PK\x03\x04": "is a file of a word processor"}
NUMBERING = re.compile(r"^\d+(\.\d+)*\.?\s+")
HEADINGS = {
    "abstract": "abstract|summary",
    "introduction": "introduction|background",
    "methods": "((patients|materials) and )?methods|methods and materials",
    "results": "results|findings",
    "discussion": "discussion",
    "limitations": "(strengths and )?limitations",
    "conclusion": "conclusions?",
}
SKIPPED = re.compile(
    r"(references|acknowledge?ments?|funding|declarations?|keywords?|conflicts? of interest"
    r"|competing interests|supplementary|author contributions|publisher)\b",
    re.IGNORECASE,
)
FLOATING = re.compile(r"(Table|Fig(\.|ure)?) \d+")
LONGEST = 8  # words of a part's first line that are kept
GENERAL = ("flow",)  # its numbers have their own places, and add up by a rule


def article_text(article: Path) -> str:
    """The text of an article; raises CompanionError for a PDF or a document, with the way out."""
    if what := next((w for b, w in NO_TEXT.items() if read_bytes(article).startswith(b)), ""):
        hint = f"take its text first, such as: pdftotext {article.name} article.txt"
        hint = hint if what == "is a PDF" else "save it there as plain text (UTF-8) first"
        raise CompanionError(what, where=str(article), hint=hint)
    return read_text(article)


def index(article: Path, folder: Path) -> Mapping[Path, bytes]:
    """The files of `data/published` that an article's text gives.

    `sections.csv` is written where there is none, and followed where there is one, so that its
    author can correct it. Raises CompanionError for a file that is not text, and for a text without
    a known heading.
    """
    text = article_text(article)
    keys, sections, numerals = (folder / name for name in (KEYS, SECTIONS, NUMERALS))
    parts = _parts(sections, text)
    tables = read_tables(folder) if keys.exists() else {}
    begun: dict[Path, list[Sequence[str]]] = {
        keys: [("place", "key")],
        sections: [PART_COLUMNS, *((str(n), *part) for n, part in enumerate(parts, 1))],
    }
    files = {path: csv_text(rows).encode() for path, rows in begun.items() if not path.exists()}
    files[numerals] = _numerals({**split_article(text, parts), **tables}, numerals)
    return {p: data for p, data in files.items() if not p.exists() or p.read_bytes() != data}


def _parts(path: Path, text: str) -> list[Part]:
    if path.exists():
        return list(read_parts(path))
    parts = list(_headings(text))
    if not any(part.section for part in parts):
        hint = f"write data/published/{SECTIONS}: part,opening,kind,section"
        raise CompanionError("no line is a heading such as Abstract or Results", hint=hint)
    return parts


def _headings(text: str) -> Iterator[Part]:
    """The parts that begin with a known heading; captions and back matter are left out."""
    for line in filter(None, (line.strip() for line in text.splitlines())):
        bare = NUMBERING.sub("", line).casefold().rstrip(".:")
        if section := next((s for s, known in HEADINGS.items() if re.fullmatch(known, bare)), ""):
            yield Part(line, "heading", section)
        elif FLOATING.match(line) or (SKIPPED.match(line) and len(line.split()) <= LONGEST):
            yield Part(" ".join(line.split()[:LONGEST]), "skip", "")


def _numerals(text: Mapping[str, Sequence[str]], path: Path) -> bytes:
    """Every numeral, sections in the order of the present index, new sections at the end."""
    held = [entry.section for entry in read_index(path)] if path.exists() else []
    rows: list[list[str]] = []
    for section in dict.fromkeys([*held, *text]):
        if section != "references":
            found = index_entries(section, text.get(section, ()), len(rows) + 1)
            rows += [list(map(str, entry)) for entry in found]
    return csv_text([IndexEntry._fields, *rows]).encode("utf-8")


class Candidate(NamedTuple):
    """An expression with its value, its label, and the section that its cells come from."""

    check: str
    value: Decimal
    label: str
    section: str = ""


class Suggestion(NamedTuple):
    """The line of `claims.csv` that a numeral suggests; its check is the first candidate."""

    line: tuple[str, ...]
    candidates: tuple[Candidate, ...]


def suggest(review: Review) -> Iterator[Suggestion]:
    """A claim for each unaccounted numeral that is unique in its section and has a candidate."""
    sections = by_section(read_index(review.package.folder / "published" / "numerals.csv"))
    found = list(_candidates(review))
    names: set[str] = {claim.id for claim in review.ledger}
    for entry in unaccounted(review.package, review.ledger).entries:
        value = _value(entry.numeral)
        fits = tuple(c for c in found if c.value == value and c.section != entry.section)
        quoted = f"{entry.before} *{entry.numeral}* {entry.after}".strip()
        once = len(match_numerals(quoted.replace("*", ""), sections[entry.section])) == 1
        if fits and once and not entry.before.endswith("["):
            name = _name(entry, names)
            names.add(name)
            line = (name, entry.section, quoted, fits[0].label, fits[0].check)
            yield Suggestion(line, fits)


def _value(numeral: str) -> Decimal | None:
    with suppress(CompanionError):
        return parse_printed(numeral).decimal
    return None


def _name(entry: IndexEntry, taken: set[str]) -> str:
    words = [entry.section.split("/")[-1], entry.after or entry.before.split(" ")[-1]]
    base = "-".join("".join(c for c in w.lower() if c.isalnum()) for w in words).strip("-")
    numbered = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return next(name for name in (base, *numbered) if name not in taken)


def _candidates(review: Review) -> Iterator[Candidate]:
    """Named values first, then counts and sums, then single cells."""
    for name, definition in review.values_declared.items():
        with suppress(CompanionError):
            value: Any = review.value(name)
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                label = str(definition.get("label", name))
                yield Candidate(identifier(name), Decimal(value), label)
    for resource in review.package:
        table, rows = identifier(resource.name), Decimal(len(resource.rows))
        yield Candidate(f"count({table})", rows, f"rows of {resource.name}")
        for column in _columns(resource) if resource.name not in GENERAL else ():
            cells = [row[column] for row in resource.rows.values()]
            if cells and all(map(NUMBER.fullmatch, cells)):
                check, total = f"{table}.{column}.sum()", sum(map(Decimal, cells))
                yield Candidate(check, Decimal(total), f"sum of {column}")
    for resource in review.package:
        yield from _cells(review.package, resource)


def _columns(resource: Resource) -> list[str]:
    return [column for column in resource.numbers if column != "position"]


def _cells(package: Package, resource: Resource) -> Iterator[Candidate]:
    for key, row in resource.rows.items():
        for column in _columns(resource):
            place = package.locator(Origin(resource.name, key, column))
            if NUMBER.fullmatch(row[column]) and place is not None:
                said = f"{column} of {key}".replace("_", " ")
                check = f"{identifier(resource.name)}[{key!r}].{column}"
                yield Candidate(check, Decimal(row[column]), said, place.section)
