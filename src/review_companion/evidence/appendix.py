"""Every trace of a review, as the chapter on the audit trail shows it.

from review_companion.evidence.appendix import appendix
appendix(review)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from ..markup import templates
from ..model import Trace
from ..review import Review
from ..tables.build import TEMPLATE
from ..tables.traced import markup
from ..text import code_words
from .entry_words import FEW, cell_lines, checked, counted, filters
from .trace_entries import PlaceRead, TraceEntry, anchor, make_entries

MOST_LETTERS = 40  # of a formula that is repeated rather than listed
LISTS = "application/vnd.companion.trace-lists+json"
UNPARSED = "<!--| quarto-html-table-processing: none -->"  # Quarto would parse each of the rows
AGREES = "The article agrees with itself here."
HEADS = ("Name", "Value", "How", "Cells")

Numbers = Mapping[PlaceRead | str, int]


_TEMPLATES = templates(
    Path(__file__).parent / "templates",
    markup=markup,
    lines=cell_lines,
    filters=filters,
    checked=checked,
)


@dataclass(frozen=True)
class Appendix:
    """Entries by the title of their list."""

    groups: Mapping[str, tuple[TraceEntry, ...]]

    def to_html(self) -> str:
        """The entries in full; they go into the page unparsed."""
        every = (entry for found in self.groups.values() for entry in found)
        names = {entry.trace.result.formula: entry.names for entry in every}
        words = {"PLAIN": TEMPLATE, "AGREES": AGREES}
        numbers = self.places()
        return _filled("entries.html", groups=self.groups, numbers=numbers, names=names, **words)

    def places(self) -> Numbers:
        """The places and formulas that several entries share, numbered within each list."""
        found = [
            place.without_cells
            for entries_ in self.groups.values()
            for entry in entries_
            for place in (*entry.places, *([entry.claim_place] if entry.claim_place else []))
            if place.url
        ]
        used = [e.trace.result.formula for entries_ in self.groups.values() for e in entries_]
        formulas = [text for text in used if len(text) > MOST_LETTERS and text != TEMPLATE]
        return dict(_numbered(found)) | dict(_numbered(formulas))

    def to_lists(self) -> list[dict[str, Any]]:
        """One list per group, for the PDF."""
        return [compact_list(found, title) for title, found in self.groups.items()]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Markdown for Quarto's PDF; the embedded engine uses the lists."""
        number = sum(len(found) for found in self.groups.values())
        lists = self.to_lists()
        paper = "\n".join(as_table(found) for found in lists)
        return {
            "text/html": f"{UNPARSED}\n{self.to_html()}",
            "text/markdown": f"```{{=html}}\n{UNPARSED}\n{paper}\n```",
            LISTS: lists,
            "text/plain": f"{number} traces",
        }


def entries_in(output: Mapping[str, Any]) -> str:
    """The full entries among the outputs of a notebook."""
    return "".join(output["text/html"]).removeprefix(f"{UNPARSED}\n")


def _numbered(things: Iterable[PlaceRead | str]) -> Iterator[tuple[PlaceRead | str, int]]:
    """Those that occur more than once, numbered."""
    several = (thing for thing, times in Counter(things).items() if times > 1)
    return zip(several, count(1), strict=False)


def appendix(
    review: Review, parameter_sets: str = "", traces: Iterable[Trace] | None = None
) -> Appendix:
    """Every trace of the review, under each set of parameters of the report.

    Given `traces`, only these. `parameter_sets` is the parameter that a render sets in a notebook
    that declares it. Raises CompanionError for a trace that names a missing cell.
    """
    return grouped_entries(review, make_entries(review.with_parameter_sets(parameter_sets), traces))


def grouped_entries(review: Review, found: Iterable[TraceEntry]) -> Appendix:
    """The entries as lists; tables with the same caption are one list."""
    titles = {name: str(spec.get("caption", "")) for name, spec in review.tables_declared.items()}
    titles |= {"values": "Values in the text", "claims": "Statements of the article"}
    groups: dict[str, list[TraceEntry]] = {}
    for entry in found:
        title = titles.get(entry.group) or entry.group.replace("-", " ").capitalize()
        groups.setdefault(title, []).append(entry)
    return Appendix({title: tuple(some) for title, some in groups.items()})


def compact_list(entries: Iterable[TraceEntry], title: str) -> dict[str, Any]:
    """A list for paper: title, headings, and rows of an anchor and four texts.

    One row for a value or a claim, one for each row of a table. They are data, not markup, so that
    no character of a cell can be more than text in the PDF's template.
    """
    rows = [_row(found) for found in _by_row(entries)]
    return {"title": title, "heads": HEADS, "rows": rows}


def as_table(found: Mapping[str, Any]) -> str:
    """A list as an HTML table with anchors, for a PDF that Quarto's own template sets."""
    return _filled("trace_list.html", **found)


def _filled(name: str, **fields: Any) -> str:
    return _TEMPLATES.get_template(name).render(fields).rstrip("\n")


def _by_row(entries: Iterable[TraceEntry]) -> Iterator[list[TraceEntry]]:
    rows: dict[str, list[TraceEntry]] = {}
    for entry in entries:
        name = entry.trace.name
        key = name.rpartition("/")[0] if entry.trace.kind == "cell" else name
        rows.setdefault(key, []).append(entry)
    yield from rows.values()


def _row(found: Sequence[TraceEntry]) -> tuple[str, ...]:
    first = found[0]
    if first.trace.kind == "cell":
        name = first.trace.name.rpartition("/")[0]
        row = code_words(name.partition("/")[2])
        return anchor(name), row, "a row of the table", _formulas(found), _read(found)
    value, claim = first.trace.text, first.claim
    if claim is not None:
        value = f"{value}\n{claim.verdict.words}" if value else claim.verdict.words
    label = first.trace.label if claim is None else claim.label
    return first.anchor, label, value, first.trace.result.formula, _read(found)


def _read(found: Sequence[TraceEntry]) -> str:
    """How many cells of which tables, and where they are printed."""
    cells: dict[str, int] = {}
    for column, number in (part for entry in found for part in entry.summary):
        cells[column] = max(number, cells.get(column, 0))
    read = counted([*cells.items()])
    places = dict.fromkeys(p.words for entry in found for p in entry.places if p.words)
    named = "; ".join(places) if len(places) <= FEW else f"{len(places)} places"
    return f"{read}; printed in {named}" if places else read


def _formulas(found: Sequence[TraceEntry]) -> str:
    formulas = dict.fromkeys(entry.trace.result.formula for entry in found)
    return "; ".join(formulas) if len(formulas) < 3 else "a formula for each column"
