"""Whether manifest and crate are those that were written together, byte by byte."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from ..errors import CompanionError
from ..evidence.manifest import CRATE, MANIFEST, manifest_digest
from ..evidence.records import to_json
from ..pipeline.crate import crate_of
from ..review import Review

FORM = f"{MANIFEST}: its bytes are not those that were written, though the content agrees"
APART = (
    f"{MANIFEST}: is not the manifest that {CRATE} names: one of the two was changed after the "
    "render"
)


def manifest_problem(folder: Path, manifest: Mapping[str, Any]) -> str | None:
    """Why the manifest is not the one that was written, so far as it and the crate say."""
    if to_json(manifest) != (folder / MANIFEST).read_text("utf-8"):
        return FORM
    named = _named(folder)
    if named is None or named == manifest_digest(manifest):
        return None
    return APART


def crate_problems(folder: Path, review: Review, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Where the crate is not what manifest and data give."""
    found = (folder / CRATE).read_bytes().decode("utf-8", "replace")
    try:
        expected = crate_of(review, manifest)
    except (CompanionError, TemplateError, KeyError, TypeError, AttributeError, ValueError):
        yield f"{MANIFEST}: is none that a render writes"
        return
    if found != expected:
        yield from _differing(found, expected)


def _differing(found: str, expected: str) -> Iterator[str]:
    try:
        ours, given = _entities(found), _entities(expected)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        yield f"{CRATE}: cannot be read: {error}"
        return
    names = [name for name in {**given, **ours} if ours.get(name) != given.get(name)]
    yield from (f"{CRATE}: {name} is not as manifest and data give it" for name in names)
    if not names:
        yield f"{CRATE}: not the bytes that manifest and data give, though the content agrees"


def _entities(text: str) -> dict[str, Any]:
    return {entity["@id"]: entity for entity in json.loads(text)["@graph"]}


def _named(folder: Path) -> str | None:
    """The digest of the manifest that the crate names; None where it cannot be read."""
    try:
        crate = (folder / CRATE).read_text("utf-8")
        return str(_entities(crate)[MANIFEST].get("identifier", ""))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
