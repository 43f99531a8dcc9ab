"""Adds a column to a table: a line of `schema.yml` or `review.yml`, an empty cell in each row."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ..errors import CompanionError, nearest
from ..package.descriptor import TableSpec, has_schema
from ..package.schema import PLACE, SCHEMA, TYPES
from ..package.yaml_files import REVIEW, read_yaml, starts_from_defaults
from .edits import Edits, read_project
from .yaml_places import children, yaml_entries

NAME = re.compile(r"[a-z][a-z0-9_]*")


def new_column(root: Path, table: str, name: str, kind: str, about: str) -> Edits:
    """The edits that add a column; raises CompanionError where table or name do not allow it."""
    if not has_schema(root / "data"):
        raise CompanionError(f"there is no {SCHEMA}", where="data", hint="a column is a line of it")
    project = read_project(root)
    tables = {spec.name: spec for spec in project.specs}
    if table not in tables:
        hint = nearest(table, tables)
        raise CompanionError(f"there is no table “{table}”", hint=hint)
    spec = tables[table]
    require_name(name)
    if name in spec.columns:
        raise CompanionError(f"there is a column “{name}” already", where=f"data/{spec.path}")
    edits = Edits(project)
    line = _declare(edits, spec, f"{name}: {{{_holds(kind, about)}}}")
    before = _first_of_place(project.root / "data", spec)
    columns = [*spec.columns[:before], name, *spec.columns[before:]]
    body = [[row.get(c, "") for c in columns] for row in project.rows[table]]
    edits.plain(project.root / "data" / spec.path, [columns, *body])
    edits.lines = [line, f"data/{spec.path}: the column {name}, empty in {len(body)} row(s)"]
    return edits


def require_name(name: str, where: str | None = None) -> None:
    """Raises CompanionError for a text that cannot be the name of a column."""
    if not NAME.fullmatch(name):
        hint = "small letters, digits and _, such as median_dose"
        raise CompanionError(f"“{name}” cannot be a column's name", where=where, hint=hint)


def _first_of_place(data: Path, spec: TableSpec) -> int:
    """Where to put a new column: before those that say where the row is printed, or last."""
    schema = read_yaml(data / SCHEMA)
    place = list(schema.get(PLACE) or ())
    used = PLACE in schema["tables"][spec.name]["columns"]
    return spec.columns.index(place[0]) if used and place else len(spec.columns)


def _declare(edits: Edits, spec: TableSpec, line: str) -> str:
    """Writes the column's line into the schema, or into `review.yml`; returns what was done."""
    data = edits.project.root / "data"
    path, names = data / SCHEMA, ["tables", spec.name, "columns"]
    starts = starts_from_defaults(data)
    if starts and spec.name == "studies":
        path, names = data / REVIEW, ["characteristics"]
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else [""]
    at, new = _place_for(lines, names, line, starts)
    edits.text(path, "\n".join([*lines[:at], *new, *lines[at:]]))
    return f"{edits.project.name(path)}:{at + len(new)}: {line}"


def yaml_text(text: str) -> str:
    """A text as YAML writes it."""
    return json.dumps(text, ensure_ascii=False)


def _holds(kind: str, about: str) -> str:
    return ", ".join(filter(None, [kind if kind in TYPES else "", f"about: {yaml_text(about)}"]))


def _place_for(
    lines: list[str], names: list[str], line: str, may_begin: bool
) -> tuple[int, list[str]]:
    """The index of the line before which to insert, and the lines to insert.

    `names` lead to the columns. Where these keys are not all there, the missing ones are written
    too if the review starts from defaults; otherwise that is a CompanionError.
    """
    parts, depth, last = yaml_entries("\n".join(lines)), 0, len(lines) - (lines[-1:] == [""])
    for name in names:
        found = next((entry for entry in parts if entry.name == name), None)
        if found is None:
            break
        last, depth = found.last, depth + 1
        parts = [e for e in children(found.node, lines) if e.first > found.first]
    columns = parts if depth == len(names) else []
    if not columns and (not may_begin or depth == len(names)):
        hint = "write its columns one a line, or add the column yourself"
        raise CompanionError(f"no columns below {': '.join(names)}", where=SCHEMA, hint=hint)
    missing = [f"{word}:" for word in names[depth:]] + [line]
    neighbour = lines[columns[0].first] if columns else "  " * depth
    first = len(neighbour) - len(neighbour.lstrip(" "))
    new = [f"{' ' * (first + 2 * step)}{text}" for step, text in enumerate(missing)]
    placed = next((c.first for c in columns if c.name == PLACE), None)
    return (last if placed is None else placed), new
