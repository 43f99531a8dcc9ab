"""Plain descriptors (`plain.schema.json`) and their cells, read as Frictionless would, without it.

Frictionless takes a second to load; most packages need nothing of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ..imports import without_grammars

Reader = Callable[[str], tuple[Any, Mapping[str, str] | None]]


def is_plain(part: Literal["package", "field"], descriptor: Any) -> bool:
    """Whether a descriptor is valid and uses only the common features."""
    return bool(_validator(part).is_valid(descriptor))


@cache
def _validator(part: str) -> Any:
    with without_grammars():
        import jsonschema
    schema = json.loads(Path(__file__).with_name("plain.schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{part}"})


def cell_reader(field: Mapping[str, Any]) -> Reader:
    """For a plain field what Frictionless gives: a function from a cell to its value and notes.

    Notes are keyed by the constraint that the cell breaks. Whether a number or a truth value is
    written as one was checked before.
    """
    kind, limits = field["type"], field.get("constraints", {})
    pattern = re.compile(f"^{limits.get('pattern', '')}$")
    holds: dict[str, Callable[[Any], bool]] = {
        "minimum": lambda value: value >= Decimal(str(limits["minimum"])),
        "maximum": lambda value: value <= Decimal(str(limits["maximum"])),
        "pattern": lambda value: pattern.match(value) is not None,
        "enum": lambda value: value in limits["enum"],
    }
    asked = {name: test for name, test in holds.items() if name in limits}

    def read(cell: str) -> tuple[Any, Mapping[str, str] | None]:
        if cell == "":
            return None, {"required": "is blank"} if limits.get("required") else None
        value = _value(cell, kind)
        if value is None:
            return None, {"type": f"is no {kind}"}
        return value, {name: "is broken" for name, test in asked.items() if not test(value)} or None

    return read


def _value(cell: str, kind: str) -> Any:
    if kind in ("integer", "number"):
        return Decimal(cell)
    if kind != "date":
        return cell
    try:
        return datetime.strptime(cell, "%Y-%m-%d").date()
    except ValueError:
        return None
