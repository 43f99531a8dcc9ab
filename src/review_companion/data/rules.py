"""Rules between the cells of a resource, declared in its schema as `rules`.

A rule is a mapping with one key, its name, whose value is a list of columns; `severity: warning`
(or `error`) beside it overrides the rule's own severity. A rule applies to the rows in which the
cells that it compares are given and are readable; what is blank is nobody's mistake.

at-most: [a, b, …]
    a ≤ b ≤ … for those given (numbers, whole numbers, years, dates). Error.
within: [low, x, high]
    low ≤ x ≤ high; each of them may be blank, and low ≤ high without x. Error.
percent-of: [percent, count, total]
    count of total is the percentage as printed, whichever way halves are rounded; where the count
    is blank, some whole number of total is. Warning.
adds-up: {number: n, parent: p}
    n of a row is the sum of n over the rows whose p is its key; where n of one of these is blank,
    the sum is not more. `only: {column: value}` beside them chooses rows. Warning.
required-with: [a, b, …]
    where a is given, so are b and the others. Error.
one-of: [a, b, …]
    at least one of them is given. Error.
unique-together: [a, b, …]
    no two rows agree in all of them; rows in which all are blank are not compared. Error.
key-begins: [a]
    the row's key is the value of a, or begins with it and a slash. Error.

In the first three a dotted column, `parent.number`, is a column of the row that the foreign key
`parent` names. A percentage or a sum that does not fit may be what the source prints, so these
warn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Any

from .cells import INTEGER, NUMBER
from .damage import Table
from .problems import Problem, Severity

Cells = Mapping[str, str]
NumberedRow = tuple[int, Cells]
Comparable = Decimal | str
Strings = Sequence[str]
Judgement = tuple[str, str, str] | None  # column, what is expected of it, what else to say
Judge = Callable[[Strings, Strings, Strings], Judgement]  # of cells, columns, types


@dataclass(frozen=True)
class Breach:
    """A row that breaks a rule: the cell to look at and what the rule expects of it."""

    row: NumberedRow
    column: str
    expected: str
    message: str = ""


Rule = Callable[[Table, Any, "Types"], Iterator[Breach]]
Types = Mapping[str, str]


def broken(
    table: Table, rules: Sequence[Mapping[str, Any]], types: Types, links: Mapping[str, Table]
) -> list[Problem]:
    """The problems that a resource's rules find.

    `types` maps its columns to Frictionless types, `links` its foreign keys to the tables that
    they name. Rules are well formed here (`malformed`); one that needs a column which the file
    does not have is left out.
    """
    problems = []
    for rule in rules:
        name = _name(rule)
        columns = _columns(rule[name])
        if not all(_reachable(c, table, links) for c in columns):
            continue
        check, severity = RULES[name]
        wide, wide_types = _widened(table, columns, types, links)
        for breach in check(wide, rule[name], wide_types):
            problems.append(_problem(table, breach, f"rule/{name}", rule.get("severity", severity)))
    return problems


def _reachable(column: str, table: Table, links: Mapping[str, Table]) -> bool:
    own, dot, other = column.partition(".")
    return own in table.columns and (not dot or (own in links and other in links[own].columns))


def _widened(
    table: Table, columns: Sequence[str], types: Types, links: Mapping[str, Table]
) -> tuple[Table, Types]:
    """The table with the dotted columns filled in from the rows that they name; all numbers."""
    dotted = [c for c in columns if "." in c]
    if not dotted:
        return table, types
    rows = [(number, dict(cells)) for number, cells in table.rows]
    for column in dotted:
        own, _, other = column.partition(".")
        target = links[own]
        values = {cells[target.columns[0]]: cells[other] for _, cells in target.rows}
        for _, cells in rows:
            cells[column] = values.get(cells[own], "")
    return replace(table, rows=rows), {**types, **dict.fromkeys(dotted, "number")}


def malformed(rule: Any, columns: Sequence[str], links: Mapping[str, Sequence[str]]) -> str:
    """Why a declared rule cannot be used, or "".

    `columns` are the resource's own, `links` maps a foreign key to the columns that it reaches.
    """
    if not isinstance(rule, Mapping) or len(set(rule) - {"severity"}) != 1:
        return "a rule is a mapping with one key, the rule's name"
    name = _name(rule)
    if name not in RULES:
        return f'no rule "{name}"; known: {", ".join(sorted(RULES))}'
    if rule.get("severity", "error") not in ("error", "warning"):
        return f'"severity" of "{name}" is error or warning'
    if not _well_formed(name, rule[name]):
        return f'"{name}" wants {SHAPES.get(name, "two columns or more")}'
    known = {*columns, *(f"{k}.{c}" for k in links for c in links[k] if name in DOTTED)}
    unknown = [str(c) for c in _columns(rule[name]) if c not in known]
    return f'"{name}" names no column: {", ".join(unknown)}' if unknown else ""


DOTTED = ("at-most", "within", "percent-of")
SHAPES = {
    "unique-together": "a list of columns",
    "within": "three columns",
    "percent-of": "three columns",
    "adds-up": "number and parent, and at most only",
    "key-begins": "one column",
}


def _well_formed(name: str, value: Any) -> bool:
    if name == "adds-up":
        return (
            isinstance(value, Mapping)
            and {"number", "parent"} <= set(value) <= {"number", "parent", "only"}
            and isinstance(value.get("only", {}), Mapping)
        )
    if not isinstance(value, list):
        return False
    if name == "key-begins":
        return len(value) == 1
    if name == "unique-together":
        return bool(value)
    return len(value) == 3 if name in SHAPES else len(value) >= 2


def _name(rule: Mapping[str, Any]) -> str:
    return str(next(k for k in rule if k != "severity"))


def _columns(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [value["number"], value["parent"], *value.get("only", {})]
    return list(value)


def _problem(table: Table, breach: Breach, code: str, severity: Severity) -> Problem:
    number, cells = breach.row
    return Problem(
        file=table.file,
        row=number,
        key=cells[table.columns[0]],
        column=breach.column,
        value=cells[breach.column],
        expected=breach.expected,
        severity=severity,
        code=code,
        message=breach.message,
    )


def _row_by_row(judge: Judge) -> Rule:
    """A rule that looks at one row at a time; equal cells are judged once."""

    def check(table: Table, columns: Sequence[str], types: Types) -> Iterator[Breach]:
        kinds = [types[c] for c in columns]
        judged: dict[tuple[str, ...], Judgement] = {}
        for row in table.rows:
            cells = row[1]
            values = tuple([cells[c] for c in columns])
            if values not in judged:
                judged[values] = judge(values, columns, kinds)
            if found := judged[values]:
                yield Breach(row, *found)

    return check


def _read(value: str, kind: str) -> Comparable | None:
    """What to compare a cell by; None where it is blank or not of its type."""
    if kind in ("number", "integer", "year"):
        return Decimal(value) if NUMBER.fullmatch(value) else None
    return value or None


def _at_most(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
    read = [_read(v, k) for v, k in zip(values, kinds, strict=True)]
    for low, high in combinations(range(len(values)), 2):
        if _above(read[low], read[high]):
            return columns[low], f"at most {columns[high]} ({values[high]})", ""
    return None


def _above(left: Comparable | None, right: Comparable | None) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left > right
    return str(left) > str(right)


def _within(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
    low, value, high = (_read(v, k) for v, k in zip(values, kinds, strict=True))
    if _above(low, high):
        return columns[0], f"at most {columns[2]} ({values[2]})", ""
    if _above(low, value):
        return columns[1], f"at least {columns[0]} ({values[0]})", ""
    if _above(value, high):
        return columns[1], f"at most {columns[2]} ({values[2]})", ""
    return None


def _percent_of(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
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


def _required_with(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
    blank = [c for c, v in zip(columns, values, strict=True) if not v]
    if values[0] and blank:
        return blank[0], f"a value, since {columns[0]} is given", ""
    return None


def _one_of(values: Strings, columns: Strings, kinds: Strings) -> Judgement:
    return None if any(values) else (columns[0], f"a value in one of {', '.join(columns)}", "")


def _adds_up(table: Table, rule: Mapping[str, Any], types: Types) -> Iterator[Breach]:
    number, parent = rule["number"], rule["parent"]
    chosen = [r for r in table.rows if all(r[1][c] == v for c, v in rule.get("only", {}).items())]
    children: dict[str, list[str]] = {}
    for _, cells in chosen:
        if cells[parent]:
            children.setdefault(cells[parent], []).append(cells[number])
    for row in table.rows:
        parts = children.get(row[1][table.columns[0]], [])
        given = [Decimal(p) for p in parts if NUMBER.fullmatch(p)]
        if not given or not NUMBER.fullmatch(row[1][number]):
            continue
        total, whole = sum(given), Decimal(row[1][number])
        if total > whole or (total < whole and len(given) == len(parts)):
            yield Breach(row, number, f"{total}, the sum of its parts", f"{len(given)} rows")


def _unique_together(table: Table, columns: Sequence[str], types: Types) -> Iterator[Breach]:
    first: dict[tuple[str, ...], NumberedRow] = {}
    for row in table.rows:
        values = tuple(row[1][c] for c in columns)
        if not any(values):
            continue
        other = first.setdefault(values, row)
        if other is not row:
            where = f"row {other[0]} ({other[1][table.columns[0]]}) has the same"
            yield Breach(row, columns[-1], f"another {' and '.join(columns)}", where)


def _key_begins(table: Table, columns: Sequence[str], types: Types) -> Iterator[Breach]:
    key, column = table.columns[0], columns[0]
    for row in table.rows:
        value = row[1][column]
        if value and row[1][key] != value and not row[1][key].startswith(f"{value}/"):
            yield Breach(row, key, f'a key that begins with "{value}/", its {column}')


RULES: Mapping[str, tuple[Rule, Severity]] = {
    "at-most": (_row_by_row(_at_most), "error"),
    "within": (_row_by_row(_within), "error"),
    "percent-of": (_row_by_row(_percent_of), "warning"),
    "adds-up": (_adds_up, "warning"),
    "required-with": (_row_by_row(_required_with), "error"),
    "one-of": (_row_by_row(_one_of), "error"),
    "unique-together": (_unique_together, "error"),
    "key-begins": (_key_begins, "error"),
}
