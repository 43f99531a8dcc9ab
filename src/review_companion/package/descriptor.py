"""Reads and checks a package's descriptor: Frictionless's own checks, and what is relied on here.

The descriptor is what `schema.yml` asks for; `datapackage.json`, written from it for others, is
read where there is no `schema.yml`. Relied on is what `datapackage.schema.json` says; one primary
key, the first column; and foreign keys of one column to the key of another resource.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import CompanionError
from ..imports import FORMATS, frictionless, without
from .cell_checks import NUMBERS, is_plain, judged
from .files import read_json
from .problems import Problem, did_you_mean, errors, of_error
from .schema import SCHEMA, line_numbers, read_schema
from .yaml_files import starts_from_defaults

Descriptor = Mapping[str, Any]
MONTH = "month"
PACKAGE = "datapackage.json"


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
        return self.columns[0]

    def field(self, column: str) -> Descriptor:
        return self.by_name[column]

    @cached_property
    def by_name(self) -> Mapping[str, Descriptor]:
        return {f["name"]: f for f in self.fields}

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """Columns that begin the key, and the table whose row each names: most often its study."""
        names = [f["name"] for f in self.fields if "begins the key" in f]
        return {name: self.foreign_keys[name] for name in names if name in self.foreign_keys}

    @property
    def numbers(self) -> list[str]:
        return [f["name"] for f in self.fields if f.get("type") in NUMBERS]

    @property
    def types(self) -> Mapping[str, str]:
        """Column -> Frictionless type."""
        return {f["name"]: f.get("type", "string") for f in self.fields}

    @property
    def meant(self) -> Mapping[str, str]:
        """Column -> Frictionless type; "boolean" for columns that allow true and false."""
        found = dict(self.types)
        for field in self.fields:
            if {"true", "false"} <= {*map(str, field.get("constraints", {}).get("enum", ()))}:
                found[field["name"]] = "boolean"
        return found


def read_specs(folder: Path) -> tuple[list[TableSpec], list[str], list[Problem]]:
    """The tables whose declaration is sound enough to check, other files' paths, and problems."""
    file = folder / (SCHEMA if has_schema(folder) else PACKAGE)
    try:
        descriptor = read_descriptor(folder)
    except CompanionError as error:
        named = Path(error.where or file).name.partition(":")[0]
        return [], [], [of_error(error, str(folder / named), "descriptor")]
    entries: list[Descriptor] = descriptor["resources"]
    found = [(entry["name"], *fault) for entry in entries for fault in _faults(entry)]
    faulty = {name for name, *_ in found}
    tables = {e["name"]: spec_of(e) for e in entries if is_table(e) and e["name"] not in faulty}
    found += [(name, "", fault) for name in tables for fault in _link_faults(name, entries, tables)]
    if not found and not has_schema(folder):
        found = [("", "", fault) for fault in _frictionless_faults(descriptor)]
    rows = line_numbers(folder) if found and has_schema(folder) else {}
    problems = []
    for name, column, fault in found:
        row = rows.get(f"{name}.{column}", rows.get(name, 0))
        message = f"field {column}: {fault}" if column else fault
        problems.append(Problem(str(file), row, name, code="descriptor", message=message))
    others = [str(e["path"]) for e in entries if not is_table(e)]
    return list(tables.values()), others, problems


def has_schema(folder: Path) -> bool:
    """Whether the package is declared by a `schema.yml`, its own or the default one."""
    return (folder / SCHEMA).exists() or starts_from_defaults(folder)


def read_descriptor(folder: Path) -> Descriptor:
    """The package's descriptor; raises CompanionError where there is none that can be read."""
    if has_schema(folder):
        return read_schema(folder)
    path = folder / PACKAGE
    if not path.exists():
        below = folder / "data"
        is_below = has_schema(below) or (below / PACKAGE).exists()
        hint = f"it is in {below}" if is_below else f"restore {SCHEMA}"
        raise CompanionError("there is no data package here", where=str(path), hint=hint)
    descriptor: Descriptor = read_json(path)
    _check_form(descriptor, str(path))
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


