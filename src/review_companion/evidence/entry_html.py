"""Entries as HTML for the page: values and cells as rows of a table, claims as lists of facts.

The page holds thousands of entries, so end tags that HTML lets one omit are omitted, places and
formulas are listed once (`places_list`), and empty cells are left out.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import shorten

from ..model import Claim, Result
from ..sections import code_words
from ..tables.traced import markup
from .trace_entries import CellRead, Entry, PlaceRead

STATUS = {
    "review-only": "review only",
    "agrees-with-primary": "agrees with the primary study",
    "differs-from-primary": "differs from the primary study",
    "not-found": "not found in the primary study",
}
DEFAULT_STATUS = "review-only"
PLAIN = "the cells read, in the order of the printed table’s cell"
AGREES = "The article agrees with itself here."
FEW = 3
SILENT = ("", "=")
MOST_LETTERS = 100  # of a cell
HEADS = ("What it is", "Value", "From", "Filters")

Numbers = Mapping[PlaceRead | str, int]


def escape(text: str) -> str:
    """Text between tags: quotes stay as they are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def listed(entries: Iterable[Entry], numbers: Numbers, title: str) -> str:
    """Values and cells, one row each; a row's id is the entry's anchor.

    `numbers` gives the number of each place that stands in the list of places. The frame can be
    reached and scrolled by the keyboard, and is no landmark: there are many.
    """
    heads = "".join(f"<th scope=col>{head}" for head in HEADS)
    rows = "\n".join(_row(entry, numbers) for entry in entries)
    return (
        f'<div class="table-frame" role="group" tabindex="0" aria-label="{html.escape(title)}">'
        f'<table class="trace-list"><thead><tr>{heads}<tbody>\n{rows}\n'
        "</table></div>"
    )


def _row(entry: Entry, numbers: Numbers) -> str:
    trace = entry.trace
    unit = "" if trace.text.endswith(trace.result.unit) else f" {escape(trace.result.unit)}"
    filters = _filters(entry)
    return (
        f'<tr id="{entry.anchor}"><th>{markup(trace.label)}'
        f"<td>{markup(trace.text)}{unit}<td>{_source(entry, numbers)}"
        f"{f'<td>{filters}' if filters else ''}"
    )


def described(entry: Entry, numbers: Numbers) -> str:
    """A claim as an element of its own."""
    facts = "".join(f"<dt>{term}<dd>{text}" for term, text in _facts(entry, numbers) if text)
    return (
        f'<div id="{entry.anchor}"><h5>'
        f"{markup(entry.claim.label if entry.claim else entry.trace.label)}</h5>"
        f"<dl>{facts}</dl></div>"
    )


def _facts(entry: Entry, numbers: Numbers) -> Iterator[tuple[str, str]]:
    if entry.claim is not None:
        yield from _claim_facts(entry, entry.claim, numbers)
    yield "From", _source(entry, numbers)
    yield "Filters", _filters(entry)


def _claim_facts(entry: Entry, claim: Claim, numbers: Numbers) -> Iterator[tuple[str, str]]:
    severity = f", {escape(claim.severity)}" if claim.severity else ""
    yield "Verdict", f"<b>{claim.verdict.words}</b> (basis: {claim.basis_words}{severity})"
    yield "Printed", _printed(entry, claim, numbers)
    yield "Recomputed", "" if claim.readings else markup(claim.recomputed)
    yield (
        "Readings",
        "; ".join(
            f"{escape(label)}: {escape(value)} ({'fits' if fits else 'does not fit'})"
            for label, value, fits in claim.readings
        ),
    )
    yield "Why", "" if claim.explanation == AGREES else escape(claim.explanation)
    yield "Most innocent explanation", escape(claim.innocent)
    yield "What it changes", escape(claim.changes)
    yield "What would settle it", escape(claim.settle)


def _printed(entry: Entry, claim: Claim, numbers: Numbers) -> str:
    """The link to the place, with the printed figure before it unless the place quotes it."""
    if entry.claim_place is None:
        return f"“{markup(claim.printed)}”"
    link = _link(entry.claim_place, numbers)
    return (
        link
        if claim.printed in entry.claim_place.fragment
        else (f"“{markup(claim.printed)}”, {link}")
    )


def _source(entry: Entry, numbers: Numbers) -> str:
    """The formula, the cells with their places, and how they were checked.

    The chapter says once that figures were held against the review; an entry, what else.
    """
    formula = entry.trace.result.formula
    number = numbers.get(formula)
    written = formula_html(formula, entry.names)
    how = f"<a href=#f{number}>formula {number}</a>" if number else written
    how = "" if formula == PLAIN else how
    statuses = sorted({place.status for place in entry.places if place.status})
    checked = "; ".join(STATUS.get(status, status) for status in statuses)
    cells = _cells(entry, numbers)
    found = ": ".join(part for part in (how, cells) if part)
    if statuses in ([], [DEFAULT_STATUS]):
        return found
    return f"{found} <span class=checked>({checked})</span>"


