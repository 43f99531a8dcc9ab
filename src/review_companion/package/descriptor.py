"""Reads and checks a package's descriptor: Frictionless's own checks, and what is relied on here.

The descriptor is what `schema.yml` asks for; `datapackage.json`, written from it for others, is
read where there is no `schema.yml`. Relied on: schemas inline; one primary key, the first column;
foreign keys of one column to the key of another resource; `rules` that are texts;
`printed` as `printed_places.py` does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import CompanionError
from ..imports import frictionless
from .cell_checks import bare, field_of, is_plain
from .files import read_json
from .problems import Problem, did_you_mean, errors, of_error
from .schema import SCHEMA, column_faults, line_numbers, read_schema
from .yaml_files import REVIEW, starts_from_defaults

Descriptor = Mapping[str, Any]
MONTH = "month"
PACKAGE = "datapackage.json"
_PART = re.compile(r"field (\S+): ")


@dataclass(frozen=True)
class TableSpec:
    """What a resource's schema declares; `foreign_keys` maps a column to the resource it names."""

    name: str
    path: str
    fields: tuple[Descriptor, ...]
    foreign_keys: Mapping[str, str]
    rules: tuple[str, ...]
    roles: tuple[Mapping[str, Any], ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the fields; the first is the key."""
        return tuple(f["name"] for f in self.fields)

    @property
    def key(self) -> str:
        """The name of the column that holds the rows' keys."""
        return self.columns[0]

    def field(self, column: str) -> Descriptor:
        """The descriptor of a column."""
        return self.by_name[column]

    @cached_property
    def by_name(self) -> Mapping[str, Descriptor]:
        """The fields by their column."""
        return {f["name"]: f for f in self.fields}

    @property
    def types(self) -> Mapping[str, str]:
        """Column -> Frictionless type."""
        return {f["name"]: f.get("type", "string") for f in self.fields}

    @property
    def meant(self) -> Mapping[str, str]:
        """Column -> Frictionless type; "boolean" for columns that allow true and false."""
        allowed = {f["name"]: f.get("constraints", {}).get("enum", ()) for f in self.fields}
        truths = {
            name for name, words in allowed.items() if {"true", "false"} <= {*map(str, words)}
        }
        return {name: "boolean" if name in truths else kind for name, kind in self.types.items()}


def read_specs(folder: Path) -> tuple[list[TableSpec], list[str], list[Problem]]:
    """The tables whose declaration is sound enough to check, other files' paths, and problems."""
    file = str(folder / (SCHEMA if has_schema(folder) else PACKAGE))
    try:
        descriptor = read_descriptor(folder)
        for fault in column_faults(folder) if has_schema(folder) else ():
            raise fault
    except CompanionError as error:
        is_review = Path((error.where or "").partition(":")[0]).name == REVIEW
        return [], [], [of_error(error, str(folder / REVIEW) if is_review else file, "descriptor")]
    entries = [e for e in _entries(descriptor) if not any(_resource_faults(e))]
    tables = {e["name"]: spec_of(e) for e in entries if is_table(e)}
    found = list(_outer_faults(descriptor)) or [
        (entry["name"], fault)
        for entry in _entries(descriptor)
        for fault in (*_resource_faults(entry), *_link_faults(entry, tables, descriptor))
    ]
    if not found:
        found = list(_frictionless_faults(json.dumps(descriptor, sort_keys=True)))
    rows = line_numbers(folder) if found and has_schema(folder) else {}
    problems = [Problem(file, _row(rows, k, m), k, code="descriptor", message=m) for k, m in found]
    others = [str(e["path"]) for e in entries if not is_table(e)]
    return list(tables.values()), others, problems


def _row(rows: Mapping[str, int], resource: str, message: str) -> int:
    """The line of the field that a message names, else of its resource."""
    part = _PART.match(message)
    return rows.get(f"{resource}.{part[1]}" if part else resource, rows.get(resource, 0))


def has_schema(folder: Path) -> bool:
    """Whether the package is declared by a `schema.yml`, its own or the default one."""
    return (folder / SCHEMA).exists() or starts_from_defaults(folder)


def read_descriptor(folder: Path) -> Descriptor:
    """The package's descriptor; raises CompanionError where there is none that can be read."""
    if has_schema(folder):
        return read_schema(folder)
    path = folder / PACKAGE
    if not path.exists():
        hint = f"restore {SCHEMA}"
        raise CompanionError("there is no data package here", where=str(path), hint=hint)
    descriptor = read_json(path)
    if not isinstance(descriptor, dict):
        raise CompanionError("is not a JSON object", where=str(path))
    return descriptor


def sound_specs(folder: Path) -> list[TableSpec]:
    """The tables of a package; raises CompanionError for the first error in its descriptor."""
    specs, _, problems = read_specs(folder)
    if errors(problems):
        raise CompanionError(str(problems[0]), hint="run `companion check`")
    return specs


def is_table(entry: Descriptor) -> bool:
    """Whether a resource is a CSV file with a schema."""
    return str(entry.get("path", "")).endswith(".csv") and "schema" in entry


def _entries(descriptor: Descriptor) -> list[Descriptor]:
    entries = descriptor.get("resources")
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


def spec_of(entry: Descriptor) -> TableSpec:
    """What the descriptor of a sound table declares."""
    schema = entry["schema"]
    links = {
        _one(link["fields"]): link["reference"].get("resource") or entry["name"]
        for link in schema.get("foreignKeys", [])
    }
    rules = tuple(schema.get("rules", ()))
    roles = tuple(schema.get("roles", ()))
    return TableSpec(entry["name"], entry["path"], tuple(schema["fields"]), links, rules, roles)


def _one(columns: Any) -> str:
    """The single column of a key; "" if the key has several."""
    if isinstance(columns, list) and len(columns) == 1:
        columns = columns[0]
    return columns if isinstance(columns, str) else ""


def _outer_faults(descriptor: Descriptor) -> Iterator[tuple[str, str]]:
    entries = descriptor.get("resources")
    if not isinstance(entries, list) or not entries:
        yield "", '"resources" is a list of at least one resource'
        return
    names: set[str] = set()
    for index, entry in enumerate(entries, start=1):
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name:
            yield f"resource {index}", 'a resource is an object with a "name"'
        elif name in names:
            yield name, "two resources have this name"
        else:
            names.add(name)


def _resource_faults(entry: Descriptor) -> Iterator[str]:
    path = entry.get("path")
    if not isinstance(entry.get("name"), str):
        yield 'a resource has a "name"'
    if not isinstance(path, str) or not path:
        yield '"path" is the name of one file'
    elif PurePosixPath(path).is_absolute() or ".." in path or "://" in path or "\0" in path:
        yield f'the path "{path}" leaves the folder of the data package'
    elif is_table(entry):
        yield from _schema_faults(entry["schema"])


def _schema_faults(schema: Any) -> Iterator[str]:
    fields: Any = schema.get("fields") if isinstance(schema, dict) else None
    named = isinstance(fields, list) and [isinstance(f, dict) and f.get("name") for f in fields]
    if not named or not all(isinstance(name, str) for name in named):
        yield '"schema" is an object with a list of "fields", each an object with a "name"'
        return
    columns = [f["name"] for f in fields]
    if len(set(columns)) < len(columns) or not all(c.strip() and c.isprintable() for c in columns):
        yield "the names of the fields differ, and are text in one line"
    elif _one(schema.get("primaryKey")) != columns[0]:
        yield f'"primaryKey" is the first column, "{columns[0]}"'
    for entry in fields:
        if entry.get("printed", False) not in (False, MONTH):
            yield f'field {entry["name"]}: "printed" is false, or "{MONTH}"'
        if fault := _field_fault(bare(entry)):
            yield f"field {entry['name']}: {fault}"
    links, rules = schema.get("foreignKeys", []), schema.get("rules", [])
    if not isinstance(links, list) or not isinstance(rules, list):
        yield '"foreignKeys" and "rules" are lists'
        return
    if not all(isinstance(rule, str) for rule in rules):
        yield 'a rule is an expression, such as "low <= high"'
    for link in links:
        reference = link.get("reference") if isinstance(link, dict) else None
        if not isinstance(reference, dict) or not isinstance(reference.get("resource", ""), str):
            yield 'a foreign key is an object with "fields" and a "reference" to a resource'
        elif _one(link.get("fields")) not in columns:
            yield f"a foreign key is one column of the resource, not {link.get('fields')}"


def _link_faults(
    entry: Descriptor, tables: Mapping[str, TableSpec], descriptor: Descriptor
) -> Iterator[str]:
    declared = {each["name"] for each in _entries(descriptor)}
    for link in entry["schema"].get("foreignKeys", []) if entry["name"] in tables else ():
        target = link["reference"].get("resource") or entry["name"]
        if target in tables and _one(link["reference"].get("fields")) != tables[target].key:
            yield f'a foreign key to "{target}" refers to its key'
        elif target not in declared:  # a faulty table has an error of its own
            hint = did_you_mean(target, tables)
            yield f'foreign key to "{target}", which is not a table here {hint}'.strip()


@lru_cache(maxsize=2048)
def _field_fault(bare: str) -> str:
    """What Frictionless says about a field, or about limits that are not of the field's type."""
    descriptor = json.loads(bare)
    limits = descriptor.get("constraints", {})
    if not isinstance(limits, dict) or "missingValues" in descriptor:
        return '"constraints" is an object, and blank is the only missing value'
    if not isinstance(limits.get("enum", [""]), list) or limits.get("enum", [""]) == []:
        return '"enum" is a list of values'
    try:
        re.compile(pattern := limits.get("pattern", ""))
        re.compile(f"^{pattern}$")  # as cells are read with it
    except TypeError:
        return '"pattern" is a text'
    except (re.error, RecursionError, OverflowError) as error:
        return f'"pattern" is not a regular expression: {error}'
    if is_plain("field", descriptor):
        return ""
    try:
        parsed = field_of(bare)
    except frictionless().FrictionlessException as error:
        return "; ".join(e.note for e in error.reasons or [error.error])
    read = parsed.create_value_reader()
    values = [limits[k] for k in ("minimum", "maximum") if k in limits] + limits.get("enum", [])
    odd = [str(v) for v in values if read(v) is None]
    return f"not of the type {parsed.type}: {', '.join(odd)}" if odd else ""


@lru_cache(maxsize=16)
def _frictionless_faults(dumped: str) -> tuple[tuple[str, str], ...]:
    """What Frictionless says of the whole descriptor; its fields and keys were looked at already,
    and profiles are not fetched."""
    descriptor = json.loads(dumped)
    for part in (descriptor, *descriptor["resources"]):
        part.pop("profile", None)
        part.pop("$schema", None)
        if is_table(part):
            part["schema"].pop("primaryKey", None)
            part["schema"].pop("foreignKeys", None)
            part["schema"]["fields"] = []
    if is_plain("package", descriptor):
        return ()
    try:
        frictionless().Package.from_descriptor(descriptor)
    except frictionless().FrictionlessException as error:
        return tuple(("", e.note) for e in error.reasons or [error.error])
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        return (("", f"Frictionless cannot read it: {error}"),)
    return ()
