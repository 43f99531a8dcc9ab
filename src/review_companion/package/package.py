"""Reads a Frictionless data package: every cell stays the string that is printed.

And the parameters that it declares (`parameters.yml`): defaults, and what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from ..errors import CompanionError, require_known
from ..model import EVERY, Correction, Locator, Origin, Row
from .descriptor import TableSpec, is_table, read_descriptor, spec_of
from .links import CORRECTIONS, LOCATORS, key_problems, recorded
from .problems import did_you_mean, errors
from .tolerant_csv import read_file
from .yaml_files import read_entries
from .yaml_nodes import Node

SPOKEN = {bool: "true or false", int: "a whole number", Decimal: "a number", str: "a text"}
ACCEPTED: Mapping[type, tuple[type, ...]] = {Decimal: (int, float, Decimal)}
LOCATOR_COLUMNS = ("source", "section", "fragment", "status")


_touched: set[str] = set()


@contextmanager
def touching() -> Iterator[set[str]]:
    """The names of the resources whose rows are asked for within."""
    global _touched
    around, _touched = _touched, set()
    try:
        yield _touched
    finally:
        around |= _touched  # what is asked for within is asked for by whatever is around, too
        _touched = around


K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """What was worked out once, each with the resources that were asked for their rows."""

    def __init__(self) -> None:
        self._known: dict[K, tuple[V, set[str]]] = {}

    def get(self, key: K, make: Callable[[], V]) -> V:
        """What was made before, else what is made now; what it rests on is noted either way."""
        if key not in self._known:
            with touching() as touched:
                made = make()
            self._known[key] = made, touched
        found, touched = self._known[key]
        _touched.update(touched)
        return found

    def take(
        self,
        other: Remembered[K, V],
        changed: set[str],
        is_same: Callable[[K, V], bool] = lambda *_: True,
    ) -> None:
        """Takes over what rests on none of the changed resources, and is the same otherwise."""
        for key, (found, touched) in other._known.items():
            if not touched & changed and is_same(key, found):
                self._known[key] = found, touched


@dataclass(frozen=True)
class Resource(TableSpec):
    """A table of the package; `content` maps a row's key to its cells, in the file's order."""

    content: Mapping[str, Row]

    @property
    def rows(self) -> Mapping[str, Row]:
        """The content; that it is asked for is noted."""
        _touched.add(self.name)
        return self.content

    @classmethod
    def of(cls, spec: TableSpec, rows: Mapping[str, Row]) -> Resource:
        declared = (spec.name, spec.path, spec.fields, spec.foreign_keys, spec.rules, spec.roles)
        return cls(*declared, rows)

    @cached_property
    def _indexes(self) -> dict[str, dict[str, list[str]]]:
        return {}

    def keys_where(self, column: str, options: Iterable[str]) -> list[str]:
        """The rows whose cell is one of the options, in the file's order."""
        rows = self.rows
        if column not in self._indexes:
            index: dict[str, list[str]] = {}
            for key, row in rows.items():
                index.setdefault(row[column], []).append(key)
            self._indexes[column] = index
        wanted = dict.fromkeys(options)
        found = [self._indexes[column].get(text, []) for text in wanted]
        if len(found) == 1:
            return found[0]
        chosen = set().union(*found)
        return [key for key in rows if key in chosen]


@dataclass(frozen=True)
class Package:
    """A data package in memory, with its corrections applied."""

    folder: Path
    descriptor: Mapping[str, Any]
    resources: Mapping[str, Resource]
    corrections: Mapping[Origin, Correction] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Resource:
        require_known(name, self.resources, "the data package has no resource", "known resources")
        return self.resources[name]

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources.values())

    def with_role(self, *words: str) -> tuple[Resource, Mapping[str, Any]]:
        """The first table that has all these words in a role, and that role.

        Raises CompanionError where there is none.
        """
        for resource in self:
            for role in resource.roles:
                if set(words) <= set(role):
                    return resource, role
        what = f"no table of the data package has a role with {', '.join(words)}"
        raise CompanionError(what, hint="declare it under `roles` in schema.yml")

    def cell(self, origin: Origin) -> str:
        """The text of a cell, "" for a whole column; KeyError where there is no such cell."""
        if origin.row == EVERY and origin.column in self.resources[origin.resource].columns:
            return ""
        return self.resources[origin.resource].rows[origin.row][origin.column]

    @cached_property
    def _overrides(self) -> Mapping[Origin, Row]:
        if LOCATORS not in self.resources:
            return {}
        rows = self.resources[LOCATORS].rows.values()
        return {Origin(r["resource"], r["row"], r["column"]): r for r in rows}

    def locator(self, origin: Origin) -> Locator | None:
        """Where the cell is printed: its own entry in `locators`, else its row's default.

        None for a column, and where the row names no place.
        """
        if origin.row == EVERY:
            return None
        row = self._overrides.get(origin) or self.resources[origin.resource].rows[origin.row]
        return locator_of(row)

    def changed_since(self, other: Package) -> set[str]:
        """The resources whose rows differ, of a package with the same definitions; all of them
        where places or corrections do, which belong to cells of every resource."""
        pairs = ((each.name, each.rows, other[each.name].rows) for each in self)
        names = {n for n, rows, old in pairs if rows != old or list(rows) != list(old)}
        return set(self.resources) if names & {LOCATORS, CORRECTIONS} else names

    @property
    def as_in_files(self) -> Package:
        """The package as its files hold it, without its corrections."""
        files = self.with_values({o: c.before for o, c in self.corrections.items()})
        return replace(files, corrections={})

    def with_values(self, values: Mapping[Origin, str]) -> Package:
        """The package with other texts in some of its cells."""
        resources = dict(self.resources)
        for origin, value in values.items():
            resource = resources[origin.resource]
            changed = {**resource.rows[origin.row], origin.column: value}
            content = {**resource.rows, origin.row: changed}
            resources[origin.resource] = replace(resource, content=content)
        return replace(self, resources=resources)


