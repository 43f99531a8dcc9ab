"""Codes that follow from figures of their own row: direction and significance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ...stats.effect_direction import Direction, compare
from ...stats.intervals import significant
from ...stats.printed import Printed
from ..cell_checks import NUMBER
from ..descriptor import TableSpec
from ..problems import Problem
from .slip_places import Cells, Places

Role = Mapping[str, Any]
NULL = {"log": "1", "identity": "0"}


def effect_slips(spec: TableSpec, places: Places) -> Iterator[Problem]:
    """Directions against the percentages or the estimate, significance against p."""
    for role in spec.roles:
        for number, cells in places.rows(spec.name):
            for column, expected, note in (*_direction(role, cells), *_significance(role, cells)):
                yield places.warn(
                    spec.name, number, cells, column, "effect", expected=expected, message=note
                )


def _direction(role: Role, cells: Cells) -> Iterator[tuple[str, str, str]]:
    column = role.get("direction", "")
    given = cells.get(column, "")
    codes = {
        role.get("higher", "higher"): Direction.HIGHER,
        role.get("lower", "lower"): Direction.LOWER,
        role.get("equal", "no-difference"): Direction.NO_DIFFERENCE,
    }
    for found, words in _shown(role, cells) if given else ():
        if found is not None and found is not codes.get(given):
            code = next(c for c, direction in codes.items() if direction is found)
            yield column, code, words
            return


def _shown(role: Role, cells: Cells) -> Iterator[tuple[Direction | None, str]]:
    """The directions that figures of the row show, with the figures."""
    arms = [cells.get(c, "") for c in role.get("arms", ())]
    if len(arms) == 2 and all(map(NUMBER.fullmatch, arms)):
        words = f"{role['arms'][0]} is {arms[0]}, {role['arms'][1]} {arms[1]}"
        yield compare(Decimal(arms[0]), Decimal(arms[1])), words
    estimate = cells.get(role.get("estimate", ""), "")
    if NUMBER.fullmatch(estimate):
        null = Decimal(NULL[role.get("scale", "log")])
        yield _beside(Decimal(estimate), null), f"{role['estimate']} is {estimate}"


def _beside(estimate: Decimal, null: Decimal) -> Direction:
    if estimate == null:
        return Direction.NO_DIFFERENCE
    return Direction.HIGHER if estimate > null else Direction.LOWER


def _significance(role: Role, cells: Cells) -> Iterator[tuple[str, str, str]]:
    """Significance that was read from p, against p."""
    column, p = role.get("significant", ""), cells.get(role.get("p", ""), "")
    basis = cells.get(role.get("significance basis", ""), "")
    given = cells.get(column, "")
    if basis == "none" and given in ("true", "false"):
        yield column, "not-tested or not-stated", f"{role['significance basis']} is “none”"
    if not given or not NUMBER.fullmatch(p) or basis not in ("", "p-value"):
        return
    sign = cells.get(role.get("p sign", ""), "")
    found = significant(Printed(Decimal(p), operator="" if sign == "=" else sign))
    if found is not None and given != str(found).lower():
        yield column, str(found).lower(), f"p {sign or '='} {p}"
