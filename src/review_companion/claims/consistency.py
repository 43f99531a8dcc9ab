"""Operators that hold printed statistics against each other; the methods live in `stats`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..errors import CompanionError
from ..stats import intervals, percentages
from ..stats.direction import compare
from ..stats.medians import within_range as within
from ..stats.printed import Printed, as_printed
from ..stats.recognise import recognise
from ..stats.table_search import fitting_tables as tables_that_fit
from ..stats.two_by_two import MEASURES, TESTS, TwoByTwo
from ..trace.operators import Evaluate
from ..trace.scope import Scope
from .operators import operator

MARGINS = ("exposed-total", "unexposed-total", "total", "events")


def _arguments(argument: Mapping[str, Any], scope: Scope, evaluate: Evaluate) -> dict[str, Any]:
    found = {name: evaluate(item, scope) for name, item in argument.items()}
    if "p" in found:
        found["p"] = _printed_p(found["p"], str(found.pop("p-operator", "") or ""))
    return found


def _printed_p(p: Any, sign: str) -> Printed:
    printed = as_printed(p)
    return Printed(printed.decimal, operator="" if sign == "=" else sign)


@operator("significant")
def significant(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """Whether `p` (with its `p-operator`) lies below `alpha` (0.05 unless told)."""
    given = _arguments(argument, scope, evaluate)
    return intervals.significant(given["p"], Decimal(str(given.get("alpha", intervals.ALPHA))))


@operator("p-agrees")
def p_agrees(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """Whether `estimate`, `low`, `high` imply the printed `p`, rounding carried through."""
    given = _arguments(argument, scope, evaluate)
    figures = (given[name] for name in ("estimate", "low", "high", "p"))
    return intervals.consistent(*figures).holds


@operator("implied-p")
def implied_p(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """The two-sided p that `estimate`, `low` and `high` imply on the log scale."""
    given = _arguments(argument, scope, evaluate)
    found = intervals.p_range(given["estimate"], given["low"], given["high"])
    return None if found is None else Fraction(found.value)


@operator("symmetric")
def symmetric(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """Whether `estimate` is the middle of `low` and `high` on `scale` (log unless told)."""
    given = _arguments(argument, scope, evaluate)
    scale = str(given.get("scale", "log"))
    return intervals.symmetric(given["estimate"], given["low"], given["high"], scale).holds


@operator("symmetric-scales")
def symmetric_scales(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[str, ...]:
    """The scales on which an interval in per cent is symmetrical about its estimate."""
    given = _arguments(argument, scope, evaluate)
    figures = [
        Printed(as_printed(given[n]).decimal, percent=True) for n in ("estimate", "low", "high")
    ]
    return intervals.symmetric_scales(*figures)


@operator("within-range")
def within_range(argument: Any, scope: Scope, evaluate: Evaluate) -> bool | None:
    """Whether a `statistic` can lie from `low` to `high`, ends included, rounding allowed for."""
    given = _arguments(argument, scope, evaluate)
    figures = given["statistic"], given["low"], given["high"]
    return None if None in figures else within(*figures).consistent


@operator("feasible-counts")
def feasible_counts(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[int, ...]:
    """The whole numbers that give `percent` of `total`, at printed precision."""
    given = _arguments(argument, scope, evaluate)
    return percentages.feasible_counts(given["percent"], int(given["total"]))


@operator("feasible-totals")
def feasible_totals(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[int, ...]:
    """The totals up to `up-to` of which `count` is `percent`, at printed precision."""
    given = _arguments(argument, scope, evaluate)
    count, up_to = int(given["count"]), int(given["up-to"])
    return percentages.feasible_totals(given["percent"], count, up_to)


def _tables(given: Mapping[str, Any]) -> list[TwoByTwo]:
    margins: dict[str, Any] = {
        name.replace("-", "_"): int(given[name]) for name in MARGINS if given.get(name) is not None
    }
    return tables_that_fit(given["exposed-percent"], given["unexposed-percent"], **margins)


@operator("fitting-tables")
def fitting_tables(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[str, ...]:
    """Every 2×2 table that gives `exposed-percent` and `unexposed-percent` with what is declared
    of `exposed-total`, `unexposed-total`, `total` and `events`, as "9/23 vs 1/22"."""
    return tuple(str(table) for table in _tables(_arguments(argument, scope, evaluate)))


@operator("recognised")
def recognised(argument: Any, scope: Scope, evaluate: Evaluate) -> tuple[str, ...]:
    """What a printed `fold` (or, without one, a printed `p`) is in the fitting 2×2 tables: names
    of measures or tests, among tables that give every figure asked about."""
    given = _arguments(argument, scope, evaluate)
    found = recognise(_tables(given), fold=given.get("fold"), p=given.get("p"))
    return found.fold if "fold" in given else found.p


@operator("measure")
def measure(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """A measure or test `name` ("odds ratio", …) of the 2×2 `table`: [events exposed, exposed,
    events unexposed, unexposed]."""
    a, exposed, c, unexposed = (int(evaluate(item, scope)) for item in argument["table"])
    functions = {**MEASURES, **TESTS}
    if argument["name"] not in functions:
        raise CompanionError(
            f"no measure is named “{argument['name']}”", hint=f"known: {', '.join(functions)}"
        )
    value = functions[argument["name"]](TwoByTwo(a, exposed - a, c, unexposed - c))
    return None if value is None else Fraction(value)


@operator("direction")
def direction(argument: Any, scope: Scope, evaluate: Evaluate) -> str | None:
    """The direction of two percentages: [exposed, comparison]."""
    exposed, comparison = (evaluate(item, scope) for item in argument)
    found = compare(exposed, comparison)
    return None if found is None else str(found)
