"""A volume in Markdown: its own chapters, and what it needs to know of the others.

Chapters are numbered through all volumes and refer to each other. Of another volume's, headings,
labels, captions, links, citations and footnotes matter, and its paragraphs do not: a volume that
is set once is the same until one of its own changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .config import Book
from .prose import FENCE

OWN_FENCE = "{=companion-"
NAMED = re.compile(r"^#|\{[^}]*#|[@|<>^]|\]\{\.float-caption\}", re.MULTILINE)
DIVISION = re.compile(r"\s*:{3,}(.*)")
WHOLE = re.compile(r"#(tbl|fig)-|captioned|callout|content-|panel")


def of_volume(book: Book, chapters: Sequence[str], volume: str) -> str:
    """The whole book as pandoc reads it for one volume."""
    pairs = zip(book.chapters, chapters, strict=True)
    return "\n".join(text if c.volume == volume else skeleton(text) for c, text in pairs)


def skeleton(text: str) -> str:
    """A chapter without code, and without the paragraphs that name nothing and are in no float."""
    kept: list[str] = []
    within: list[bool] = []  # of the divisions that are open, whether all in it matters
    for is_code, block in _blocks(text):
        marks = [] if is_code else list(filter(None, map(DIVISION.match, block)))
        named = OWN_FENCE in block[0] if is_code else NAMED.search("\n".join(block))
        if named or any(within):
            kept += [*block, ""]
        elif marks:
            kept += [*(mark.string for mark in marks), ""]
        for mark in marks:
            if mark[1].strip():
                within.append(WHOLE.search(mark[1]) is not None)
            elif within:
                within.pop()
    return "\n".join(kept)


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
