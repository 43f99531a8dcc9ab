"""Reads `schema.yml`, the schema as a person writes it, into a Frictionless descriptor.

A column is a line: its name, and in braces what it holds, in the words of
`definitions.schema.json`. The first column is the key of the table: always required and unique; it
begins with the column that `begins the key`. Rules of a table are expressions that hold for each
row (see `expressions.rules`). The line `place:` means the columns that say where a row is printed,
declared once under `place` at the top. Other keys at the top (name, title, licences …) go into the
descriptor as they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from ..errors import CompanionError, nearest
from .files import read_bytes
from .yaml_files import COLUMN, REVIEW, keys, read_yaml, require_allowed, schema_parts
from .yaml_nodes import Node

SCHEMA = "schema.yml"
PLACE = "place"
TYPES = ("integer", "number", "boolean", "date")
ROLE = "role"  # a part of definitions.schema.json
LIMITS = {"min": "minimum", "max": "maximum", "pattern": "pattern", "one of": "enum"}
OF_A_FIELD = {  # what a Frictionless field says in words of its own
    *TYPES,
    *LIMITS,
    *("required", "unique", "title", "about", "key of", "printed", "not printed"),
}
LAST = ("begins the key", "worded", "unit")  # the others stay as they are, these after them
CSV = {
    "profile": "tabular-data-resource",
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8",
    "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
}

Json = dict[str, Any]
Tables = Mapping[str, Mapping[str, Node]]  # the columns of each, as they are declared


def read_schema(folder: Path) -> Json:
    """The descriptor that `schema.yml` asks for; raises CompanionError with file and line.

    Made once for one content of the files; not to be changed.
    """
    files = [folder / SCHEMA, folder / REVIEW]
    content = tuple(read_bytes(file) for file in files if os.path.lexists(file))
    made = _made.get(content)
    if made is None:
        made = _descriptor(folder)
        _made.clear()
        _made[content] = made
    return made


_made: dict[tuple[bytes, ...], Json] = {}  # of the content that was read last, in any folder


def _descriptor(folder: Path) -> Json:
    schema = read_yaml(folder / SCHEMA)
    require_allowed(schema, SCHEMA)
    tables, place = schema["tables"], schema.get(PLACE, Node())
    front = {k: _texts(v) for k, v in schema.items() if k not in ("tables", PLACE)}
    columns = {name: dict(_columns(table["columns"], place)) for name, table in tables.items()}
    resources = [_resource(name, table, columns) for name, table in tables.items()]
    return {"profile": "tabular-data-package", **front, "resources": resources}


def line_numbers(folder: Path) -> Mapping[str, int]:
    """The line numbers in `schema.yml` of tables (`ages`) and columns (`ages.years`)."""
    found: dict[str, int] = {}
    for name, table in read_yaml(folder / SCHEMA)["tables"].items():
        found[name] = table.line
        for column, spec in table["columns"].items():
            found[f"{name}.{column}"] = getattr(spec, "line", table.line)
    return found


def _resource(name: str, table: Node, tables: Tables) -> Json:
    columns = tables[name]
    for column, spec in columns.items():
        _require_tables(spec, tables)
        _require_columns(spec, COLUMN, f"“{name}.{column}”", name, tables)
        _require_linked(spec, f"“{name}.{column}”", name, tables)
    fields = [_field(column, spec) for column, spec in columns.items()]
    key = fields[0].get("constraints", {})
    fields[0] = {**fields[0], "constraints": {**key, "required": True, "unique": True}}
    schema: Json = {"fields": fields, "primaryKey": fields[0]["name"]}
    if links := [_link(c, spec, name, tables) for c, spec in columns.items() if "key of" in spec]:
        schema["foreignKeys"] = links
    for role in table.get("roles") or ():
        _require_columns(role, ROLE, f"a role of “{name}”", name, tables)
        for column, values in role.get("when", {}).items():
            _require_codes(values, columns[column], f"“when” of a role of “{name}”", role.where)
    schema |= {word: _texts(table[word]) for word in ("rules", "roles") if table.get(word)}
    path = {"path": str(table.get("path", f"{name}.csv"))}
    return {"name": name, **_words(name, table), **path, **CSV, "schema": schema}


def _columns(columns: Node, place: Node) -> Iterator[tuple[str, Node]]:
    """Names and declarations; a line of text is the description of its column."""
    for name, spec in columns.items():
        if spec is not None:
            yield name, spec if isinstance(spec, Node) else Node(about=spec)
        elif place:
            yield from _columns(place, Node())
        else:
            what = "“place:” is used and declared nowhere: name its columns at the top"
            raise CompanionError(what, where=columns.where)


def _require_columns(spec: Node, part: str, whose: str, table: str, tables: Tables) -> None:
    """What names a column that the table lacks would silently check nothing, so it is an error."""
    words = schema_parts()[part]["properties"]
    for word in (word for word in spec if words[word].get("format") == "column"):
        for path in spec[word] if isinstance(spec[word], list | Node) else [spec[word]]:
            _require_path(str(path), table, tables, f"“{word}” of {whose}", spec.where)


def _require_path(path: str, table: str, tables: Tables, what: str, where: str) -> None:
    """The same of a column to which a path of foreign keys leads."""
    before = ""
    for column in path.split("."):
        columns = tables.get(table, {})
        if column not in columns:
            hint = nearest(column, columns, "columns") or f"“{before}” names no row of a table"
            raise CompanionError(f"{what} is not a column: “{column}”", where=where, hint=hint)
        table, before = str(columns[column].get("key of", "")), column


def _require_tables(spec: Node, tables: Tables) -> None:
    """The same of tables that a column names."""
    among, rows = str(spec.get("among", "")).partition(".")[0], spec.get("rows in", {})
    for target in filter(None, (spec.get("key of"), among, rows.get("table"))):
        if target not in tables:
            hint = nearest(str(target), tables)
            raise CompanionError(f"there is no table “{target}”", where=spec.where, hint=hint)


def _require_linked(spec: Node, whose: str, own: str, tables: Tables) -> None:
    """The same of columns that `among`, `with`, `without` and `rows in` name, and of codes."""
    if "among" in spec:
        table, _, path = str(spec["among"]).partition(".")
        _require_path(path, table, tables, f"“among” of {whose}", spec.where)
    for word in ("with", "without"):
        _require_codes(spec.get(word, ()), spec, f"“{word}” of {whose}", spec.where)
        for entry in (entry for listed in spec.get(word, {}).values() for entry in listed):
            column = str(entry).partition(" ")[0]
            _require_path(column, own, tables, f"“{word}” of {whose}", spec.where)
    if rows := spec.get("rows in"):
        _require_codes(rows["codes"], spec, f"“rows in” of {whose}", spec.where)
        for column, table in product(rows["by"], (own, rows["table"])):
            _require_path(str(column), table, tables, f"“rows in” of {whose}", spec.where)


def _require_codes(codes: Iterable[Any], spec: Node, what: str, where: str) -> None:
    """The same of values that a column does not declare."""
    allowed = [_limit(code, "string") for code in spec.get("one of", ())]
    for code in map(str, codes if allowed else ()):
        if code not in allowed:
            hint = nearest(code, allowed, "values")
            raise CompanionError(
                f"{what} is no value of the column: “{code}”", where=where, hint=hint
            )


def _field(name: str, spec: Node) -> Json:
    types = [word for word in TYPES if word in spec]
    if len(types) > 1:
        raise CompanionError(f"“{name}” is {' and '.join(types)}: choose one", where=spec.where)
    kind = types[0] if types else "string"
    found: Json = {"name": name, **_words(name, spec), "type": kind}
    found = {key: found[key] for key in ("name", "title", "type", "description")}
    limits: Json = {word: True for word in ("required", "unique") if word in spec}
    limits |= {LIMITS[word]: _limit(spec[word], kind) for word in LIMITS if word in spec}
    if limits:
        found["constraints"] = limits
    own = [w for w in keys(COLUMN) if w in spec and w not in OF_A_FIELD]
    for word in sorted(own, key=lambda word: LAST.index(word) + 1 if word in LAST else 0):
        found[word] = True if spec[word] is None else _texts(spec[word])
    if "not printed" in spec or "printed" in spec:
        found["printed"] = spec.get("printed", False)
    return found


def _words(name: str, spec: Node) -> Json:
    title = str(spec.get("title") or name.replace("_", " ").capitalize())
    return {"title": title, "description": str(spec.get("about") or "")}


def _limit(value: Any, kind: str) -> Any:
    """A limit of a column; allowed texts stay text, whatever YAML takes them for."""
    if isinstance(value, list):
        return [_limit(v, kind) for v in value]
    if kind != "string":
        return float(value) if isinstance(value, Decimal) else value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _link(column: str, spec: Node, own: str, tables: Tables) -> Json:
    target = spec["key of"]
    reference = {"resource": "" if target == own else target, "fields": next(iter(tables[target]))}
    return {"fields": column, "reference": reference}


def _texts(value: Any) -> Any:
    """Texts, lists and mappings of YAML; numbers within them as they are written."""
    if isinstance(value, Mapping):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return str(value) if is_number else value