def locator_of(row: Row) -> Locator | None:
    """Where a row says that it is printed; None where it says nothing."""
    if not row.get("section"):
        return None
    return Locator(*(row.get(column, "") for column in LOCATOR_COLUMNS))


def load_package(folder: Path) -> Package:
    """Loads what the descriptor declares and its CSV files, and applies corrections.

    Raises CompanionError for the first thing that keeps the files from being read; `validate`
    checks the rest.
    """
    descriptor = read_descriptor(folder)
    specs = [spec_of(entry) for entry in descriptor.get("resources", ()) if is_table(entry)]
    package = Package(folder, descriptor, {spec.name: _resource(folder, spec) for spec in specs})
    if CORRECTIONS not in package.resources:
        return package
    corrections, cells = package[CORRECTIONS], {each.name: each.rows for each in package}
    found = recorded(corrections.rows, cells, corrections.path)
    values = {origin: correction.after for origin, correction in found.items()}
    return replace(package.with_values(values), corrections=found)


def _resource(folder: Path, spec: TableSpec) -> Resource:
    table, problems = read_file(folder / spec.path, spec.columns, spec.meant)
    problems += key_problems(table) if table and not errors(problems) else []
    if table is None or errors(problems):
        raise CompanionError(str(errors(problems)[0]), hint="run `companion check`")
    return Resource.of(spec, table.by_key)


def read_declared(folder: Path) -> Node:
    """Name -> `default`, `help` and `choices`; raises CompanionError for a default list."""
    declared = read_entries(folder / "parameters.yml")
    for name, entry in declared.items():
        if isinstance(entry["default"], list | dict):
            raise CompanionError(f"the default of “{name}” must be one value", where=entry.where)
    return declared


def read_defaults(folder: Path) -> dict[str, Any]:
    """The parameters that a data package declares, with their defaults."""
    return {name: entry["default"] for name, entry in read_declared(folder).items()}


def check_parameters(package: Package, declared: Node, given: Mapping[str, Any]) -> None:
    """Raises CompanionError for a name, a type or a choice that is not declared."""
    for name, value in given.items():
        require_known(name, declared, "unknown parameter")
        default = declared[name]["default"]
        kind = next((kind for kind in SPOKEN if isinstance(default, kind)), None)
        if kind and type(value) not in ACCEPTED.get(kind, (kind,)) and value != default:
            raise CompanionError(f"the parameter {name} takes {SPOKEN[kind]}, not {value!r}")
        allowed = list(map(str, choices(package, declared[name])))
        if allowed and str(value) not in allowed:
            near = did_you_mean(str(value), allowed)
            hint = f"{near} one of: {', '.join(allowed)}".strip()
            raise CompanionError(f"the parameter {name} cannot be {value!r}", hint=hint)


def choices(package: Package, entry: Node) -> tuple[Any, ...]:
    """The values that are allowed, the default first; empty where any of its type is."""
    listed: Iterable[Any] = entry.get("choices") or ()
    if isinstance(listed, Mapping):
        table, _, column = str(listed["of"]).partition(".")
        require_known(column, package[table].columns, f"{table} has no column")
        listed = [row[column] for row in package[table].rows.values()]
    default = entry["default"]
    return (
        tuple(dict.fromkeys(as_type_of(default, v) for v in (default, *listed))) if listed else ()
    )


def as_type_of(default: Any, value: Any) -> Any:
    """A text as a number where the default is one, a number as a text where that is one.

    A number that Python holds in binary (0.7) is the decimal that is written.
    """
    if isinstance(default, str):
        return str(value)
    if isinstance(default, Decimal) and type(value) in (int, float):
        return Decimal(str(value))
    if isinstance(value, str) and type(default) in (int, Decimal):
        with suppress(ValueError, ArithmeticError):
            return type(default)(value)
    return value
