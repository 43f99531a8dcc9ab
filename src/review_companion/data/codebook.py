"""Writes the codebook of a data package from its descriptor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .descriptor import spec_of
from .rules import RULES

Json = Mapping[str, Any]

READING = """\
Every table is a CSV file: UTF-8, commas, the key of the row in the first column. A number keeps
the digits that are printed (`17.0` is not `17`), and is never derived from other numbers. An
empty cell means that the source does not say, or that the column does not apply. Keys of other
tables are links.

Rows that were extracted end with where they are printed: `source`, `section` (a part of the
article, or a table's cell as `table-1/<row>/<column>`) and `fragment` (the printed figure, or a
few words, found once in the section); `status` says whether anyone compared them with the primary
study. `locators` overrides this for single cells; `corrections` is laid over the data as they are
loaded. A number must be one of those that its own fragment prints, in digits or in words, and
`companion check` says where it is not; columns of our own making are marked as not printed. This
page and `datapackage.json` are generated from `schema.yml`.
"""

RULE_WORDS = {
    "at-most": "{0} are in ascending order",
    "within": "{1} lies between {0} and {2}",
    "percent-of": "{0} is {1} as a percentage of {2}",
    "required-with": "where {0} is given, so is {1}",
    "one-of": "one of {0} is given",
    "unique-together": "no two rows agree in {0}",
    "key-begins": "the key begins with {0}",
}
TITLE = "# Codebook: "
PLACE = ("source", "section", "fragment", "status", "note")


def codebook(descriptor: Json) -> str:
    """Markdown that describes each resource and column of a Frictionless descriptor."""
    tables = [entry for entry in descriptor.get("resources", ()) if "schema" in entry]
    parts = [*_front(descriptor), READING, *_contents(tables), *_place(tables)]
    for entry in tables:
        parts += _resource(entry)
    return "\n".join(parts).rstrip() + "\n"


def _front(descriptor: Json) -> Iterator[str]:
    yield f"{TITLE}{descriptor.get('title', descriptor.get('name', 'data package'))}\n"
    if description := descriptor.get("description"):
        yield f"{description}\n"
    licences = ", ".join(f"[{x['title']}]({x['path']})" for x in descriptor.get("licenses", ()))
    yield f"Version {descriptor.get('version', 'unknown')}. Licence: {licences or 'not stated'}."
    for source in descriptor.get("sources", ()):
        yield f"Source: {source['title']}."
    yield ""


def _contents(tables: Sequence[Json]) -> Iterator[str]:
    yield "## Tables\n"
    yield from _table(
        ("Table", "Holds"),
        ((f"[{entry['name']}](#{entry['name']})", entry.get("title", "")) for entry in tables),
    )


def _place(tables: Sequence[Json]) -> Iterator[str]:
    """The columns that say where a row is printed, once for all tables."""
    fields = next((_fields(t) for t in tables if _is_extracted(t)), [])
    if fields:
        yield "## Columns that every extracted table ends with\n"
        yield from _field_table([f for f in fields if f["name"] in PLACE], {})


def _resource(entry: Json) -> Iterator[str]:
    schema = entry["schema"]
    yield f"## {entry['name']}\n"
    yield f"**{entry.get('title', entry['name'])}** ([`{entry['path']}`]({entry['path']}))."
    yield f"{entry.get('description', '')}\n"
    shown = [f for f in _fields(entry) if not (_is_extracted(entry) and f["name"] in PLACE)]
    yield from _field_table(shown, spec_of(entry).foreign_keys)
    if rules := list(filter(None, map(_rule, schema.get("rules", ())))):
        yield "Rules: " + "; ".join(rules) + ".\n"


def _fields(entry: Json) -> list[Json]:
    return list(entry["schema"]["fields"])


def _is_extracted(entry: Json) -> bool:
    return {f["name"] for f in _fields(entry)} >= set(PLACE)


def _field_table(fields: Sequence[Json], links: Mapping[str, str]) -> Iterator[str]:
    yield from _table(
        ("Column", "Meaning", "Type", "Allowed"),
        ((f"`{f['name']}`", _meaning(f), f["type"], _allowed(f, links)) for f in fields),
    )


def _meaning(field: Json) -> str:
    unit = f" Unit: {field['unit']}." if "unit" in field else ""
    return f"{field.get('title', field['name'])}. {field.get('description', '')}{unit}"


def _allowed(field: Json, links: Mapping[str, str]) -> str:
    limits = field.get("constraints", {})
    words = ["required"] if limits.get("required") else []
    if field.get("printed") is False:
        words.append("not printed")
    elif "printed" in field:
        words.append(f"printed as the name of a {field['printed']}")
    if field["name"] in links:
        words.append(f"key of [{links[field['name']]}](#{links[field['name']]})")
    if "enum" in limits:
        words.append("one of " + ", ".join(f"`{value}`" for value in limits["enum"]))
    words += [f"{w} {limits[k]}" for k, w in (("minimum", "≥"), ("maximum", "≤")) if k in limits]
    if limits.get("unique"):
        words.append("unique")
    if "pattern" in limits and field["name"] != "section":
        words.append(f"pattern `{limits['pattern']}`")
    return "; ".join(words)


def _rule(rule: Json) -> str:
    name, value = next((k, v) for k, v in rule.items() if k != "severity")
    if name not in RULES or not RULES[name].accepts(value):
        return ""  # validation says why
    if isinstance(value, Mapping):
        return f"`{value['number']}` of the rows with one `{value['parent']}` add up to its own"
    columns = [f"`{column}`" for column in value]
    if name in ("at-most", "one-of", "unique-together"):
        columns = [" and ".join(columns)]
    elif name == "required-with":
        columns = [columns[0], " and ".join(columns[1:])]
    return RULE_WORDS[name].format(*columns)


def _table(header: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield _line(header)
    yield _line(["---"] * len(header))
    yield from (_line(row) for row in rows)
    yield ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
