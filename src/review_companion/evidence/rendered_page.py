"""Reads a rendered page: its traced texts, its anchors, and the data that it carries."""

from __future__ import annotations

import html
import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .digests import sha256
from .page_data import ELEMENT, ENTRIES, PageData, from_json, unpack_text

PAGE, AUDIT = PAGES = "companion.html", "audit.html"
BY_ROW = "claim/"
SEAL = re.compile(r'<meta name="page-sha256" content="([0-9a-f]*)">\n')
_TRACED = re.compile(r"<(a|span)\s(?P<given>[^>]*\btraced\b[^>]*)>(?P<content>.*?)</\1>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_ANCHOR = re.compile(r'\sid="([^"]+)"')
_JSON = re.compile(r'<script type="application/json" id="([^"]+)">(.*?)</script>', re.DOTALL)
_ROW = re.compile(
    r'<tr[^>]*>\s*<th scope="row">\s*<a\s(?P<given>[^>]*\btraced\b[^>]*)>.*?</th>'
    r"(?P<content>.*?)</tr>",
    re.DOTALL,
)
_CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class TracedText(NamedTuple):
    """A traced piece of text: the name of its trace, its link, its line in the file."""

    name: str
    target: str
    text: str
    line: int


@dataclass(frozen=True)
class Page:
    """The text of a page; of a damaged page whatever can still be read."""

    text: str

    @cached_property
    def shown(self) -> tuple[TracedText, ...]:
        """Every traced piece, in order."""
        return tuple(
            TracedText(given.get("data-trace", ""), given.get("href", ""), plain_text(inner), line)
            for given, inner, line in self._pieces(_TRACED)
            if "traced" in given.get("class", "").split()
        )

    @cached_property
    def rows(self) -> tuple[TracedText, ...]:
        """The cells in rows of claims, whose link to the trace is in the row's heading."""
        return tuple(
            TracedText(given["data-trace"], given.get("href", ""), text, line)
            for given, cells, line in self._pieces(_ROW)
            if given.get("data-trace", "").startswith(BY_ROW) and "data-trace" not in cells
            for text in filter(None, map(plain_text, _CELL.findall(cells)))
        )

    def _pieces(self, pattern: re.Pattern[str]) -> Iterator[tuple[dict[str, str], str, int]]:
        """The attributes, the content and the line of each piece that a pattern finds."""
        ends = [match.start() for match in re.finditer("\n", self.text)]
        for match in pattern.finditer(self.text):
            given = {name: html.unescape(v) for name, v in _ATTRIBUTE.findall(match["given"])}
            yield given, match["content"], bisect(ends, match.start()) + 1

    @cached_property
    def entries(self) -> str:
        """The entries of the audit trail: unpacked, or else the page itself.

        Raises CompanionError where the packed text is damaged.
        """
        return unpack_text(self.carried[ENTRIES]) if ENTRIES in self.carried else self.text

    @cached_property
    def targets(self) -> frozenset[str]:
        """The anchors that a traced text may link to, on the page or in the audit volume."""
        ids = map(html.unescape, _ANCHOR.findall(self.entries))
        address = AUDIT if ENTRIES in self.carried else ""
        return frozenset(f"{address}#{name}" for name in ids if name.startswith("trace-"))

    @cached_property
    def has_entries(self) -> bool:
        """Whether the page has the audit trail's entries; an edition may leave them out."""
        return bool(self.targets)

    @cached_property
    def carried(self) -> dict[str, str]:
        """The JSON elements: id -> text."""
        return dict(_JSON.findall(self.text))

    @property
    def data(self) -> PageData | None:
        """The data that the page carries, if any; CompanionError where they cannot be read."""
        found = self.carried.get(ELEMENT)
        return from_json(found) if found else None


def plain_text(markup: str) -> str:
    """Markup as text: superscripts as `^a`, white space squeezed."""
    return squeeze(html.unescape(_TAG.sub("", markup.replace("<sup>", "^"))))


def squeeze(text: str) -> str:
    """White space of any kind as one space, none at the ends."""
    return " ".join(text.split())


def seal(text: str) -> str:
    """The page with the SHA-256 of all the rest of it in its head."""
    bare = SEAL.sub("", text)
    mark = f'<meta name="page-sha256" content="{sha256(bare.encode())}">\n'
    return bare.replace("<title>", f"{mark}<title>", 1)


def seal_problem(text: str) -> str | None:
    """What is wrong with the seal, if anything is."""
    if SEAL.search(text) is None:
        return "the page has no seal"
    if seal(text) != text:
        return "the page was changed after it was made: its seal does not hold"
    return None
