"""Standing checks: claims about every row that follow from the roles of columns, undeclared.

A role is declared once in the schema (`roles` of a table): which columns hold a percentage, its
count and total; an estimate, its limits, level and p; a count, its unit and the group that it is
part of. Each rule (`standing.yml`) is a `for-each` claim in the language of expressions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from ..expressions.evaluator import identifier
from ..expressions.templates import upper_first
from ..package.package import Package, Resource
from ..package.yaml_nodes import parse_yaml
from .declared import PREFIX, DeclaredClaim

LISTS = {
    "limits": ("low", "high"),
    "arms": ("exposed", "comparison"),
    "shared group": ("group", "of group", "against", "of against"),
    "tables": ("one", "one total", "other", "other total"),
}
SAME = "same"  # the rule about rows that repeat a cell
TEXTS = ("check", "doubt", "label", "found", "innocent", "settle")
USUAL_LEVEL, USUAL_SIDES = "95", "two"

Role = Mapping[str, Any]  # of a table in the schema: part -> column, or columns
StandingRule = Mapping[str, Any]  # `standing.yml` says what each key means, and holds the rules


@cache
def rules() -> Mapping[str, StandingRule]:
    """The rules by name, in the order in which they are asked."""
    path = Path(__file__).with_name("standing.yml")
    found: Mapping[str, StandingRule] = parse_yaml(path.read_text("utf-8"), path.name)
    return found


def standing_checks(package: Package) -> Iterator[DeclaredClaim]:
    """The claims `auto/<rule>/<row>`, with the column where a rule checks several in a row."""
    for resource in package:
        if "section" not in resource.columns:
            continue
        for name, rule in rules().items():
            roles = [role for role in resource.roles if set(rule["wants"]) <= set(role)]
            if name == SAME:
                for role in roles:
                    yield from _mentions(rule, resource, role, package)
            else:
                yield from _of_rows(name, rule, resource, roles)


def _of_rows(
    name: str, rule: StandingRule, resource: Resource, roles: Iterable[Role]
) -> Iterator[DeclaredClaim]:
    """A `for-each` claim for each role that has all parts that the rule's condition names."""
    parts_of_roles = [_parts(role, resource) for role in roles]
    several = len({parts[rule["of"]] for parts in parts_of_roles}) > 1
    for parts in parts_of_roles:
        if _named_in(rule["rows"]) <= parts.keys():
            column = parts[rule["of"]]
            claim = f"{PREFIX}{name}/{_template(f'row.{resource.key}')}"
            if several:
                claim = f"{claim}/{column}"
            yield _each_row(rule, claim, resource, column, parts)


def _named_in(text: str) -> set[str]:
    """The parts that a text names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _each_row(
    rule: StandingRule, name: str, resource: Resource, column: str, parts: Mapping[str, str]
) -> DeclaredClaim:
    """The claim about a column of each row that meets the rule's condition."""
    condition = rule["rows"].format_map(parts)
    each = f"{parts['table']}[section.given and {condition}{parts['when']}]"
    printed = _template(f"row.{column}")
    if rule["of"] == "p" and parts["sign"]:
        printed = _template(f"row.{parts['p sign']} | replace('=', '')") + printed
    if rule["of"] == "percent" or resource.field(column).get("unit") == "%":
        printed += "%"
    return _declared(rule, name, each, column, printed, parts)


def _template(expression: str) -> str:
    """A text that is filled in with what an expression gives for a row."""
    return f"{{{{ {expression} }}}}"


def _declared(
    rule: StandingRule, name: str, each: str, column: str, printed: str, parts: Mapping[str, str]
) -> DeclaredClaim:
    """The claim, with the rule's texts about this role."""
    texts = {key: rule[key].format_map(parts) for key in TEXTS if key in rule}
    bound = rule.get("bound", False)
    verdicts = ("inconsistent", "ambiguous") if bound or "doubt" in rule else ()
    notes = dict.fromkeys(verdicts, f"{upper_first(rule['found'])}.")
    texts["severity"] = rule.get("severity", "moderate")
    return DeclaredClaim(
        name, "schema.yml", printed=printed, bound=bound, each=each, of=column, notes=notes, **texts
    )


def _mentions(
    rule: StandingRule, resource: Resource, role: Role, package: Package
) -> Iterator[DeclaredClaim]:
    """For rows that repeat a cell, named by its table, row and column: the check is that cell."""
    for key, cells in resource.rows.items():
        table, row, column = (cells[role[part]] for part in ("resource", "row", "column"))
        known = package.resources.get(table)
        if known and row in known.rows and column in known.columns:
            check = f"{identifier(table)}[{_quoted(row)}].{column}"
            each = f"{identifier(resource.name)}[{resource.key} == {_quoted(key)}]"
            parts = {"check": check, "cell": _in_words(known, column)}
            printed = _template(f"row.{role.get('printed', role['number'])}")
            yield _declared(rule, f"{PREFIX}{SAME}/{key}", each, role["number"], printed, parts)


def _quoted(text: str) -> str:
    """A text as an expression writes it."""
    return json.dumps(text, ensure_ascii=False)


def _in_words(resource: Resource, column: str) -> str:
    """A column with its table, in words."""
    title = resource.field(column).get("title") or column.replace("_", " ")
    return f"{resource.name.replace('_', ' ')}: {title[:1].lower()}{title[1:]}"


def _parts(role: Role, resource: Resource) -> Mapping[str, str]:
    """The parts of a role that a rule may name: its own, and those that follow from them.

    `standing.yml` lists those that follow. Without a usual interval and test there is no `usual`.
    """
    parts = {"higher": "higher", "lower": "lower"}
    parts |= {name: value for name, value in role.items() if isinstance(value, str)}
    for name, words in LISTS.items():
        parts |= zip(words, role.get(name, ()), strict=False)
    sign, usual = parts.get("p sign", ""), _usual(role, resource)
    if usual is not None:
        parts["usual"] = usual
    return {
        **parts,
        "table": identifier(resource.name),
        "key": resource.key,
        "alike": " and ".join(_alike(column, resource) for column in role.get("alike", ())),
        "sign": f", p_operator=row.{sign}" if sign else "",
        "exact": f' and {sign} == "="' if sign else "",
        "alone": f" and not {parts['estimate']}.given" if "estimate" in parts else "",
        "when": "".join(_one_of(column, values) for column, values in role.get("when", {}).items()),
    }


def _one_of(column: str, values: Iterable[str]) -> str:
    """The condition that a column holds one of the values, or nothing."""
    return f" and ({column} in {json.dumps([*values])} or not {column}.given)"


def _alike(column: str, resource: Resource) -> str:
    """Whether two rows have the same in a column, or both nothing."""
    same = f"{column} == row.{column}"
    if resource.field(column).get("constraints", {}).get("required"):
        return same
    return f"({same} or not ({column}.given or row.{column}.given))"


def _usual(role: Role, resource: Resource) -> str | None:
    """The condition that a row's ratio has a 95 % interval and a two-sided test.

    As far as columns say so; None where the role excludes it, or is not about a ratio.
    """
    if role.get("scale") != "log":
        return None
    conditions = []
    for part, usual in {"level": USUAL_LEVEL, "sides": USUAL_SIDES}.items():
        column = str(role.get(part, usual))
        if column in resource.columns:
            wanted = usual if column in resource.numbers else f'"{usual}"'
            conditions.append(f" and {column} == {wanted}")
        elif column != usual:  # the role says it itself, for all rows
            return None
    return "".join(conditions)
