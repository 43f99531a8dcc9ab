"""Writes the codebook of a data package from its descriptor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..markup import templates
from .descriptor import spec_of
from .rules import RULES

Json = Mapping[str, Any]

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
    place = next((_place(table) for table in tables if _place(table)), [])
    text = _TEMPLATES.get_template("codebook.md").render(
        package=descriptor, tables=tables, place=place
    )
    return text.rstrip() + "\n"


def _place(table: Json) -> list[Json]:
    """The columns that say where a row is printed, of a table that has all of them."""
    found = [field for field in table["schema"]["fields"] if field["name"] in PLACE]
    return found if len(found) == len(PLACE) else []


def _own(table: Json) -> list[Json]:
    """The columns that are described with the table, not once for all."""
    return [field for field in table["schema"]["fields"] if field not in _place(table)]


def _links(table: Json) -> Mapping[str, str]:
    return spec_of(table).foreign_keys


def _rules(table: Json) -> list[str]:
    return list(filter(None, map(_rule, table["schema"].get("rules", ()))))


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


_TEMPLATES = templates(
    Path(__file__).parent / "templates", allowed=_allowed, own=_own, links=_links, rules=_rules
)
