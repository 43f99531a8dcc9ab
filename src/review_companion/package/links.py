"""Checks keys for uniqueness, foreign keys for their rows, locators for their cells, corrections.

Corrections replace values of cells as data are loaded. `corrections.csv` has the columns correction
(its key), resource, row, column, from, to, reason, who, date. The file that is corrected keeps what
it held; `from` guards against its being edited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from ..errors import CompanionError
from ..model import Correction, Origin, Row
from .cell_checks import CODE, ColumnCheck, Fault, diagnosis, folded
from .descriptor import TableSpec
from .problems import Problem, did_you_mean
from .tolerant_csv import Table, Tables

SUGGESTIONS = 50
CELL = ("resource", "row", "column")
LOCATORS = "locators"
CORRECTIONS = "corrections"
CORRECTION_COLUMNS = ("correction", *CELL, "from", "to", "reason", "who", "date")
REQUIRED = CORRECTION_COLUMNS[:8]
Cells = Mapping[str, Mapping[str, Row]]
ABOUT_ROWS = (LOCATORS, CORRECTIONS)  # tables whose column `resource` names tables


def _with_first(
    table: Table, of: Callable[[Row], Any]
) -> Iterator[tuple[int, Row, Any, tuple[int, Row] | None]]:
    """Number, cells and a value of each row, with the earlier row that had the value first."""
    first: dict[Any, tuple[int, Row]] = {}
    for number, cells in table.rows:
        value = of(cells)
        known = first.setdefault(value, (number, cells))
        yield number, cells, value, known if known[0] != number else None


def key_problems(table: Table) -> Iterator[Problem]:
    """Keys that are blank, occur twice, or differ only in case, blanks or dashes."""
    key, alike = table.key, dict[str, tuple[str, int]]()
    for number, cells, value, first in _with_first(table, lambda cells: cells[key]):
        nearly, row = alike.setdefault(folded(value), (value, number))
        found: dict[str, str] = {}
        if not value.strip():
            found = {"expected": "the row's key"}
        elif first:
            message = f"row {first[0]} has it already"
            found = {"expected": "a key of its own", "message": message}
        elif nearly.casefold() == value.casefold() and nearly != value:
            found = {"severity": "warning", "message": f'nearly the key "{nearly}"'}
        elif nearly != value:
            message = f'but for blanks or dashes it is "{nearly}", of row {row}'
            found = {"expected": "a key of its own", "message": message}
        if found:
            yield table.problem(number, cells, key, code="key", **found)


def unique_problems(
    table: Table, fields: Iterable[Mapping[str, Any]], wrong: Collection[tuple[int, str]]
) -> Iterator[Problem]:
    """What occurs twice: a `unique` column, or a column with others (`unique with: [study]`).

    Also keys that do not begin with the cell that `begins the key`, unless that cell is in `wrong`.
    """
    key = table.key
    for field in fields:
        column, others = field["name"], field.get("unique with", [])
        together = [*others, column]
        unique = others or field.get("constraints", {}).get("unique")
        if unique and column != key and set(together) <= set(table.columns):
            yield from _repeated(table, together)
        for number, cells in table.rows if "begins the key" in field else ():
            value = cells.get(column, "")
            begun = cells[key] == value or cells[key].startswith(f"{value}/")
            if value and not begun and (number, column) not in wrong:
                expected = f'a key that begins with "{value}/", its {column}'
                yield table.problem(number, cells, key, expected=expected, code="key")


def owner_problems(spec: TableSpec, tables: Tables) -> Iterator[Problem]:
    """A row whose key begins with a study's, and whose study is blank; a name that begins so with
    another study's key ("alpha-2001/first" in a row of beta-2003; a note in words may)."""
    table = tables[spec.name]
    plain = [f["name"] for f in spec.fields if f.get("type", "string") == "string"]
    texts = [c for c in plain[1:] if c in table.columns and c not in spec.foreign_keys]
    for column, target in spec.owners.items():
        known = tables[target].by_key if target in tables and column in table.columns else ()
        for number, cells in table.rows if known else ():
            begun = cells[table.key].partition("/")[0]
            if not cells[column] and begun in known:
                expected = f'"{begun}", with which the key begins'
                yield table.problem(number, cells, column, expected=expected, code="owner")
            for text in texts if cells[column] in known else ():
                owner, slash, name = cells[text].partition("/")
                if slash and " " not in name and owner != cells[column] and owner in known:
                    expected = f'something of "{cells[column]}", its {column}'
                    yield table.problem(number, cells, text, expected=expected, code="owner")


