"""What is called plain is what Frictionless finds sound, and is read as it reads it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from frictionless import Field
from tests.cases import cases

from review_companion.package.cell_checks import FORMS, broken_constraints, is_plain

LIMITS: dict[str, list[dict[str, Any]]] = {
    "string": [{"pattern": "a|b.*"}, {"enum": ["a", "b c", "1"]}, {"pattern": "a", "enum": ["b"]}],
    "integer": [{"minimum": 0}, {"minimum": -1, "maximum": 10}, {"maximum": 1}],
    "number": [{"minimum": 0.1}, {"maximum": 1}, {"minimum": 1, "maximum": 0}],
    "boolean": [],
    "date": [],
}
CELLS = (
    "|a|b c|bb|a\n|ab|1|0|-1|+1|10|11|0.1|0.10|0.09|1.0|true|false|2024-05-31|2024-5-31|2024-02-30"
)


@pytest.mark.parametrize("kind", LIMITS)
def test_a_cell_of_a_plain_field_breaks_what_frictionless_says(kind: str) -> None:
    for own, more in itertools.product(({}, *LIMITS[kind]), ({}, {"required": True})):
        field = {"name": "x", "type": kind, "constraints": {**own, **more}}
        assert is_plain(field)
        theirs, ours = Field.from_descriptor(field).create_cell_reader(), broken_constraints(field)
        for cell in CELLS.split("|"):
            if not cell or kind not in FORMS or FORMS[kind].fullmatch(cell):
                assert ours(cell) == list(theirs(cell)[1] or ()), (field, cell)


@cases
def test_any_other_field_is_not(field: dict[str, Any]) -> None:
    assert not is_plain({"name": "x", **field})
