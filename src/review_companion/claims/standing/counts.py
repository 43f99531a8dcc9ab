"""Percentages, parts and wholes, persons, and statistics within their ranges."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...model import Origin, Verdict
from ...stats.intervals import within_range
from ...stats.percentages import feasible_counts
from ...stats.rounding import hold_against
from ..verdicts import OUTCOMES, full_precision
from .figures import Found, Role, Row, rule


@rule("percentage", "percent", "events", "total")
def percentages(row: Row, role: Role) -> Iterator[Found]:
    """A percentage against its count and total; against the whole numbers of its total."""
    percent, events, total = (row.number(role[part]) for part in ("percent", "events", "total"))
    if percent is None or total is None or total <= 0 or total != int(total):
        return
    column, printed = role["percent"], f"{percent}%"
    if events is not None:
        check = hold_against(Fraction(100 * events) / Fraction(total), percent)
        yield Found(
            column, OUTCOMES[check.outcome], printed, full_precision(check.value or Fraction(0)),
            f"100 × {role['events']} / {role['total']}", f"{events} of {total} as a percentage",
            (column, role["events"], role["total"]), check.note,
            "The percentage may have another denominator than the group named, or leave out "
            "missing values.", "the denominator of the percentage",
        )  # fmt: skip
    elif not feasible_counts(percent, int(total)):
        yield Found(
            column, Verdict.INCONSISTENT, printed, "none",
            f"whole numbers of {role['total']} that print as {role['percent']}",
            f"{printed} of {total}", (column, role["total"]),
            f"No whole number of {total} is {printed}.",
            "The percentage may be an estimate over time, or have another denominator.",
            "the count behind the percentage", "minor",
        )  # fmt: skip


@rule("part", "count", "unit", "part of")
def parts(row: Row, role: Role) -> Iterator[Found]:
    """A part that is larger than its whole, in the same unit."""
    whole = f"{role['part of']}.{role['count']}"
    unit = f"{role['part of']}.{role['unit']}"
    part, total = row.number(role["count"]), row.number(whole)
    if part is None or total is None or row.text(role["unit"]) != row.text(unit) or part <= total:
        return
    yield Found(
        role["count"], Verdict.INCONSISTENT, str(part), f"at most {total}",
        f"{role['count']} is at most {whole}", "A part and the group that it is part of",
        (role["count"], whole, role["unit"], unit), f"{part} cannot be a part of {total}.",
        "The part may be counted in another group than the one named.",
        "the group of which it is a part", "major",
    )  # fmt: skip


@rule("persons", "count", "unit", "each", "alike", "part of")
def persons(row: Row, role: Role) -> Iterator[Found]:
    """Fewer of what each person has at least one of than there are persons in the same group.

    `each` is the path to the unit of which every one has at least one of the row's unit; `alike`
    the columns in which rows of one group agree.
    """
    per, number = row.text(role["each"]), row.number(role["count"])
    if not per or number is None or row.text(role["part of"]):
        return
    table = row.package[row.resource]
    for key, cells in table.rows.items():
        other = Row(row.package, row.resource, key)
        count = other.number(role["count"])
        same = all(cells.get(c, "") == row.text(c) for c in role["alike"])
        whole = cells[role["unit"]] == per and not cells[role["part of"]]
        if same and whole and count is not None and number < count:
            yield Found(
                role["count"], Verdict.INCONSISTENT, str(number), f"at least {count}",
                f"{role['count']} is at least that of {key}",
                f"{number} {row.text(role['unit'])} among {count} {per}",
                (role["count"], role["unit"]),
                f"{count} {per} cannot have {number} {row.text(role['unit'])} between them.",
                "The smaller figure may count a part of them only.",
                "what the smaller figure counts", "major",
                frozenset({Origin(row.resource, key, role["count"])}),
            )  # fmt: skip


@rule("range", "statistic", "limits")
def broken_ranges(row: Row, role: Role) -> Iterator[Found]:
    """A median, mean or dose that lies outside its range."""
    texts = [row.text(path) for path in (role["statistic"], *role["limits"])]
    if any(row.number(path) is None for path in (role["statistic"], *role["limits"])):
        return
    check = within_range(*texts)
    if check.consistent:
        return
    yield Found(
        role["statistic"], Verdict.INCONSISTENT, texts[0], f"from {texts[1]} to {texts[2]}",
        f"{role['statistic']} lies from {role['limits'][0]} to {role['limits'][1]}",
        "A figure and its range", (role["statistic"], *role["limits"]),
        check.note or f"{texts[0]} lies outside {texts[1]} to {texts[2]}.",
        "The range may belong to another group or time.", "the group of the range",
    )  # fmt: skip
