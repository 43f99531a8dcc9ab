"""Writes the codebook of a data package from its descriptor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..markup import templates
from .descriptor import spec_of

Json = Mapping[str, Any]

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
    return [f"`{rule}`" for rule in table["schema"].get("rules", ())]


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
    if together := field.get("unique with"):
        words.append(f"unique together with {' and '.join(f'`{c}`' for c in together)}")
    if "begins the key" in field:
        words.append("begins the key")
    if "pattern" in limits and field["name"] != "section":
        words.append(f"pattern `{limits['pattern']}`")
    return "; ".join(words)


_TEMPLATES = templates(
    Path(__file__).parent / "templates", allowed=_allowed, own=_own, links=_links, rules=_rules
)
