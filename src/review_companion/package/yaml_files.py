"""The definition files of a review: each merged over its defaults, and held to a JSON Schema.

A data folder with a `review.yml` starts from those in `defaults/`: each file (`schema.yml`,
`tables.yml` …) begins as the one of that name, filled in with what `review.yml` says; the author's
own file is merged over it name by name: mappings are merged, anything else replaces the default,
and `~` removes it.

Readers take the keys of a part from `definitions.schema.json`, `companion check` holds the files to
it, and the reference (`docs/reference.md`, `docs/claims.md`) is written from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CompanionError, nearest
from ..imports import FORMATS, without
from .files import read_text
from .yaml_nodes import Node, Written, parse_yaml, place_of

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
REVIEW, BEGINNINGS = "review.yml", Path(__file__).parents[1] / "defaults"
FRONT = ("name", "title", "description", "version", "created", "licenses", "contributors")
CLASS = ("Class", "Exposure")  # headings that `class` takes the place of
MAPPING = "write what it has below it, indented, each as `key: value`"


def read_yaml(path: Path) -> Node:
    """The mapping in a YAML file, over the defaults where the review starts from them.

    An absent or empty file is an empty mapping. Raises CompanionError with file and line for
    invalid YAML, for anything but a mapping, for a key given twice, and beyond the limits of
    `yaml_nodes`.
    """
    return _with_defaults(path, _read(path, path.name))


def _read(path: Path, name: str) -> Node:
    known = path.exists() or path.is_symlink()
    content = parse_yaml(read_text(path), name) if known else None
    if content is None:
        content = Node()
        content.file = name
    if not isinstance(content, Node):
        raise CompanionError("must be a mapping of names", where=str(path))
    return content


def read_entries(path: Path) -> Node:
    """The same, for files in which every name must have a mapping."""
    content = read_yaml(path)
    for name, entry in content.items():
        if not isinstance(entry, Node):
            place = place_of(name, str(path))
            raise CompanionError(f"“{name}” must be a mapping", where=place, hint=MAPPING)
    return content


def starts_from_defaults(folder: Path) -> bool:
    """Whether a data folder has a `review.yml`."""
    return (folder / REVIEW).is_file()


def _with_defaults(path: Path, own: Node) -> Node:
    """A definition file merged over its defaults; `own` where it has none.

    Raises CompanionError for a faulty `review.yml`.
    """
    beginning = BEGINNINGS / path.name
    if not beginning.is_file() or not starts_from_defaults(path.parent):
        return own
    found = deepcopy(_read(beginning, f"defaults/{path.name}"))
    settings = deepcopy(_read(path.parent / REVIEW, REVIEW))
    if not settings:
        hint = "restore it, or begin with `name:` and `title:`"
        raise CompanionError("the file is empty", where=REVIEW, hint=hint)
    require_allowed(settings, "review")
    if path.name in FILLED:
        FILLED[path.name](found, settings)
    return _laid_over(found, own)


def _laid_over(found: Node, own: Node) -> Node:
    for name, value in own.items():
        below = found.get(name)
        if isinstance(value, Node) and isinstance(below, Node):
            _laid_over(below, value)
        elif value is None and below is not None:
            del found[name]
        else:
            found[name] = value
    return _place_last(found)


def _place_last(columns: Node) -> Node:
    """Puts an author's own columns before those that say where the row is printed."""
    if "place" in columns and columns["place"] is None:
        columns["place"] = columns.pop("place")
    return columns


def _schema(found: Node, settings: Node) -> None:
    found |= {name: settings[name] for name in FRONT if name in settings}
    if "article" in settings:
        found["sources"] = [{"title": str(settings["article"])}]
    tables = found["tables"]
    tables["studies"]["columns"] |= settings.get("characteristics", {})
    _place_last(tables["studies"]["columns"])
    if "groups" in settings:
        tables["samples"]["columns"]["group"]["one of"] = settings["groups"]


def _tables(found: Node, settings: Node) -> None:
    columns = [_column(name, spec) for name, spec in settings.get("characteristics", {}).items()]
    found["characteristics"]["columns"][1:1] = columns
    for table in found.values() if "class" in settings else ():
        for column in table["columns"]:
            if column["header"] in CLASS:
                column["header"] = settings["class"]


def _column(name: str, spec: Any) -> Node:
    said = spec if isinstance(spec, Node) else Node()
    is_number = "number" in said or "integer" in said
    column = Node(
        id=re.sub("[_ ]", "-", name),
        header=str(said.get("title") or name.replace("_", " ").capitalize()),
        template=Written(f"{{{{ row['{name}'] or 'not stated' }}}}", REVIEW, said.line),
        **({"align": "right"} if is_number else {"filter": "select"}),
    )
    column.file, column.line = REVIEW, said.line
    return column


