"""An estimate against its interval, its p and its 2×2 table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...errors import CompanionError
from ...model import Verdict
from ...stats import intervals
from ...stats.intervals import within_range
from ...stats.printed import Printed
from ...stats.recognise import recognise
from ...stats.table_search import fitting_tables
from ..verdicts import OUTCOMES, full_precision
from .figures import Found, Role, Row, rule

OTHER_TEST = (
    "A p-value of another test (log-rank, Gray, likelihood ratio) or of an adjusted model need "
    "not agree with it."
)


@rule("middle", "estimate", "limits", "scale")
def middles(row: Row, role: Role) -> Iterator[Found]:
    """An estimate in the middle of its interval, on the scale of its measure."""
    paths = (role["estimate"], *role["limits"])
    if any(row.number(path) is None for path in paths):
        return
    texts = estimate, low, high = _three(row, role)
    check = intervals.symmetric(estimate, low, high, str(role["scale"]))
    verdict = OUTCOMES[check.outcome]
    if verdict is Verdict.INCONSISTENT and not _is_outside(texts):
        verdict = Verdict.AMBIGUOUS
    value = "" if check.value is None else full_precision(check.value)
    yield Found(
        role["estimate"], verdict, estimate, value,
        f"middle of {role['limits'][0]} and {role['limits'][1]} on the {role['scale']} scale",
        "An estimate and its confidence interval", paths, check.note,
        "Profile, exact and bootstrap intervals need not be symmetrical.",
        "the method of the interval",
    )  # fmt: skip


def _three(row: Row, role: Role) -> tuple[str, str, str]:
    low, high = role["limits"]
    return row.text(role["estimate"]), row.text(low), row.text(high)


def _is_outside(texts: tuple[str, str, str]) -> bool:
    return not within_range(*texts).consistent


@rule("p-interval", "estimate", "limits", "scale", "p")
def p_of_intervals(row: Row, role: Role) -> Iterator[Found]:
    """A p-value against the one that estimate and interval imply."""
    paths = (role["estimate"], *role["limits"], role["p"])
    if any(row.number(path) is None for path in paths):
        return
    p, texts = _p(row, role), _three(row, role)
    estimate, low, high = texts
    read = (*paths, role.get("p sign", ""), _path(row, role, "level"), _path(row, role, "sides"))
    formula, label = "p that estimate and limits imply", "A p-value and its interval"
    if why := _not_judged(row, role):
        yield Found(role["p"], Verdict.NOT_COMPUTABLE, str(p), "", formula, label, read, why)
        return
    check = intervals.consistent(estimate, low, high, p)
    verdict = OUTCOMES[check.outcome]
    if verdict is Verdict.INCONSISTENT and not _contradicts(texts, p):
        verdict = Verdict.AMBIGUOUS
    value = "" if check.value is None else full_precision(check.value)
    yield Found(
        role["p"], verdict, str(p), value, formula, label, read, check.note, OTHER_TEST,
        "the test behind the p-value",
    )  # fmt: skip


def _path(row: Row, role: Role, name: str) -> str:
    """The column that a role names, "" where it holds a constant."""
    declared = str(role.get(name, ""))
    return declared if declared in row.cells else ""


def _declared(row: Row, role: Role, name: str, usual: str) -> str:
    """A level or a number of sides: from the column named, else as declared, else the usual."""
    path = _path(row, role, name)
    return row.text(path) if path else str(role.get(name, usual))


def _not_judged(row: Row, role: Role) -> str:
    level, sides = _declared(row, role, "level", "95"), _declared(row, role, "sides", "two")
    if not level:
        return "Cannot be computed, because the level of the interval is not given."
    if Decimal(level) != 95:
        return f"Cannot be computed, because the interval's level is {level} %."
    if sides not in ("two", "2"):
        return "Cannot be computed, because the p-value is one-sided."
    if role["scale"] != "log":
        return "Cannot be computed, because the estimate is no ratio."
    return ""


def _contradicts(texts: tuple[str, str, str], p: Printed) -> bool:
    """Whether interval and p disagree about 5 %, a limit that is printed as 1 left open."""
    low, high = Decimal(texts[1]), Decimal(texts[2])
    found = intervals.significant(p)
    return found is not None and 1 not in (low, high) and found is (low < 1 < high)


def _p(row: Row, role: Role) -> Printed:
    sign = row.text(role.get("p sign", ""))
    return Printed(Decimal(row.text(role["p"])), operator="" if sign == "=" else sign)


@rule("p-table", "p", "tables")
def p_of_tables(row: Row, role: Role) -> Iterator[Found]:
    """A p-value against the usual tests of the 2×2 tables that the shares of two arms allow.

    `tables` are the two arms' percentage and total: [percent, total, percent, total].
    """
    figures = [row.number(path) for path in role["tables"]]
    if None in figures or row.number(role["p"]) is None or str(_p(row, role))[:1] in "<>":
        return
    one, exposed, other, unexposed = (str(row.text(path)) for path in role["tables"])
    try:
        tables = fitting_tables(
            one, other, exposed_total=int(exposed), unexposed_total=int(unexposed)
        )
        found = recognise(tables, p=_p(row, role))
    except (CompanionError, ValueError):
        return
    verdict = Verdict.REPRODUCED if found.p else Verdict.AMBIGUOUS
    yield Found(
        role["p"], verdict, str(_p(row, role)), "; ".join(map(str, found.tables or tables)),
        "2×2 tables of both shares, and their tests", "A p-value and its 2×2 table",
        (role["p"], *role["tables"]), ", ".join(found.p), OTHER_TEST, "the test behind the p-value",
    )  # fmt: skip
