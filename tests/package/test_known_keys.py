"""The JSON Schema of definition files: sound, and each fault in one message with file and line."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from tests.conftest import ROOT

from review_companion.package.known_keys import faults, keys, parts
from review_companion.package.yaml_nodes import parse_yaml

SCHEMA = ROOT / "src/review_companion/package/definitions.schema.json"


def test_it_is_a_json_schema_that_explains_every_key() -> None:
    Draft202012Validator.check_schema(json.loads(SCHEMA.read_text("utf-8")))
    assert all(all(keys(name).values()) for name in parts())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("expression: count(studies)", ""),
        ("label: 2024", ""),  # a text as it is written
        ("places: two", "“places” must be a whole number"),
        ("label: [a]", "“label” must be a text"),
        ("lable: a", "nothing reads “lable”\n  did you mean “label”?"),
        ("xyzzy: a", "nothing reads “xyzzy”\n  known: label, expression, unit, places, suffix"),
    ],
)
def test_a_fault_is_told_with_its_line(line: str, said: str) -> None:
    (entry,) = parse_yaml(f"\ntotal:\n  {line}\n", "values.yml").values()
    assert [str(error) for error in faults(entry, "value")] == [f"values.yml:3: {said}"] * bool(
        said
    )


def test_a_figure_has_the_keys_of_its_kind() -> None:
    entry = {"kind": "flow", "table": "t", "bands": {}, "mirror": True}
    assert [error.what for error in faults(entry, "figure", "figure: flow")] == [
        "nothing reads “mirror”"
    ]
