"""Operators for what printed figures imply: effects of a 2×2 table, lengths of time in days."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..errors import CompanionError
from .operators import Evaluate, operator
from .scope import Scope
from .selection import SELECTION_KEYS, column_of, select, typed

DAYS = {
    "day": Fraction(1),
    "week": Fraction(7),
    "month": Fraction(36525, 1200),
    "year": Fraction(36525, 100),
}
MARGINS = ("exposed-total", "unexposed-total", "total", "events")


@operator("in-days")
def in_days(argument: Any, scope: Scope, evaluate: Evaluate) -> Fraction | None:
    """A `number` of days, weeks, months or years (`unit`) in days; a year has 365.25."""
    number, unit = evaluate(argument["number"], scope), evaluate(argument["unit"], scope)
    if number is None or unit not in DAYS:
        return None
    return Fraction(number) * DAYS[unit]


@operator("first-given")
def first_given(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """The first of several expressions that has a value."""
    return next((v for v in (evaluate(e, scope) for e in argument) if v is not None), None)


def _figures(argument: Any, scope: Scope, evaluate: Evaluate) -> list[Any]:
    path = column_of(argument)[1]
    selection = {k: v for k, v in argument.items() if k in SELECTION_KEYS}
    return [typed(scope, row, path) for row in select(selection, scope, evaluate)]


@operator("total")
def total(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """Sum of a column over a selection; nothing where there is no row, or a row has no figure."""
    parts = _figures(argument, scope, evaluate)
    return None if None in parts or not parts else sum(parts[1:], parts[0])


@operator("rest")
def rest(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """A `whole` less a column over a selection; nothing where one of them has no figure."""
    whole = evaluate(argument["whole"], scope)
    parts = _figures(argument, scope, evaluate)
    return None if None in (whole, *parts) else whole - sum(parts)


@operator("implied")
def implied(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """What two printed percentages imply where exactly one 2×2 table fits them, else nothing.

    `exposed-percent` and `unexposed-percent`, with what is known of `exposed-total`,
    `unexposed-total`, `total`, `events` and `exposed-events`; `part` is table, odds-ratio or
    risk-ratio (with -low or -high for its 95% limit: Woolf 1955; Katz et al. 1978).
    """
    given = {name: evaluate(item, scope) for name, item in argument.items()}
    table = _only_table(given)
    if table is None:
        return None
    part = str(given["part"])
    if part == "table":
        return str(table)
    return _measure(part, table)


def _only_table(given: Mapping[str, Any]) -> Any:
    from ..stats.table_search import fitting_tables

    percents = given["exposed-percent"], given["unexposed-percent"]
    known = {name: int(given[name]) for name in MARGINS if given.get(name) is not None}
    if None in percents or not known:
        return None
    try:
        found = fitting_tables(
            *percents,
            exposed_total=known.get("exposed-total"),
            unexposed_total=known.get("unexposed-total"),
            total=known.get("total"),
            events=known.get("events"),
        )
    except CompanionError:
        return None
    events = given.get("exposed-events")
    found = [table for table in found if events in (None, table.a)]
    return found[0] if len(found) == 1 else None


def _measure(part: str, table: Any) -> Fraction | None:
    from ..stats import two_by_two as measures

    estimates = {"odds-ratio": measures.odds_ratio, "risk-ratio": measures.risk_ratio}
    if part in estimates:
        return estimates[part](table)
    name, _, side = part.rpartition("-")
    limits = {
        "odds-ratio": measures.wald_odds_ratio_limits,
        "risk-ratio": measures.wald_risk_ratio_limits,
    }
    if name not in limits or side not in ("low", "high"):
        raise CompanionError(f"no part “{part}” of a table", hint=f"known: {', '.join(estimates)}")
    found = limits[name](table)
    return None if found is None else Fraction(found[side == "high"])
