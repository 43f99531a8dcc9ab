"""Which rows of a package belong to a study: those whose required foreign keys lead to it.

A row of `locators` belongs to the study of the cell that it locates. Resources that lead to no
study, or need not (substances, references, the flow of the search), are shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..errors import CompanionError
from ..model import Row
from ..package.cell_checks import column_check
from ..package.descriptor import TableSpec
from ..package.links import CORRECTIONS, LOCATORS
from ..package.package import Package
from ..package.problems import did_you_mean
from ..package.schema import SCHEMA

STUDIES = "studies"
SOUND = re.compile(r"[^\W_]([\w.-]*\w)?")

RowsByTable = Mapping[str, Mapping[str, Row]]


def paths(specs: Iterable[TableSpec]) -> dict[str, tuple[str, str]]:
    """Resource -> the column that leads to a study, and the resource that it names.

    Follows the declared foreign keys, nearest to `studies` first, first column first.
    """
    found: dict[str, tuple[str, str]] = {}
    left = [spec for spec in specs if spec.name not in (STUDIES, LOCATORS, CORRECTIONS)]
    reached = {STUDIES}
    while reached:
        new = {spec.name: path for spec in left if (path := _path(spec, reached))}
        left = [spec for spec in left if spec.name not in new]
        found |= new
        reached = set(new)
    return found


def study_of_rows(specs: Iterable[TableSpec], rows: RowsByTable) -> Mapping[str, Mapping[str, str]]:
    """Resource -> row's key -> the study that it belongs to ("" for none).

    Only of resources whose rows belong to studies. `rows` are those of all resources.
    """
    found = {STUDIES: {key: key for key in rows.get(STUDIES, {})}}
    for name, (column, target) in paths(specs).items():
        above = found[target]
        links = {key: row.get(column, "") for key, row in rows.get(name, {}).items()}
        found[name] = {k: v if target == STUDIES else above.get(v, "") for k, v in links.items()}
    located = rows.get(LOCATORS, {}).items()
    own = {k: found.get(r.get("resource", ""), {}).get(r.get("row", ""), "") for k, r in located}
    return {**found, LOCATORS: own}


def own_and_shared(specs: Iterable[TableSpec]) -> tuple[list[TableSpec], list[TableSpec]]:
    """The tables with rows of studies, and the shared tables that they refer to."""
    every = list(specs)
    leading = {STUDIES, LOCATORS, *paths(every)}
    own = [s for s in every if s.name in leading]
    named = {target for s in own for target in s.foreign_keys.values()}
    return own, [s for s in every if s.name in named and s not in own]


def require_study(study: str, rows: RowsByTable) -> None:
    """Raises CompanionError for an unknown study, and lists the known ones."""
    known = rows.get(STUDIES, {})
    if study not in known:
        what = "; ".join(filter(None, [f"there is no study “{study}”", did_you_mean(study, known)]))
        begun = f"`companion export-xlsx --study {study} --blank` begins it"
        hint = f"known: {', '.join(known)}; {begun}"
        raise CompanionError(what, where=f"{STUDIES}.csv", hint=hint)


def require_key(key: str, package: Package) -> None:
    """Raises CompanionError for a text that cannot be the key of a new study."""
    table = package[STUDIES]
    field = next(field for field in table.fields if field["name"] == table.key)
    faults = [f.expected for f in column_check(field)(key) if f.severity == "error"]
    if faults or not SOUND.fullmatch(key):
        hint = "letters, digits and hyphens, such as alpha-2001"
        wanted = "".join(f"; {SCHEMA} wants {expected}" for expected in faults)
        raise CompanionError(f"“{key}” cannot be a study's key", hint=hint + wanted)


def as_word(study: str) -> str:
    """A pattern for a study's key as a word of a text, or in a link (“#study-”, “@study-”)."""
    return rf"(?:(?<![\w.-])|(?<=[#@]study-)){re.escape(study)}(?![\w-]|\.\w)"


def _path(spec: TableSpec, targets: set[str]) -> tuple[str, str] | None:
    for entry in spec.fields:
        target = spec.foreign_keys.get(entry["name"], "")
        if target in targets and entry.get("constraints", {}).get("required"):
            return entry["name"], target
    return None
