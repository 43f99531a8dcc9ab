"""Checks the definition files of a review against a JSON Schema, `definitions.schema.json`.

Readers take the keys of a part from it, `companion check` holds the files to it, and the reference
(`docs/reference.md`, `docs/claims.md`) is written from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CompanionError, nearest
from ..imports import FORMATS, without
from .yaml_nodes import place_of

if TYPE_CHECKING:
    import jsonschema

DEFINITIONS = Path(__file__).with_name("definitions.schema.json")
COLUMN = "column of the schema"
TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "without a value",
}


@cache
def schema_parts(file: Path = DEFINITIONS) -> Mapping[str, Mapping[str, Any]]:
    """Name -> title and properties of each part of the definition files."""
    found: Mapping[str, Mapping[str, Any]] = json.loads(file.read_text("utf-8"))["$defs"]
    return found


@cache
def keys(*names: str, file: Path = DEFINITIONS) -> Mapping[str, str]:
    """The keys of some parts, each with its meaning."""
    known = (schema_parts(file)[name]["properties"].items() for name in names)
    return {key: spec["description"] for each in known for key, spec in each}


def faults(entry: Any, *names: str, file: Path = DEFINITIONS) -> Iterator[CompanionError]:
    """What the schema of some parts does not allow in an entry, with file and line."""
    for error in _validator(*names, file=file).iter_errors(entry):
        yield from _in_words(error, entry)


def require_allowed(entry: Any, *names: str, file: Path = DEFINITIONS) -> None:
    """Raises the first of the faults."""
    for fault in faults(entry, *names, file=file):
        raise fault


def _in_words(error: jsonschema.ValidationError, entry: Any) -> Iterator[CompanionError]:
    value, allowed, where = error.instance, error.validator_value, getattr(entry, "where", None)
    for step in error.absolute_path:
        key = next((k for k in entry if k == step), step) if isinstance(entry, dict) else step
        entry = entry[step]
        where = getattr(entry, "where", place_of(key, where or ""))
    path = [step for step in error.absolute_path if isinstance(step, str)]
    place, hint = place_of(value, where or "") or None, error.schema.get("hint")
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in (key for key in value if key not in known):
            place, hint = place_of(key, where or "") or None, nearest(key, known)
            yield CompanionError(f"nothing reads “{key}”", where=place, hint=hint)
    elif error.validator == "required":
        key = next(key for key in allowed if key not in value)
        hint = f"it has {', '.join(value)}" if value else "it is empty"
        yield CompanionError(f"“{key}” is missing", where=where, hint=hint)
    elif not path:
        yield CompanionError("must be a mapping", where=place)
    elif error.validator == "enum":
        what = f"“{value}” is not a {error.schema.get('title', path[-1])}"
        yield CompanionError(what, where=place, hint=nearest(str(value), map(str, allowed)))
    elif error.validator == "format":
        kind, why = ("pattern" if allowed == "regex" else allowed), error.cause
        what = f"“{value}” is not a {kind}" + (f": {why}" if why else "")
        yield CompanionError(what, where=place, hint=hint)
    elif error.validator == "pattern":
        yield CompanionError(f"“{path[-1]}” is not {error.schema['description']}", where=place)
    elif error.validator == "exclusiveMinimum":
        yield CompanionError(f"“{path[-1]}” must be more than {allowed}", where=place)
    elif error.validator.endswith("Items") and allowed > 1:
        yield CompanionError(f"“{path[-1]}” must be a list of {allowed}", where=place, hint=hint)
    elif value is None or error.validator.startswith("min"):
        yield CompanionError(f"“{path[-1]}” is empty", where=place, hint=hint)
    else:
        types = [allowed] if isinstance(allowed, str) else allowed
        words = " or ".join(TYPES[each] for each in types)
        one = "each of " if isinstance(error.absolute_path[-1], int) else ""
        yield CompanionError(f"{one}“{path[-1]}” must be {words}", where=place, hint=hint)


@cache
def _validator(*names: str, file: Path) -> Any:
    """A validator of the entries that have the properties of these parts."""
    with without(*FORMATS):
        import jsonschema

    def is_text(_: Any, value: object) -> bool:
        return isinstance(value, str | int | Decimal) and not isinstance(value, bool)

    def is_filled(_: Any, least: int, value: object, __: Any) -> Iterator[Any]:
        if is_text(None, value) and len(str(value).strip()) < least:
            yield jsonschema.ValidationError("too short")

    def fits(_: Any, pattern: str, value: object, __: Any) -> Iterator[Any]:
        if is_text(None, value) and not re.search(pattern, str(value)):
            yield jsonschema.ValidationError("of another form")

    draft = jsonschema.Draft202012Validator
    kinds = draft.TYPE_CHECKER.redefine("string", is_text)  # a number is a text as it is written
    chosen = [schema_parts(file)[name] for name in names]
    known = {key: spec for part in chosen for key, spec in part.get("properties", {}).items()}
    schema = {**chosen[0], "properties": known, "$defs": schema_parts(file)}
    of_texts = {"minLength": is_filled, "pattern": fits}
    validator = jsonschema.validators.extend(draft, of_texts, type_checker=kinds)
    return validator(schema, format_checker=draft.FORMAT_CHECKER)
