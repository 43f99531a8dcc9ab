"""Corrections: values laid over cells as they are loaded, each with reason, person and date.

`corrections.csv` has the columns correction (its key), resource, row, column, from, to, reason,
who, date. The file that is corrected keeps what it held; `from` guards against its being edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import CompanionError
from ..model import Correction, Origin, Row
from .cells import ColumnCheck
from .problems import Problem, did_you_mean

if TYPE_CHECKING:
    from .damage import Table
    from .package import Package

RESOURCE = "corrections"
COLUMNS = ("correction", "resource", "row", "column", "from", "to", "reason", "who", "date")
REQUIRED = COLUMNS[:8]
Cells = Mapping[str, Mapping[str, Row]]


def apply(package: Package, corrections: Mapping[str, Row]) -> Package:
    """The package with the corrections laid over its cells and kept in its `corrections`.

    Raises CompanionError naming every correction that matches no cell or whose `from` is not
    what the cell holds.
    """
    cells = {r.name: r.rows for r in package}
    wrong = [f"{key}: {why}" for key, _, why in conflicts(corrections, cells)]
    if wrong:
        raise CompanionError(
            "; ".join(wrong), where=package[RESOURCE].path, hint="run `companion check`"
        )
    recorded = {_origin(row): _correction(row) for row in corrections.values()}
    laid = _with_values(package, {o: c.after for o, c in recorded.items()})
    return replace(laid, corrections={**package.corrections, **recorded})


def lift(package: Package) -> Package:
    """The package as its files hold it, without its corrections."""
    files = _with_values(package, {o: c.before for o, c in package.corrections.items()})
    return replace(files, corrections={})


def _with_values(package: Package, values: Mapping[Origin, str]) -> Package:
    resources = dict(package.resources)
    for origin, value in values.items():
        resource = resources[origin.resource]
        rows = dict(resource.rows)
        rows[origin.row] = {**rows[origin.row], origin.column: value}
        resources[origin.resource] = replace(resource, rows=rows)
    return replace(package, resources=resources)


def conflicts(corrections: Mapping[str, Row], cells: Cells) -> Iterator[tuple[str, str, str]]:
    """Key, column and reason of each correction that cannot be laid over the cells."""
    seen: dict[Origin, str] = {}
    for key, row in corrections.items():
        origin = _origin(row)
        found = _mismatch(origin, row["from"], cells)
        if not found and origin in seen:
            found = ("row", f'corrects the same cell as "{seen[origin]}"')
        seen.setdefault(origin, key)
        if found:
            yield key, *found


def _mismatch(origin: Origin, before: str, cells: Cells) -> tuple[str, str] | None:
    rows = cells.get(origin.resource)
    if rows is None:
        return "resource", _no("resource", origin.resource, cells)
    row = rows.get(origin.row)
    if row is None:
        return "row", _no(f"row of {origin.resource} with the key", origin.row, rows)
    if origin.column not in row:
        return "column", _no(f"column of {origin.resource}", origin.column, row)
    if origin.column == next(iter(row)):
        return "column", "a key cannot be corrected: edit the row"
    if row[origin.column] != before:
        note = f'{origin} holds "{row[origin.column]}": the cell was edited since'
        return "from", f'{note}; remove the correction or renew its "from"'
    return None


def _no(what: str, value: str, candidates: Iterable[str]) -> str:
    hint = did_you_mean(value, candidates)
    return f'matches nothing: no {what} "{value}"{f"; {hint}" if hint else ""}'


def problems(
    table: Table, cells: Cells, check: Callable[[str, str], ColumnCheck | None]
) -> list[Problem]:
    """What `companion check` says about the file: conflicts, and values that a column refuses.

    `check` gives the check of a resource's column.
    """
    numbers = {cells["correction"]: n for n, cells in table.rows}
    rows = {cells["correction"]: cells for _, cells in table.rows}
    found: list[Problem] = []
    wrong = set()
    for key, column, why in conflicts(rows, cells):
        wrong.add(key)
        found.append(_problem(table, numbers[key], rows[key], column, why))
    for key, row in rows.items():
        if key not in wrong:
            found += _refused(table, numbers[key], row, check)
    return found


def _refused(
    table: Table, number: int, row: Row, check: Callable[[str, str], ColumnCheck | None]
) -> Iterator[Problem]:
    if row["from"] == row["to"]:
        same = '"from" and "to" are the same: nothing is corrected'
        yield replace(_problem(table, number, row, "to", same), severity="warning")
    column = check(row["resource"], row["column"])
    for finding in column(row["to"]) if column else ():
        base = _problem(table, number, row, "to", finding.message)
        yield replace(base, expected=finding.expected, severity=finding.severity)


def _problem(table: Table, number: int, row: Row, column: str, why: str) -> Problem:
    key = row["correction"]
    return Problem(table.file, number, key, column, row[column], code="correction", message=why)


def _origin(row: Row) -> Origin:
    return Origin(row["resource"], row["row"], row["column"])


def _correction(row: Row) -> Correction:
    return Correction(
        row["resource"],
        row["row"],
        row["column"],
        before=row["from"],
        after=row["to"],
        reason=row["reason"],
        who=row["who"],
        date=row.get("date", ""),
    )
