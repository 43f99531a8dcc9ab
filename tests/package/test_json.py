"""JSON of somebody else is read within limits."""

from __future__ import annotations

import pytest

from review_companion.errors import CompanionError
from review_companion.package.files import parse_json


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n"a": }', "f.json:2: not readable as JSON: Expecting value, column 6"),
        ("[" * 200_000, "nested too deeply"),
        ("[" * 100 + "]" * 100, "nested too deeply"),
        ('{"a":' * 100 + "1" + "}" * 100, "nested too deeply"),
        ("[[], {}, " * 60 + "[" + "]" * 61, "nested too deeply"),
        ('["\\ud800"]', "half of a character"),
        ('{"\\udc00": 1}', "half of a character"),
        ("[NaN]", "NaN is no number"),
        ("[-Infinity]", "-Infinity is no number"),
        ("9" * 5000, "not readable as JSON"),
        ('{"a": 1, "a": 2}', '"a" stands twice'),
        ('{\n<<<<<<< ours\n"a": 1', "f.json:2: left over from a merge"),
        ("", "not readable as JSON"),
    ],
)
def test_what_is_wrong_is_one_message(text: str, said: str) -> None:
    with pytest.raises(CompanionError) as caught:
        parse_json(text, "f.json")
    assert said in str(caught.value)


def test_a_whole_pair_of_surrogates_is_a_character() -> None:
    assert parse_json('["\\ud83d\\ude42"]', "f.json") == ["🙂"]


def test_brackets_within_strings_and_sixty_levels_are_fine() -> None:
    text = "[1, " * 59 + '{"a": "' + "[" * 100 + '\\""}' + "]" * 59
    content = parse_json(text, "f.json")
    for _ in range(59):
        content = content[1]
    assert content == {"a": "[" * 100 + '"'}
