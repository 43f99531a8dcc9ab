"""Entries as tables for paper: one row for a value or a claim, one for each row of a table."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence

from ..tables.traced import markup
from .entries import Entry, anchor
from .entry_html import counted

HEADS = ("Name", "Value", "How", "Cells")
WIDTHS = (24, 20, 28, 28)


def compact(entries: Iterable[Entry], caption: str) -> str:
    """The table; a row's id is the anchor of the value, the claim or the table's row."""
    rows = "\n".join(_row(found) for found in _by_row(entries))
    widths = "".join(f'<col style="width:{width}%">' for width in WIDTHS)
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    return (
        f'<table class="trace-list"><caption>{html.escape(caption)}</caption>'
        f"<colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead>"
        f"<tbody>\n{rows}\n</tbody></table>"
    )


def _by_row(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rows: dict[str, list[Entry]] = {}
    for entry in entries:
        name = entry.trace.name
        key = name.rpartition("/")[0] if entry.trace.kind == "cell" else name
        rows.setdefault(key, []).append(entry)
    yield from rows.values()


def _row(found: Sequence[Entry]) -> str:
    first = found[0]
    if first.trace.kind == "cell":
        name = first.trace.name.rpartition("/")[0]
        resources = sorted({column.split(".")[0] for entry in found for column, _ in entry.summary})
        texts = [html.escape(name), "a row of the table", _formulas(found), ", ".join(resources)]
        return _cells(anchor(name), texts)
    value, claim = markup(first.trace.text), first.claim
    if claim is not None:
        value = f"{value}<br>{claim.verdict}" if value else str(claim.verdict)
    how = html.escape(first.trace.result.formula)
    return _cells(first.anchor, [markup(first.trace.label), value, how, counted(first.summary)])


def _formulas(found: Sequence[Entry]) -> str:
    formulas = dict.fromkeys(entry.trace.result.formula for entry in found)
    few = len(formulas) < 3
    return html.escape("; ".join(formulas)) if few else "a formula for each column"


def _cells(name: str, texts: Sequence[str]) -> str:
    cells = "".join(f"<td>{text}</td>" for text in texts[1:])
    return f'<tr id="{name}"><th scope="row">{texts[0]}</th>{cells}</tr>'
