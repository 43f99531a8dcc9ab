"""What a study still lacks: cells in each table, rows for each claim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..errors import CompanionError, listing
from ..expressions.evaluator import identifier
from ..review import Review
from ..tables.build import attempted
from .study_rows import paths, require_study, study_of_rows

LISTED = 6


class Missing(NamedTuple):
    """What a study lacks.

    `cells` maps a table's cell (its trace name) to what is wrong with it; `tables` a resource
    without a row of the study to the tables that would have a row for each; `claims` such a
    resource to the claims that count its rows; `failing` a claim that cannot be computed to the
    reason.
    """

    study: str
    cells: Mapping[str, str]
    tables: Mapping[str, list[str]]
    claims: Mapping[str, list[str]]
    failing: Mapping[str, str]

    def __str__(self) -> str:
        parts = (
            ("for the tables", self.cells, self.tables, "no row, since {} has none of the study"),
            ("for the claims", self.failing, self.claims, "{} has no row of the study"),
        )
        lines = []
        for title, reasons, lacking, said in parts:
            lines += [title] if reasons or lacking else []
            lines += [f"  {name}: {what}" for name, what in reasons.items()]
            lines += [f"  {listing(n, LISTED)}: {said.format(r)}" for r, n in lacking.items()]
        nothing = f"{self.study}: nothing is missing"
        return "\n".join([f"{self.study} lacks", *lines]) if lines else nothing


def missing(review: Review, study: str) -> Missing:
    """What a study lacks in each table and for each claim; CompanionError for an unknown one."""
    rows = {resource.name: resource.rows for resource in review.package}
    require_study(study, rows)
    belongs = study_of_rows(review.package, rows)
    without = {name for name in paths(review.package) if study not in belongs[name].values()}
    tables: dict[str, list[str]] = {}
    lacking = {identifier(name): name for name in without}
    for name, spec in review.tables_declared.items():
        named = re.match(r"\w+", str(spec.get("rows", "")))  # the selection begins with its table
        if named and named[0] in lacking:
            tables.setdefault(lacking[named[0]], []).append(name)
    claims: dict[str, list[str]] = {}
    failing: dict[str, str] = {}
    for name, claim in review.ledger.attempted():
        if isinstance(claim, CompanionError):
            failing[name] = claim.what
            continue
        for resource in sorted(claim.membership & without):
            claims.setdefault(resource, []).append(name)
    return Missing(study, dict(_cells(review, study, belongs)), tables, claims, failing)


def _cells(
    review: Review, study: str, belongs: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    """The cells of a study's rows that cannot be made, or are empty in a published table."""
    published = {path.stem for path in (review.package.folder / "published").glob("*.csv")}
    for name, spec in review.tables_declared.items():
        for row, column, cell in attempted(name, spec, review.evaluator):
            place = f"{name}/{row.key}/{column}"
            if belongs.get(row.resource.name, {}).get(row.key) != study:
                continue
            if isinstance(cell, CompanionError):
                yield place, cell.what.removeprefix(f"{place}: ")
            elif not cell.text and name in published:
                yield place, "empty"
