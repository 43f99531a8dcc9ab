"""Rules between the cells of a resource, declared in its schema as `rules`.

A rule is a mapping with one key, its name, whose value is a list of columns; `severity: warning`
(or `error`) beside it overrides the rule's own severity. A rule applies to the rows in which the
cells that it compares are given and are readable; what is blank is nobody's mistake.

| rule | holds when | severity |
|---|---|---|
| `at-most: [a, b, …]` | a ≤ b ≤ … for those given (numbers, whole numbers, years, dates) | error |
| `within: [low, x, high]` | low ≤ x ≤ high; the limits may be blank, x too (then low ≤ high) | error |
| `percent-of: [percent, count, total]` | count of total is the percentage as printed, under any |
| | rounding; without the count: some whole number of total is | warning |
| `adds-up: {number: n, parent: p}` | n of a row is the sum of n of the rows whose p is its key; |
| | where one of them is blank, the sum is not more; add `only: {column: value}` to choose rows | warning |
| `required-with: [a, b, …]` | where a is given, b and the others are | error |
| `one-of: [a, b, …]` | at least one of them is given | error |
| `unique-together: [a, b, …]` | no two rows agree in all of them (all blank: not compared) | error |
| `key-begins: [a]` | the row's key is the value of a, or begins with it and a slash | error |

In the first three rules a dotted column, `parent.number`, is a column of the row that the foreign
key `parent` names. A percentage or a sum that does not fit may be what the source prints, so these warn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from .cells import INTEGER, NUMBER
from .damage import Table
from .problems import Problem, Severity

Cells = Mapping[str, str]
NumberedRow = tuple[int, Cells]
Comparable = Fraction | str


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


def _read(value: str, kind: str) -> Comparable | None:
    """What to compare a cell by; None where it is blank or not of its type."""
    if kind in ("number", "integer", "year"):
        return Fraction(value) if NUMBER.fullmatch(value) else None
    return value or None


def _at_most(table: Table, columns: Sequence[str], types: Types) -> Iterator[Breach]:
    for row in table.rows:
        for lower, upper in combinations(columns, 2):
            left = _read(row[1][lower], types[lower])
            right = _read(row[1][upper], types[upper])
            if left is not None and right is not None and _above(left, right):
                yield Breach(row, lower, f"at most {upper} ({row[1][upper]})")
                break


def _above(left: Comparable, right: Comparable) -> bool:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left > right
    return str(left) > str(right)


def _within(table: Table, columns: Sequence[str], types: Types) -> Iterator[Breach]:
    low, middle, high = columns
    for row in table.rows:
        least, value, most = (_read(row[1][c], types[c]) for c in columns)
        limits = f"from {row[1][low]} ({low}) to {row[1][high]} ({high})"
        if least is not None and most is not None and _above(least, most):
            yield Breach(row, low, f"at most {high} ({row[1][high]})")
        elif value is not None and (
            (least is not None and _above(least, value))
            or (most is not None and _above(value, most))
        ):
            yield Breach(row, middle, f"a value {limits}")


def _percent_of(table: Table, columns: Sequence[str], types: Types) -> Iterator[Breach]:
    column, counted, of = columns
    for row in table.rows:
        percent, count, total = (row[1][c] for c in columns)
        if not NUMBER.fullmatch(percent) or not INTEGER.fullmatch(total) or int(total) <= 0:
            continue
        if not count:
            if not _feasible(percent, int(total)):
                note = "a different denominator, or a misprint?"
                yield Breach(row, column, f"a percentage that some number of {total} has", note)
        elif INTEGER.fullmatch(count):
            exact = Fraction(100 * int(count), int(total))
            if not _rounds_to(exact, percent):
                whole = f"{counted} {count} of {of} {total}, which is {float(exact):.4g} %"
                yield Breach(row, column, whole)


def _interval(printed: str) -> tuple[Fraction, Fraction]:
    """All that rounds to a printed number, whichever way halves are rounded."""
    half = Fraction(1, 2 * 10 ** len(printed.partition(".")[2]))
    return Fraction(printed) - half, Fraction(printed) + half


def _rounds_to(value: Fraction, printed: str) -> bool:
    low, high = _interval(printed)
    return low <= value <= high


def _feasible(percent: str, total: int) -> bool:
    low, high = _interval(percent)
    first = -(-low * total // 100)
    return max(first, 0) * 100 <= high * total


def _adds_up(table: Table, rule: Mapping[str, Any], types: Types) -> Iterator[Breach]:
    number, parent = rule["number"], rule["parent"]
    chosen = [r for r in table.rows if all(r[1][c] == v for c, v in rule.get("only", {}).items())]
    children: dict[str, list[str]] = {}
    for _, cells in chosen:
        if cells[parent]:
            children.setdefault(cells[parent], []).append(cells[number])
    for row in table.rows:
        parts = children.get(row[1][table.columns[0]], [])
        given = [Fraction(p) for p in parts if NUMBER.fullmatch(p)]
        if not given or not NUMBER.fullmatch(row[1][number]):
            continue
        total, whole = sum(given), Fraction(row[1][number])
        if total > whole or (total < whole and len(given) == len(parts)):
            yield Breach(row, number, f"{total}, the sum of its parts", f"{len(given)} rows")


def _required_with(table: Table, columns: Sequence[str], types: Types) -> Iterator[Breach]:
    first, *others = columns
    for row in table.rows:
        for column in others if row[1][first] else ():
            if not row[1][column]:
                yield Breach(row, column, f"a value, since {first} is given")


def _one_of(table: Table, columns: Sequence[str], types: Types) -> Iterator[Breach]:
    for row in table.rows:
        if not any(row[1][c] for c in columns):
            yield Breach(row, columns[0], f"a value in one of {', '.join(columns)}")


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
    "at-most": (_at_most, "error"),
    "within": (_within, "error"),
    "percent-of": (_percent_of, "warning"),
    "adds-up": (_adds_up, "warning"),
    "required-with": (_required_with, "error"),
    "one-of": (_one_of, "error"),
    "unique-together": (_unique_together, "error"),
    "key-begins": (_key_begins, "error"),
}
