"""The ledger of claims as traced tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..claims.verdicts import OPEN
from ..errors import CompanionError, require_known
from ..expressions.templates import upper_first
from ..model import Claim, Origin, Result, Verdict
from ..package.package import Resource
from ..text import section_in_words
from .traced import Cell, Column, TracedTable

SEVERITIES = ("major", "moderate", "minor")
BEARING = "bearing"
STANDING = "standing"
HELD = "standing checks that found nothing"
ON_FIGURES = "inconsistent, on a figure or a conclusion"
_COLUMNS = (
    Column("statement", "Statement"),
    Column("study", "Study", filter="select", linked=False),
    Column("place", "Place", filter="select", linked=False),
    Column("printed", "Printed"),
    Column("recomputed", "Recomputed"),
    Column("verdict", "Verdict", filter="select"),
    Column("basis", "Basis", filter="select", linked=False),
    Column("severity", "Severity", filter="select", linked=False),
)


_CHANGES = (
    Column("about", "Study or place", linked=False),
    Column("statement", "Statement"),
    Column("before", "Before", linked=False),
    Column("now", "Now", filter="select"),
    Column("severity", "Severity", filter="select", linked=False),
    Column("why", "Why", filter="select", linked=False),
)


def claim_result(claim: Claim) -> Result:
    """The claim as a result: its recomputed value with what it read."""
    return Result(
        value=claim.recomputed,
        read=frozenset(claim.origins),
        membership=claim.membership,
        formula=claim.formula,
    )


def ledger_table(claims: Iterable[Claim], subjects: Mapping[str, str] | None = None) -> TracedTable:
    """One row per claim, what does not add up first; every cell leads to the claim's own trace."""
    rows = {}
    every = list(claims)
    first = open_findings(every)
    for claim in dict.fromkeys((*first, *every)):
        result = claim_result(claim)
        texts = (
            claim.label,
            (subjects or {}).get(claim.id, ""),
            chapter(claim.section),
            claim.printed,
            claim.recomputed,
            claim.verdict.words,
            claim.basis_words,
            claim.severity,
        )
        rows[claim.id] = tuple(Cell(text, result) for text in texts)
    caption = "Every checkable statement with its verdict"
    return TracedTable(
        "ledger", caption, _COLUMNS, rows, classes=("filterable",), row_trace="claim"
    )


def changes_table(
    claims: Iterable[Claim], changes: Resource, subjects: Mapping[str, str] | None = None
) -> TracedTable:
    """The claims whose verdict changed since the last version, with the reason.

    They are the rows of a table with the role `was`. Raises CompanionError for a claim that does
    not exist, or whose verdict did not change.
    """
    known = {claim.id: claim for claim in claims}
    rows = {}
    role = next(role for role in changes.roles if "was" in role)
    for key in changes.rows:
        require_known(key, known, f"{changes.path}: no claim is named")
        claim, result = known[key], claim_result(known[key])
        before, why = (_as_written(changes, key, role[part]) for part in ("was", "why"))
        now = f"{claim.verdict.words} ({claim.severity})".removesuffix(" ()")
        if now == before.text:
            raise CompanionError(f"the verdict of {key} is what it was", where=changes.path)
        about = (subjects or {}).get(key) or upper_first(section_in_words(claim.section))
        texts = (about, claim.label, claim.verdict.words, claim.severity)
        place, statement, verdict, severity = (Cell(text, result) for text in texts)
        rows[key] = (place, statement, before, verdict, severity, why)
    caption = "Verdicts that changed since the last version, and why"
    return TracedTable("verdict-changes", caption, _CHANGES, rows)


def _as_written(resource: Resource, row: str, column: str) -> Cell:
    """A cell of the data as a cell of a table."""
    text = resource.rows[row][column]
    return Cell(text, Result(text, read=frozenset({Origin(resource.name, row, column)})))


