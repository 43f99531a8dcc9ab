"""Everything about one row of a resource (a study), gathered from the tables that mention it."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from ..model import Claim
from .ledger import OPEN, ledger_table
from .traced import TracedTable, markup

NOTHING = ("", "–")
DASH = re.compile(r'<span class="traced"[^>]*>–</span>')
NAMED = re.compile(r' data-table="[^"]*"')
COLUMNS = ("statement", "printed", "verdict")


@dataclass(frozen=True)
class Dossier:
    """`key` names the row; `title` is what readers see; `tables` hold its rows only."""

    key: str
    title: str
    tables: tuple[TracedTable, ...]
    claims: tuple[Claim, ...]

    @property
    def anchor(self) -> str:
        """The id of its section in the report, stable from release to release."""
        return f"study-{self.key}"

    def to_html(self) -> str:
        """A heading, facts for single rows, tables for several, and the claims left open."""
        parts = [f'<h2 id="{self.anchor}">{markup(self.title)}</h2>']
        parts += [
            _facts(table) if len(table.rows) == 1 else _several(table)
            for table in self.tables
            if table.rows
        ]
        if self.claims:
            title = "What does not add up, or depends on the reading"
            parts.append(f'<h3 id="{self.anchor}-open">{title}</h3>')
            parts.append(open_claims(self.claims, f"ledger-{self.key}").to_html())
        return NAMED.sub("", "\n".join(parts))


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
    tables: Iterable[TracedTable],
    claims: Iterable[Claim],
    omit: Collection[str] = (),
) -> Dossier:
    """The rows with this key, or whose key begins with it and a slash; the claims about it.

    `omit` names the columns that only repeat the title.
    """
    mine = tuple(table.only(lambda row: belongs(row, key)).without(omit) for table in tables)
    about = tuple(c for c in claims if c.verdict in OPEN and is_about(c, key))
    return Dossier(key, title, mine, about)


def is_about(claim: Claim, key: str) -> bool:
    """Whether a claim names the row, stands in its table row, or read nothing but its rows."""
    if claim.studies:
        return key in claim.studies
    if f"/{key}/" in claim.section:
        return True
    return bool(claim.origins) and all(belongs(origin.row, key) for origin in claim.origins)


def open_claims(claims: Iterable[Claim], name: str) -> TracedTable:
    """The ledger's table without the columns that a study's page does not need."""
    table = ledger_table(claims, name=name)
    return table.without({column.id for column in table.columns} - set(COLUMNS))


def belongs(row: str, key: str) -> bool:
    """Whether a row is the thing itself or one of its own."""
    return row == key or row.startswith(f"{key}/")


def _several(table: TracedTable) -> str:
    """The rows as a table of the columns in which there is something."""
    empty = {
        column.id
        for place, column in enumerate(table.columns)
        if all(row[place].text in NOTHING for row in table.rows.values())
    }
    table = table.without(empty)
    caption = f"<caption>{html.escape(table.caption)}</caption>\n<thead>"
    return DASH.sub("–", table.to_html()).replace("<thead>", caption, 1)


def _facts(table: TracedTable) -> str:
    key, cells = next(iter(table.rows.items()))
    lines = []
    for column, cell in zip(table.columns, cells, strict=True):
        name = html.escape(table.trace_name(key, column))
        value = f'<span class="traced" data-trace="{name}">{markup(cell.text)}</span>'
        if cell.text in NOTHING:
            value = cell.text
        value += table.flag(key, column)
        lines.append(f'<tr><th scope="row">{markup(column.header)}</th><td>{value}</td></tr>')
    return (
        f'<table class="companion facts"><caption>{html.escape(table.caption)}</caption>'
        f'<thead><tr><th scope="col">Item</th><th scope="col">Value</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )
