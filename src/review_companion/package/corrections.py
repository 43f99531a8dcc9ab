"""Corrections: values laid over cells as they are loaded, each with reason, person and date.

`corrections.csv` has the columns correction (its key), resource, row, column, from, to, reason,
who, date. The file that is corrected keeps what it held; `from` guards against its being edited.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from ..errors import CompanionError
from ..model import Correction, Origin, Row
from .cell_checks import ColumnCheck, Fault
from .problems import Problem, did_you_mean

if TYPE_CHECKING:
    from .damage import Table

RESOURCE = "corrections"
COLUMNS = ("correction", "resource", "row", "column", "from", "to", "reason", "who", "date")
REQUIRED = COLUMNS[:8]
Cells = Mapping[str, Mapping[str, Row]]


def recorded(corrections: Mapping[str, Row], cells: Cells, path: str) -> dict[Origin, Correction]:
    """The corrections of rows by the cell that each is laid over.

    Raises CompanionError naming every correction that matches no cell or whose `from` is not
    what the cell holds; `path` is their file.
    """
    wrong = [f"{key}: {why}" for key, _, why in conflicts(corrections, cells)]
    if wrong:
        raise CompanionError("; ".join(wrong), where=path, hint="run `companion check`")
    return {_origin(row): _correction(row) for row in corrections.values()}


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


def _no(what: str, value: str, candidates: Collection[str]) -> str:
    hint = did_you_mean(value, candidates)
    return f'matches nothing: no {what} "{value}"{f"; {hint}" if hint else ""}'


def problems(
    table: Table, cells: Cells, check: Callable[[str, str], ColumnCheck | None]
) -> list[Problem]:
    """What `companion check` says about the file: conflicts, and values that a column refuses.

    `check` gives the check of a resource's column.
    """
    numbered = {cells["correction"]: (n, cells) for n, cells in table.rows}
    wrong = list(conflicts({key: row for key, (_, row) in numbered.items()}, cells))
    found = [
        table.problem(*numbered[key], column, code="correction", message=why)
        for key, column, why in wrong
    ]
    refused = {key for key, _, _ in wrong}
    for key, (number, row) in numbered.items():
        if key not in refused:
            found += _refused(table, number, row, check)
    return found


def _refused(
    table: Table, number: int, row: Row, check: Callable[[str, str], ColumnCheck | None]
) -> Iterator[Problem]:
    findings = []
    if row["from"] == row["to"]:
        same = '"from" and "to" are the same: nothing is corrected'
        findings.append(Fault("correction", message=same, severity="warning"))
    if column := check(row["resource"], row["column"]):
        findings += column(row["to"])
    for finding in findings:
        yield table.problem(number, row, "to", **{**vars(finding), "code": "correction"})


def _origin(row: Row) -> Origin:
    return Origin(row["resource"], row["row"], row["column"])


def _correction(row: Row) -> Correction:
    place = (row["resource"], row["row"], row["column"])
    return Correction(
        *place, row["from"], row["to"], row["reason"], row["who"], row.get("date", "")
    )
