"""Reads the claims of a data folder: lines of `claims.csv`, entries of `claims.yml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..model import Verdict
from ..package.definition_schema import keys
from ..package.problems import errors
from ..package.tolerant_csv import read_file
from ..package.yaml_files import Node, Written, read_yaml
from ..package.yaml_nodes import check_keys, place_of
from .declared import COMMENTS, PREFIX, DeclaredClaim, Reading, check_words, complete, split_marked

NamedClaim = tuple[str, DeclaredClaim | CompanionError]


def read_claims(folder: Path) -> tuple[NamedClaim, ...]:
    """The claims that a folder's two files declare, by section, or what is wrong with one.

    Raises CompanionError for a file that cannot be read.
    """
    found: dict[str, DeclaredClaim | CompanionError] = {}
    for name, claim in chain(_lines(folder), _entries(folder)):
        if name in found and isinstance(claim, DeclaredClaim):
            first = getattr(found[name], "where", "")
            what, hint = f"{name} is in {first} already", "each claim has a name of its own"
            claim = CompanionError(what, where=claim.where, hint=hint)
            name = f"{name} again"
        if name.startswith(PREFIX) and isinstance(claim, DeclaredClaim) and claim.section:
            what, hint = f"{name} is a name of a standing check", "comment on it under “standing:”"
            claim = CompanionError(what, where=claim.where, hint=hint)
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


LINES = "claims.csv"
NEEDED = ("claim", "section", "fragment", "label", "check")
OPTIONAL = ("printed", "because", "basis")
HEADER = f"its first line is {','.join(NEEDED)}"


def _lines(folder: Path) -> Iterator[tuple[str, DeclaredClaim | CompanionError]]:
    """Each line's claim by its name, or what is wrong with it; nothing where there is no file.

    Raises CompanionError for any other file.
    """
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
        try:
            yield cells["claim"], _line(cells, number)
        except CompanionError as error:
            yield cells["claim"] or f"{LINES}:{number}", error


def _line(cells: dict[str, str], number: int) -> DeclaredClaim:
    where = f"{LINES}:{number}"
    given: dict[str, Any] = {k: Written(text.strip(), LINES, number) for k, text in cells.items()}
    if not given["claim"]:
        raise CompanionError("the claim has no name", where=where)
    if not given.get("printed"):
        both = (Written(text, LINES, number) for text in split_marked(given["fragment"], where))
        given["fragment"], given["printed"] = both
    return complete(DeclaredClaim(given.pop("claim"), where, **given))


ENTRIES = "claims.yml"
STANDING = "standing"
VERDICTS = tuple(map(str, Verdict))
PARTS = ("place", "check", "verdict", "said", "inferred", "each")
KEYS = keys(*(f"claim: {part}" for part in PARTS))
TEXTS = tuple(key for key in KEYS if key not in {"for-each", "readings", "studies", *VERDICTS})


def _entries(folder: Path) -> Iterator[tuple[str, DeclaredClaim | CompanionError]]:
    """Each entry's claim by its name, or what is wrong with it; nothing where there is no file.

    Raises CompanionError for a file that is not a mapping of sections.
    """
    for section, group in read_yaml(folder / ENTRIES).items():
        if not isinstance(group, Node):
            hint = "a section holds claims, each with a name"
            where = place_of(group, ENTRIES)
            raise CompanionError(f"“{section}” must hold claims", where=where, hint=hint)
        for name, spec in group.items():
            try:
                yield name, _entry(name, spec, section, f"{group.file}:{group.line}")
            except CompanionError as error:
                yield name, error


def _entry(name: str, spec: Any, section: str, above: str) -> DeclaredClaim:
    if section == STANDING:
        return _comment(name, spec, above)
    check_keys(spec, KEYS, "a claim", "" if isinstance(spec, Node) else above)
    where = spec.where
    given: dict[str, Any] = {key: _text(spec, key, where) for key in TEXTS if key in spec}
    given.setdefault("section", Written(section, spec.file, spec.line))
    if "printed" not in given and not ("of" in given and "fragment" not in given):
        text = given.get("fragment", Written(""))
        given["fragment"], given["printed"] = split_marked(text, place_of(text, where))
    return complete(
        DeclaredClaim(
            name,
            where,
            readings=tuple(_readings(spec, where)) if "readings" in spec else (),
            each=_text(spec, "for-each", where) if "for-each" in spec else "",
            **_said(spec),
            **given,
        )
    )


def _comment(name: str, spec: Any, above: str) -> DeclaredClaim:
    """A comment of `claims.yml` on a standing check."""
    where = spec.where if isinstance(spec, Node) else above
    known = (*COMMENTS, *VERDICTS, "studies")
    check_keys(spec, known, "a comment on a standing check", where if spec is None else "")
    if not name.startswith(PREFIX):
        what, hint = f"“{name}” is not a standing check", f"such as {PREFIX}part/alpha-2001/old"
        raise CompanionError(what, where=where, hint=hint)
    given: dict[str, Any] = {key: _text(spec, key, where) for key in COMMENTS if key in spec}
    comment = DeclaredClaim(name, where, **_said(spec), **given)
    check_words(comment)
    return comment


def _said(spec: Node) -> dict[str, Any]:
    """What claims and comments share: explanations by verdict, and the studies."""
    return {
        "studies": _studies(spec, spec.where) if "studies" in spec else None,
        "notes": {key: _text(spec, key, spec.where) for key in VERDICTS if key in spec},
    }


def _text(spec: Mapping[str, Any], key: str, where: str) -> str:
    """A text; a number as it is written."""
    value = spec[key]
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Written(str(value))
    what = f"“{key}” is empty" if value in (None, "") else f"“{key}” must be a text"
    raise CompanionError(what, where=place_of(value, where), hint="put it in quotes")


def _readings(spec: Mapping[str, Any], where: str) -> Iterator[Reading]:
    found = spec["readings"]
    if not isinstance(found, Node) or not found:
        hint = "each is a line “what is meant: expression”"
        raise CompanionError("“readings” are ways to read a statement", where=where, hint=hint)
    for label, reading in found.items():
        if isinstance(reading, Node):
            check_keys(reading, {"check", "printed"}, "a reading")
            printed = _text(reading, "printed", where) if "printed" in reading else ""
            yield Reading(label, _text(reading, "check", where), printed)
        else:
            yield Reading(label, _text(found, label, where))


def _studies(spec: Mapping[str, Any], where: str) -> tuple[str, ...]:
    found = spec["studies"]
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise CompanionError("“studies” must be a list of names", where=where)
    return tuple(found)