def counts_table(claims: Sequence[Claim]) -> TracedTable:
    """Number of claims by part of the article (rows) and verdict (columns), with totals."""
    parts = list(dict.fromkeys(chapter(claim.section) for claim in claims))
    columns = (
        Column("part", "Part of the article"),
        *tuple(Column(str(verdict), verdict.words, "right") for verdict in Verdict),
        Column("all", "all", "right"),
    )
    rows = {
        part: _counts(part, [c for c in claims if chapter(c.section) == part]) for part in parts
    }
    if claims:
        rows["all"] = _counts("All parts", claims)
    return TracedTable("verdict-counts", "Verdicts by part of the article", columns, rows)


def _counts(label: str, claims: Sequence[Claim]) -> tuple[Cell, ...]:
    groups = [[c for c in claims if c.verdict is verdict] for verdict in Verdict]
    return (
        _label(label, "part of the article"),
        *(_count(group) for group in groups),
        _count(claims),
    )


def _count(claims: Sequence[Claim]) -> Cell:
    result = Result(
        value=len(claims),
        unit="claims",
        read=frozenset(origin for claim in claims for origin in claim.origins),
        membership=frozenset({"claims"}),
        formula="number of statements",
    )
    return Cell(str(len(claims)), result)


def chapter(section: str) -> str:
    """The part of the article that a section belongs to: "Table 1" for "table-1/…/age"."""
    return section_in_words(section.split("/")[0])


def open_findings(claims: Iterable[Claim], severity: str = "") -> list[Claim]:
    """The claims that do not add up or depend on the reading, most severe first; no notes."""
    chosen = [
        c
        for c in claims
        if c.verdict in OPEN and severity_of(c) in SEVERITIES and severity in ("", severity_of(c))
    ]
    order = {str(verdict): place for place, verdict in enumerate(OPEN)}
    return sorted(chosen, key=lambda c: (SEVERITIES.index(severity_of(c)), order[c.verdict]))


def flags(claims: Iterable[Claim], table: str) -> dict[str, Claim]:
    """Major and moderate findings about single cells of a table, by "row/column"."""
    grave = [c for c in open_findings(claims) if severity_of(c) != SEVERITIES[-1]]
    prefix = f"{table}/"
    about: dict[str, Claim] = {}
    for claim in grave:  # the most severe first
        place = claim.section.removeprefix(prefix)
        if place != claim.section and "/" in place:
            about.setdefault(place, claim)
    return about


def findings_counts(claims: Sequence[Claim], silent: int = 0) -> TracedTable:
    """Number of findings by severity (rows), those that occur, with the total.

    Without any claim, the number of `silent` standing checks.
    """
    columns = (Column("severity", "Severity"), Column("findings", "Findings", "right"))
    every = open_findings(claims)
    bearing = [c for c in every if c.verdict is Verdict.INCONSISTENT and not c.concerns]
    checks = Result(silent, "checks", formula=f"number of {HELD}")
    held = Cell(str(0 if claims else silent), checks)
    about = "severity of a finding"
    rows = {
        "all": (_label("all", about), _count(every)),
        **{s: (_label(s, about), _count(open_findings(claims, s))) for s in SEVERITIES},
        BEARING: (_label(ON_FIGURES, "what a finding bears on"), _count(bearing)),
        STANDING: (_label(HELD), held),
    }
    occurring = {key: (label, count) for key, (label, count) in rows.items() if count.text != "0"}
    return TracedTable("finding-counts", "Findings by severity", columns, occurring)


def _label(text: str, formula: str = "") -> Cell:
    """The cell that names a row of counts."""
    return Cell(text, Result(text, formula=formula))


def has_card(claim: Claim) -> bool:
    """Whether a finding bears on a figure or a conclusion, and is more than minor."""
    return not claim.concerns and severity_of(claim) != SEVERITIES[-1]


def by_matter(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """The claims of each matter, in the order of the first; a claim without one is its own."""
    matters: dict[str, list[Claim]] = {}
    for claim in claims:
        matters.setdefault(claim.matter or claim.id, []).append(claim)
    return matters


def severity_of(claim: Claim) -> str:
    """The severity of a finding; minor unless it is given."""
    return claim.severity or SEVERITIES[-1]
