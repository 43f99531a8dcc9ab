"""Verification statuses against what they rest on: the source that was read, and what it gives.

A role of `locators` names these columns: `{read: primary, there: primary_value}`. A schema without
it says nothing of sources that were read, and nothing is asked of its statuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from .cell_checks import NUMBER
from .descriptor import TableSpec
from .links import LOCATORS
from .printed_places import PrintedRow, PrintedTables, Slip

UNREAD, AGREES, DIFFERS = "review-only", "agrees-with-primary", "differs-from-primary"
OF = re.compile(r"(\d+) of (\d+)")  # a share whose percentage is in the data


def status_slips(spec: TableSpec, tables: PrintedTables) -> Iterator[Slip]:
    """Statuses without a source that was read, and those that its figure contradicts."""
    role = tables.role(LOCATORS, "read")
    for row in tables.rows(spec.name) if role else ():
        status = row.get("status")
        if spec.name == LOCATORS:
            yield from _of_cell(row, role["read"], role.get("there", ""))
        elif status not in ("", UNREAD):
            note = "whoever read the study names source, cell and value in locators"
            yield row, "status", UNREAD, note


def _of_cell(row: PrintedRow, read: str, there: str) -> Iterator[Slip]:
    status, source = row.get("status"), row.get(read)
    if source and status == UNREAD:
        yield row, "status", "another status", f"{source} was read"
    elif not source and status not in ("", UNREAD):
        yield row, "status", UNREAD, f"or the source that was read in {read}"
    same = _same(row.get(there), _held(row)) if source else None
    if same is not None and status in (AGREES, DIFFERS) and same != (status == AGREES):
        found = f"{there} is {row.get(there)}, the cell {_held(row)}"
        yield row, "status", AGREES if same else DIFFERS, found


def _held(row: PrintedRow) -> str:
    """What the cell holds that a row of `locators` is about."""
    other = row.tables.row(row.get("resource"), row.get("row"))
    return other.get(row.get("column")) if other else ""


def _same(there: str, here: str) -> bool | None:
    """Whether a figure is the cell's at the cell's precision; None where one of them is none."""
    if not NUMBER.fullmatch(here):
        return None
    if share := OF.fullmatch(there):
        if not (whole := Decimal(share[2])):
            return None
        value = 100 * Decimal(share[1]) / whole
    elif NUMBER.fullmatch(there):
        value = Decimal(there)
    else:
        return None
    held = Decimal(here)
    return abs(value - held) <= Decimal((0, (5,), int(held.as_tuple().exponent) - 1))