def _repeated(table: Table, columns: Sequence[str]) -> Iterator[Problem]:
    """Rows that agree in all of the columns; rows in which all are blank are not compared."""
    what = {"expected": f"another {' and '.join(columns)}", "code": "unique"}
    for number, cells, values, first in _with_first(
        table, lambda cells: tuple(map(cells.get, columns))
    ):
        if any(values) and first:
            note = f"row {first[0]} ({first[1][table.key]}) has the same"
            yield table.problem(number, cells, columns[-1], **what, message=note)


def link_problems(
    spec: TableSpec, tables: Tables, wrong: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Foreign keys for which there is no row.

    `wrong` are the keys of tables that are not as keys are written: what means one of these
    follows from it.
    """
    table = tables[spec.name]
    for column, target in spec.foreign_keys.items():
        if column not in table.columns or target not in tables:
            continue
        known, hints = tables[target].by_key, dict[str, str]()
        meant = {folded(key) for key in wrong.get(target, ())}
        what = {"expected": f"a key of {target}", "code": "unknown-key"}
        for number, cells in table.rows:
            value = cells[column]
            if not value or value in known or folded(value) in meant:
                continue
            if value not in hints:
                near = did_you_mean(value, known) if len(hints) < SUGGESTIONS else ""
                hints[value] = near or diagnosis(value, CODE)
            yield table.problem(number, cells, column, **what, message=hints[value])


def locator_problems(
    specs: Iterable[TableSpec], tables: Tables, unread: Collection[str] = ()
) -> Iterator[Problem]:
    """Rows that name no cell: of `locators`, where no two name the same one, and of tables with a
    role of rows about a cell. Those about `unread` tables are not looked at."""
    of_cells = {s.name: role for s in specs for role in s.roles if set(CELL) <= set(role)}
    of_cells[LOCATORS] = dict(zip(CELL, CELL, strict=True))
    known = {name: table.by_key for name, table in tables.items()}
    for name, role in of_cells.items():
        columns = [role[part] for part in CELL]
        if name not in tables or not set(columns) <= set(tables[name].columns):
            continue
        for number, cells, place, first in _with_first(tables[name], itemgetter(*columns)):
            wrong = None if place[0] in unread else unresolved(place, known)
            if not wrong and first and name == LOCATORS:
                wrong = ("row", "", f"row {first[0]} locates the same cell")
            if wrong:
                part, expected, note = wrong
                what = {"expected": expected, "message": note, "code": "locator"}
                yield tables[name].problem(number, cells, role[part], **what)


def unresolved(
    place: Sequence[str], cells: Mapping[str, Mapping[str, Row]]
) -> tuple[str, str, str] | None:
    """Why a resource, row and column name no cell: which of them, what is expected, a hint."""
    kinds = ("the name of a resource", "a key of {0}", "a column of {0}")
    known: Any = cells
    for part, value, kind in zip(CELL, place, kinds, strict=True):
        if value not in known:
            return part, kind.format(*place), did_you_mean(value, known)
        known = known[value]
    return None


def unexpectedly_empty(specs: Iterable[TableSpec], tables: Tables) -> Iterator[tuple[str, Problem]]:
    """A problem for each table that has only a header although rows of other tables refer to it."""
    wanted: Counter[str] = Counter()
    for spec in specs:
        table = tables[spec.name]
        for column, target in spec.foreign_keys.items():
            if column in table.columns and target != spec.name:
                wanted[target] += sum(bool(cells[column]) for _, cells in table.rows)
        if spec.name in ABOUT_ROWS and "resource" in table.columns:
            wanted.update(cells["resource"] for _, cells in table.rows)
    for name, rows in wanted.items():
        if rows and name in tables and not tables[name].rows:
            note = f"a header and no rows, to which {rows} rows of other tables refer"
            yield name, Problem(tables[name].file, 1, code="no-rows", message=note)


def about_known(tables: Tables, unread: Collection[str]) -> Tables:
    """The tables; `locators` and `corrections` without the rows about tables that were not read."""
    return {
        name: replace(table, rows=[row for row in table.rows if row[1]["resource"] not in unread])
        if name in ABOUT_ROWS and "resource" in table.columns
        else table
        for name, table in tables.items()
    }


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
    table = tables.get(CORRECTIONS)
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
