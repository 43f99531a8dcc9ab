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

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import rule_checks as checks
from .damage import Table
from .problems import Problem, Severity
from .rule_checks import Check, Types


@dataclass(frozen=True)
class Rule:
    """How a rule judges, and what it wants: so many columns, dotted ones among them or not."""

    check: Check
    severity: Severity = "error"
    fewest: int = 2
    most: int | None = None
    wants: str = "two columns or more"
    dotted: bool = False

    def accepts(self, value: Any) -> bool:
        """Whether what is declared has the form that the rule wants."""
        if self.check is checks.adds_up:
            return (
                isinstance(value, Mapping)
                and {"number", "parent"} <= set(value) <= {"number", "parent", "only"}
                and isinstance(value.get("only", {}), Mapping)
            )
        return isinstance(value, list) and self.fewest <= len(value) <= (self.most or len(value))


RULES: Mapping[str, Rule] = {
    "at-most": Rule(checks.row_by_row(checks.at_most), dotted=True),
    "within": Rule(checks.row_by_row(checks.within), "error", 3, 3, "three columns", True),
    "percent-of": Rule(
        checks.row_by_row(checks.percent_of), "warning", 3, 3, "three columns", True
    ),
    "adds-up": Rule(checks.adds_up, "warning", wants="number and parent, and at most only"),
    "required-with": Rule(checks.row_by_row(checks.required_with)),
    "one-of": Rule(checks.row_by_row(checks.one_of)),
    "unique-together": Rule(checks.unique_together, fewest=1, wants="a list of columns"),
    "key-begins": Rule(checks.key_begins, "error", 1, 1, "one column"),
}


def broken(
    table: Table,
    rules: Sequence[Mapping[str, Any]],
    types: Types,
    links: Mapping[str, Table],
    wrong: Collection[tuple[int, str]] = (),
) -> list[Problem]:
    """The problems that a resource's rules find.

    `types` maps its columns to Frictionless types, `links` its foreign keys to the tables that
    they name, `wrong` the cells (row, column) that are in error already: what a rule makes of them
    is not told. Rules are well formed here (`malformed`); one that needs a column which the file
    does not have is left out.
    """
    problems = []
    for rule in rules:
        name = _name(rule)
        columns = _columns(rule[name])
        if all(_reachable(c, table, links) for c in columns):
            wide, wide_types = _widened(table, columns, types, links)
            severity = rule.get("severity", RULES[name].severity)
            for problem in RULES[name].check(wide, rule[name], wide_types):
                if any((problem.row, column) in wrong for column in columns):
                    continue
                problems.append(replace(problem, code=f"rule/{name}", severity=severity))
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
    if not RULES[name].accepts(rule[name]):
        return f'"{name}" wants {RULES[name].wants}'
    if not all(isinstance(c, str) for c in _columns(rule[name])):
        return f'"{name}" wants names of columns'
    known = {*columns, *(f"{k}.{c}" for k in links for c in links[k] if RULES[name].dotted)}
    unknown = [str(c) for c in _columns(rule[name]) if c not in known]
    return f'"{name}" names no column: {", ".join(unknown)}' if unknown else ""


def _name(rule: Mapping[str, Any]) -> str:
    return str(next(k for k in rule if k != "severity"))


def _columns(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [value["number"], value["parent"], *value.get("only", {})]
    return list(value)
