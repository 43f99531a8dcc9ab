"""Which numerals of the article the data, the claims or a declared exception account for."""

from __future__ import annotations

from dataclasses import dataclass

from ..data.coverage import Rule, coverage, idle_rules, read_exceptions
from ..data.locators import located
from ..data.numerals import Entry, read_index
from ..review import Review


@dataclass(frozen=True)
class Unaccounted:
    """The numerals that nothing accounts for, of `total`; rules of exceptions that fit nothing."""

    entries: tuple[Entry, ...]
    total: int
    idle: tuple[tuple[str, Rule], ...]


def unaccounted(review: Review) -> Unaccounted:
    """Holds the index of the article's numerals against locators, claims and exceptions."""
    folder = review.package.folder
    index = read_index(folder / "published" / "numerals.csv")
    exceptions = read_exceptions(folder / "exceptions.yml")
    places = located(review.package)
    places += [(claim.locator.section, claim.locator.fragment) for claim in review.ledger]
    left = coverage(index, places, exceptions)
    return Unaccounted(tuple(left), len(index), tuple(idle_rules(index, exceptions)))
