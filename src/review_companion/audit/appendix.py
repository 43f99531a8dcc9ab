"""Every trace of a review, as the chapter on the audit trail shows it.

from review_companion.audit.appendix import appendix
appendix(review)
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from ..review import Review
from .entries import Entry, PlaceRead, entries
from .entry_html import PLAIN, Numbers, described, listed, places_list
from .entry_paper import as_table, compact

MOST_LETTERS = 40  # of a formula that is repeated rather than listed
LISTS = "application/vnd.companion.trace-lists+json"
UNPARSED = "<!--| quarto-html-table-processing: none -->"  # Quarto would parse each of the rows


@dataclass(frozen=True)
class Appendix:
    """Entries by the title of their list."""

    groups: Mapping[str, tuple[Entry, ...]]

    def to_html(self) -> str:
        """The entries in full. It goes into the page as it is, without being parsed."""
        numbers = self.places()
        parts = [
            f'<div class="trace-group"><h4>{html.escape(title)}</h4>\n'
            f"{_entries(found, numbers, title)}\n</div>"
            for title, found in self.groups.items()
        ]
        every = (entry for found in self.groups.values() for entry in found)
        names = {entry.trace.result.formula: entry.names for entry in every}
        where = f'<div class="trace-group">\n{places_list(numbers, names)}\n</div>'
        return '<div class="traces">\n' + "\n".join([*parts, where]) + "\n</div>"

    def places(self) -> Numbers:
        """The places and formulas that several entries name, with their numbers in their lists."""
        found = [
            place.without_cells
            for entries_ in self.groups.values()
            for entry in entries_
            for place in (*entry.places, *([entry.claim_place] if entry.claim_place else []))
            if place.url
        ]
        used = [e.trace.result.formula for entries_ in self.groups.values() for e in entries_]
        formulas = [text for text in used if len(text) > MOST_LETTERS and text != PLAIN]
        return dict(_numbered(found)) | dict(_numbered(formulas))

    def to_lists(self) -> list[dict[str, Any]]:
        """One list per group, for the PDF."""
        return [compact(found, title) for title, found in self.groups.items()]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Markdown is what Quarto takes for its PDF; the embedded engine takes the lists."""
        number = sum(len(found) for found in self.groups.values())
        lists = self.to_lists()
        paper = "\n".join(as_table(found) for found in lists)
        return {
            "text/html": f"{UNPARSED}\n{self.to_html()}",
            "text/markdown": f"```{{=html}}\n{UNPARSED}\n{paper}\n```",
            LISTS: lists,
            "text/plain": f"{number} traces",
        }


def _entries(found: Sequence[Entry], numbers: Numbers, title: str) -> str:
    if all(entry.claim for entry in found):
        return "\n".join(described(entry, numbers) for entry in found)
    return listed(found, numbers, title)


def _numbered(things: Iterable[PlaceRead | str]) -> Iterator[tuple[PlaceRead | str, int]]:
    """Those that occur more than once, numbered."""
    several = (thing for thing, times in Counter(things).items() if times > 1)
    return zip(several, count(1), strict=False)


def appendix(review: Review, parameter_sets: str = "") -> Appendix:
    """Every trace of the review, under each set of parameters that a part of the report has.

    `parameter_sets` is what a render tells the notebook that declares a parameter of that name.
    Raises CompanionError for a trace that names a missing cell.
    """
    return grouped(review, entries(review.along(parameter_sets)))


def grouped(review: Review, found: Iterable[Entry]) -> Appendix:
    """The entries as lists; tables of one caption are one list."""
    titles = {name: str(spec.get("caption", "")) for name, spec in review.tables_declared.items()}
    titles |= {"values": "Values in the text", "claims": "Statements of the article"}
    groups: dict[str, list[Entry]] = {}
    for entry in found:
        title = titles.get(entry.group) or entry.group.replace("-", " ").capitalize()
        groups.setdefault(title, []).append(entry)
    return Appendix({title: tuple(some) for title, some in groups.items()})
