"""Every trace of a review, as the chapter on the audit trail shows it.

from review_companion.audit.appendix import appendix
appendix(review)
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..review import Review
from .entries import Entry, PlaceRead, entries
from .entry_html import described, listed, places_list
from .entry_paper import as_table, compact

LISTS = "application/vnd.companion.trace-lists+json"
UNPARSED = "<!--| quarto-html-table-processing: none -->"  # Quarto would parse each of the rows


@dataclass(frozen=True)
class Appendix:
    """Entries by group; `titles` names the groups that are tables."""

    groups: Mapping[str, tuple[Entry, ...]]
    titles: Mapping[str, str]

    def title(self, group: str) -> str:
        """The heading of a group, of which no other group has the same."""
        fixed = {"values": "Values in the text", "claims": "Statements of the article"}
        title = fixed.get(group) or self.titles.get(group)
        if not title:
            return group.replace("-", " ").capitalize()
        shared = sum(self.titles.get(other) == title for other in self.groups) > 1
        return f"{title} ({group})" if shared else title

    def to_html(self) -> str:
        """The entries in full. It goes into the page as it is, without being parsed."""
        numbers = self.places()
        parts = [
            f'<div class="trace-group"><h4>{html.escape(self.title(group))}</h4>\n'
            f"{_entries(found, numbers, self.title(group))}\n</div>"
            for group, found in self.groups.items()
        ]
        where = f'<div class="trace-group">\n<h4>Places</h4>\n{places_list(numbers)}\n</div>'
        return '<div class="traces">\n' + "\n".join([*parts, where]) + "\n</div>"

    def places(self) -> dict[PlaceRead, int]:
        """The places that several entries name, with their numbers in the list of places."""
        found = [
            place.without_cells
            for entries_ in self.groups.values()
            for entry in entries_
            for place in (*entry.places, *([entry.claim_place] if entry.claim_place else []))
            if place.url
        ]
        several = [place for place, times in Counter(found).items() if times > 1]
        return {place: number for number, place in enumerate(several, 1)}

    def to_lists(self) -> list[dict[str, Any]]:
        """One list per group, for the PDF."""
        return [compact(found, self.title(group)) for group, found in self.groups.items()]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Markdown is what Quarto takes for its PDF; the embedded engine takes the lists."""
        count = sum(len(found) for found in self.groups.values())
        lists = self.to_lists()
        paper = "\n".join(as_table(found) for found in lists)
        return {
            "text/html": f"{UNPARSED}\n{self.to_html()}",
            "text/markdown": f"```{{=html}}\n{UNPARSED}\n{paper}\n```",
            LISTS: lists,
            "text/plain": f"{count} traces",
        }


def _entries(found: Sequence[Entry], numbers: Mapping[PlaceRead, int], title: str) -> str:
    if all(entry.claim for entry in found):
        return "\n".join(described(entry, numbers) for entry in found)
    return listed(found, numbers, title)


def appendix(review: Review) -> Appendix:
    """Every trace of the review; for changed parameters also those of the default ones.

    Raises CompanionError for a trace that names a missing cell.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries(review):
        groups.setdefault(entry.group, []).append(entry)
    titles = {name: str(spec.get("caption", "")) for name, spec in review.tables_declared.items()}
    return Appendix({name: tuple(found) for name, found in groups.items()}, titles)
