"""Corrections: values that replace those of cells as data are loaded, with reason and person.

`corrections.csv` has the columns correction (its key), resource, row, column, from, to, reason,
who, date. The file that is corrected keeps what it held; `from` guards against its being edited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..errors import CompanionError
from ..model import Correction, Origin, Row
from .cell_checks import ColumnCheck, Fault
from .links import unresolved
from .problems import Problem
from .tolerant_csv import Tables

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
        first = seen.setdefault(origin, key)
        if wrong := unresolved(origin, cells):
            column, expected, hint = wrong
            what = f'matches nothing: "{getattr(origin, column)}" is not {expected}'
            yield key, column, "; ".join(filter(None, (what, hint)))
            continue
        held = cells[origin.resource][origin.row]
        if origin.column == next(iter(held)):
            yield key, "column", "a key cannot be corrected: edit the row"
        elif held[origin.column] != row["from"]:
            note = f'{origin} holds "{held[origin.column]}": the cell was edited since'
            yield key, "from", f'{note}; remove the correction or renew its "from"'
        elif first != key:
            yield key, "row", f'corrects the same cell as "{first}"'


def apply_corrections(
    tables: Tables, checks: Mapping[tuple[str, str], ColumnCheck]
) -> tuple[Tables, list[Problem]]:
    """The tables with the valid corrections applied, and what is wrong with the others.

    `checks` are those of each resource's columns, for values that they refuse.
    """
    table = tables.get(RESOURCE)
    if table is None or not set(REQUIRED) <= set(table.columns):
        return tables, []
    rows = {cells["correction"]: (number, cells) for number, cells in table.rows}
    cells = {name: each.by_key for name, each in tables.items()}
    found, laid = list[Problem](), dict[str, dict[str, dict[str, str]]]()
    for key, column, why in conflicts({k: row for k, (_, row) in rows.items()}, cells):
        found.append(table.problem(*rows.pop(key), column, code="correction", message=why))
    for number, row in rows.values():
        faults = checks[row["resource"], row["column"]](row["to"])
        if row["from"] == row["to"]:
            same = '"from" and "to" are the same: nothing is corrected'
            faults.append(Fault("", message=same, severity="warning"))
        for fault in faults:
            what = {**vars(fault), "code": "correction"}
            found.append(table.problem(number, row, "to", **what))
        cell = laid.setdefault(row["resource"], {}).setdefault(row["row"], {})
        cell[row["column"]] = row["to"]
    corrected = {
        name: replace(t, rows=[(n, {**c, **laid[name].get(c[t.key], {})}) for n, c in t.rows])
        for name, t in tables.items()
        if name in laid
    }
    return {**tables, **corrected}, found


def _origin(row: Row) -> Origin:
    return Origin(row["resource"], row["row"], row["column"])
