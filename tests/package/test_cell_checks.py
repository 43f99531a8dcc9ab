"""What is called plain is what Frictionless finds sound, and is read as it reads it."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from frictionless import Field, FrictionlessException, Package
from tests.cases import cases

from review_companion.package.cell_checks import FORMS, cell_reader, is_plain

DATA = Path(__file__).parents[1] / "fixture_review/data/datapackage.json"
LIMITS: dict[str, list[dict[str, Any]]] = {
    "string": [{"pattern": "a|b.*"}, {"enum": ["a", "b c", "1"]}, {"pattern": "a", "enum": ["b"]}],
    "integer": [{"minimum": 0}, {"minimum": -1, "maximum": 10}, {"maximum": 1.0}],
    "number": [{"minimum": 0.1}, {"maximum": 1}, {"minimum": 1, "maximum": 0}],
    "boolean": [],
    "date": [],
}
CELLS = (
    "|a|b c|bb|a\n|ab|1|0|-1|+1|10|11|0.1|0.10|0.09|1.0|true|false|2024-05-31|2024-5-31|2024-02-30"
)
DATES = [f"{day}T00:00:00Z" for day in ("2026-02-30", "2026-01-05", "0000-01-05", "٢٠٢٦-01-05")]
DATES.append(f"{DATES[1]}\n")


@pytest.mark.parametrize("kind", LIMITS)
def test_a_cell_of_a_plain_field_breaks_what_frictionless_says(kind: str) -> None:
    for own, more in itertools.product(({}, *LIMITS[kind]), ({}, {"required": True})):
        field = {"name": "x", "type": kind, "constraints": {**own, **more}}
        assert is_plain("field", field)
        theirs, ours = Field.from_descriptor(field).create_cell_reader(), cell_reader(field)
        for cell in CELLS.split("|"):
            if not cell or kind not in FORMS or FORMS[kind].fullmatch(cell):
                assert list(ours(cell)[1] or ()) == list(theirs(cell)[1] or ()), (field, cell)


@cases
def test_any_other_field_is_not(field: dict[str, Any]) -> None:
    assert not is_plain("field", {"name": "x", **field})


def test_a_plain_package_is_sound_whatever_is_changed_in_it() -> None:
    descriptor = json.loads(DATA.read_text("utf-8"))
    for part in (descriptor, *descriptor["resources"]):
        part.pop("profile", None)
        part["schema" if part is not descriptor else "keywords"] = {"fields": []}
    descriptor["keywords"] = ["invented"]
    descriptor["resources"] = descriptor["resources"][:1]
    assert is_plain("package", descriptor) and sound(descriptor)
    plain = [changed for changed in changes(descriptor) if is_plain("package", changed)]
    assert len(plain) > 10
    assert all(map(sound, plain))


def changes(descriptor: dict[str, Any]) -> Any:
    """The descriptor with one of its texts or lists replaced, at each place."""
    for path in places(descriptor):
        for value in ("", "Two words", "../a.csv", *DATES, 1, [], {}, None, [{}]):
            changed = copy.deepcopy(descriptor)
            part = changed
            for step in path[:-1]:
                part = part[step]
            part[path[-1]] = value
            yield changed


def places(part: Any, path: tuple[Any, ...] = ()) -> Any:
    inner = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in inner:
        yield (*path, key)
        if isinstance(value, dict | list) and key != "dialect":
            yield from places(value, (*path, key))


def sound(descriptor: dict[str, Any]) -> bool:
    try:
        Package.from_descriptor(copy.deepcopy(descriptor))
    except FrictionlessException:
        return False
    return True
