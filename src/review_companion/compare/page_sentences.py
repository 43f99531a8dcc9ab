"""The sentences of a page, without its tables, navigation and payloads."""

from __future__ import annotations

import re
from html.parser import HTMLParser

BLOCKS = frozenset("p li dd dt figcaption blockquote h1 h2 h3 h4 h5 h6 summary".split())
SILENT = frozenset("script style template table nav svg header footer dialog".split())
AUDIT = frozenset({"traces"})
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
FEWEST_WORDS = 3
_END = re.compile(r"(?<=[.!?…])\s+(?=[A-Z0-9“‘(])")


def sentences_of(page: str) -> tuple[str, ...]:
    """The sentences in `<main>` (or in the body, where there is none), in reading order.

    The audit appendix is left out: it repeats what numbers and verdicts say.
    """
    reader = _Prose("main" if "<main" in page else "body")
    reader.feed(page)
    reader.close()
    found = (s for block in reader.blocks for s in split(block))
    return tuple(s for s in found if len(s.split()) >= FEWEST_WORDS)


def split(text: str) -> list[str]:
    """A paragraph's sentences, white space made single."""
    return [s for s in _END.split(" ".join(text.split())) if s]


class _Prose(HTMLParser):
    def __init__(self, root: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._root, self._inside = root, False
        self._silent: list[str] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == self._root:
            self._inside = True
        if tag in BLOCKS:
            self._flush()
        if tag in VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        if self._silent or tag in SILENT or classes & AUDIT:
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        if tag in BLOCKS or tag == self._root:
            self._flush()
        if tag == self._root:
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and not self._silent:
            self._text.append(data)

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        if text:
            self.blocks.append(text)
        self._text = []
