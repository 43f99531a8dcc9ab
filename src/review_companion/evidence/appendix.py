"""Every trace of a review, as the chapter on the audit trail shows it.

from review_companion.evidence.appendix import appendix
appendix(review)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from textwrap import shorten
from typing import Any

from ..markup import templates
from ..review import Review
from ..tables.build import TEMPLATE
from ..tables.traced import markup
from ..text import code_words
from .trace_entries import CellRead, PlaceRead, TraceEntry, anchor, make_entries

MOST_REPEATED = 40  # letters of a formula that is repeated rather than listed
LISTS = "application/vnd.companion.trace-lists+json"
UNPARSED = "<!--| quarto-html-table-processing: none -->"  # Quarto would parse each of the rows
AGREES = "The article agrees with itself here."
HEADS = ("Name", "Value", "How", "Cells")
STATUS = {
    "review-only": "review only",
    "agrees-with-primary": "agrees with the primary study",
    "differs-from-primary": "differs from the primary study",
    "not-found": "not found in the primary study",
}
DEFAULT_STATUS = "review-only"
FEW = 3
SILENT = ("", "=")
MOST_LETTERS = 100  # of a cell

EntryLine = tuple[PlaceRead | None, str]
Numbers = Mapping[PlaceRead | str, int]


def checked(entry: TraceEntry) -> str:
    """How the cells were checked; nothing where they have the default status."""
    statuses = sorted({place.status for place in entry.places if place.status})
    if statuses in ([], [DEFAULT_STATUS]):
        return ""
    return "; ".join(STATUS.get(status, status) for status in statuses)


def filters(entry: TraceEntry) -> str:
    """The tables whose set of rows matters, with the columns that a filter looked at."""
    result = entry.trace.result
    columns: dict[str, list[str]] = {name: [] for name in sorted(result.membership)}
    for path, _ in entry.looked:
        resource, _, column = path.partition(".")
        columns.setdefault(resource, []).append(code_words(column))
    parts = [
        f"{code_words(name)} by {', '.join(found)}" if found else code_words(name)
        for name, found in columns.items()
    ]
    names = sorted(code_words(name) for name, _ in result.parameters)
    return "; ".join([*parts, *(names if len(names) <= FEW else ())])


def cell_lines(entry: TraceEntry) -> list[EntryLine]:
    """The cells read, each under its place, or by column if there are too many."""
    found = [cell for place in entry.places for cell in place.cells]
    said: list[EntryLine] = []
    if entry.placed:
        grouped = ((place, "; ".join(_grouped(place.cells))) for place in entry.places)
        said += [(place if place.words else None, cells) for place, cells in grouped if cells]
    else:
        said += [(None, group) for group in _grouped(found)]
        if sections := dict.fromkeys(place.words for place in entry.places if place.words):
            said.append((None, f"Printed in {'; '.join(sections)}"))
    if found and not said:
        said.append((None, "empty cells"))
    if entry.rest:
        rest = f"also read: {_tables(entry.rest)}" if found else counted(entry.rest)
        said.append((None, rest))
    return said


def counted(counts: Sequence[tuple[str, int]]) -> str:
    """ "47 cells of samples", or of how many tables."""
    number = sum(rows for _, rows in counts)
    return f"{number} cell{'s' * (number != 1)} of {_tables(counts)}" if counts else ""


def _tables(counts: Sequence[tuple[str, int]]) -> str:
    tables = sorted({code_words(column.partition(".")[0]) for column, _ in counts})
    return ", ".join(tables) if len(tables) <= FEW else f"{len(tables)} tables"


def _grouped(cells: Iterable[CellRead]) -> Iterator[str]:
    """Cells of one row together, else of one column; keys as the names of rows.

    A cell that repeats the beginning of its row's key ("doe-2020" of "doe-2020/after") is left out,
    unless it is all that was read; so is an equals sign that belongs to a number.
    """
    filled = [cell for cell in cells if cell.value not in SILENT or cell.correction is not None]
    keys = [cell for cell in filled if cell.is_key]
    others = [cell for cell in filled if not cell.is_key]
    others = [cell for cell in others if not _in_key(cell)] or ([] if keys else others)
    by_row = len({cell.origin.row for cell in others}) <= len({cell.column for cell in others})
    groups: dict[str, list[str]] = {}
    for cell in others:
        origin = cell.origin
        row, column = code_words(origin.row), code_words(origin.column)
        name, part = (row, column) if by_row else (column, row)
        value = "" if _in_key(cell) else f" = {_value(cell)}"
        groups.setdefault(f"{code_words(origin.resource)}, {name}", []).append(f"{part}{value}")
    for cell in keys:
        resource, row = cell.origin.resource, cell.origin.row
        groups.setdefault(code_words(resource), []).append(code_words(row))
    yield from (f"{name}: {'; '.join(parts)}" for name, parts in groups.items())


def _in_key(cell: CellRead) -> bool:
    return cell.correction is None and cell.origin.row.startswith(f"{cell.value}/")


def _value(cell: CellRead) -> str:
    text = " ".join(code_words(cell.value).split())
    if len(text) > MOST_LETTERS:
        text = shorten(text, MOST_LETTERS, placeholder=" …")
    if cell.correction is None:
        return text
    fix = cell.correction
    return f"{text} (corrected from “{fix.before}” by {fix.who}: {fix.reason})"


_TEMPLATES = templates(
    Path(__file__).parent / "templates",
    markup=markup,
    lines=cell_lines,
    filters=filters,
    checked=checked,
)


@dataclass(frozen=True)
class AuditEntries:
    """Entries by the title of their list.

    `known` is the markup of some, by the names of their traces, as it would be made again.
    """

    groups: Mapping[str, tuple[TraceEntry, ...]]
    known: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_trace(self) -> dict[str, TraceEntry]:
        """Each entry by the name of its trace."""
        return {entry.trace.name: entry for found in self.groups.values() for entry in found}

    @cached_property
    def numbers(self) -> Numbers:
        """The places and formulas that several entries share, numbered within each list."""
        every = self.by_trace.values()
        places = (place for e in every for place in (*e.places, e.claim_place) if place)
        linked = [place.alone for place in places if place.url]
        used = (entry.trace.result.formula for entry in every)
        formulas = [text for text in used if len(text) > MOST_REPEATED and text != TEMPLATE]
        return dict(_numbered(linked)) | dict(_numbered(formulas))

    @cached_property
    def lines(self) -> dict[str, str]:
        """The markup of each entry by the name of its trace."""
        macros = self._macros
        return {
            name: self.known.get(name)
            or str(macros.described(entry) if entry.claim else macros.row(entry))
            for name, entry in self.by_trace.items()
        }

    @property
    def _macros(self) -> Any:
        words = {"PLAIN": TEMPLATE, "AGREES": AGREES, "numbers": self.numbers}
        return _TEMPLATES.get_template("entry.html").make_module(words)

    def continuing(self, before: AuditEntries) -> AuditEntries:
        """The same, with the markup of entries that were taken over from `before`."""
        if self.numbers != before.numbers:
            return self
        old = before.by_trace
        same = (name for name, entry in self.by_trace.items() if entry is old.get(name))
        return replace(self, known={name: before.lines[name] for name in same})

    def to_html(self) -> str:
        """The entries in full; they go into the page unparsed."""
        names = {entry.trace.result.formula: entry.names for entry in self.by_trace.values()}
        shown = {"groups": self.groups, "lines": self.lines, "numbers": self.numbers}
        return _filled("entries.html", entry=self._macros, names=names, **shown)

    def to_lists(self) -> list[dict[str, Any]]:
        """A list per group, for paper: title, headings, and rows of an anchor and four texts.

        One row for a value or a claim, one for each row of a table. They are data, not markup, so
        that no character of a cell can be more than text in the PDF's template.
        """
        return [
            {"title": title, "heads": HEADS, "rows": list(map(_row, _by_row(found)))}
            for title, found in self.groups.items()
        ]


@dataclass(frozen=True)
class Appendix:
    """The entries of `number` traces as a notebook shows them: in full, and as lists for paper.

    `for_quarto`: also in the form that Quarto's PDF needs; a render adds it where Quarto sets it.
    """

    html: str
    lists: list[dict[str, Any]]
    number: int
    for_quarto: bool = True

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        shown = {
            "text/html": f"{UNPARSED}\n{self.html}",
            LISTS: self.lists,
            "text/plain": f"{self.number} traces",
        }
        return with_markdown(shown) if self.for_quarto else shown


def with_markdown(output: Mapping[str, Any]) -> dict[str, Any]:
    """An output with the lists as a table with anchors, as Quarto's PDF needs them."""
    paper = "\n".join(_filled("trace_list.html", **found) for found in output[LISTS])
    return {**output, "text/markdown": f"```{{=html}}\n{UNPARSED}\n{paper}\n```"}


