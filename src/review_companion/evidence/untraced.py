"""Finds numbers on the page without a trace, except those that are declared to be no data.

`no-trace.yml`: name -> {reason, patterns: […], within: […]}. Text that a pattern (a regular
expression) matches needs no trace; `within` names elements or classes (".number") whose text holds
no data at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import CompanionError
from ..package.yaml_files import read_entries, require_allowed
from ..package.yaml_nodes import Node, place_of
from .rendered_page import Page, PageText

FILE = "no-trace.yml"
DIGIT = re.compile(r"\d")
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
NEAR = 60
ANY_NUMBERS = ("7", "45", "3219", "83.8")
WHOLE_PAGE = frozenset({"html", "body", "main", "section", "div", "p", "table"})


class NoTrace(NamedTuple):
    """A kind of number that needs no trace, and why."""

    name: str
    reason: str
    patterns: tuple[re.Pattern[str], ...]
    within: frozenset[str]


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
        _require_narrow(body)
    return tuple(
        NoTrace(
            name,
            str(body["reason"]),
            tuple(re.compile(str(pattern)) for pattern in body.get("patterns", ())),
            frozenset(map(str, body.get("within", ()))),
        )
        for name, body in declared.items()
    )


def _require_narrow(body: Node) -> None:
    """No pattern takes out whatever number there is, and no element the whole page."""
    for pattern in body.get("patterns", ()):
        found = re.compile(str(pattern)).search
        if all(found(number) and found(f"in {number} patients") for number in ANY_NUMBERS):
            what, hint = f"“{pattern}” takes out any number", "name the words next to what it means"
            raise CompanionError(what, where=place_of(pattern, body.where), hint=hint)
    for name in body.get("within", ()):
        if name in WHOLE_PAGE:
            what, hint = f"“{name}” holds the whole page", "name the element that holds no datum"
            raise CompanionError(what, where=place_of(name, body.where), hint=hint)


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


def untraced_by_heading(page: Page, kinds: Sequence[NoTrace]) -> Iterator[str]:
    """The same for a page, with the heading above each text."""
    heading = ""
    within = frozenset().union(*(kind.within for kind in kinds))
    for text in page.texts(without=within):
        if text.text.strip() and text.around & HEADINGS and ".number" not in text.around:
            heading = " ".join(text.text.split())
        for found in untraced([text], kinds):
            yield f"{heading}: “{found}”" if heading not in ("", found) else f"“{found}”"
