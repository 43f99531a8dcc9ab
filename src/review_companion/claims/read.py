"""All that a folder declares as claims: lines of `claims.csv`, entries of `claims.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..package.damage import read_file
from ..package.problems import Problem
from ..package.yaml_files import Written
from .claim_entries import read_entries
from .declared import PREFIX, Declared, complete, parted

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


FILE = "claims.csv"
NEEDED = ("claim", "section", "fragment", "label", "check")
OPTIONAL = ("printed", "because", "basis")
HEADER = f"its first line is {','.join(NEEDED)}"


def read_lines(folder: Path) -> Iterator[tuple[str, Declared | CompanionError]]:
    """Each line's claim by its name, or what is wrong with it; nothing where there is no file.

    Raises CompanionError for a file that is no such table.
    """
    path = folder / FILE
    if not path.exists():
        return
    table, problems = read_file(path, (*NEEDED, *OPTIONAL))
    wrong = [problem for problem in problems if _matters(problem)]
    if wrong or table is None:
        raise _refusal((wrong or problems)[0])
    for number, cells in table.rows:
        try:
            yield cells["claim"], _claim(cells, number)
        except CompanionError as error:
            yield cells["claim"] or f"{FILE}:{number}", error


def _matters(problem: Problem) -> bool:
    optional = {f'the column "{name}" is missing' for name in OPTIONAL}
    return problem.severity == "error" and problem.message not in optional


def _refusal(problem: Problem) -> CompanionError:
    place = f"{FILE}:{problem.row}" if problem.row else FILE
    expected = f"expected {problem.expected}" if problem.expected else ""
    column = f"“{problem.value}”" if problem.value else ""
    what = ": ".join(filter(None, (column, "; ".join(filter(None, (expected, problem.message))))))
    return CompanionError(what, where=place, hint=HEADER)


def _claim(cells: dict[str, str], number: int) -> Declared:
    where = f"{FILE}:{number}"
    given: dict[str, Any] = {k: Written(text.strip(), FILE, number) for k, text in cells.items()}
    if not given["claim"]:
        raise CompanionError("the claim has no name", where=where)
    if not given.get("printed"):
        given["fragment"], given["printed"] = (
            Written(text, FILE, number) for text in parted(given["fragment"], where)
        )
    return complete(Declared(given.pop("claim"), where, **given))
