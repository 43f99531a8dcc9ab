"""Functions of directions of effect: by comparison, study or cohort; never by significance.

A resource of comparisons has the columns `study` and `direction` (higher, lower, no-difference, or
none-reported); analyses of one contrast share a `contrast`, if there is such a column. Overlapping
studies share a `cohort`, or another column of the studies.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from ..errors import nearest
from ..stats.effect_direction import (
    FEWEST_STUDIES,
    THRESHOLD,
    Direction,
    sign_test,
    study_direction,
)
from .expression_errors import ExpressionError
from .frames import RowRef, Rows, follow
from .functions import on_rows, on_values
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


@on_rows(GROUP)
def directions(
    walk: Walk,
    rows: Rows,
    *,
    per: ast.expr = ast.Constant(STUDY),  # noqa: B008
) -> tuple[str, ...]:
    """One direction for each comparison or study, or for the studies that share a value of a
    column of theirs ("study" unless `per` names another: "cohort"); those without one are left
    out. Analyses of one contrast count once. A contrast, a study or a cohort has the direction
    that 70% or more of what is in it share, otherwise it is conflicting (Boon & Thomson 2021)."""
    unit = str(walk.plain(per))
    contrasts: dict[tuple[str, str], list[Direction | None]] = {}
    shared: dict[str, str] = {}
    for row in rows:
        study = follow(walk.package, row, (STUDY,), walk.reads.looked)
        contrasts.setdefault((study, _contrast(walk, row)), []).append(_stated(walk, row))
        if unit not in (COMPARISON, STUDY):
            path = (STUDY, _column(walk, row, unit))
            shared[study] = follow(walk.package, row, path, walk.reads.looked)
    found = [(study, study_direction(stated)) for (study, _), stated in contrasts.items()]
    if unit == COMPARISON:
        return _named(direction for _, direction in found)
    studies: dict[str, list[Direction | None]] = {}
    for study, direction in found:
        studies.setdefault(study, []).append(direction)
    return _named(_by_cohort({s: study_direction(d) for s, d in studies.items()}, shared))


def _contrast(walk: Walk, row: RowRef) -> str:
    """What the analyses of one contrast share: its key, or the row's own."""
    if CONTRAST not in row.resource.columns:
        return row.key
    return follow(walk.package, row, (CONTRAST,), walk.reads.looked) or row.key


def _column(walk: Walk, row: RowRef, unit: str) -> str:
    """A column of the studies by which they are grouped."""
    target = row.resource.foreign_keys.get(STUDY)
    columns = walk.package[target].columns if target else ()
    if unit not in columns:
        known = (COMPARISON, STUDY, *columns)
        raise ExpressionError(f"no unit “{unit}”", hint=nearest(unit, known))
    return unit


def _stated(walk: Walk, row: RowRef) -> Direction | None:
    text = follow(walk.package, row, ("direction",), walk.reads.read)
    if text and text not in _AS_STATED:
        raise ExpressionError(f"“{text}” is no direction", hint=nearest(text, _AS_STATED))
    return _AS_STATED.get(text)


def _by_cohort(
    studies: Mapping[str, Direction | None], cohorts: Mapping[str, str]
) -> Iterable[Direction | None]:
    groups: dict[str, list[Direction | None]] = {}
    for study, direction in studies.items():
        groups.setdefault(cohorts.get(study) or f"\0{study}", []).append(direction)
    return (study_direction(members) for members in groups.values())


def _named(found: Iterable[Direction | None]) -> tuple[str, ...]:
    return tuple(str(direction) for direction in found if direction is not None)


def _read(names: Iterable[Any]) -> list[Direction]:
    known = {str(direction): direction for direction in Direction}
    for name in names:
        if name not in known:
            raise ExpressionError(f"“{name}” is no direction", hint=nearest(str(name), known))
    return [known[name] for name in names]


@on_values(GROUP)
def rule(name: Any) -> Any:
    """A number that a rule fixes: "share" (per cent that must agree), "units", "studies"."""
    if name not in RULES:
        raise ExpressionError(f"no rule “{name}”", hint=nearest(str(name), RULES))
    return RULES[name]


@on_values(GROUP)
def agreed(directions: Any) -> str | None:
    """The direction that 70% or more of some directions share, else "conflicting"."""
    found = study_direction(_read(directions))
    return None if found is None else str(found)


@on_values(GROUP)
def stands(expected: Any, directions: Any) -> str:
    """Whether a conclusion stands on some directions: "holds" or "does not hold", with counts.

    A direction is taken as shown where two or more units have one and 70% or more share it.
    What is expected is that direction, or "unclear": then the conclusion stands while none is
    shown. It "cannot be said" whether either stands where no direction is left.
    """
    found = _read(directions)
    shown = str(study_direction(found)) if len(found) >= FEWEST_UNITS else ""
    if shown in (str(Direction.CONFLICTING), str(Direction.NO_DIFFERENCE)):
        shown = ""
    if not found:
        return OPEN
    holds = not shown if expected == UNCLEAR else shown == expected
    return f"{HOLDS if holds else FAILS}, {_counts(found)}"


def _counts(found: list[Direction]) -> str:
    return " and ".join(f"{found.count(each)} {each}" for each in Direction if each in found)


@on_values(GROUP)
def sign_test_(directions: Any) -> Fraction | None:
    """The two-sided p of the exact sign test over independent directions; none below six."""
    found = _read(directions)
    return sign_test(found.count(Direction.HIGHER), found.count(Direction.LOWER))
