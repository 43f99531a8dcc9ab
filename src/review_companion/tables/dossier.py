"""A page about one row of a resource (a study): what is said of it, its facts, what is open."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..model import Claim
from .findings import beginning, parted
from .ledger_tables import by_matter, has_card, open_findings
from .traced import TracedTable, filled, markup

NOTHING = ("", "–")
OPEN_TITLE = "Does not add up"
SMALLER = "Smaller findings"
DASH = re.compile(r'<span class="traced"[^>]*>–</span>')
MARK = re.compile(r"\^\w")  # of a footnote that stands under another table
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
        weighty = [claims[0] for claims in by_matter(filter(has_card, self.claims)).values()]
        alone = [c for c in weighty if len(c.studies) < 2]
        return filled(
            "dossier.html",
            page=self,
            said=list(_only_row(self.says)) if self.says else [],
            facts=[fact for table in self.tables for fact in _only_row(table)],
            alone=[(c, parted(beginning(c.explanation))) for c in alone],
            others=[c for c in weighty if c not in alone],
            smaller="" if weighty or not self.claims else SMALLER,
            several=[_several(table) for table in self.tables if len(table.rows) > 1],
            OPEN_TITLE=OPEN_TITLE,
        )


class Fact(NamedTuple):
    """One cell of a row: its column's header, its trace, its text, and a claim about it."""

    header: str
    trace: str
    text: str
    flag: Claim | None


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


def _several(table: TracedTable) -> str:
    """The rows as a table of the columns in which there is something."""
    empty = {
        column.id
        for place, column in enumerate(table.columns)
        if all(row[place].text in NOTHING for row in table.rows.values())
    }
    plain = NAMED.sub("", DASH.sub("–", table.without(empty).to_html()))
    return plain.replace("<thead>", f"<caption>{markup(table.caption)}</caption>\n<thead>", 1)


def _only_row(table: TracedTable) -> Iterator[Fact]:
    """What the only row holds; nothing for several rows."""
    for key, cells in table.rows.items() if len(table.rows) == 1 else ():
        for column, cell in zip(table.columns, cells, strict=True):
            if cell.text in NOTHING:
                continue
            header, trace = MARK.sub("", column.header), table.trace_name(key, column)
            yield Fact(header, trace, cell.text, table.flag(key, column))
