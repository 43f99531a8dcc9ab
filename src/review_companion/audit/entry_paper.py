"""Entries for paper: one row for a value or a claim, one for each row of a table.

Data, not markup: the PDF's template sets them, so that no character of a cell can be more than
text there, and the longest tables of the report need no parsing.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..sections import code_words
from ..tables.traced import markup
from .entries import Entry, anchor
from .entry_html import FEW, counted

HEADS = ("Name", "Value", "How", "Cells")
WIDTHS = (22, 14, 38, 26)


def compact(entries: Iterable[Entry], title: str) -> dict[str, Any]:
    """A list with its title and heads; each row begins with its anchor, then four texts."""
    rows = [_row(found) for found in _by_row(entries)]
    return {"title": title, "heads": HEADS, "rows": rows}


def as_table(found: Mapping[str, Any]) -> str:
    """A list as an HTML table, for a PDF that another template sets; the anchors are its rows'."""
    widths = "".join(f'<col style="width:{width}%">' for width in WIDTHS)
    heads = "".join(f'<th scope="col">{head}</th>' for head in found["heads"])
    rows = "\n".join(_table_row(*row) for row in found["rows"])
    return (
        f'<table class="trace-list"><caption>{html.escape(found["title"])}</caption>'
        f"<colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead>"
        f"<tbody>\n{rows}\n</tbody></table>"
    )


def _table_row(name: str, *texts: str) -> str:
    head, *cells = (markup(text).replace("\n", "<br>") for text in texts)
    found = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr id="{name}"><th scope="row">{head}</th>{found}</tr>'


def _by_row(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rows: dict[str, list[Entry]] = {}
    for entry in entries:
        name = entry.trace.name
        key = name.rpartition("/")[0] if entry.trace.kind == "cell" else name
        rows.setdefault(key, []).append(entry)
    yield from rows.values()


def _row(found: Sequence[Entry]) -> tuple[str, ...]:
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


def _read(found: Sequence[Entry]) -> str:
    """How many cells of which tables, and where they are printed."""
    cells: dict[str, int] = {}
    for column, number in (part for entry in found for part in entry.summary):
        cells[column] = max(number, cells.get(column, 0))
    read = counted([*cells.items()])
    places = dict.fromkeys(p.words for entry in found for p in entry.places if p.words)
    named = "; ".join(places) if len(places) <= FEW else f"{len(places)} places"
    return f"{read}; printed in {named}" if places else read


def _formulas(found: Sequence[Entry]) -> str:
    formulas = dict.fromkeys(entry.trace.result.formula for entry in found)
    return "; ".join(formulas) if len(formulas) < 3 else "a formula for each column"
