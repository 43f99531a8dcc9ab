"""Checks the definition files of a review against a JSON Schema, `definitions.schema.json`.

Readers take the keys of a part from it, `companion check` holds the files to it, and the reference
(`docs/reference.md`, `docs/claims.md`) is written from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import CompanionError, nearest
from ..imports import without_grammars
from .yaml_nodes import place_of

COLUMN = "column of the schema"
TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


@cache
def parts() -> Mapping[str, Mapping[str, Any]]:
    """Name -> title and properties of each part of the definition files."""
    schema = json.loads(Path(__file__).with_name("definitions.schema.json").read_text("utf-8"))
    found: Mapping[str, Mapping[str, Any]] = schema["$defs"]
    return found


@cache
def keys(*names: str) -> Mapping[str, str]:
    """The keys of some parts, each with its meaning."""
    known = (parts()[name]["properties"].items() for name in names)
    return {key: spec["description"] for each in known for key, spec in each}


def faults(entry: Any, *names: str) -> Iterator[CompanionError]:
    """Unknown keys of an entry, and values of the wrong type, with file and line."""
    known = keys(*names)
    for error in _validator(*names).iter_errors(entry):
        where = getattr(entry, "where", None)
        if error.validator == "additionalProperties":
            for key in (key for key in entry if key not in known):
                hint = nearest(key, known)
                yield CompanionError(f"nothing reads “{key}”", where=where, hint=hint)
        elif error.path:
            where = place_of(error.instance, where or "") or None
            what = f"“{error.path[0]}” must be {TYPES[error.validator_value]}"
            yield CompanionError(what, where=where)


@cache
def _validator(*names: str) -> Any:
    """A validator of the entries that have the properties of these parts."""
    with without_grammars():
        import jsonschema

    def is_text(_: Any, value: object) -> bool:
        return isinstance(value, str | int | Decimal) and not isinstance(value, bool)

    draft = jsonschema.Draft202012Validator
    kinds = draft.TYPE_CHECKER.redefine("string", is_text)  # a number is a text as it is written
    known = {key: spec for name in names for key, spec in parts()[name]["properties"].items()}
    schema = {"type": "object", "properties": known, "additionalProperties": False}
    return jsonschema.validators.extend(draft, type_checker=kinds)(schema)
