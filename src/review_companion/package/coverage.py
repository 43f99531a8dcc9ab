"""Finds the numerals of the article that no locator, claim or declared exception accounts for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..model import Claim
from .files import read_text
from .locators import located, match
from .numerals import Entry, numerals, read_index
from .package import Package
from .yaml_files import parse_yaml

_RULE = ("section", "numeral", "before", "after")


@dataclass(frozen=True)
class Rule:
    """Patterns (regular expressions, each for the whole of a column); one not given fits all."""

    section: str = ".*"
    numeral: str = ".*"
    before: str = ".*"
    after: str = ".*"

    def fits(self, entry: Entry) -> bool:
        return all(re.fullmatch(getattr(self, part), getattr(entry, part)) for part in _RULE)


@dataclass(frozen=True)
class ExceptionClass:
    """A kind of numeral that states nothing to check, with the reason."""

    name: str
    reason: str
    rules: tuple[Rule, ...]

    def fits(self, entry: Entry) -> bool:
        return any(rule.fits(entry) for rule in self.rules)


def read_exceptions(path: Path) -> tuple[ExceptionClass, ...]:
    """Reads `exceptions.yml`: name -> {reason, rules: [{section, numeral, before, after}]}.

    Raises CompanionError that names the class and what is wrong with it.
    """
    content = parse_yaml(read_text(path), str(path)) or {}
    if not isinstance(content, dict):
        raise CompanionError("is not a mapping of classes", where=str(path))
    return tuple(_class(str(name), body, f"{path}: {name}") for name, body in content.items())


def _class(name: str, body: Any, where: str) -> ExceptionClass:
    if not isinstance(body, Mapping) or set(body) != {"reason", "rules"} or not body["reason"]:
        raise CompanionError("needs a reason and rules, nothing else", where=where)
    if not isinstance(body["rules"], list) or not body["rules"]:
        raise CompanionError("has no list of rules", where=where)
    return ExceptionClass(name, str(body["reason"]), tuple(_rule(r, where) for r in body["rules"]))


def _rule(body: Any, where: str) -> Rule:
    if not isinstance(body, Mapping) or not body or not set(body) <= set(_RULE):
        raise CompanionError(f"a rule may hold {', '.join(_RULE)}", where=where)
    for part, pattern in body.items():
        try:
            re.compile(pattern)
        except (re.error, TypeError) as error:
            raise CompanionError(
                f"{part}: “{pattern}” is no pattern: {error}",
                where=where,
                hint="put patterns in quotes",
            ) from None
    return Rule(**body)


@dataclass(frozen=True)
class Unaccounted:
    """The numerals that nothing accounts for, of `total`; rules of exceptions that fit nothing."""

    entries: tuple[Entry, ...]
    total: int
    idle: tuple[tuple[str, Rule], ...]


def unaccounted(package: Package, claims: Iterable[Claim]) -> Unaccounted:
    """Compares the index of the article's numerals with locators, claims and exceptions."""
    index = read_index(package.folder / "published" / "numerals.csv")
    exceptions = read_exceptions(package.folder / "exceptions.yml")
    places = [*located(package), *((c.locator.section, c.locator.fragment) for c in claims)]
    left = coverage(index, places, exceptions)
    return Unaccounted(tuple(left), len(index), tuple(idle_rules(index, exceptions)))


def coverage(
    index: Sequence[Entry],
    located: Iterable[tuple[str, str]],
    exceptions: Sequence[ExceptionClass] = (),
) -> list[Entry]:
    """The entries that no (section, fragment) reaches and no exception fits.

    A fragment reaches the entries of its numerals if it stands once in its section.
    """
    reached = reached_entries(index, located)
    return [
        entry
        for entry in index
        if entry.entry not in reached and not any(kind.fits(entry) for kind in exceptions)
    ]


def reached_entries(
    index: Sequence[Entry], located: Iterable[tuple[str, str]]
) -> dict[int, tuple[str, str]]:
    """Entry number -> the first (section, fragment) that reaches it."""
    sections: dict[str, list[Entry]] = {}
    for entry in index:
        sections.setdefault(entry.section, []).append(entry)
    reached: dict[int, tuple[str, str]] = {}
    for section, fragment in dict.fromkeys(located):
        entries = sections.get(section, [])
        starts = match(fragment, section, entries)
        if len(starts) == 1:
            for entry in entries[starts[0] : starts[0] + len(numerals(fragment))]:
                reached.setdefault(entry.entry, (section, fragment))
    return reached


def idle_rules(
    index: Sequence[Entry], exceptions: Iterable[ExceptionClass]
) -> list[tuple[str, Rule]]:
    """The rules that fit no entry, with the name of their class: each is a mistake."""
    return [
        (kind.name, rule)
        for kind in exceptions
        for rule in kind.rules
        if not any(rule.fits(entry) for entry in index)
    ]
