"""A page about one row of a resource (a study): sentences, facts, and findings about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, NamedTuple

from ..model import Claim
from .findings import beginning, split_sentence
from .ledger_tables import by_matter, has_card, open_findings
from .traced import MARK, Cell, TracedTable, render_template

NOTHING = ("", "–")
RowCells = dict[str, tuple[Cell, ...]]
OPEN_TITLE = "Does not add up"
SMALLER = "Smaller findings"


@dataclass(frozen=True)
class Dossier:
    """`key` names the row; `title` is what readers see; the tables hold only its rows.

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
        """Heading, sentences and findings, with a box of facts; several rows are a table."""
        weighty = [claims[0] for claims in by_matter(filter(has_card, self.claims)).values()]
        alone = [claim for claim in weighty if len(claim.studies) < 2]
        only_smaller = bool(self.claims) and not weighty
        return render_template(
            "dossier.html",
            page=self,
            said=list(_only_row(self.says)) if self.says else [],
            facts=[fact for table in self.tables for fact in _only_row(table)],
            notes=[note for table in self.tables for note in _marked(table)],
            alone=[(claim, split_sentence(beginning(claim.explanation))) for claim in alone],
            others=[claim for claim in weighty if claim not in alone],
            smaller=SMALLER if only_smaller else "",
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


def dossiers(
    titles: Mapping[str, str],
    says: TracedTable | None,
    tables: Iterable[TracedTable],
    claims: Iterable[Claim],
    omit: Collection[str] = (),
) -> Dossiers:
    """The dossiers by key, each with the rows that belong to it and the findings about it.

    A row belongs to a dossier if its key is the dossier's, or begins with it and a slash. `omit`
    names the columns that only repeat what else is said, as `column` or `table/column`.
    """
    findings = _findings_by_subject(claims)
    facts = []
    for table in tables:
        repeated = {c.id for c in table.columns if {c.id, f"{table.name}/{c.id}"} & set(omit)}
        facts.append(_by_subject(table.without(repeated)))

    def dossier(key: str, title: str) -> Dossier:
        sentences = None
        if says is not None:
            rows = {key: says.rows[key]} if key in says.rows else {}
            sentences = replace(says, rows=rows)
        own_facts = tuple(replace(table, rows=rows.get(key, {})) for table, rows in facts)
        return Dossier(key, title, sentences, own_facts, tuple(findings.get(key, ())))

    return Dossiers(tuple(dossier(key, title) for key, title in titles.items()))


def _findings_by_subject(claims: Iterable[Claim]) -> Mapping[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in open_findings(claims):
        for key in about(claim):
            found.setdefault(key, []).append(claim)
    return found


def _by_subject(table: TracedTable) -> tuple[TracedTable, Mapping[str, RowCells]]:
    """The table, and its rows by what they may be about."""
    found: dict[str, RowCells] = {}
    for row, cells in table.rows.items():
        for key in subjects_of(row):
            found.setdefault(key, {})[row] = cells
    return table, found


def about(claim: Claim) -> set[str]:
    """The keys that a claim is about: it names them, is printed there, or read only their rows."""
    if claim.studies:
        return set(claim.studies)
    parts = claim.section.split("/")[1:-1]  # without the table and the column
    ends = combinations(range(len(parts) + 1), 2)
    named = {"/".join(parts[start:end]) for start, end in ends}
    rows = {origin.row for origin in claim.origins}
    if rows:
        named |= set.intersection(*map(subjects_of, rows))
    return named


def subjects_of(row: str) -> set[str]:
    """The rows that a row's key may refer to: itself, and its key up to each slash."""
    parts = row.split("/")
    return {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}


def _several(table: TracedTable) -> str:
    """The rows as a table of those columns that are not empty."""
    empty = {
        column.id
        for place, column in enumerate(table.columns)
        if all(row[place].text in NOTHING for row in table.rows.values())
    }
    return table.without(empty).to_html(captioned=True)


def _marked(table: TracedTable) -> Iterator[str]:
    """The notes whose marks are in the facts."""
    marks = {mark for fact in _only_row(table) for mark in MARK.findall(fact.text)}
    yield from (note for note in table.notes if marks & set(MARK.findall(note[:2])))


def _only_row(table: TracedTable) -> Iterator[Fact]:
    """The facts of a single row; none where there are several rows."""
    for key, cells in table.rows.items() if len(table.rows) == 1 else ():
        for column, cell in zip(table.columns, cells, strict=True):
            if cell.text in NOTHING:
                continue
            header, trace = MARK.sub("", column.header), table.trace_name(key, column)
            yield Fact(header, trace, cell.text, table.flag(key, column))
