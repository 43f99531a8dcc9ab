"""Writes the index of an article: its parts, and every numeral in them with the words beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from ..errors import CompanionError
from ..package.files import csv_text, read_bytes, read_rows, read_text
from ..package.numerals import COLUMNS, index_entries
from ..package.published import Part, read_tables, split_article

SECTIONS, NUMERALS, KEYS = "sections.csv", "numerals.csv", "keys.csv"
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


def index(article: Path, folder: Path) -> Mapping[Path, bytes]:
    """The files of `data/published` that an article's text gives.

    `sections.csv` is written where there is none, and followed where there is one, so that its
    author can correct it. Raises CompanionError for a file that is no text, and for a text
    without a heading that is known.
    """
    if read_bytes(article).startswith(b"%PDF"):
        hint = f"take its text first, such as: pdftotext {article.name} article.txt"
        raise CompanionError("is a PDF", where=str(article), hint=hint)
    text = read_text(article)
    files: dict[Path, bytes] = {}
    keys = folder / KEYS
    if not keys.exists():
        files[keys] = csv_text([("place", "key")]).encode("utf-8")
    parts = _parts(folder / SECTIONS, text)
    if not (folder / SECTIONS).exists():
        files[folder / SECTIONS] = _sections(parts)
    tables = {} if keys in files else read_tables(folder)
    files[folder / NUMERALS] = _numerals(split_article(text, parts), tables, folder / NUMERALS)
    return {p: data for p, data in files.items() if not p.exists() or p.read_bytes() != data}


def _parts(path: Path, text: str) -> list[Part]:
    if path.exists():
        return [Part(*cells) for _, *cells in read_rows(path)[1:]]
    parts = list(_headings(text))
    if not any(part.section for part in parts):
        hint = f"write data/published/{SECTIONS}: part,opening,kind,section"
        raise CompanionError("no heading such as Abstract or Results stands alone", hint=hint)
    return parts


def _headings(text: str) -> Iterator[Part]:
    """The parts that known headings begin; captions and what follows the text are skipped."""
    for line in filter(None, (line.strip() for line in text.splitlines())):
        bare = NUMBERING.sub("", line).casefold().rstrip(".:")
        if section := next((s for s, known in HEADINGS.items() if re.fullmatch(known, bare)), ""):
            yield Part(line, "heading", section)
        elif FLOATING.match(line) or (SKIPPED.match(line) and len(line.split()) <= LONGEST):
            yield Part(" ".join(line.split()[:LONGEST]), "skip", "")


def _sections(parts: Sequence[Part]) -> bytes:
    rows = [(str(n), p.opening, p.kind, p.section) for n, p in enumerate(parts, 1)]
    return csv_text([("part", "opening", "kind", "section"), *rows]).encode("utf-8")


def _numerals(
    prose: Mapping[str, Sequence[str]], tables: Mapping[str, Sequence[str]], path: Path
) -> bytes:
    """Every numeral, the sections in the order of the index that is there, others behind."""
    text = {**prose, **tables}
    held = [row[1] for row in read_rows(path)[1:]] if path.exists() else []
    rows: list[list[str]] = []
    for section in dict.fromkeys([*held, *text]):
        if section == "references":
            continue
        found = index_entries(section, text.get(section, ()), len(rows) + 1)
        rows += [[str(cell) for cell in asdict(entry).values()] for entry in found]
    return csv_text([COLUMNS, *rows]).encode("utf-8")
