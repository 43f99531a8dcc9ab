"""One fact in two rows: durations that differ without a note, and persons that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..cell_checks import NUMBER
from ..descriptor import TableSpec
from ..problems import Problem
from .slip_places import Cells, Places

DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def twice_slips(spec: TableSpec, places: Places) -> Iterator[Problem]:
    """Rows of one thing whose durations differ by more than their unit, where none has a note."""
    for role in spec.roles:
        if "duration" in role:
            yield from _durations(role, spec, places)


def _durations(role: Mapping[str, Any], spec: TableSpec, places: Places) -> Iterator[Problem]:
    seen: dict[str, tuple[Cells, Decimal]] = {}
    for number, cells in places.rows(spec.name):
        days = _days(cells, role)
        if days is None or cells.get("note"):
            continue
        other, known = seen.setdefault(cells.get(role["of"], ""), (cells, days))
        if not Decimal("0.9") <= days / known <= Decimal("1.12"):
            expected = f"{other[role['duration']]} {other[role['unit']]}, as row {_key(other)} has"
            note = "or a note that says why the two places differ"
            yield places.warn(
                spec.name, number, cells, role["duration"], "twice", expected=expected, message=note
            )


def _key(cells: Cells) -> str:
    return next(iter(cells.values()))


def _days(cells: Cells, role: Mapping[str, Any]) -> Decimal | None:
    value, unit = cells.get(role["duration"], ""), cells.get(role["unit"], "")
    if unit not in DAYS or not NUMBER.fullmatch(value) or not Decimal(value):
        return None
    return Decimal(value) * DAYS[unit]