FILLED: dict[str, Callable[[Node, Node], None]] = {"schema.yml": _schema, "tables.yml": _tables}


@cache
def schema_parts(file: Path = DEFINITIONS) -> Mapping[str, Mapping[str, Any]]:
    """Name -> title and properties of each part of the definition files."""
    found: Mapping[str, Mapping[str, Any]] = json.loads(file.read_text("utf-8"))["$defs"]
    return found


def definition_files() -> set[str]:
    """The files of definitions that a data folder may have."""
    titles = (part.get("title", "").split(":")[0] for part in schema_parts().values())
    return {
        "claims.yml",
        "sentences.yml",
        *(t.removeprefix("data/") for t in titles if t.startswith("data/")),
    }


@cache
def keys(*names: str, file: Path = DEFINITIONS) -> Mapping[str, str]:
    """The keys of some parts, each with its meaning."""
    known = (schema_parts(file)[name]["properties"].items() for name in names)
    return {key: spec["description"] for each in known for key, spec in each}


def faults(entry: Any, *names: str, file: Path = DEFINITIONS) -> Iterator[CompanionError]:
    """What the schema of some parts does not allow in an entry, with file and line; by lines."""
    errors = _validator(*names, file=file).iter_errors(entry)

    def line(fault: CompanionError) -> tuple[int, str]:
        where = fault.where or ""
        return len(where), where  # a.yml:9 is before a.yml:10

    yield from sorted((fault for error in errors for fault in _in_words(error, entry)), key=line)


def require_allowed(entry: Any, *names: str, file: Path = DEFINITIONS) -> None:
    """Raises the first of the faults."""
    for fault in faults(entry, *names, file=file):
        raise fault


def _in_words(error: jsonschema.ValidationError, entry: Any) -> Iterator[CompanionError]:
    value, allowed, where = error.instance, error.validator_value, _where(error, entry)
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in (key for key in value if key not in known):
            place = place_of(key, where) or None
            yield CompanionError(f"nothing reads “{key}”", where=place, hint=nearest(key, known))
    elif error.validator == "required":
        key = next(key for key in allowed if key not in value)
        has = f"it has {', '.join(value)}" if value else "it is empty"
        yield CompanionError(f"“{key}” is missing", where=where or None, hint=has)
    else:
        what, hint = _wrong_value(error)
        yield CompanionError(what, where=place_of(value, where) or None, hint=hint)


def _where(error: jsonschema.ValidationError, entry: Any) -> str:
    """File and line of the innermost entry that an error is in, as far as they are known."""
    where = str(getattr(entry, "where", ""))
    for step in error.absolute_path:
        key = next((k for k in entry if k == step), step) if isinstance(entry, dict) else step
        entry = entry[step]
        where = getattr(entry, "where", place_of(key, where))
    return where


def _wrong_value(error: jsonschema.ValidationError) -> tuple[str, str | None]:
    """What is wrong with the value of a key, and a hint."""
    value, allowed, hint = error.instance, error.validator_value, error.schema.get("hint")
    name = next((step for step in reversed(error.absolute_path) if isinstance(step, str)), "")
    if not name:
        return "must be a mapping", None
    match error.validator:
        case "enum":
            kind = error.schema.get("title", name)
            return f"“{value}” is not a {kind}", hint or nearest(str(value), map(str, allowed))
        case "format":
            kind = "pattern" if allowed == "regex" else allowed
            return f"“{value}” is not a {kind}" + (f": {error.cause}" if error.cause else ""), hint
        case "pattern":
            subject = value if "propertyNames" in error.absolute_schema_path else name
            return f"“{subject}” is not {error.schema['description']}", hint
        case "contains":
            return f"the {name} must have “{allowed['const']}”", allowed["hint"]
        case "exclusiveMinimum":
            return f"“{name}” must be more than {allowed}", hint
        case "minItems" | "maxItems" if allowed > 1:
            return f"“{name}” must be a list of {allowed}", hint
        case "minItems" | "minLength" | "minProperties":
            return f"“{name}” is empty", hint
        case _ if value is None:
            return f"“{name}” is empty", hint
    types = [allowed] if isinstance(allowed, str) else allowed
    words = " or ".join(TYPES[each] for each in types)
    one = "each of " if isinstance(error.absolute_path[-1], int) else ""
    return f"{one}“{name}” must be {words}", hint


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
