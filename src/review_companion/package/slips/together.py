"""Codes that go with cells of their own row, or with rows of another table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..descriptor import TableSpec
from ..problems import Problem
from .slip_places import Cells, Places

SOME, NONE = "some", "none"


def together_slips(spec: TableSpec, places: Places) -> Iterator[Problem]:
    """`with`, `without` and `rows in` of the schema, each a mapping of codes.

    `with: {p-value: [p]}`: beside the code the columns are filled, or hold what follows a blank
    (`[direction none-reported]`). `without: {none: [estimate]}`: they are empty. `rows in:
    {table: comparisons, by: [study], codes: {true: some, false: none}}`: the other table has rows
    that agree in these columns, or none.
    """
    for field in spec.fields:
        for number, cells in places.rows(spec.name) if _has_rule(field) else ():
            for expected, note in (*_beside(field, cells), *_rows(field, cells, places)):
                yield places.warn(
                    spec.name, number, cells, field["name"], "together",
                    expected=expected, message=note,
                )  # fmt: skip


def _has_rule(field: Mapping[str, Any]) -> bool:
    return any(key in field for key in ("with", "without", "rows in"))


def _beside(field: Mapping[str, Any], cells: Cells) -> Iterator[tuple[str, str]]:
    code = cells.get(field["name"], "")
    for entry in field.get("with", {}).get(code, ()):
        column, _, wanted = entry.partition(" ")
        found = cells.get(column, "")
        if not found or (wanted and found != wanted):
            yield f"another code, or {wanted or 'a figure'} in {column}", _held(column, found)
    for column in field.get("without", {}).get(code, ()):
        if cells.get(column, ""):
            yield f"another code, or nothing in {column}", _held(column, cells[column])


def _held(column: str, found: str) -> str:
    return f"{column} is {found or 'empty'}"


def _rows(field: Mapping[str, Any], cells: Cells, places: Places) -> Iterator[tuple[str, str]]:
    rule = field.get("rows in", {})
    wanted = rule.get("codes", {}).get(cells.get(field["name"], ""))
    if wanted is None:
        return
    by = rule["by"]
    rows = [row for _, row in places.rows(rule["table"])]
    found = SOME if any(all(r[c] == cells[c] for c in by) for r in rows) else NONE
    if found != wanted:
        same = " and ".join(f"{column} {cells[column]}" for column in by)
        yield "another code", f"{rule['table']} has {found} with {same}"
