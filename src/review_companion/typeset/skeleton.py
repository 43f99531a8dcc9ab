"""A volume in Markdown: its own chapters whole, the others reduced to what it refers to.

Chapters are numbered through all volumes and refer to each other. Of another volume's, headings,
labels, captions, links, citations and footnotes matter, and its paragraphs do not: a volume that is
set once is the same until one of its own changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .config import Book
from .prose import FENCE

OWN_FENCE = "{=companion-"
NAMED = re.compile(r"^#|\{[^}]*#|[@|<>^]|\]\{\.float-caption\}", re.MULTILINE)
SPAN = re.compile(r"(?<!\\)\]\{#([\w:.-]+)\}")
UNSURE = re.compile(
    r"`|^(?: {4}|\t)|^[=-]+\s*$|\{#(?:tbl|fig|sec)-", re.MULTILINE
)  # no span, maybe
DIVISION = re.compile(r"\s*:{3,}(.*)")
WHOLE = re.compile(r"#(tbl|fig)-|captioned|callout|content-|panel")


def of_volume(book: Book, chapters: Sequence[str], volume: str) -> tuple[str, ...]:
    """The chapters of the book as pandoc reads them for one volume."""
    pairs = zip(book.chapters, chapters, strict=True)
    return tuple(text if c.volume == volume else skeleton(text) for c, text in pairs)


def skeleton(text: str) -> str:
    """A chapter without code; paragraphs of no float have their names alone."""
    kept: list[str] = []
    within: list[bool] = []  # of the divisions that are open, whether all in it matters
    for is_code, block in _blocks(text):
        marks = [] if is_code else list(filter(None, map(DIVISION.match, block)))
        if _matters(is_code, block) or any(within) or any(WHOLE.search(mark[1]) for mark in marks):
            kept += [*block, ""]
        elif not is_code:
            kept += _bare(block)
        for mark in marks:
            if mark[1].strip():
                within.append(WHOLE.search(mark[1]) is not None)
            elif within:
                within.pop()
    return "\n".join(kept)


def _matters(is_code: bool, block: Sequence[str]) -> bool:
    """Whether the whole block is kept, and not only the names of its spans."""
    if is_code:
        return OWN_FENCE in block[0]
    text = "\n".join(block)
    bare = SPAN.sub("", text)
    return bool(NAMED.search(bare) or (bare != text and UNSURE.search(text)))


def _bare(block: Sequence[str]) -> Iterator[str]:
    """The block's divisions, and an empty span for each named one."""
    for line in block:
        if DIVISION.match(line):
            yield from (line, "")
        elif names := SPAN.findall(line):
            yield from ("".join(f"[]{{#{name}}}" for name in names), "")


def _blocks(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Blocks of lines, and whether each is fenced code, whatever blank lines it has."""
    block: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opening = FENCE.match(line)
        if fence:
            block.append(line)
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                yield True, block
                fence, block = "", []
            continue
        if (opening or not line.strip()) and block:
            yield False, block
            block = []
        if opening:
            fence, block = opening[1], [line]
        elif line.strip():
            block.append(line)
    if block:
        yield bool(fence), block
