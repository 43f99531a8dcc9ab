"""Standing checks: claims that follow from the roles of columns, for every row, undeclared.

A role is declared once in the schema (`roles` of a table): which columns hold a percentage, its
count and total; an estimate, its limits, level and p; a count, its unit and the group that it is
part of. A figure that can be recomputed is a claim whatever comes of it. A bound that holds (a
part is no larger than its whole) proves nothing of the figure, and is a claim only where it is
broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...data.package import Package
from ...model import Claim
from .counts import broken_ranges, parts, percentages, persons
from .figures import Found, Row
from .intervals import middles, p_of_intervals, p_of_tables

RULES = (percentages, parts, persons, broken_ranges, middles, p_of_intervals, p_of_tables)


def standing(package: Package) -> Iterator[Claim]:
    """The claims `auto/<rule>/<row>`; with the column where a row has several of one rule."""
    for resource in package:
        for rule in RULES:
            roles = [role for role in resource.roles if rule.wants <= set(role)]
            for key in resource.rows if roles else ():
                row = Row(package, resource.name, key)
                yield from _claims(rule, row, roles)


def _claims(rule: Any, row: Row, roles: list[Mapping[str, Any]]) -> Iterator[Claim]:
    for role in roles:
        for found in rule(row, role):
            yield _claim(rule.name, row, found, several=len(roles) > 1)


def _claim(rule: str, row: Row, found: Found, *, several: bool) -> Claim:
    return Claim(
        id="/".join(["auto", rule, row.key, *([found.column] if several else [])]),
        section=row.place(found.column).section,
        locator=row.place(found.column),
        printed=found.printed,
        recomputed=found.recomputed,
        formula=found.formula,
        verdict=found.verdict,
        basis="arithmetic",
        explanation=found.explanation,
        origins=tuple(sorted(row.origins(found.read) | found.beside)),
        severity=found.severity,
        innocent=found.innocent,
        settle=found.settle,
        label=found.label,
        studies=tuple(filter(None, [row.cells.get("study", "")])),
    )
