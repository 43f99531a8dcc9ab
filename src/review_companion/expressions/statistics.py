"""Functions that hold printed statistics against each other; the methods live in `stats`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ..errors import CompanionError, require_known
from ..stats import effects, feasible
from ..stats import two_by_two as measures
from ..stats.effects import direction_of
from ..stats.printed import Printed, as_printed, in_days
from ..stats.two_by_two import MEASURES, TESTS, TwoByTwo
from .functions import function

TABLES, FIGURES = "Tables of two by two", "Printed statistics"


function(FIGURES)(effects.within_range)
function(FIGURES)(effects.symmetric)
function(TABLES)(feasible.feasible_counts)
function(TABLES)(feasible.feasible_totals)


def _printed_p(p: Any, sign: Any) -> Printed:
    printed = as_printed(p)
    return Printed(printed.decimal, operator="" if sign in ("=", None) else str(sign))


@function(FIGURES)
def significant(p: Any, *, p_operator: Any = None, alpha: Any = effects.ALPHA) -> bool | None:
    """Whether a printed p (with its operator) lies below alpha; open where rounding leaves it."""
    return effects.significant(_printed_p(p, p_operator), Decimal(str(alpha)))


@function(FIGURES)
def p_agrees(*, estimate: Any, low: Any, high: Any, p: Any, p_operator: Any = None) -> bool | None:
    """Whether an estimate and its interval imply the printed p, rounding carried through."""
    return effects.consistent(estimate, low, high, _printed_p(p, p_operator))


@function(FIGURES)
def implied_p(*, estimate: Any, low: Any, high: Any) -> float | None:
    """The two-sided p that an estimate and its interval imply on the log scale."""
    found = effects.p_range(estimate, low, high)
    return None if found is None else found.value


@function(FIGURES)
def symmetric_scales(*, estimate: Any, low: Any, high: Any) -> tuple[str, ...]:
    """The scales on which an interval in per cent is symmetrical about its estimate."""
    figures = (Printed(as_printed(f).decimal, percent=True) for f in (estimate, low, high))
    return effects.symmetric_scales(*figures)


@function(FIGURES)
def direction(exposed: Any, comparison: Any) -> str | None:
    """The direction of two percentages: higher, lower or no difference."""
    found = direction_of(exposed, comparison)
    return None if found is None else str(found)


function(FIGURES)(in_days)


@function(TABLES)
def fitting_tables(
    *,
    exposed_percent: Any,
    unexposed_percent: Any,
    exposed_total: int | None = None,
    unexposed_total: int | None = None,
    total: int | None = None,
    events: int | None = None,
) -> tuple[str, ...]:
    """Every 2×2 table that gives two percentages with the known totals, as "9/23 vs 1/22"."""
    margins = {"exposed_total": exposed_total, "unexposed_total": unexposed_total}
    known = {**margins, "total": total, "events": events}
    return tuple(map(str, feasible.fitting_tables(exposed_percent, unexposed_percent, **known)))


@function(TABLES)
def recognised(
    *,
    exposed_percent: Any,
    unexposed_percent: Any,
    exposed_total: int | None = None,
    unexposed_total: int | None = None,
    total: int | None = None,
    events: int | None = None,
    fold: Any = None,
    p: Any = None,
    p_operator: Any = None,
) -> tuple[str, ...]:
    """Names of the measures that give a printed fold increase (or of the tests that give a
    printed p) in the tables that fit two percentages."""
    margins = {"exposed_total": exposed_total, "unexposed_total": unexposed_total}
    known = {**margins, "total": total, "events": events}
    tables = feasible.fitting_tables(exposed_percent, unexposed_percent, **known)
    printed = None if p is None else _printed_p(p, p_operator)
    return feasible.recognise(tables, fold=fold, p=printed)


@function(TABLES)
def measure(name: Any, *, exposed_events: int, exposed: int, events: int, unexposed: int) -> Any:
    """A measure or test, such as "odds ratio", of the 2×2 table with these events and totals;
    `events` are those of the unexposed."""
    functions: Mapping[str, Any] = {**MEASURES, **TESTS}
    require_known(name, functions, "no measure is named", "known measures")
    table = TwoByTwo(exposed_events, exposed - exposed_events, events, unexposed - events)
    return functions[name](table)


@function(TABLES)
def implied(
    part: Any,
    *,
    exposed_percent: Any = None,
    unexposed_percent: Any = None,
    exposed_total: int | None = None,
    unexposed_total: int | None = None,
    total: int | None = None,
    events: int | None = None,
    exposed_events: Any = None,
) -> Any:
    """What two percentages imply where exactly one 2×2 table fits them, else nothing. The part is
    "table", "odds-ratio" or "risk-ratio" (with "-low" or "-high" for its 95% limit: Woolf 1955;
    Katz et al. 1978)."""
    require_known(part, PARTS, "a table has no part")
    margins = {"exposed_total": exposed_total, "unexposed_total": unexposed_total}
    known = {**margins, "total": total, "events": events}
    if None in (exposed_percent, unexposed_percent):
        return None
    try:
        found = feasible.fitting_tables(exposed_percent, unexposed_percent, **known)
    except CompanionError:  # too little is known, or too many tables fit
        return None
    found = [table for table in found if exposed_events in (None, table.a)]
    return PARTS[part](found[0]) if len(found) == 1 else None


NONE = (None, None)
PARTS: Mapping[Any, Callable[[TwoByTwo], Any]] = {
    "table": str,
    "odds-ratio": measures.odds_ratio,
    "odds-ratio-low": lambda table: (measures.wald_odds_ratio_limits(table) or NONE)[0],
    "odds-ratio-high": lambda table: (measures.wald_odds_ratio_limits(table) or NONE)[1],
    "risk-ratio": measures.risk_ratio,
    "risk-ratio-low": lambda table: (measures.wald_risk_ratio_limits(table) or NONE)[0],
    "risk-ratio-high": lambda table: (measures.wald_risk_ratio_limits(table) or NONE)[1],
}
