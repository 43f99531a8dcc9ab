"""How each rule judges a table: single rows, or all of them together; see `rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from .cell_checks import INTEGER, NUMBER
from .damage import Table
from .problems import Problem

Types = Mapping[str, str]  # column -> Frictionless type
Check = Callable[[Table, Any, Types], Iterator[Problem]]  # of a table, what the rule says, types
Strings = Sequence[str]
Judgement = tuple[str, str, str] | None  # column, what is expected of it, what else to say
Judge = Callable[[Strings, Strings, Strings], Judgement]  # of cells, columns, types


def row_by_row(judge: Judge) -> Check:
    """A rule that looks at one row at a time; equal cells are judged once."""

    def check(table: Table, columns: Strings, types: Types) -> Iterator[Problem]:
        kinds = [types[c] for c in columns]
        judged: dict[tuple[str, ...], Judgement] = {}
        for number, cells in table.rows:
            values = tuple([cells[c] for c in columns])
            if values not in judged:
                judged[values] = judge(values, columns, kinds)
            if found := judged[values]:
                column, expected, message = found
                yield table.problem(number, cells, column, expected=expected, message=message)

    return check


def _read(value: str, kind: str) -> Decimal | str | None:
    """What to compare a cell by; None where it is blank or not of its type."""
    if kind in ("number", "integer", "year"):
        return Decimal(value) if NUMBER.fullmatch(value) else None
    return value or None


def at_most(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
    """See `rules`: ascending, those that are given."""
    read = [_read(v, k) for v, k in zip(values, kinds, strict=True)]
    for low, high in combinations(range(len(values)), 2):
        if _above(read[low], read[high]):
            return columns[low], f"at most {columns[high]} ({values[high]})", ""
    return None


def _above(left: Decimal | str | None, right: Decimal | str | None) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left > right
    return str(left) > str(right)


def within(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
    """See `rules`: between two others."""
    low, value, high = (_read(v, k) for v, k in zip(values, kinds, strict=True))
    if _above(low, high):
        return columns[0], f"at most {columns[2]} ({values[2]})", ""
    if _above(low, value):
        return columns[1], f"at least {columns[0]} ({values[0]})", ""
    if _above(value, high):
        return columns[1], f"at most {columns[2]} ({values[2]})", ""
    return None


def percent_of(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
    """See `rules`: a percentage, its count and its total."""
    percent, count, total = values
    if not NUMBER.fullmatch(percent) or not INTEGER.fullmatch(total) or int(total) <= 0:
        return None
    if not count and not _feasible(percent, int(total)):
        note = "another denominator, or a misprint?"
        return columns[0], f"a percentage that some number of {total} has", note
    if INTEGER.fullmatch(count) and not _rounds_to(int(count), int(total), percent):
        exact = f"{100 * int(count) / int(total):.4g}"
        wanted = f"{columns[1]} {count} of {columns[2]} {total}, which is {exact} %"
        return columns[0], wanted, ""
    return None


def _scaled(printed: str) -> tuple[int, int]:
    """The printed digits as a whole number, and the power of ten that they count."""
    return int(printed.replace(".", "")), int(10 ** len(printed.partition(".")[2]))


def _rounds_to(count: int, total: int, percent: str) -> bool:
    """Whether count of total is the percentage as printed, whichever way halves are rounded."""
    digits, scale = _scaled(percent)
    return 2 * abs(100 * count * scale - digits * total) <= total


def _feasible(percent: str, total: int) -> bool:
    """Whether some whole number of total is the percentage as printed."""
    digits, scale = _scaled(percent)
    least = -(-(2 * digits - 1) * total // (200 * scale))
    return max(least, 0) * 200 * scale <= (2 * digits + 1) * total


def required_with(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
    """See `rules`: given with the first."""
    blank = [c for c, v in zip(columns, values, strict=True) if not v]
    if values[0] and blank:
        return blank[0], f"a value, since {columns[0]} is given", ""
    return None


def one_of(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
    """See `rules`: at least one is given."""
    return None if any(values) else (columns[0], f"a value in one of {', '.join(columns)}", "")


def adds_up(table: Table, rule: Mapping[str, Any], types: Types) -> Iterator[Problem]:
    """See `rules`: a number is the sum of those of the rows that name its row as parent."""
    number, parent = rule["number"], rule["parent"]
    children: dict[str, list[str]] = {}
    for _, cells in table.rows:
        if cells[parent] and all(cells[c] == v for c, v in rule.get("only", {}).items()):
            children.setdefault(cells[parent], []).append(cells[number])
    for row, cells in table.rows:
        parts = children.get(cells[table.columns[0]], [])
        given = [Decimal(p) for p in parts if NUMBER.fullmatch(p)]
        if not given or not NUMBER.fullmatch(cells[number]):
            continue
        total, whole = sum(given), Decimal(cells[number])
        if total > whole or (total < whole and len(given) == len(parts)):
            what = {"expected": f"{total}, the sum of its parts", "message": f"{len(given)} rows"}
            yield table.problem(row, cells, number, **what)


def unique_together(table: Table, columns: Strings, types: Types) -> Iterator[Problem]:
    """See `rules`: no two rows agree in all of the columns."""
    first: dict[tuple[str, ...], tuple[int, str]] = {}
    for number, cells in table.rows:
        values = tuple(cells[c] for c in columns)
        here = (number, cells[table.columns[0]])
        if any(values) and (other := first.setdefault(values, here)) is not here:
            note = f"row {other[0]} ({other[1]}) has the same"
            expected = f"another {' and '.join(columns)}"
            yield table.problem(number, cells, columns[-1], expected=expected, message=note)


def key_begins(table: Table, columns: Strings, types: Types) -> Iterator[Problem]:
    """See `rules`: the key is the column's value, or begins with it and a slash."""
    key, column = table.columns[0], columns[0]
    for number, cells in table.rows:
        value = cells[column]
        if value and cells[key] != value and not cells[key].startswith(f"{value}/"):
            expected = f'a key that begins with "{value}/", its {column}'
            yield table.problem(number, cells, key, expected=expected)
