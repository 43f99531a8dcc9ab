"""Reads the claims of a data folder: lines of `claims.csv`, entries of `claims.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, starmap
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..model import Verdict
from ..package.problems import errors
from ..package.tolerant_csv import read_file
from ..package.yaml_files import Node, Written, keys, read_yaml, require_allowed
from ..package.yaml_nodes import check_keys, place_of
from .declared import COMMENTS, PREFIX, DeclaredClaim, Reading, complete, split_marked

LINES, ENTRIES = "claims.csv", "claims.yml"
NEEDED = ("claim", "section", "fragment", "label", "check")
OPTIONAL = ("printed", "because", "basis")
HEADER = f"its first line is {','.join(NEEDED)}"
STANDING = "standing"
VERDICTS = tuple(map(str, Verdict))
PARTS = tuple(f"claim: {part}" for part in "place check verdict said inferred each".split())
TEXTS = tuple(key for key in keys(*PARTS) if key not in {"for-each", "readings", "studies"})

NamedClaim = tuple[str, DeclaredClaim | CompanionError]
Said = tuple[str, str, Any]  # the section above it, the name of a claim, what is said of it


def read_claims(folder: Path) -> tuple[NamedClaim, ...]:
    """The claims that a folder's two files declare, by section, or what is wrong with one.

    Raises CompanionError for a file that cannot be read.
    """
    found: dict[str, DeclaredClaim | CompanionError] = {}
    for section, name, spec in chain(_lines(folder), _entries(folder)):
        claim: DeclaredClaim | CompanionError
        try:
            claim = _comment(name, spec) if section == STANDING else _claim(section, name, spec)
        except CompanionError as error:
            claim = error
        if name in found and isinstance(claim, DeclaredClaim):
            first = getattr(found[name], "where", "")
            what, hint = f"{name} is in {first} already", "each claim has a name of its own"
            claim = CompanionError(what, where=claim.where, hint=hint)
            name = f"{name} again"
        found[name] = claim
    return tuple(by_part(found))


def by_part(found: Mapping[str, DeclaredClaim | CompanionError]) -> list[NamedClaim]:
    """Claims grouped by part of the article, and within it by section, in the files' order."""
    parts: list[str] = []
    first: dict[str, int] = {}  # the place of each section
    ordered: list[tuple[str, str, NamedClaim]] = []
    part = section = ""
    for number, (name, claim) in enumerate(found.items()):
        above = part
        if isinstance(claim, DeclaredClaim):
            section = "/".join(claim.section.split("/")[:2])
            part = section.split("/")[0]
        if part not in parts:  # a part of the second file alone: where that file has it
            parts.insert(parts.index(above) + 1 if above in parts else 0, part)
        first.setdefault(section, number)
        ordered.append((part, section, (name, claim)))
    ordered.sort(key=lambda one: (parts.index(one[0]), first[one[1]]))
    return [named for _, _, named in ordered]


def _lines(folder: Path) -> Iterator[Said]:
    """The lines of `claims.csv`; nothing where there is no such file."""
    path = folder / LINES
    if not path.exists():
        return
    table, problems = read_file(path, (*NEEDED, *OPTIONAL))
    optional = {f'the column "{name}" is missing' for name in OPTIONAL}
    wrong = [p for p in errors(problems) if p.message not in optional]
    if wrong or table is None:
        first = (wrong or problems)[0]
        expected = f"expected {first.expected}; " if first.expected else ""
        what = f"“{first.value}”: " * bool(first.value) + (expected + first.message).rstrip("; ")
        raise CompanionError(what, where=f"{LINES}:{first.row or 1}", hint=HEADER)
    for number, cells in table.rows:
        spec = Node(
            (k, Written(text, LINES, number)) for k, cell in cells.items() if (text := cell.strip())
        )
        spec.file, spec.line = LINES, number
        yield "", spec.pop("claim", spec.where), spec


def _entries(folder: Path) -> Iterator[Said]:
    """The entries of `claims.yml`."""
    for section, group in read_yaml(folder / ENTRIES).items():
        if not isinstance(group, Node):
            hint = "a section holds claims, each with a name"
            where = place_of(group, ENTRIES)
            raise CompanionError(f"“{section}” must hold claims", where=where, hint=hint)
        for name, spec in group.items():
            yield section, name, spec


def _claim(section: str, name: str, spec: Any) -> DeclaredClaim:
    given = _given(name, spec, keys(*PARTS), "a claim")
    given.setdefault("section", section)
    if "printed" not in given and not ("of" in given and "fragment" not in given):
        text = given.get("fragment", "")
        given["fragment"], given["printed"] = split_marked(text, place_of(text, spec.where))
    if name.startswith(PREFIX):
        what, hint = f"{name} is a name of a standing check", "comment on it under “standing:”"
        raise CompanionError(what, where=spec.where, hint=hint)
    return complete(DeclaredClaim(name, spec.where, **given))


def _comment(name: str, spec: Any) -> DeclaredClaim:
    """A comment of `claims.yml` on a standing check."""
    known = (*COMMENTS, *VERDICTS, "studies")
    given = _given(name, spec, known, "a comment on a standing check")
    if not name.startswith(PREFIX):
        what, hint = f"“{name}” is not a standing check", f"such as {PREFIX}part/alpha-2001/old"
        raise CompanionError(what, where=spec.where, hint=hint)
    return DeclaredClaim(name, spec.where, **given)


def _given(name: str, spec: Any, known: Iterable[str], what: str) -> dict[str, Any]:
    """The fields of a claim that are given. Raises CompanionError for a faulty one."""
    if not isinstance(spec, Node):
        raise CompanionError(f"{what} must be a mapping", where=place_of(name, ENTRIES))
    if name == spec.where:
        raise CompanionError("the claim has no name", where=spec.where)
    check_keys(spec, known, what)
    require_allowed(spec, *PARTS)
    given: dict[str, Any] = {key: _text(spec[key]) for key in TEXTS if key in spec}
    notes = {key: given.pop(key) for key in VERDICTS if key in given}
    if "for-each" in spec:
        given["each"] = _text(spec["for-each"])
    if "studies" in spec:
        given["studies"] = tuple(spec["studies"])
    readings = tuple(starmap(_reading, spec.get("readings", {}).items()))
    return {**given, "notes": notes, "readings": readings}


def _reading(label: str, said: Any) -> Reading:
    if isinstance(said, Mapping):
        return Reading(label, _text(said["check"]), _text(said.get("printed", "")))
    return Reading(label, _text(said))


def _text(value: Any) -> str:
    """A text; a number as it is written."""
    return value if isinstance(value, str) else Written(str(value))
