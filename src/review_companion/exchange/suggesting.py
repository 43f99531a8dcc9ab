"""Proposes a line of `claims.csv` for each numeral of the article that something recomputes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..errors import CompanionError
from ..expressions.evaluator import identifier
from ..model import Origin
from ..package.cell_checks import NUMBER
from ..package.coverage import unaccounted
from ..package.locators import match
from ..package.numerals import Entry, read_index
from ..package.package import Package, Resource
from ..review import Review
from ..stats.printed import from_words

NUMBERS = ("integer", "number")
GENERAL = ("flow",)  # its numbers have their own places, and add up by a rule


@dataclass(frozen=True)
class Candidate:
    """An expression with the number that it gives, what it is, and the section it is read from."""

    check: str
    value: Decimal
    label: str
    section: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A claim that a numeral suggests: the first of its candidates is its check."""

    name: str
    section: str
    fragment: str
    candidates: tuple[Candidate, ...]

    @property
    def line(self) -> tuple[str, ...]:
        """The line of `claims.csv`."""
        first = self.candidates[0]
        return self.name, self.section, self.fragment, first.label, first.check


def suggest(review: Review) -> Iterator[Suggestion]:
    """For each numeral that nothing accounts for, once in its section, with a candidate."""
    index = read_index(review.package.folder / "published" / "numerals.csv")
    found = list(_candidates(review))
    names: set[str] = {claim.id for claim in review.ledger}
    for entry in unaccounted(review.package, review.ledger).entries:
        value = _value(entry.numeral)
        fits = tuple(c for c in found if c.value == value and c.section != entry.section)
        quoted = f"{entry.before} *{entry.numeral}* {entry.after}".strip()
        once = len(match(quoted.replace("*", ""), entry.section, index)) == 1
        if fits and once and not entry.before.endswith("["):
            name = _name(entry, names)
            names.add(name)
            yield Suggestion(name, entry.section, quoted, fits)


def _value(numeral: str) -> Decimal | None:
    bare = numeral.rstrip("% \u00a0\u2009\u202f").replace(",", "")
    if NUMBER.fullmatch(bare):
        return Decimal(bare)
    word = from_words(numeral)
    return None if word is None else Decimal(word)


def _name(entry: Entry, taken: set[str]) -> str:
    words = [entry.section.split("/")[-1], entry.after or entry.before.split(" ")[-1]]
    base = "-".join("".join(c for c in w.lower() if c.isalnum()) for w in words).strip("-")
    numbered = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return next(name for name in (base, *numbered) if name not in taken)


def _candidates(review: Review) -> Iterator[Candidate]:
    """Named values first, then counts and sums, then single cells."""
    for name, definition in review.values_declared.items():
        with suppress(CompanionError):
            value: Any = review.value(name)
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                yield Candidate(
                    identifier(name), Decimal(value), str(definition.get("label", name))
                )
    package = review.package
    for resource in package:
        rows = Decimal(len(resource.rows))
        yield Candidate(f"count({resource.name})", rows, f"rows of {resource.name}")
        yield from _sums(resource)
    for resource in package:
        yield from _cells(package, resource)


def _columns(resource: Resource) -> list[str]:
    return [c for c in resource.columns if resource.types.get(c) in NUMBERS and c != "position"]


def _sums(resource: Resource) -> Iterator[Candidate]:
    for column in _columns(resource) if resource.name not in GENERAL else ():
        cells = [row[column] for row in resource.rows.values()]
        if cells and all(NUMBER.fullmatch(cell) for cell in cells):
            total = sum(map(Decimal, cells), Decimal())
            yield Candidate(f"{resource.name}.{column}.sum()", total, f"sum of {column}")


def _cells(package: Package, resource: Resource) -> Iterator[Candidate]:
    for key, row in resource.rows.items():
        for column in _columns(resource):
            place = package.locator(Origin(resource.name, key, column))
            if NUMBER.fullmatch(row[column]) and place is not None:
                said = f"{column} of {key}".replace("_", " ")
                check = f"{resource.name}['{key}'].{column}"
                yield Candidate(check, Decimal(row[column]), said, place.section)
