"""Reads a Frictionless data package: every cell stays the string that is printed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..model import Correction, Locator, Origin, Row
from . import corrections

LOCATOR_COLUMNS = ("source", "section", "fragment", "status")


@dataclass(frozen=True)
class Resource:
    """A table of the package. `rows` maps a row's key to its cells, in the file's order."""

    name: str
    path: str
    fields: tuple[Mapping[str, Any], ...]
    rows: Mapping[str, Row]
    schema: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(f["name"] for f in self.fields)

    @property
    def key(self) -> str:
        return self.columns[0]

    @cached_property
    def foreign_keys(self) -> Mapping[str, str]:
        """Column -> the resource whose rows it names ("" in the schema is this resource)."""
        links = {}
        for link in self.schema.get("foreignKeys", ()):
            columns = link["fields"]
            column = columns if isinstance(columns, str) else columns[0]
            links[column] = link["reference"].get("resource") or self.name
        return links

    def field(self, column: str) -> Mapping[str, Any]:
        return next(f for f in self.fields if f["name"] == column)


@dataclass(frozen=True)
class Package:
    """A data package in memory, corrections already laid over it."""

    folder: Path
    descriptor: Mapping[str, Any]
    resources: Mapping[str, Resource]
    corrections: Mapping[Origin, Correction] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Resource:
        try:
            return self.resources[name]
        except KeyError:
            raise CompanionError(
                f"no resource “{name}” in the data package",
                hint=f"known resources: {', '.join(sorted(self.resources))}",
            ) from None

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources.values())

    def cell(self, origin: Origin) -> str:
        """The string in a cell; a KeyError means that the origin does not resolve."""
        return self.resources[origin.resource].rows[origin.row][origin.column]

    @cached_property
    def _overrides(self) -> Mapping[Origin, Row]:
        if "locators" not in self.resources:
            return {}
        rows = self.resources["locators"].rows.values()
        return {Origin(r["resource"], r["row"], r["column"]): r for r in rows}

    def locator(self, origin: Origin) -> Locator | None:
        """Where the cell is printed: its own entry in `locators`, else its row's default."""
        row = self._overrides.get(origin) or self.resources[origin.resource].rows[origin.row]
        return locator_of(row)


def locator_of(row: Row) -> Locator | None:
    """The place that a row names; None where it names none."""
    if not row.get("section"):
        return None
    return Locator(*(row.get(column, "") for column in LOCATOR_COLUMNS))


def state_of(folder: Path) -> str:
    """A digest of all files in the folder: equal for equal data and definitions."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def load_package(folder: Path) -> Package:
    """Loads `datapackage.json` and its CSV files, corrections applied.

    Raises CompanionError for what cannot be read at all; everything finer is `validate`'s.
    """
    descriptor = read_descriptor(folder)
    resources = {}
    for entry in descriptor.get("resources", ()):
        if str(entry.get("path", "")).endswith(".csv") and "schema" in entry:
            resources[entry["name"]] = _read_resource(folder, entry)
    package = Package(folder, descriptor, resources)
    if "corrections" not in resources:
        return package
    return corrections.apply(package, resources["corrections"].rows)


def read_descriptor(folder: Path) -> Mapping[str, Any]:
    """The parsed `datapackage.json`."""
    path = folder / "datapackage.json"
    try:
        descriptor = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CompanionError(
            "there is no data package here", where=str(path), hint="restore datapackage.json"
        ) from None
    except (ValueError, OSError) as error:
        raise CompanionError(f"cannot be read as JSON: {error}", where=str(path)) from None
    if not isinstance(descriptor, dict):
        raise CompanionError("is not a JSON object", where=str(path))
    return descriptor


def _read_resource(folder: Path, entry: Mapping[str, Any]) -> Resource:
    path = folder / entry["path"]
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise CompanionError("the file is missing", where=str(path)) from None
    except (UnicodeDecodeError, OSError) as error:
        raise CompanionError(
            f"cannot be read as UTF-8 text: {error}", where=str(path), hint="run `companion check`"
        ) from None
    fields = tuple(entry["schema"]["fields"])
    rows = _keyed_rows(text, [f["name"] for f in fields], path)
    return Resource(entry["name"], entry["path"], fields, rows, entry["schema"])


def _keyed_rows(text: str, columns: list[str], path: Path) -> dict[str, Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: dict[str, Row] = {}
    try:
        header = next(reader, [])
        if header != columns:
            raise CompanionError(
                f"the header does not name the columns of the schema: {', '.join(columns)}",
                where=f"{path}:1",
                hint="run `companion check` for the whole list",
            )
        for cells in reader:
            where = f"{path}:{reader.line_num}"
            if len(cells) != len(columns):
                raise CompanionError(
                    f"{len(cells)} cells where {len(columns)} are expected", where=where
                )
            if cells[0] in rows:
                raise CompanionError(f"the key “{cells[0]}” stands twice", where=where)
            rows[cells[0]] = dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        raise CompanionError(
            f"not a readable CSV file: {error}", where=f"{path}:{reader.line_num}"
        ) from None
    return rows
