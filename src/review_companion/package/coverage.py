"""Finds the numerals of the article that no locator, claim or declared exception accounts for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ..model import Claim
from .definition_schema import faults
from .locators import located, match_numerals
from .numerals import IndexEntry, numerals, read_index
from .package import Package
from .yaml_files import read_entries

Patterns = Mapping[str, str]  # a pattern for the whole of each column that it names
Exceptions = Mapping[str, Sequence[Patterns]]


def read_exceptions(path: Path) -> Exceptions:
    """The rules of each class of numerals that state nothing to check, from `exceptions.yml`.

    Raises CompanionError with file and line for what is wrong with one.
    """
    classes = read_entries(path)
    for entry in classes.values():
        for fault in faults(entry, "exception"):
            raise fault
    return {name: entry["rules"] for name, entry in classes.items()}


def _fits(rule: Patterns, entry: IndexEntry) -> bool:
    return all(
        re.fullmatch(str(pattern), getattr(entry, column)) for column, pattern in rule.items()
    )


@dataclass(frozen=True)
class Unaccounted:
    """The numerals (of `total`) that nothing accounts for, and exception rules that match none."""

    entries: tuple[IndexEntry, ...]
    total: int
    idle: tuple[tuple[str, Patterns], ...]


def unaccounted(package: Package, claims: Iterable[Claim]) -> Unaccounted:
    """Compares the index of the article's numerals with locators, claims and exceptions."""
    index = read_index(package.folder / "published" / "numerals.csv")
    exceptions = read_exceptions(package.folder / "exceptions.yml")
    places = [*located(package), *((c.locator.section, c.locator.fragment) for c in claims)]
    left = coverage(index, places, exceptions)
    return Unaccounted(tuple(left), len(index), tuple(idle_rules(index, exceptions)))


def coverage(
    index: Sequence[IndexEntry],
    located: Iterable[tuple[str, str]],
    exceptions: Exceptions = MappingProxyType({}),
) -> list[IndexEntry]:
    """The entries that no (section, fragment) reaches and no exception fits.

    A fragment reaches the entries of its numerals if it is found once in its section.
    """
    reached = reached_entries(index, located)
    rules = [rule for kind in exceptions.values() for rule in kind]
    left = (entry for entry in index if entry.entry not in reached)
    return [entry for entry in left if not any(_fits(rule, entry) for rule in rules)]


def reached_entries(
    index: Sequence[IndexEntry], located: Iterable[tuple[str, str]]
) -> dict[int, tuple[str, str]]:
    """Entry number -> the first (section, fragment) that reaches it."""
    sections: dict[str, list[IndexEntry]] = {}
    for entry in index:
        sections.setdefault(entry.section, []).append(entry)
    reached: dict[int, tuple[str, str]] = {}
    for section, fragment in dict.fromkeys(located):
        entries = sections.get(section, [])
        starts = match_numerals(fragment, section, entries)
        if len(starts) == 1:
            for entry in entries[starts[0] : starts[0] + len(numerals(fragment))]:
                reached.setdefault(entry.entry, (section, fragment))
    return reached


def idle_rules(index: Sequence[IndexEntry], exceptions: Exceptions) -> list[tuple[str, Patterns]]:
    """The rules that match no entry, with the name of their class: each is a mistake."""
    rules = ((name, rule) for name, kind in exceptions.items() for rule in kind)
    return [(n, rule) for n, rule in rules if not any(_fits(rule, entry) for entry in index)]
