"""The records that every layer shares: locator, origin, result, claim, verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

EVERY = "*"
Scalar = str | int | bool | Decimal | Fraction
Value = Scalar | tuple[Scalar, ...] | None


class Origin(NamedTuple):
    """One cell of the data package: resource, the row's key (never its position), column.

    `EVERY` as the row stands for the column's cells in all rows. A tuple, since millions of them
    are compared and hashed.
    """

    resource: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.resource}[{self.row}].{self.column}"


@lru_cache(maxsize=200_000)
def origin_of(resource: str, row: str, column: str) -> Origin:
    """The one `Origin` object of a cell: kept and written once, however often it is read."""
    return Origin(resource, row, column)


@dataclass(frozen=True)
class Locator:
    """Where a figure is printed: source, section or table cell, a fragment unique within it."""

    source: str
    section: str
    fragment: str
    status: str = ""

    def __str__(self) -> str:
        return f"{self.section}: “{self.fragment}”" if self.fragment else self.section


@dataclass(frozen=True)
class Result:
    """A value that remembers what it read.

    `value` is exact (Fraction or Decimal for quotients, int for counts, a sorted tuple for sets);
    `read` are the cells whose content went into the value, `looked` those that a filter looked
    at; `membership` names the resources whose set of rows matters (an added row may change the
    result); `parameters` are the notebook parameters it depends on; `formula` says it in words.
    """

    value: Value
    unit: str = ""
    read: frozenset[Origin] = frozenset()
    looked: frozenset[Origin] = frozenset()
    membership: frozenset[str] = frozenset()
    parameters: frozenset[tuple[str, str]] = frozenset()
    formula: str = ""

    @cached_property
    def origins(self) -> tuple[Origin, ...]:
        """Every cell that the result depends on, sorted."""
        return tuple(sorted(self.read | self.looked))


def merged(results: Sequence[Result], **said: Any) -> Result:
    """A result that rests on all that these rest on."""
    parts: dict[str, Any] = {
        part: frozenset().union(*(getattr(result, part) for result in results))
        for part in ("read", "looked", "membership", "parameters")
    }
    return Result(**{"value": None, **parts, **said})


@dataclass(frozen=True)
class Trace:
    """What the audit shows of a named result; `text` is the value as the report prints it."""

    name: str
    kind: Literal["value", "cell", "claim", "mark", "text"]
    label: str
    text: str
    result: Result


class Verdict(StrEnum):
    """The five verdicts on a printed statement, reached at printed precision."""

    REPRODUCED = "reproduced"
    BY_ROUNDING = "reproduced-by-rounding"
    AMBIGUOUS = "ambiguous"
    INCONSISTENT = "inconsistent"
    NOT_COMPUTABLE = "not-computable"

    @property
    def words(self) -> str:
        """The verdict for readers; machine-readable files use the code."""
        return {"not-computable": "cannot be computed"}.get(self, self.replace("-", " "))


BASES = {
    "arithmetic": "arithmetic",
    "other-place": "elsewhere in the article",
    "primary": "a source outside the article",
    "judged": "judged",
}


@dataclass(frozen=True)
class Claim:
    """A statement of the article: what is printed, where, what recomputes it, and the verdict.

    Statements of one `matter` say the same thing in several places. `found` says in a few words
    what was found, `changes` what that changes for a reader; `concerns` is empty for a figure or a
    conclusion.
    """

    id: str
    section: str
    locator: Locator
    printed: str
    recomputed: str
    formula: str
    verdict: Verdict
    basis: str
    explanation: str
    origins: tuple[Origin, ...]
    severity: str = ""
    innocent: str = ""
    settle: str = ""
    changes: str = ""
    label: str = ""
    matter: str = ""
    found: str = ""
    concerns: str = ""
    studies: tuple[str, ...] = ()
    readings: tuple[tuple[str, str, bool], ...] = ()
    membership: frozenset[str] = frozenset()

    @property
    def basis_words(self) -> str:
        """What was compared, for readers."""
        return BASES.get(self.basis, self.basis)


Row = Mapping[str, str]


@dataclass(frozen=True)
class Correction:
    """A value that replaces a cell's: who says so, why and when; every trace shows it."""

    resource: str
    row: str
    column: str
    before: str
    after: str
    reason: str
    who: str
    date: str = field(default="")
