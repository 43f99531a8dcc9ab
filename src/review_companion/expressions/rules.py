"""Rules of the schema: conditions that hold for every row of a table.

A rule is an expression that has the row's columns by name: `ci_low <= estimate <= ci_high`,
`value.given == unit.given`. Where a cell that it compares is empty, the rule is open, and nothing
is reported. What an article may print wrongly (a percentage that does not fit its count) is not a
rule: standing checks of the claims make findings of it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from ..errors import CompanionError
from ..model import Row
from ..package.descriptor import PACKAGE, TableSpec
from ..package.package import Package, Resource
from ..package.problems import Problem
from ..package.tolerant_csv import Table
from .evaluator import Evaluator
from .parse import joined, outside_brackets, parse, with_place


def broken(
    specs: Iterable[TableSpec], tables: Mapping[str, Table], wrong: Collection[tuple[str, int, str]]
) -> Iterator[Problem]:
    """The rows that break a rule, and the rules that cannot be read.

    `wrong` are cells (file, row, column) already in error: rules ignore them.
    """
    known = {spec.name: spec for spec in specs if spec.name in tables}
    resources = {name: _resource(spec, tables[name], wrong) for name, spec in known.items()}
    evaluator = Evaluator(Package(Path(), {}, resources), {})
    for name, spec in known.items():
        for rule in spec.rules:
            try:
                yield from _rows(rule, evaluator, resources[name], tables[name])
            except CompanionError as error:
                if set(spec.foreign_keys.values()) <= set(known):  # else a table cannot be read
                    folder = tables[name].file.removesuffix(spec.path)
                    yield _unreadable(rule, with_place(error, rule), name, folder)


def _resource(spec: TableSpec, table: Table, wrong: Collection[tuple[str, int, str]]) -> Resource:
    """The table as far as its cells can be read; missing and faulty cells are empty."""
    missing = [column for column in spec.columns if column not in table.columns]
    emptied: dict[int, list[str]] = {}
    for file, number, column in wrong:
        if file == table.file and column in spec.columns:
            emptied.setdefault(number, []).append(column)
    rows = {
        cells[spec.key]: {**cells, **dict.fromkeys([*missing, *emptied.get(number, ())], "")}
        if missing or number in emptied
        else cells
        for number, cells in table.rows
    }
    return Resource.of(spec, rows)


def _rows(rule: str, evaluator: Evaluator, resource: Resource, table: Table) -> Iterator[Problem]:
    cells = {row[resource.key]: (number, row) for number, row in table.rows}
    whole, told = parse(rule), set[str]()
    for part in _parts(whole):
        shown = " ".join(rule.split()) if part is whole else ast.unparse(part)
        for key in evaluator.failing(rule, part, resource):
            if key not in told:
                told.add(key)
                number, found = cells[key]
                column, what = _said(part, shown, resource.rows[key])
                if column in found:  # else the missing column is an error already
                    yield table.problem(number, found, column, code="rule", **what)


def _parts(rule: ast.expr) -> Iterator[ast.expr]:
    """The conditions that “and” joins, a chain of comparisons one by one."""
    for part in joined(rule):
        if not isinstance(part, ast.Compare) or len(part.ops) == 1:
            yield part
            continue
        sides = pairwise((part.left, *part.comparators))
        for sign, (left, right) in zip(part.ops, sides, strict=True):
            yield ast.Compare(left, [sign], [right], col_offset=left.col_offset)


def _said(part: ast.expr, shown: str, cells: Row) -> tuple[str, dict[str, str]]:
    """The column that a broken condition is about, and what is expected of it.

    That is the first one named that is blank, else the first, or the key where none is named.
    """
    names = [node for node in outside_brackets(part) if isinstance(node, ast.Name)]
    named = {node.id: None for node in sorted(names, key=lambda n: n.col_offset)}
    columns = [name for name in named if name in cells] or [next(iter(cells))]
    blank = [column for column in columns if not cells[column]]
    filled = [f"{column} is {cells[column]}" for column in columns if cells[column]]
    if not blank:
        return columns[0], {"expected": shown, "message": "; ".join(filled[1:])}
    why = f", since {' and '.join(filled)}" if filled else f" in one of {', '.join(blank)}"
    return blank[0], {"expected": f"a value{why}"}


def _unreadable(rule: str, error: CompanionError, name: str, folder: str) -> Problem:
    file, line = folder + (getattr(rule, "file", "") or PACKAGE), getattr(rule, "line", 0)
    column = (error.where or "").rpartition(", ")[2]
    said = "; ".join(filter(None, (column, f"the rule “{rule}”: {error.what}", error.hint)))
    return Problem(file, line, name, code="descriptor", message=said)
