"""A page about one row of a resource (a study): what is said of it, its facts, what is open."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..model import Claim
from .findings import parted
from .ledger_tables import by_matter, has_card, open_findings
from .traced import Cell, TracedTable, markup

NOTHING = ("", "–")
OPEN_TITLE = "What does not add up"
SMALLER = "smaller findings, listed with every statement"
DASH = re.compile(r'<span class="traced"[^>]*>–</span>')
MARK = re.compile(r"\^\w")  # of a footnote that stands under another table
SENTENCE_END = re.compile(r"(?<=[.])(?<!al\.)(?<!vs\.) (?=[A-Z0-9“])")
NAMED = re.compile(r' data-table="[^"]*"')


@dataclass(frozen=True)
class Dossier:
    """`key` names the row; `title` is what readers see; the tables hold its rows only.

    A cell of `says` is a sentence or two under its column's header; `tables` hold facts.
    """

    key: str
    title: str
    says: TracedTable | None
    tables: tuple[TracedTable, ...]
    claims: tuple[Claim, ...]

    @property
    def anchor(self) -> str:
        """The id of its section in the report, stable from release to release."""
        return f"study-{self.key}"

    def to_html(self) -> str:
        """Heading, sentences and findings; beside them the facts, several rows as a table."""
        facts = "".join(_fact(*fact) for table in self.tables for fact in _only_row(table))
        beside = f'<table class="companion facts"><tbody>{facts}</tbody></table>' if facts else ""
        several = [_several(table) for table in self.tables if len(table.rows) > 1]
        return "\n".join(
            [
                f'<h2 id="{self.anchor}">{markup(self.title)}</h2>',
                f'<div class="dossier"><div>{"".join(self._said())}</div>{beside}</div>',
                *(NAMED.sub("", table) for table in several),
            ]
        )

    def _said(self) -> Iterator[str]:
        for header, name, cell, _ in _only_row(self.says) if self.says else ():
            yield f"<p><strong>{header}.</strong> {_traced(name, cell)}</p>"
        weighty = [claims[0] for claims in by_matter(filter(has_card, self.claims)).values()]
        alone = [c for c in weighty if len(c.studies) < 2]
        if alone:
            yield f"<p><strong>{OPEN_TITLE}.</strong></p><ul>{''.join(map(_told, alone))}</ul>"
        told = [_linked(c.matter or c.found or c.label, c) for c in weighty if c not in alone]
        if not all(map(has_card, self.claims)):
            told.append(SMALLER)
        if told:
            yield f"<p><strong>{'Also' if alone else OPEN_TITLE}:</strong> {'; '.join(told)}.</p>"


@dataclass(frozen=True)
class Dossiers:
    """The dossiers of a resource's rows, in order."""

    items: tuple[Dossier, ...]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {
            "text/html": "\n".join(item.to_html() for item in self.items),
            "text/plain": ", ".join(item.title for item in self.items),
        }


def dossier(
    key: str,
    title: str,
    says: TracedTable | None,
    tables: Iterable[TracedTable],
    claims: Iterable[Claim],
    omit: Collection[str] = (),
) -> Dossier:
    """The rows with this key, or whose key begins with it and a slash; the findings about it.

    `omit` names the columns that only repeat what else is said, as `column` or `table/column`.
    """
    mine = tuple(
        table.only(lambda row: belongs(row, key)).without(_omitted(table, omit)) for table in tables
    )
    about = tuple(c for c in open_findings(claims) if is_about(c, key))
    return Dossier(key, title, says and says.only(lambda row: row == key), mine, about)


def is_about(claim: Claim, key: str) -> bool:
    """Whether a claim names the row, stands in its table row, or read nothing but its rows."""
    if claim.studies:
        return key in claim.studies
    if f"/{key}/" in claim.section:
        return True
    return bool(claim.origins) and all(belongs(origin.row, key) for origin in claim.origins)


def belongs(row: str, key: str) -> bool:
    """Whether a row is the thing itself or one of its own."""
    return row == key or row.startswith(f"{key}/")


def _omitted(table: TracedTable, omit: Collection[str]) -> set[str]:
    return {c.id for c in table.columns if {c.id, f"{table.name}/{c.id}"} & set(omit)}


def _told(claim: Claim) -> str:
    """A finding about this row alone, with the first sentence of its reason."""
    found = html.escape(claim.found or claim.label)
    verdict = f'<span class="verdict {claim.verdict}">{_linked(claim.verdict.words, claim)}</span>'
    reason = "".join(
        _linked(piece, claim) if is_number else html.escape(piece)
        for piece, is_number in parted(SENTENCE_END.split(claim.explanation, maxsplit=1)[0])
    )
    return f"<li><strong>{found[:1].upper()}{found[1:]}.</strong> {reason} {verdict}</li>"


def _linked(text: str, claim: Claim) -> str:
    name = html.escape(f"claim/{claim.id}")
    return f'<span class="traced" data-trace="{name}">{html.escape(text)}</span>'


def _several(table: TracedTable) -> str:
    """The rows as a table of the columns in which there is something."""
    empty = {
        column.id
        for place, column in enumerate(table.columns)
        if all(row[place].text in NOTHING for row in table.rows.values())
    }
    caption = f"<caption>{html.escape(table.caption)}</caption>\n<thead>"
    return DASH.sub("–", table.without(empty).to_html()).replace("<thead>", caption, 1)


def _only_row(table: TracedTable) -> Iterator[tuple[str, str, Cell, str]]:
    """Header, trace, cell and flag of what the only row holds; nothing for several rows."""
    for key, cells in table.rows.items() if len(table.rows) == 1 else ():
        for column, cell in zip(table.columns, cells, strict=True):
            if cell.text in NOTHING:
                continue
            name = html.escape(table.trace_name(key, column))
            header = html.escape(MARK.sub("", column.header))
            yield header, name, cell, table.flag(key, column)


def _fact(header: str, name: str, cell: Cell, flag: str) -> str:
    return f'<tr><th scope="row">{header}</th><td>{_traced(name, cell)}{flag}</td></tr>'


def _traced(name: str, cell: Cell) -> str:
    return f'<span class="traced" data-trace="{name}">{markup(cell.text)}</span>'
