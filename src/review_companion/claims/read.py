"""All that a folder declares as claims, from its two files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

from ..errors import CompanionError
from .declared import PREFIX, Declared
from .entries import read_entries
from .lines import read_lines

Named = tuple[str, Declared | CompanionError]


def read_claims(folder: Path) -> tuple[Named, ...]:
    """The claims that a folder's two files declare, by section, or what is wrong with one.

    Raises CompanionError for a file that cannot be read.
    """
    found: dict[str, Declared | CompanionError] = {}
    for name, claim in chain(read_lines(folder), read_entries(folder)):
        if name in found and isinstance(claim, Declared):
            first = getattr(found[name], "where", "")
            what, hint = f"{name} stands in {first} already", "each claim has a name of its own"
            claim = CompanionError(what, where=claim.where, hint=hint)
            name = f"{name} again"
        if name.startswith(PREFIX) and isinstance(claim, Declared) and claim.section:
            what, hint = f"{name} is a name of a standing check", "comment on it under “standing:”"
            claim = CompanionError(what, where=claim.where, hint=hint)
        found[name] = claim
    return tuple(by_part(found))


def by_part(found: Mapping[str, Declared | CompanionError]) -> list[Named]:
    """Claims about one part of the article together; parts and claims in the files' order."""
    parts: dict[str, list[Named]] = {}
    order: list[str] = []
    last = ""
    for name, claim in found.items():
        part = claim.section.split("/")[0] if isinstance(claim, Declared) else last
        parts.setdefault(part, []).append((name, claim))
        if part not in order:  # a part of the second file alone: where that file has it
            order.insert(order.index(last) + 1 if last in order else 0, part)
        last = part
    return [claim for part in order for claim in _by_section(parts[part])]


def _by_section(claims: Iterable[Named]) -> list[Named]:
    sections: dict[str, list[Named]] = {}
    for name, claim in claims:
        section = claim.section if isinstance(claim, Declared) else ""
        sections.setdefault("/".join(section.split("/")[:2]), []).append((name, claim))
    return [claim for own in sections.values() for claim in own]
