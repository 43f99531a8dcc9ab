"""Operators on directions of effect: tallied by comparison, study or cohort; never by significance.

A resource of comparisons has the columns `study` and `direction` (higher, lower, no-difference);
overlapping studies share a `cohort`, a column of the studies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..errors import CompanionError
from ..stats.direction import (
    FEWEST_STUDIES,
    THRESHOLD,
    Direction,
    sign_test,
    study_direction,
)
from .operators import Evaluate, operator
from .scope import Reads, RowRef, Scope
from .selection import SELECTION_KEYS, follow, select, typed

COMPARISON, STUDY, COHORT = UNITS = ("comparison", "study", "cohort")
FEWEST_UNITS = 2
RULES = {"share": THRESHOLD * 100, "units": FEWEST_UNITS, "studies": FEWEST_STUDIES}
HOLDS, FAILS, OPEN = "holds", "does not hold", "cannot be said"
UNCLEAR = "unclear"
_AS_STATED = {str(d).replace(" ", "-"): d for d in Direction} | {"none": Direction.NO_DIFFERENCE}


@operator("directions")
def directions(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[str, ...]:
    """One direction for each unit of a selection of comparisons; units without one are left out.

    `per` is the unit: comparison, study, or cohort (a study, overlapping studies once); `cohort`
    is the path to the cohort (study.cohort unless told). A study or cohort has the direction
    that 70% or more of what is in it share, otherwise it is conflicting (Boon & Thomson 2021).
    """
    per = str(evaluate(argument.get("per", STUDY), scope))
    if per not in UNITS:
        raise CompanionError(f"no unit “{per}”", hint=f"known: {', '.join(UNITS)}")
    selection = {key: item for key, item in argument.items() if key in SELECTION_KEYS}
    rows = select(selection, scope, evaluate)
    found = [(row, _stated(scope, row)) for row in rows]
    if per == COMPARISON:
        return _named(direction for _, direction in found)
    studies: dict[str, list[Direction | None]] = {}
    cohorts: dict[str, str] = {}
    for row, direction in found:
        study = follow(scope, row, "study", scope.reads.looked)
        studies.setdefault(study, []).append(direction)
        if per == COHORT:
            path = str(argument.get("cohort", "study.cohort"))
            cohorts[study] = follow(scope, row, path, scope.reads.looked)
    return _named(_by_cohort({s: study_direction(d) for s, d in studies.items()}, cohorts))


def _stated(scope: Scope, row: RowRef) -> Direction | None:
    text = typed(scope, row, "direction")
    if text is not None and text not in _AS_STATED:
        raise CompanionError(f"“{text}” is no direction", hint=f"known: {', '.join(_AS_STATED)}")
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


@operator("rule")
def rule(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """A number that a rule fixes: `share` (per cent that must agree), `units`, `studies`."""
    if argument not in RULES:
        raise CompanionError(f"no rule “{argument}”", hint=f"known: {', '.join(RULES)}")
    return RULES[argument]


@operator("agreed")
def agreed(argument: Any, scope: Scope, evaluate: Evaluate) -> str | None:
    """The direction that 70% or more of some `directions` share, else "conflicting"."""
    found = study_direction(Direction(name) for name in evaluate(argument, scope))
    return None if found is None else str(found)


@operator("tally")
def tally(argument: Any, scope: Scope, evaluate: Evaluate) -> int:
    """How often a set or list (`of`) holds a member (`is`: one, or a list of them)."""
    wanted = evaluate(argument["is"], scope)
    options = wanted if isinstance(wanted, list | tuple) else [wanted]
    return sum(item in options for item in evaluate(argument["of"], scope))


@operator("stands")
def stands(argument: Any, scope: Scope, evaluate: Evaluate) -> str:
    """Whether a conclusion stands on some `directions`: "holds" or "does not hold", with counts.

    A direction is taken as shown where two or more units have one and 70% or more share it.
    `expected` is that direction, or "unclear": then the conclusion stands while none is shown.
    It "cannot be said" whether either stands where no direction is left.
    """
    expected = str(evaluate(argument["expected"], scope))
    found = [Direction(name) for name in evaluate(argument["directions"], scope)]
    shown = str(study_direction(found)) if len(found) >= FEWEST_UNITS else ""
    if shown in (str(Direction.CONFLICTING), str(Direction.NO_DIFFERENCE)):
        shown = ""
    if not found:
        return f"{OPEN}, {_counts(found)}"
    holds = not shown if expected == UNCLEAR else shown == expected
    return f"{HOLDS if holds else FAILS}, {_counts(found)}"


def _counts(found: list[Direction]) -> str:
    parts = [
        f"{found.count(direction)} {direction}" for direction in Direction if direction in found
    ]
    return " and ".join(parts) or "no direction"


@operator("sign-test")
def signs(argument: Any, scope: Scope, evaluate: Evaluate) -> Fraction | None:
    """The two-sided p of the exact sign test over independent `directions`; none below six."""
    found = list(evaluate(argument, scope))
    test = sign_test(found.count(str(Direction.HIGHER)), found.count(str(Direction.LOWER)))
    return None if test is None else Fraction(test.p)


@operator("under")
def under(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """An expression (`do`) with one `parameter` set to a `value`; as it is with no parameter."""
    name, value = evaluate(argument["parameter"], scope), evaluate(argument["value"], scope)
    if not name:
        return evaluate(argument["do"], scope)
    typed_value = {"true": True, "false": False}.get(str(value), value)
    if name not in scope.parameters:
        raise CompanionError(
            f"unknown parameter “{name}”", hint=f"known: {', '.join(sorted(scope.parameters))}"
        )
    reads = Reads()
    changed = {**scope.parameters, str(name): typed_value}
    result = evaluate(argument["do"], replace(scope, parameters=changed, reads=reads))
    reads.parameters = {entry for entry in reads.parameters if entry[0] != name}
    scope.reads.include(reads)
    return result