def _check_form(descriptor: Any, path: str) -> None:
    """Raises CompanionError for a `datapackage.json` that has not the form that is relied on."""
    with without(*FORMATS):
        import jsonschema
    form = json.loads(Path(__file__).with_name("datapackage.schema.json").read_text("utf-8"))
    for error in jsonschema.Draft202012Validator(form).iter_errors(descriptor):
        place = error.json_path.removeprefix("$").removeprefix(".")
        raise CompanionError(": ".join(filter(None, (place, error.message))), where=path)
    names = Counter(entry["name"] for entry in descriptor["resources"])
    for name in (name for name, times in names.items() if times > 1):
        raise CompanionError(f'two resources have the name "{name}"', where=path)


def _faults(entry: Descriptor) -> Iterator[tuple[str, str]]:
    """What is wrong with a resource by itself, each with the column that it is about, if one."""
    path, schema = entry["path"], entry.get("schema", {})
    if PurePosixPath(path).is_absolute() or ".." in path or "://" in path or "\0" in path:
        yield "", f'the path "{path}" leaves the folder of the data package'
    if not is_table(entry):
        return
    columns = [field["name"] for field in schema["fields"]]
    if len(set(columns)) < len(columns) or not all(c.isprintable() for c in columns):
        yield "", "the names of the fields differ, and are text in one line"
    elif _one(schema.get("primaryKey")) != columns[0]:
        yield "", f'"primaryKey" is the first column, "{columns[0]}"'
    for field in schema["fields"]:
        if fault := _field_fault(judged(field)):
            yield field["name"], fault
    for link in schema.get("foreignKeys", []):
        if _one(link["fields"]) not in columns:
            yield "", f"a foreign key is one column of the resource, not {link['fields']}"


def _link_faults(
    name: str, entries: Sequence[Descriptor], tables: Mapping[str, TableSpec]
) -> Iterator[str]:
    declared = {entry["name"]: entry for entry in entries}
    for link in declared[name]["schema"].get("foreignKeys", []):
        target = link["reference"].get("resource") or name
        if target in tables and _one(link["reference"]["fields"]) != tables[target].key:
            yield f'a foreign key to "{target}" refers to its key'
        elif target not in declared:  # a faulty table has an error of its own
            hint = did_you_mean(target, tables)
            yield f'foreign key to "{target}", which is not a table here {hint}'.strip()


def _field_fault(field: Descriptor) -> str:
    """What Frictionless says about a field, or about limits that are not of the field's type."""
    limits = field.get("constraints", {})
    try:
        re.compile(pattern := str(limits.get("pattern", "")))
        re.compile(f"^{pattern}$")  # as cells are read with it
    except (re.error, RecursionError, OverflowError) as error:
        return f'"pattern" is not a regular expression: {error}'
    if is_plain(field):
        return ""
    try:
        read = frictionless().Field.from_descriptor(dict(field)).create_value_reader()
    except frictionless().FrictionlessException as error:
        return "; ".join(_notes(error))
    values = [limits[k] for k in ("minimum", "maximum") if k in limits] + limits.get("enum", [])
    odd = [str(v) for v in values if read(v) is None]
    return f"not of the type {field.get('type', 'any')}: {', '.join(odd)}" if odd else ""


def _frictionless_faults(descriptor: Descriptor) -> list[str]:
    """What Frictionless says of a whole `datapackage.json`; profiles are not fetched."""
    whole = json.loads(json.dumps(descriptor))
    for part in (whole, *whole["resources"]):
        part.pop("profile", None)
        part.pop("$schema", None)
    try:
        frictionless().Package.from_descriptor(whole)
    except frictionless().FrictionlessException as error:
        return _notes(error)
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        return [f"Frictionless cannot read it: {error}"]
    return []


def _notes(error: Any) -> list[str]:
    return [e.note for e in error.reasons or [error.error]]
