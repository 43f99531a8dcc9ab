"""The parameters that a data package declares (`parameters.yml`): defaults, and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import CompanionError, nearest
from .package import Package
from .problems import did_you_mean
from .yaml_files import Node, read_entries

SPOKEN = {bool: "true or false", int: "a whole number", Decimal: "a number", str: "a text"}
ACCEPTED: Mapping[type, tuple[type, ...]] = {Decimal: (int, float, Decimal)}


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
        if name not in declared:
            hint = nearest(name, declared) or "known: none"
            raise CompanionError(f"unknown parameter “{name}”", hint=hint)
        default = declared[name]["default"]
        kind = next((kind for kind in SPOKEN if isinstance(default, kind)), None)
        if kind and type(value) not in ACCEPTED.get(kind, (kind,)) and value != default:
            raise CompanionError(f"the parameter {name} takes {SPOKEN[kind]}, not {value!r}")
        allowed = choices(package, declared[name])
        if allowed and value not in allowed:
            near = did_you_mean(str(value), allowed)
            hint = f"{near} one of: {', '.join(allowed)}".strip()
            raise CompanionError(f"the parameter {name} cannot be {value!r}", hint=hint)


def choices(package: Package, entry: Node) -> tuple[str, ...]:
    """The texts that are allowed, the default first; empty where any text is."""
    listed: Iterable[Any] = entry.get("choices") or ()
    if isinstance(listed, Mapping):
        table, _, column = str(listed.get("of", "")).partition(".")
        if table not in package.resources or column not in package[table].columns:
            raise CompanionError(f"there is no column “{listed.get('of')}”", where=entry.where)
        listed = [row[column] for row in package[table].rows.values()]
    return tuple(dict.fromkeys(map(str, [entry["default"], *listed]))) if listed else ()