def entries_in(output: Mapping[str, Any]) -> str:
    """The full entries among the outputs of a notebook."""
    return "".join(output["text/html"]).removeprefix(f"{UNPARSED}\n")


def _numbered(things: Iterable[PlaceRead | str]) -> Iterator[tuple[PlaceRead | str, int]]:
    """Those that occur more than once, numbered."""
    several = (thing for thing, times in Counter(things).items() if times > 1)
    return zip(several, count(1), strict=False)


def appendix(review: Review, parameter_sets: str = "") -> Appendix:
    """Every trace of the review, under each set of parameters of the report.

    `parameter_sets` is the parameter that a render sets in a notebook that declares it. Raises
    CompanionError for a trace that names a missing cell.
    """

    def make() -> Appendix:
        return filled(audit_entries(review.with_parameter_sets(parameter_sets)))

    return review.part(part_name(parameter_sets), make)


def part_name(parameter_sets: str) -> str:
    """The name under which a render evaluated the appendix."""
    return f"appendix {parameter_sets}"


def filled(entries: AuditEntries, *, for_quarto: bool = True) -> Appendix:
    """The appendix that shows the entries."""
    return Appendix(entries.to_html(), entries.to_lists(), len(entries.by_trace), for_quarto)


def audit_entries(
    review: Review, before: AuditEntries | None = None, changed: Collection[str] = ()
) -> AuditEntries:
    """The entries as lists; tables with the same caption are one list.

    Those made `before`, with the same definitions, are taken over but for what shows a `changed`
    resource. Raises CompanionError for a trace that names a missing cell.
    """
    if before is None:
        return grouped_entries(review, make_entries(review))
    old = {n: e for n, e in before.by_trace.items() if e.rests_on.isdisjoint(changed)}
    return grouped_entries(review, make_entries(review, old)).continuing(before)


def grouped_entries(review: Review, found: Iterable[TraceEntry]) -> AuditEntries:
    """Entries as lists; tables with the same caption are one list."""
    titles = {name: str(spec.get("caption", "")) for name, spec in review.tables_declared.items()}
    titles |= {"values": "Values in the text", "claims": "Statements of the article"}
    groups: dict[str, list[TraceEntry]] = {}
    for entry in found:
        title = titles.get(entry.group) or entry.group.replace("-", " ").capitalize()
        groups.setdefault(title, []).append(entry)
    return AuditEntries({title: tuple(some) for title, some in groups.items()})


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
