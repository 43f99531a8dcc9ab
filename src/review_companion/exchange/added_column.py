"""Adds a column: a line of `schema.yml` or `review.yml`, and an empty cell in each row."""

from __future__ import annotations

import re
from contextlib import suppress
from keyword import iskeyword
from pathlib import Path
from typing import Any

from ..errors import CompanionError, require_known
from ..package.descriptor import TableSpec, has_schema
from ..package.files import read_text
from ..package.schema import PLACE, SCHEMA, TYPES
from ..package.yaml_files import REVIEW, read_yaml, starts_from_defaults
from ..package.yaml_nodes import Node, parse_yaml
from .edits import Edits, edits_of
from .yaml_text import children, require_plain_aliases, yaml_entries, yaml_text

NAME = re.compile(r"[a-z][a-z0-9_]*")


def new_column(root: Path, table: str, name: str, kind: str, about: str) -> Edits:
    """The edits that add a column; raises CompanionError where table or name do not allow it."""
    if not has_schema(root / "data"):
        raise CompanionError(f"there is no {SCHEMA}", where="data", hint="a column is a line of it")
    edits = edits_of(root)
    tables = edits.package.resources
    require_known(table, tables, "there is no table")
    spec = tables[table]
    require_name(name)
    if name in spec.columns:
        raise CompanionError(f"there is a column “{name}” already", where=f"data/{spec.path}")
    holds = ", ".join(filter(None, [kind if kind in TYPES else "", f"about: {yaml_text(about)}"]))
    line = _declare(edits, spec, name, holds)
    before = _first_of_place(root / "data", spec)
    columns = [*spec.columns[:before], name, *spec.columns[before:]]
    body = [[row.get(c, "") for c in columns] for row in spec.rows.values()]
    edits.plain(root / "data" / spec.path, [columns, *body])
    edits.lines = [line, f"data/{spec.path}: the column {name}, empty in {len(body)} row(s)"]
    return edits


def require_name(name: str, where: str | None = None) -> None:
    """Raises CompanionError for a text that cannot be the name of a column."""
    if not NAME.fullmatch(name) or iskeyword(name):
        hint = "small letters, digits and _, such as median_dose"
        hint = "it is a word of the language of expressions" if iskeyword(name) else hint
        raise CompanionError(f"“{name}” cannot be a column's name", where=where, hint=hint)


def _first_of_place(data: Path, spec: TableSpec) -> int:
    """Where to put a new column: before those that say where the row is printed, or last."""
    schema = read_yaml(data / SCHEMA)
    place = list(schema.get(PLACE) or ())
    used = PLACE in schema["tables"][spec.name]["columns"]
    return spec.columns.index(place[0]) if used and place else len(spec.columns)


def _declare(edits: Edits, spec: TableSpec, name: str, holds: str) -> str:
    """Writes the column's line into the schema, or into `review.yml`; returns what was done."""
    data = edits.root / "data"
    path, names = data / SCHEMA, ["tables", spec.name, "columns"]
    if starts_from_defaults(data) and spec.name == "studies":
        path, names = data / REVIEW, ["characteristics"]
    file, text = edits.name(path), read_text(path) if path.is_file() else ""
    require_plain_aliases(text, file)
    lines, line = text.split("\n"), f"{name}: {{{holds}}}"
    at, new = _place_for(lines, names, line)
    after = "\n".join([*lines[:at], *new, *lines[at:]])
    if not _is_there(after, [*names, name]):
        hint = "write its columns one a line, or add the column yourself"
        raise CompanionError(f"no columns below {': '.join(names)}", where=file, hint=hint)
    edits.text(path, after)
    return f"{file}:{at + len(new)}: {line}"


def _place_for(lines: list[str], names: list[str], line: str) -> tuple[int, list[str]]:
    """The index of the line before which to insert, and the lines to insert.

    `names` lead to the columns; those that are not there are written too.
    """
    neighbours, last, depth = yaml_entries("\n".join(lines)), len(lines) - (lines[-1:] == [""]), 0
    for name in names:
        found = next((each for each in neighbours if each.name == name), None)
        if found is None:
            break
        neighbours, last, depth = list(children(found.node, lines)), found.last, depth + 1
    beside = lines[neighbours[0].first] if neighbours else "  " * depth + line
    indent = len(beside) - len(beside.lstrip(" "))
    missing = [f"{name}:" for name in names[depth:]] + [line]
    new = [f"{' ' * (indent + 2 * step)}{text}" for step, text in enumerate(missing)]
    return next((each.first for each in neighbours if each.name == PLACE), last), new


def _is_there(text: str, names: list[str]) -> bool:
    """Whether names lead to an entry of YAML text, which a mapping within braces may prevent."""
    content: Any = None
    with suppress(CompanionError):
        content = parse_yaml(text, "")
        for name in names:
            content = content.get(name) if isinstance(content, Node) else None
    return content is not None
