"""Finds numbers on the page without a trace, except those that are declared to be no data.

`no-trace.yml`: name -> {reason, patterns: […], within: […]}. Text that a pattern (a regular
expression) matches needs no trace; `within` names elements or classes (".number") whose text holds
no data at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import lxml.etree

from ..package.definition_schema import require_allowed
from ..package.yaml_files import read_entries
from .rendered_page import BY_ROW

FILE = "no-trace.yml"
DIGIT = re.compile(r"\d")
BLOCKS = frozenset("p li dd dt figcaption blockquote h1 h2 h3 h4 h5 h6 summary".split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
NEAR = 60


class NoTrace(NamedTuple):
    """A kind of number that needs no trace, and why."""

    name: str
    reason: str
    patterns: tuple[re.Pattern[str], ...]
    within: frozenset[str]


class PageText(NamedTuple):
    """A text node, with the names of the elements that enclose it, and their classes with a dot.

    Texts of one `block` are parts of one paragraph, heading or item.
    """

    text: str
    around: frozenset[str]
    block: int = 0


SET_BY_PROGRAM = (
    NoTrace(
        "program",
        "set by the program: numbers of sections and notes, facts of the release, versions, what "
        "two tables say of one cell",
        (),
        frozenset(
            "script svg .number .float-label .sidebar .crossref .tools .report-facts .subtitle"
            " .edition .inventory .traces .footnote-ref .footnote-back .citation .references"
            " .math .differences".split()
        ),
    ),
)


def read_no_trace(folder: Path) -> tuple[NoTrace, ...]:
    """Reads the declarations. Raises CompanionError for one that its schema does not allow."""
    declared = read_entries(folder / FILE)
    for body in declared.values():
        require_allowed(body, "no-trace")
    return tuple(
        NoTrace(
            name,
            str(body["reason"]),
            tuple(re.compile(str(pattern)) for pattern in body.get("patterns", ())),
            frozenset(map(str, body.get("within", ()))),
        )
        for name, body in declared.items()
    )


def untraced(texts: Iterable[PageText], kinds: Sequence[NoTrace]) -> Iterator[str]:
    """An excerpt around the first number of each text that is neither traced nor declared."""
    places = frozenset({".traced"}).union(*(kind.within for kind in kinds))
    for text, around, _ in texts:
        if places & around or not DIGIT.search(text):
            continue
        patterns = (pattern for kind in kinds for pattern in kind.patterns)
        declared = [found.span() for pattern in patterns for found in pattern.finditer(text)]
        for digit in DIGIT.finditer(text):
            if not any(start <= digit.start() < end for start, end in declared):
                yield _excerpt(text, digit.start())
                break


def _excerpt(text: str, place: int) -> str:
    """The text around a position, cut at spaces where it is long."""
    before, after = text[:place], text[place:]
    if len(before) > NEAR:
        before = "…" + before[-NEAR:].partition(" ")[2]
    if len(after) > NEAR:
        after = after[:NEAR].rpartition(" ")[0] + "…"
    return " ".join(f"{before}{after}".split())


def untraced_by_heading(page: str, kinds: Sequence[NoTrace]) -> Iterator[str]:
    """The same for a page, with the heading above each text."""
    heading = ""
    for text in texts_of_page(page, frozenset().union(*(kind.within for kind in kinds))):
        if text.text.strip() and text.around & HEADINGS and ".number" not in text.around:
            heading = " ".join(text.text.split())
        for found in untraced([text], kinds):
            yield f"{heading}: “{found}”" if heading not in ("", found) else f"“{found}”"


def texts_of_page(page: str, without: frozenset[str] = frozenset()) -> list[PageText]:
    """The text nodes of the page's body, as a browser has them.

    `without` are names, and classes with a dot, of elements whose texts are left out.
    """
    parser = lxml.etree.HTMLParser(remove_comments=True, huge_tree=True)
    root: Any = lxml.etree.fromstring(page[max(page.find("<body"), 0) :], parser)
    return list(_texts(root.find("body"), without))


def _texts(root: Any, without: frozenset[str]) -> Iterator[PageText]:
    """The text nodes in reading order; a row is traced from where its heading links to a claim."""
    open_: list[frozenset[str]] = [frozenset()]
    row, block = False, 0
    walk = lxml.etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        block += element.tag in BLOCKS
        if event == "start":
            if element.tag == "tr":
                row = False
            elif element.get("data-trace", "").startswith(BY_ROW):
                row = row or element.getparent().tag == "th"
            classes = element.get("class", "").split()
            open_.append(open_[-1] | {element.tag, *(f".{name}" for name in classes)})
            text = element.text
            if without & open_[-1]:
                walk.skip_subtree()
                text = None
        else:
            open_.pop()
            text = element.tail
        if text:
            traced = {".traced"} if row and "tr" in open_[-1] else frozenset()
            yield PageText(text, open_[-1] | traced, block)
