"""What a standing check reads of a row, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...data.cells import NUMBER
from ...data.package import Package
from ...model import Locator, Origin, Verdict

Role = Mapping[str, Any]
FITS = (Verdict.REPRODUCED, Verdict.BY_ROUNDING, Verdict.NOT_COMPUTABLE)


@dataclass(frozen=True)
class Row:
    """A row of the package, from which dotted paths lead along foreign keys."""

    package: Package
    resource: str
    key: str

    @property
    def cells(self) -> Mapping[str, str]:
        return self.package[self.resource].rows[self.key]

    def place(self, column: str) -> Locator:
        """Where a cell is printed; the row itself where nothing says so."""
        found = self.package.locator(Origin(self.resource, self.key, column))
        return found or Locator("", self.resource, self.key)

    def steps(self, path: str) -> Iterator[Origin]:
        """The cells that a dotted path reads; none of them after a blank one."""
        resource, key = self.resource, self.key
        for column in path.split("."):
            yield Origin(resource, key, column)
            target = self.package[resource].foreign_keys.get(column, "")
            key = self.package[resource].rows[key].get(column, "")
            if not target or key not in self.package[target].rows:
                return
            resource = target

    def text(self, path: str) -> str:
        """The cell at a path, "" where it is blank or leads nowhere."""
        steps = list(self.steps(path)) if path else []
        if not path or len(steps) < len(path.split(".")):
            return ""
        last = steps[-1]
        return self.package[last.resource].rows[last.row].get(last.column, "")

    def number(self, path: str) -> Decimal | None:
        """The number at a path as printed; None where there is none."""
        text = self.text(path)
        return Decimal(text) if NUMBER.fullmatch(text) else None

    def origins(self, paths: Iterable[str]) -> set[Origin]:
        """The cells read at these paths."""
        return {origin for path in paths if path for origin in self.steps(path)}


@dataclass(frozen=True)
class Found:
    """What a check found about the figure in a column of the row.

    `read` are paths from the row, `beside` cells of other rows.
    """

    column: str
    verdict: Verdict
    printed: str
    recomputed: str
    formula: str
    label: str
    read: tuple[str, ...]
    explanation: str = ""
    innocent: str = ""
    settle: str = ""
    grade: str = "moderate"
    beside: frozenset[Origin] = frozenset()

    @property
    def severity(self) -> str:
        """The rule's severity, where there is something to be severe about."""
        return "" if self.verdict in FITS else self.grade


@dataclass(frozen=True)
class Rule:
    """A check with its name in ids, and the roles that a table must have for it."""

    name: str
    wants: frozenset[str]
    check: Callable[[Row, Role], Iterator[Found]]

    def __call__(self, row: Row, role: Role) -> Iterator[Found]:
        return self.check(row, role)


def rule(name: str, *wants: str) -> Callable[[Callable[[Row, Role], Iterator[Found]]], Rule]:
    """Makes a generator of findings a standing check."""
    return lambda check: Rule(name, frozenset(wants), check)
