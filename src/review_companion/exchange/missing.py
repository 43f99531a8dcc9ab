"""What a study still lacks: for each table cells that cannot be filled, for each claim rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..claims.ledger import Ledger
from ..errors import CompanionError, some
from ..package.descriptor import read_specs
from ..review import Review
from ..tables.build import attempted
from .ownership import Ownership, ownership, require_study

LISTED = 6


@dataclass(frozen=True)
class Missing:
    """What a study lacks.

    `cells` maps a table's cell (its trace name) to what is wrong with it; `tables` a resource
    without a row of the study to the tables that would have a row for each; `claims` such a
    resource to the claims that count its rows; `failing` a claim that cannot be computed to the
    reason.
    """

    study: str
    cells: Mapping[str, str]
    tables: Mapping[str, tuple[str, ...]]
    claims: Mapping[str, tuple[str, ...]]
    failing: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.cells or self.tables or self.claims or self.failing)

    def __str__(self) -> str:
        if not self:
            return f"{self.study}: nothing is missing"
        lines = [f"{self.study} lacks"]
        lines += ["for the tables"] if self.cells or self.tables else []
        lines += [f"  {name}: {what}" for name, what in self.cells.items()]
        for resource, tables in self.tables.items():
            what = f"no row, since {resource} has none of the study"
            lines.append(f"  {some(tables, LISTED)}: {what}")
        lines += ["for the claims"] if self.claims or self.failing else []
        lines += [f"  {name}: {what}" for name, what in self.failing.items()]
        for resource, claims in self.claims.items():
            lines.append(f"  {some(claims, LISTED)}: {resource} has no row of the study")
        return "\n".join(lines)


def missing(review: Review, study: str) -> Missing:
    """What the study lacks in each table and for each claim of the review.

    Raises CompanionError for a study that is not there, with those that are.
    """
    rows = {resource.name: resource.rows for resource in review.package}
    require_study(study, rows)
    owner = ownership(read_specs(review.package.folder)[0])
    without = {
        name
        for name in owner.paths
        if all(owner.study(name, key, row, rows) != study for key, row in rows[name].items())
    }
    cells, tables = _of_tables(review, study, owner, without)
    return Missing(study, cells, tables, *_of_claims(review.ledger, without))


def _of_tables(
    review: Review, study: str, owner: Ownership, without: set[str]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    rows = {resource.name: resource.rows for resource in review.package}
    published = {path.stem for path in (review.package.folder / "published").glob("*.csv")}
    cells: dict[str, str] = {}
    tables: dict[str, list[str]] = {}
    for name, spec in review.tables_declared.items():
        resource = _resource(spec)
        if resource in without:
            tables.setdefault(resource, []).append(name)
        for row, column, cell in attempted(name, spec, review.evaluator):
            source = row.resource.name
            if owner.study(source, row.key, rows[source][row.key], rows) != study:
                continue
            place = f"{name}/{row.key}/{column}"
            if isinstance(cell, CompanionError):
                cells[place] = cell.what.removeprefix(f"{place}: ")
            elif not cell.text and name in published:
                cells[place] = "empty"
    return cells, {resource: tuple(names) for resource, names in tables.items()}


def _resource(spec: Mapping[str, Any]) -> str:
    """The resource with whose name the selection of a table's rows begins."""
    named = re.match(r"\w+", str(spec.get("rows", "")))
    return named.group() if named else ""


def _of_claims(
    ledger: Ledger, without: set[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    found: dict[str, list[str]] = {}
    failing: dict[str, str] = {}
    for name, claim in ledger.attempted():
        if isinstance(claim, CompanionError):
            failing[name] = claim.what
            continue
        for resource in sorted(claim.membership & without):
            found.setdefault(resource, []).append(name)
    return {resource: tuple(names) for resource, names in found.items()}, failing