def _filters(entry: Entry) -> str:
    result: Result = entry.trace.result
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


def _cells(entry: Entry, numbers: Numbers) -> str:
    found = [cell for place in entry.places for cell in place.cells]
    lines = [_place(p, numbers) for p in entry.places] if entry.placed else [*_columns(entry)]
    if found and not any(lines):
        lines.append("empty cells")
    if entry.rest:
        lines.append(f"also read: {_tables(entry.rest)}" if found else counted(entry.rest))
    return "<br>".join(line for line in lines if line)


def _columns(entry: Entry) -> Iterator[str]:
    """Cells by column, then the places that print them."""
    yield from _grouped([cell for place in entry.places for cell in place.cells])
    sections = dict.fromkeys(place.words for place in entry.places if place.words)
    if sections:
        yield f"Printed in {escape('; '.join(sections))}"


def _place(place: PlaceRead, numbers: Numbers) -> str:
    cells = "; ".join(_grouped(place.cells))
    return f"{_link(place, numbers)}: {cells}" if place.locator and cells else cells


def _grouped(cells: Iterable[CellRead]) -> Iterator[str]:
    """Cells of one row together, else of one column; keys as the names of rows.

    A cell that holds the beginning of its row's key ("doe-2020" of "doe-2020/after") says
    nothing that the key does not say, unless it is all that was read; nor does an equals sign
    beside its number.
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
        groups.setdefault(f"{code_words(origin.resource)}, {name}", []).append(
            f"{escape(part)}{value}"
        )
    for cell in keys:
        groups.setdefault(code_words(cell.origin.resource), []).append(
            escape(code_words(cell.origin.row))
        )
    yield from (f"{escape(name)}: {'; '.join(g)}" for name, g in groups.items())


def _in_key(cell: CellRead) -> bool:
    return cell.correction is None and cell.origin.row.startswith(f"{cell.value}/")


def _value(cell: CellRead) -> str:
    text = escape(shorten(code_words(cell.value), MOST_LETTERS, placeholder=" …"))
    if cell.correction is None:
        return text
    fix = cell.correction
    return (
        f"{text} (corrected from “{escape(fix.before)}” by {escape(fix.who)}: {escape(fix.reason)})"
    )


def _link(place: PlaceRead, numbers: Numbers) -> str:
    number = numbers.get(place.without_cells)
    if number is not None:
        return f"<a href=#p{number}>place {number}</a>"
    text = place_text(place)
    return f'<a href="{escape(place.url)}">{text}</a>' if place.url else text


def place_text(place: PlaceRead) -> str:
    """The place in words, with the printed fragment."""
    quoted = f": “{markup(place.fragment)}”" if place.fragment else ""
    return escape(place.words) + quoted


def formula_html(formula: str, names: str | None) -> str:
    """An expression as it is written, what its names mean on hover; words as words."""
    if names is None:
        return f"<i>{escape(formula)}</i>"
    hover = f' title="{html.escape(names)}"' if names else ""
    return f"<code{hover}>{escape(formula)}</code>"


def places_list(numbers: Numbers, names: Mapping[str, str | None]) -> str:
    """Places that several entries name, each a link into its source, then such formulas.

    `names` says of each formula what its names mean.
    """
    places = "".join(
        f'<li id=p{number}><a href="{escape(place.url)}">{place_text(place)}</a>'
        for place, number in numbers.items()
        if isinstance(place, PlaceRead)
    )
    formulas = "".join(
        f"<li id=f{number}>{formula_html(formula, names.get(formula))}"
        for formula, number in numbers.items()
        if isinstance(formula, str)
    )
    return (
        f'<h4>Places</h4>\n<ol class="places">{places}</ol>\n'
        f'<h4>Formulas</h4>\n<ol class="places">{formulas}</ol>'
    )


def counted(counts: Sequence[tuple[str, int]]) -> str:
    """ "47 cells of samples", or of how many tables."""
    number = sum(rows for _, rows in counts)
    return f"{number} cell{'s' * (number != 1)} of {_tables(counts)}" if counts else ""


def _tables(counts: Sequence[tuple[str, int]]) -> str:
    tables = sorted({code_words(column.partition(".")[0]) for column, _ in counts})
    return ", ".join(tables) if len(tables) <= FEW else f"{len(tables)} tables"
