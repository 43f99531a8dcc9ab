"""Codes that other rows carry too: the same as there, or one of those there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..descriptor import TableSpec
from ..problems import Problem
from .codes import carried, vocabulary
from .slip_places import Cells, Places


def link_slips(spec: TableSpec, places: Places) -> Iterator[Problem]:
    """`same as` and `among` of the schema; a code that the article's words carry is let be."""
    for field in spec.fields:
        if "same as" in field or "among" in field:
            yield from _of_column(spec, field, places)
    yield from _strangers(spec, places)


def _strangers(spec: TableSpec, places: Places) -> Iterator[Problem]:
    """Links to a row of another study: both rows say whose they are (`begins the key`)."""
    own = next((f["name"] for f in spec.fields if "begins the key" in f), "")
    wanted = spec.foreign_keys.get(own)
    for column, target in spec.foreign_keys.items() if wanted else ():
        if places.links.get(target, {}).get(own) != wanted:
            continue
        for number, cells in places.rows(spec.name):
            other = places.follow(spec.name, cells, f"{column}.{own}")
            if cells.get(own) and other not in ("", cells[own]):
                expected, note = f"a row of {cells[own]}", f"this one is of {other}"
                yield places.warn(
                    spec.name, number, cells, column, "link", expected=expected, message=note
                )


def _of_column(spec: TableSpec, field: Mapping[str, Any], places: Places) -> Iterator[Problem]:
    column, words = field["name"], vocabulary(field, spec, places)
    for number, cells in places.rows(spec.name):
        value = cells.get(column, "")
        if not value or value in field.get("exempt", ()):
            continue
        found = [*_unlike(field, spec, cells, places), *_absent(field, spec, cells, places)]
        if found and not carried(words, spec, cells, column, places):
            expected, note = found[0]
            yield places.warn(
                spec.name, number, cells, column, "link", expected=expected, message=note
            )


def _unlike(
    field: Mapping[str, Any], spec: TableSpec, cells: Cells, places: Places
) -> Iterator[tuple[str, str]]:
    for path in field.get("same as", ()):
        other = places.follow(spec.name, cells, path)
        if other and other != cells[field["name"]] and other not in field.get("exempt", ()):
            yield other, f"as {path} has it"


def _absent(
    field: Mapping[str, Any], spec: TableSpec, cells: Cells, places: Places
) -> Iterator[tuple[str, str]]:
    """The value is none of those that a table has for what both tables link to."""
    for target in (field["among"],) if isinstance(field.get("among"), str) else ():
        table, _, path = target.partition(".")
        shared = field.get("by", "study")
        known = {
            places.follow(table, row, path)
            for _, row in places.rows(table)
            if row.get(shared) == cells.get(shared)
        } - {""}
        if known and cells[field["name"]] not in known:
            what = f"{shared} {cells.get(shared, '')}"
            yield " or ".join(sorted(known)), f"{table} has no other for {what}"
