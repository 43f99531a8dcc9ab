"""Claims about which something has to be said: `claims.yml`, grouped by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..package.yaml_files import Node, Written, read_yaml
from .declared import (
    COMMENTS,
    PREFIX,
    Declared,
    Reading,
    check_keys,
    check_words,
    complete,
    parted,
    place_of,
)
from .keys import KEYS, VERDICTS

FILE = "claims.yml"
STANDING = "standing"
TEXTS = tuple(key for key in KEYS if key not in {"for-each", "readings", "studies", *VERDICTS})


def read_entries(folder: Path) -> Iterator[tuple[str, Declared | CompanionError]]:
    """Each entry's claim by its name, or what is wrong with it; nothing where there is no file.

    Raises CompanionError for a file that is no mapping of sections.
    """
    for section, group in read_yaml(folder / FILE).items():
        if not isinstance(group, Node):
            hint = "under a section stand its claims, each with a name"
            where = place_of(group, FILE)
            raise CompanionError(f"“{section}” must hold claims", where=where, hint=hint)
        for name, spec in group.items():
            try:
                yield name, _claim(name, spec, section, f"{group.file}:{group.line}")
            except CompanionError as error:
                yield name, error


def _claim(name: str, spec: Any, section: str, above: str) -> Declared:
    if section == STANDING:
        return _comment(name, spec, above)
    check_keys(spec, KEYS, "a claim", "" if isinstance(spec, Node) else above)
    where = spec.where
    given: dict[str, Any] = {key: _text(spec, key, where) for key in TEXTS if key in spec}
    given.setdefault("section", Written(section, spec.file, spec.line))
    if "printed" not in given and not ("of" in given and "fragment" not in given):
        text = given.get("fragment", Written(""))
        given["fragment"], given["printed"] = parted(text, place_of(text, where))
    return complete(
        Declared(
            name,
            where,
            readings=tuple(_readings(spec, where)) if "readings" in spec else (),
            each=_text(spec, "for-each", where) if "for-each" in spec else "",
            **_said(spec),
            **given,
        )
    )


def _comment(name: str, spec: Any, above: str) -> Declared:
    """What is said of a standing check."""
    where = spec.where if isinstance(spec, Node) else above
    keys = (*COMMENTS, *VERDICTS, "studies")
    check_keys(spec, keys, "a comment on a standing check", where if spec is None else "")
    if not name.startswith(PREFIX):
        what, hint = f"“{name}” is no standing check", f"such as {PREFIX}part/alpha-2001/old"
        raise CompanionError(what, where=where, hint=hint)
    given: dict[str, Any] = {key: _text(spec, key, where) for key in COMMENTS if key in spec}
    comment = Declared(name, where, **_said(spec), **given)
    check_words(comment)
    return comment


def _said(spec: Node) -> dict[str, Any]:
    """What both may say: explanations by verdict, and the studies."""
    return {
        "studies": _studies(spec, spec.where) if "studies" in spec else None,
        "notes": {key: _text(spec, key, spec.where) for key in VERDICTS if key in spec},
    }


def _text(spec: Mapping[str, Any], key: str, where: str) -> str:
    """A text, or a number as it is written."""
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
