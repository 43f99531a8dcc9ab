"""Reads `schema.yml`, the schema as a person writes it, into a Frictionless descriptor.

A column is a line: its name, and in braces what it holds, in the words of
`definitions.schema.json`. The first column is the key of the table: always required and unique; it
begins with the column that `begins the key`. Rules of a table are expressions that hold for each
row (see `expressions.rules`). The line `place:` means the columns that say where a row is printed,
declared once under `place` at the top. Other keys at the top (name, title, licences …) go into the
descriptor as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from ..errors import CompanionError, nearest
from .definition_schema import COLUMN, faults, keys, schema_parts
from .definition_schema import TYPES as KINDS
from .yaml_files import Node, mappings, read_yaml
from .yaml_nodes import check_keys, place_of

SCHEMA = "schema.yml"
PLACE = "place"
TYPES = ("integer", "number", "boolean", "date")
ROLE, TABLE = "role", "table of the schema"  # parts of definition_schema
HOLDS = {"string": str, "array": list, "object": Node}
LIMITS = {"min": "minimum", "max": "maximum", "pattern": "pattern", "one of": "enum"}
OF_A_FIELD = {  # what a Frictionless field says in words of its own; the others stay as they are
    *TYPES,
    *LIMITS,
    *"required unique printed worded about title unit".split(),
    *("not printed", "begins the key", "key of"),
}
CSV = {
    "profile": "tabular-data-resource",
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8",
    "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
}

Json = dict[str, Any]


def read_schema(folder: Path) -> Json:
    """The descriptor that `schema.yml` asks for; raises CompanionError with file and line."""
    schema = read_yaml(folder / SCHEMA)
    tables = _node(schema, "tables", "the tables by name")
    place = _node(schema, PLACE, "columns by name") if PLACE in schema else Node()
    front = {k: _plain(v) for k, v in schema.items() if k not in ("tables", PLACE)}
    resources = [_resource(name, tables, place) for name in tables]
    return {"profile": "tabular-data-package", **front, "resources": resources}


def line_numbers(folder: Path) -> Mapping[str, int]:
    """The line numbers in `schema.yml` of tables (`ages`) and columns (`ages.years`)."""
    found: dict[str, int] = {}
    for name, table in read_yaml(folder / SCHEMA)["tables"].items():
        found[name] = table.line
        for column, spec in table["columns"].items():
            found[f"{name}.{column}"] = getattr(spec, "line", table.line)
    return found


def _node(owner: Node, name: str, what: str) -> Node:
    found = owner[name]
    if not isinstance(found, Node):
        raise CompanionError(f"“{name}” must be a mapping: {what}", where=owner.where)
    return found


def column_faults(folder: Path) -> Iterator[CompanionError]:
    """What the JSON Schema does not allow within the words of columns."""
    for table in read_yaml(folder / SCHEMA)["tables"].values():
        for spec in table["columns"].values():
            yield from faults(spec, COLUMN) if isinstance(spec, Node) else ()


def _resource(name: str, tables: Node, place: Node) -> Json:
    table = _node(tables, name, "title, about, columns, rules")
    check_keys(table, keys(TABLE), f"“{name}”")
    columns = list(_columns(_node(table, "columns", "columns by name"), place))
    fields = [_field(column, spec) for column, spec in columns]
    if not fields:
        raise CompanionError(f"“{name}” has no column", where=table.where)
    key = fields[0].get("constraints", {})
    fields[0] = {**fields[0], "constraints": {**key, "required": True, "unique": True}}
    schema: Json = {"fields": fields, "primaryKey": fields[0]["name"]}
    if links := [_link(c, spec, name, tables) for c, spec in columns if "key of" in spec]:
        schema["foreignKeys"] = links
    if not isinstance(rules := table.get("rules") or [], list) or not all(
        isinstance(rule, str) for rule in rules
    ):
        hint = "each is a line such as `- low <= high`"
        raise CompanionError("“rules” is a list of expressions", where=table.where, hint=hint)
    if table.get("roles"):
        for role in mappings(table, "roles"):
            _require_columns(cast(Node, role), name, [field["name"] for field in fields])
    schema |= {word: _plain(table[word]) for word in ("rules", "roles") if table.get(word)}
    path = {"path": str(table.get("path") or f"{name}.csv")}
    return {"name": name, **_words(name, table), **path, **CSV, "schema": schema}


def _columns(columns: Node, place: Node) -> Iterator[tuple[str, Node]]:
    for name, spec in columns.items():
        if name == PLACE and spec is None:
            if not place:
                what = "“place:” is used and declared nowhere: name its columns at the top"
                raise CompanionError(what, where=columns.where)
            yield from ((c, _column(c, s, place)) for c, s in place.items())
        else:
            yield name, _column(name, spec, columns)


def _column(name: str, spec: Any, columns: Node) -> Node:
    """The field that a column's line declares; a line of text is its description."""
    if isinstance(spec, str):
        found = Node(about=spec)
        found.file, found.line = columns.file, getattr(spec, "line", columns.line)
        return found
    if not isinstance(spec, Node):
        what = f"the column “{name}” wants what it holds, such as {{number, about: Dose.}}"
        raise CompanionError(what, where=place_of(name, columns.where))
    check_keys(spec, keys(COLUMN), f"“{name}”")
    for word, value in spec.items():
        kind = str(schema_parts()[COLUMN]["properties"][word].get("type"))
        alone = kind == "null"
        wanted = ""
        if alone is not (value is None) and word != "worded":
            wanted = "takes no value" if alone else "needs a value"
        elif not isinstance(value, HOLDS.get(kind, object)):
            wanted = f"must be {KINDS[kind]}"
        if wanted:
            raise CompanionError(f"“{word}” of “{name}” {wanted}", where=spec.where)
    return spec


def _require_columns(role: Node, name: str, columns: list[str]) -> None:
    """A role whose columns the table lacks would silently make no claim, so it is an error."""
    check_keys(role, keys(ROLE), f"a role of “{name}”")
    for fault in faults(role, ROLE) if "when" in role else ():  # loads jsonschema
        raise fault
    of_columns = {
        w for w, s in schema_parts()[ROLE]["properties"].items() if s.get("format") == "column"
    }
    for word in of_columns & set(role):
        for text in role[word] if isinstance(role[word], list | Node) else [role[word]]:
            column = str(text).partition(".")[0]
            if column not in columns:
                raise CompanionError(
                    f"“{word}” of a role of “{name}” is not a column: “{column}”",
                    where=role.where,
                    hint=nearest(column, columns, "columns"),
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
    found |= {w: _plain(spec[w]) for w in keys(COLUMN) if w in spec and w not in OF_A_FIELD}
    if "begins the key" in spec:
        found["begins the key"] = True
    if "worded" in spec:
        found["worded"] = _plain(spec["worded"]) or True
    if "unit" in spec:
        found["unit"] = spec["unit"]
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
        return _plain(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _link(column: str, spec: Node, own: str, tables: Node) -> Json:
    target = spec["key of"]
    if target not in tables:
        hint = nearest(str(target), tables)
        raise CompanionError(f"there is no table “{target}”", where=spec.where, hint=hint)
    key = next(iter(_node(_node(tables, target, "a table"), "columns", "columns by name")), "")
    reference = {"resource": "" if target == own else target, "fields": key}
    return {"fields": column, "reference": reference}


def _plain(value: Any) -> Any:
    """What YAML gives, as JSON holds it."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return value
