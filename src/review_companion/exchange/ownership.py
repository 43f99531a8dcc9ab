"""Which rows of a package belong to a study: those whose required foreign keys lead to it.

A row of `locators` belongs to the study of the cell that it locates. Resources that lead to no
study, or need not (substances, references, the flow of the search), are shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..errors import CompanionError
from ..model import Row
from ..package.corrections import RESOURCE as CORRECTIONS
from ..package.descriptor import TableSpec
from ..package.links import LOCATORS
from ..package.problems import did_you_mean

STUDIES = "studies"

Rows = Mapping[str, Mapping[str, Row]]


@dataclass(frozen=True)
class Ownership:
    """Per owned resource the column that leads to a study, and the resource that it names."""

    paths: Mapping[str, tuple[str, str]]

    def owned(self, resource: str) -> bool:
        """Whether the resource's rows belong to studies."""
        return resource in (STUDIES, LOCATORS) or resource in self.paths

    def study(self, resource: str, key: str, row: Row, rows: Rows) -> str:
        """The study that a row belongs to; "" for none. `rows` are those of all resources."""
        if resource == LOCATORS:
            resource, key = row.get("resource", ""), row.get("row", "")
            row = rows.get(resource, {}).get(key, {})
        if resource == STUDIES:
            return key if row else ""
        if resource not in self.paths:
            return ""
        column, target = self.paths[resource]
        value = row.get(column, "")
        if target == STUDIES:
            return value
        return self.study(target, value, rows.get(target, {}).get(value, {}), rows)

    def rows_of(self, study: str, resource: str, rows: Rows) -> dict[str, Row]:
        """Key -> cells of an owned resource's rows that belong to the study, in their order."""
        mine = rows.get(resource, {}).items()
        return {key: row for key, row in mine if self.study(resource, key, row, rows) == study}


def ownership(specs: Iterable[TableSpec]) -> Ownership:
    """Follows the declared foreign keys, nearest to `studies` first, first column first."""
    open_specs = [s for s in specs if s.name not in (STUDIES, LOCATORS, CORRECTIONS)]
    paths: dict[str, tuple[str, str]] = {}
    reached = {STUDIES}
    while reached:
        found = {}
        for spec in open_specs:
            if spec.name not in paths and (path := _path(spec, reached)):
                found[spec.name] = path
        paths |= found
        reached = set(found)
    return Ownership(paths)


def split(specs: Iterable[TableSpec]) -> tuple[list[TableSpec], list[TableSpec]]:
    """The tables with rows of studies, and the shared tables that they refer to."""
    every = list(specs)
    owner = ownership(every)
    own = [s for s in every if owner.owned(s.name)]
    named = {target for s in own for target in s.foreign_keys.values()}
    return own, [s for s in every if s.name in named and s not in own]


def require_study(study: str, rows: Rows) -> None:
    """Raises CompanionError for a study that is not in the data, with those that are."""
    known = rows.get(STUDIES, {})
    if study not in known:
        what = "; ".join(filter(None, [f"there is no study “{study}”", did_you_mean(study, known)]))
        begun = f"`companion export-xlsx --study {study} --blank` begins it"
        hint = f"known: {', '.join(known)}; {begun}"
        raise CompanionError(what, where=f"{STUDIES}.csv", hint=hint)


def _path(spec: TableSpec, targets: Iterable[str]) -> tuple[str, str] | None:
    for entry in spec.fields:
        target = spec.foreign_keys.get(entry["name"])
        if target in set(targets) and entry.get("constraints", {}).get("required"):
            return entry["name"], str(target)
    return None
