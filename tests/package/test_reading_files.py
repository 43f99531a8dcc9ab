"""JSON and YAML have one reading, limits, and messages that a terminal can show."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.cases import cases, rows

from review_companion.errors import CompanionError
from review_companion.package.files import parse_json, read_text
from review_companion.package.problems import Problem
from review_companion.package.yaml_files import read_yaml
from review_companion.package.yaml_nodes import parse_yaml


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *rows(__file__, "test_what_is_wrong_is_one_message")[1:],
        ("[" * 200_000, "nested too deeply"),
        ('{"a":' * 100 + "1" + "}" * 100, "nested too deeply"),
        ("[[], {}, " * 60 + "[" + "]" * 61, "nested too deeply"),
        ("9" * 5000, "not readable as JSON"),
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


def refused(text: str) -> str:
    with pytest.raises(CompanionError) as caught:
        parse_yaml(text, "f.yml")
    return str(caught.value)


@cases
def test_a_value_is_what_is_written(text: str, value: Any) -> None:
    found = parse_yaml(f"a: {text}\n", "f.yml")["a"]
    wanted = Decimal(value["decimal"]) if isinstance(value, dict) else value
    assert found == wanted
    assert isinstance(found, type(wanted))
    assert str(found) == str(wanted)  # 0.50 keeps its digits


@pytest.mark.parametrize(
    "text", [*"017 0x1F 0o17 0b11 1_000 1_0.5 1e5 2. .inf -.INF .nan".split(), "9" * 4300]
)
def test_a_number_of_several_readings_is_refused_with_its_line(text: str) -> None:
    said = refused(f"b: 1\na: {text}\n")
    assert said.startswith("f.yml:2: “")
    assert "can be read as different numbers" in said
    assert "quotes" in said


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        *rows(__file__, "test_what_is_wrong_is_told_in_an_authors_words")[1:],
        ("a: " + "[" * 300, 1, "nested too deeply"),
        ("[" * 200_000, 1, "nested too deeply"),
        ("- " * 200_000, 1, "nested too deeply"),
        ("\n".join("  " * depth + "a:" for depth in range(300)), 61, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_told_in_an_authors_words(text: str, row: int, words: str) -> None:
    said = refused(text)
    assert said.startswith(f"f.yml:{row}: ")
    assert words in said
    assert "mapping values" not in said


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "holds more than is read" in refused("\n".join(lines))


def test_a_file_of_windows_is_named_with_row_and_hint(tmp_path: Path) -> None:
    path = tmp_path / "f.yml"
    path.write_bytes("a: 1\nb: für\n".encode("cp1252"))
    with pytest.raises(CompanionError) as caught:
        read_yaml(path)
    assert caught.value.where == f"{path}:2"
    assert 'in Windows-1252 it is "ü"' in caught.value.what
    assert caught.value.hint == "save the file as UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_are_nothing(tmp_path: Path) -> None:
    path = tmp_path / "f.yml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert read_yaml(path) == {"a": 1, "b": 2}


def test_an_absent_or_empty_file_is_empty(tmp_path: Path) -> None:
    assert read_yaml(tmp_path / "absent.yml") == {}
    (tmp_path / "empty.yml").write_text("# nothing\n")
    assert read_yaml(tmp_path / "empty.yml") == {}


def test_a_text_knows_where_it_is_written() -> None:
    text = "plain: one\nlist:\n  - 'two'\nlong: >-\n  three\n  four\n"
    found = parse_yaml(text, "f.yml")
    places = [found["plain"], found["list"][0], found["long"]]
    assert [(t, t.file, t.line, t.column) for t in places] == [
        ("one", "f.yml", 1, 8),
        ("two", "f.yml", 3, 6),
        ("three four", "f.yml", 5, 0),
    ]


HOSTILE = "a\nb\x1b[31m\u202ec\u2028"
SHOWN = "a\\nb\\x1b[31m\\u202ec\\u2028"


@pytest.mark.parametrize("part", ["file", "key", "column", "value", "expected", "message"])
def test_no_part_of_a_problem_reaches_a_terminal_as_it_is(part: str) -> None:
    problem = Problem(**{"file": "f", "column": "c", part: HOSTILE})
    assert SHOWN in str(problem)
    assert str(problem).isprintable()


def test_an_error_keeps_its_own_lines_alone() -> None:
    error = CompanionError("two\nlines \x1b[2J", where="x\ny", hint="\u202e")
    assert str(error) == "x\\ny: two\nlines \\x1b[2J\n  \\u202e"


def test_letters_of_every_script_stay_as_they_are() -> None:
    assert "Ž 中文 עברית 🙂" in str(CompanionError("Ž 中文 עברית 🙂"))


def test_a_message_is_shortened_whatever_an_author_wrote() -> None:
    assert len(str(Problem("a.csv", message="x" * 200_000))) < 1_100


@pytest.mark.parametrize(("start", "said"), [(b"%PDF-1.7", "a PDF"), (b"\x89PNG", "a picture")])
def test_what_is_no_text_is_not_asked_to_be_saved_as_text(
    tmp_path: Path, start: bytes, said: str
) -> None:
    (tmp_path / "x.html").write_bytes(start + b"\n\x80\xff")
    with pytest.raises(CompanionError, match=f"{said}, no text"):
        read_text(tmp_path / "x.html")
