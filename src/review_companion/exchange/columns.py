"""Adds a column to a table: a line of the schema, and an empty cell in each row."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import CompanionError
from ..package.descriptor import TableSpec, has_schema
from ..package.problems import did_you_mean
from ..package.schema import PLACE, SCHEMA, TYPES
from .edits import Edits, read_project
from .yaml_text import Entry, entries

NAME = re.compile(r"[a-z][a-z0-9_]*")


def new_column(root: Path, table: str, name: str, kind: str, about: str) -> Edits:
    """What a new column would do; raises CompanionError for a table or a name that cannot be."""
    if not has_schema(root / "data"):
        raise CompanionError(f"there is no {SCHEMA}", where="data", hint="a column is a line of it")
    project = read_project(root)
    tables = {spec.name: spec for spec in project.specs}
    if table not in tables:
        hint = did_you_mean(table, tables) or f"known: {', '.join(tables)}"
        raise CompanionError(f"there is no table “{table}”", hint=hint)
    spec = tables[table]
    if not NAME.fullmatch(name):
        hint = "small letters, digits and _, such as median_dose"
        raise CompanionError(f"“{name}” cannot be a column's name", hint=hint)
    if name in spec.columns:
        raise CompanionError(f"there is a column “{name}” already", where=f"data/{spec.path}")
    path = project.root / "data" / SCHEMA
    lines = path.read_text(encoding="utf-8").split("\n")
    at, before, indent = _place_for(lines, spec)
    line = f"{indent}{name}: {{{_holds(kind, about)}}}"
    edits = Edits(project)
    edits.text(path, "\n".join([*lines[:at], line, *lines[at:]]))
    index = spec.columns.index(before) if before else len(spec.columns)
    columns = [*spec.columns[:index], name, *spec.columns[index:]]
    body = [[row.get(c, "") for c in columns] for row in project.rows[table]]
    edits.plain(project.root / "data" / spec.path, [columns, *body])
    edits.told = [
        f"data/{SCHEMA}:{at + 1}: {line.strip()}",
        f"data/{spec.path}: the column {name}, empty in {len(body)} row(s)",
    ]
    return edits


def _holds(kind: str, about: str) -> str:
    text = about.replace("\\", "\\\\").replace('"', '\\"')
    return ", ".join(filter(None, [kind if kind in TYPES else "", f'about: "{text}"']))


def _place_for(lines: list[str], spec: TableSpec) -> tuple[int, str, str]:
    """The line for a column, the column that it stands before ("" at the end), its indent."""
    within = Entry("", -1, len(lines))
    for name in ("tables", spec.name, "columns"):
        inner = entries(lines, within.first + 1, within.last)
        found = next((entry for entry in inner if entry.name == name), None)
        if found is None:
            hint = "write its columns one a line, or add the column yourself"
            raise CompanionError(
                f"the columns of {spec.name} are not found", where=SCHEMA, hint=hint
            )
        within = found
    columns = list(entries(lines, within.first + 1, within.last))
    if not columns:
        raise CompanionError(f"the columns of {spec.name} stand in one line", where=SCHEMA)
    indent = lines[columns[0].first][: -len(lines[columns[0].first].lstrip(" "))]
    names = [column.name for column in columns]
    if PLACE in names:
        behind = spec.columns[names.index(PLACE)] if names.index(PLACE) < len(spec.columns) else ""
        return columns[names.index(PLACE)].first, behind, indent
    return columns[-1].last, "", indent
