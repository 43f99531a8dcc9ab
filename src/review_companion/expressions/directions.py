"""Functions of directions of effect: by comparison, study or cohort; never by significance.

A resource of comparisons has the columns `study` and `direction` (higher, lower, no-difference, or
none-reported); analyses of one contrast share a `contrast`, if there is such a column. Overlapping
studies share a `cohort`, or another column of the studies.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ..errors import nearest, require_known
from ..stats.effects import (
    FEWEST_STUDIES,
    THRESHOLD,
    Direction,
    sign_test,
    study_direction,
)
from .frames import RowRef, Rows, follow
from .functions import function
from .parse import ExpressionError
from .walk import Walk

GROUP = "Directions of effect"
COMPARISON, STUDY = "comparison", "study"
CONTRAST = "contrast"
NONE_REPORTED = "none-reported"
FEWEST_UNITS = 2
RULES = {"share": THRESHOLD * 100, "units": FEWEST_UNITS, "studies": FEWEST_STUDIES}
HOLDS, FAILS, OPEN = "holds", "does not hold", "cannot be said"
UNCLEAR = "unclear"
_AS_STATED = {str(d).replace(" ", "-"): d for d in Direction} | {NONE_REPORTED: None}


@function(GROUP, method=True)
def directions(walk: Walk, rows: Rows, *, per: Any = STUDY) -> tuple[str, ...]:
    """One direction for each comparison or study, or for the studies that share a value of a
    column of theirs ("study" unless `per` names another: "cohort"); those without one are left
    out. Analyses of one contrast count once. A contrast, a study or a cohort has the direction
    that 70% or more of what is in it share, otherwise it is conflicting (Boon & Thomson 2021)."""
    unit = str(per)
    stated: list[tuple[Any, Direction | None]] = []
    cohorts: dict[str, str] = {}
    for row in rows:
        study = follow(walk.package, row, (STUDY,), walk.reads.looked)
        stated.append(((study, _contrast(walk, row)), _stated(walk, row)))
        if unit not in (COMPARISON, STUDY):
            path = (STUDY, _column(walk, row, unit))
            cohorts[study] = follow(walk.package, row, path, walk.reads.looked)
    contrasts = _shared(stated)
    if unit == COMPARISON:
        return _named(contrasts.values())
    studies = _shared((study, direction) for (study, _), direction in contrasts.items())
    found = _shared((cohorts.get(study) or f"\0{study}", d) for study, d in studies.items())
    return _named(found.values())


def _shared(stated: Iterable[tuple[Any, Direction | None]]) -> dict[Any, Direction | None]:
    """The direction shared by all that is stated about one comparison, study or cohort."""
    groups: dict[Any, list[Direction | None]] = {}
    for thing, direction in stated:
        groups.setdefault(thing, []).append(direction)
    return {thing: study_direction(members) for thing, members in groups.items()}


def _contrast(walk: Walk, row: RowRef) -> str:
    """The key that analyses of one contrast share, or the row's own key."""
    if CONTRAST not in row.resource.columns:
        return row.key
    return follow(walk.package, row, (CONTRAST,), walk.reads.looked) or row.key


def _column(walk: Walk, row: RowRef, unit: str) -> str:
    """A column of the studies by which they are grouped."""
    target = row.resource.foreign_keys.get(STUDY)
    columns = walk.package[target].columns if target else ()
    require_known(unit, (COMPARISON, STUDY, *columns), "no unit")
    return unit


def _stated(walk: Walk, row: RowRef) -> Direction | None:
    text = follow(walk.package, row, ("direction",), walk.reads.read)
    if text and text not in _AS_STATED:
        raise ExpressionError(f"“{text}” is not a direction", hint=nearest(text, _AS_STATED))
    return _AS_STATED.get(text)


def _named(found: Iterable[Direction | None]) -> tuple[str, ...]:
    return tuple(str(direction) for direction in found if direction is not None)


def _read(names: Iterable[Any]) -> list[Direction]:
    known = {str(direction): direction for direction in Direction}
    for name in names:
        if name not in known:
            raise ExpressionError(f"“{name}” is not a direction", hint=nearest(str(name), known))
    return [known[name] for name in names]


@function(GROUP)
def rule(name: Any) -> Any:
    """A number that a rule fixes: "share" (per cent that must agree), "units", "studies"."""
    require_known(name, RULES, "no rule")
    return RULES[name]


@function(GROUP)
def agreed(directions: Any) -> str | None:
    """The direction that 70% or more of some directions share, else "conflicting"."""
    found = study_direction(_read(directions))
    return None if found is None else str(found)


@function(GROUP)
def stands(expected: Any, directions: Any) -> str:
    """Whether a conclusion stands on some directions: "holds" or "does not hold", with counts.

    A direction counts as shown where two or more units have one and 70% or more share it. What is
    expected is that direction, or "unclear", which holds as long as no direction is shown. The
    answer is "cannot be said" where no direction is left.
    """
    require_known(expected, (UNCLEAR, *map(str, Direction)), "no direction is called")
    found = _read(directions)
    shown = str(study_direction(found)) if len(found) >= FEWEST_UNITS else ""
    if shown in (str(Direction.CONFLICTING), str(Direction.NO_DIFFERENCE)):
        shown = ""
    if not found:
        return OPEN
    holds = not shown if expected == UNCLEAR else shown == expected
    counts = " and ".join(f"{found.count(each)} {each}" for each in Direction if each in found)
    return f"{HOLDS if holds else FAILS}, {counts}"


@function(GROUP)
def sign_test_(directions: Any) -> Fraction | None:
    """The two-sided p of the exact sign test over independent directions; none below six."""
    found = _read(directions)
    return sign_test(found.count(Direction.HIGHER), found.count(Direction.LOWER))
