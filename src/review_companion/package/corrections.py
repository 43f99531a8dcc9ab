"""Corrections: values that replace those of cells as data are loaded, with reason and person.

`corrections.csv` has the columns correction (its key), resource, row, column, from, to, reason,
who, date. The file that is corrected keeps what it held; `from` guards against its being edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from ..errors import CompanionError
from ..model import Correction, Origin, Row
from .cell_checks import ColumnCheck, Fault
from .links import unresolved
from .problems import Problem
from .tolerant_csv import Table, Tables

RESOURCE = "corrections"
COLUMNS = ("correction", "resource", "row", "column", "from", "to", "reason", "who", "date")
REQUIRED = COLUMNS[:8]
Cells = Mapping[str, Mapping[str, Row]]


def recorded(corrections: Mapping[str, Row], cells: Cells, path: str) -> dict[Origin, Correction]:
    """The corrections by the cell that each corrects.

    Raises CompanionError naming every correction that matches no cell or whose `from` is not what
    the cell holds; `path` is their file.
    """
    wrong = [f"{key}: {why}" for key, _, why in conflicts(corrections, cells)]
    if wrong:
        raise CompanionError("; ".join(wrong), where=path, hint="run `companion check`")
    return {
        _origin(r): Correction(
            *_origin(r), r["from"], r["to"], r["reason"], r["who"], r.get("date", "")
        )
        for r in corrections.values()
    }


def conflicts(corrections: Mapping[str, Row], cells: Cells) -> Iterator[tuple[str, str, str]]:
    """Key, column and reason of each correction that cannot be applied to the cells."""
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
    if wrong := unresolved(origin, cells):
        column, expected, hint = wrong
        what = f'matches nothing: "{getattr(origin, column)}" is not {expected}'
        return column, "; ".join(filter(None, (what, hint)))
    row = cells[origin.resource][origin.row]
    if origin.column == next(iter(row)):
        return "column", "a key cannot be corrected: edit the row"
    if row[origin.column] != before:
        note = f'{origin} holds "{row[origin.column]}": the cell was edited since'
        return "from", f'{note}; remove the correction or renew its "from"'
    return None


def apply_corrections(
    tables: Tables, check: Callable[[str, str], ColumnCheck | None]
) -> tuple[Tables, list[Problem]]:
    """The tables with the valid corrections applied, and what is wrong with the others.

    `check` gives the check of a resource's column, for values that it refuses.
    """
    table = tables.get(RESOURCE)
    if table is None or not set(REQUIRED) <= set(table.columns):
        return tables, []
    rows = {cells["correction"]: (number, cells) for number, cells in table.rows}
    cells = {name: each.by_key for name, each in tables.items()}
    found, laid = list[Problem](), dict[str, dict[str, dict[str, str]]]()
    for key, column, why in list(conflicts({k: row for k, (_, row) in rows.items()}, cells)):
        found.append(table.problem(*rows.pop(key), column, code="correction", message=why))
    for number, row in rows.values():
        found += _refused(table, number, row, check)
        cell = laid.setdefault(row["resource"], {}).setdefault(row["row"], {})
        cell[row["column"]] = row["to"]
    corrected = {
        name: replace(
            t, rows=[(n, {**c, **laid[name].get(c[t.columns[0]], {})}) for n, c in t.rows]
        )
        for name, t in tables.items()
        if name in laid
    }
    return {**tables, **corrected}, found


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
