"""What spreadsheet programs do to CSV files is named, and reading goes on behind it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.package.damage import read_table
from review_companion.package.package import load_package
from review_companion.validate import validate

COLUMNS = ("key", "number", "text")
CLEAN = "key,number,text\na,1.50,für\nb,2,\n"
ROWS = [{"key": "a", "number": "1.50", "text": "für"}, {"key": "b", "number": "2", "text": ""}]


def read(data: bytes) -> tuple[list[dict[str, str]], list[tuple[int, str, str]]]:
    table, problems = read_table(data, "t.csv", COLUMNS)
    rows = [cells for _, cells in table.rows] if table else []
    return rows, [(p.row, p.code, p.severity) for p in problems]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (CLEAN.encode(), []),
        (CLEAN.replace("\n", "\r\n").encode(), []),
        (CLEAN.replace("\n", "\r").encode(), []),
        (CLEAN.rstrip("\n").encode(), []),
        (codecs.BOM_UTF8 + CLEAN.encode(), []),
        (CLEAN.encode("cp1252"), [(2, "encoding", "error")]),
        (CLEAN.encode("utf-16"), [(0, "encoding", "error")]),
        (CLEAN.replace(",", ";").encode(), [(1, "delimiter", "warning")]),
        (CLEAN.replace(",", "\t").encode(), [(1, "delimiter", "warning")]),
        (CLEAN.replace("\n", ",\n").encode(), []),
        (CLEAN.encode() + b",,\n,,\n", []),
        (CLEAN.encode() + b"\n", []),
        (CLEAN.replace("\nb", "\n,,\nb").encode(), [(3, "blank-row", "error")]),
        (CLEAN.replace("key,number", "number,key").encode(), [(1, "header", "error")]),
        (CLEAN.replace(",text", ",Text ").encode(), [(1, "header", "error")]),
        (CLEAN.replace("für", '"f"r').encode(), [(2, "quoting", "error")]),
    ],
)
def test_damage_is_named_once(data: bytes, expected: list[tuple[int, str, str]]) -> None:
    rows, problems = read(data)
    assert problems == expected
    if expected and expected[0][1] in ("header", "quoting"):
        assert len(rows) == (2 if expected[0][1] == "header" else 0)
    else:
        assert rows == ROWS


TYPES = {"number": "number"}


def test_semicolons_with_decimal_commas_are_read_as_they_are_meant() -> None:
    table, problems = read_table(b"key;number;text\na;1,5;1,5 x\nb;2;\n", "t.csv", COLUMNS, TYPES)
    assert [(p.row, p.code, p.severity) for p in problems] == [(1, "delimiter", "warning")]
    assert table is not None
    assert [cells["number"] for _, cells in table.rows] == ["1.5", "2"]
    assert table.rows[0][1]["text"] == "1,5 x"


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b"key;number;text\na;1,5;x\nb;1.234;x\n", "1,5"),  # a point, too: which is which?
        (b'key,number,text\na,"1,5",x\n', "1,5"),  # commas between cells
        (b"key;number;text\na;1.234,5;x\n", "1.234,5"),
    ],
)
def test_a_comma_that_may_be_something_else_stays(data: bytes, kept: str) -> None:
    table, _ = read_table(data, "t.csv", COLUMNS, TYPES)
    assert table is not None
    assert table.rows[0][1]["number"] == kept


@pytest.mark.parametrize("data", [b"", b"\n \r\n", b",,\n", codecs.BOM_UTF8])
def test_a_file_without_a_header_is_empty(data: bytes) -> None:
    table, problems = read_table(data, "t.csv", COLUMNS)
    assert table is None
    assert "empty-file" in {p.code for p in problems}


def test_a_header_alone_is_an_empty_table() -> None:
    assert read(b"key,number,text\n") == ([], [])


def test_merged_header_cells_are_recognised() -> None:
    table, problems = read_table(b"key,,text\na,1,x\n", "t.csv", COLUMNS)
    assert table is not None
    assert table.columns == ("key", "text")
    (problem,) = problems
    assert "header cell 2 is blank: merged header cells?" in problem.message
    assert 'the column "number" is missing' in problem.message


def test_a_heading_that_is_gone_says_nothing_of_the_cells_that_it_shifts() -> None:
    table, problems = read_table(b"key,text\na,1,x\nb,2,\n", "t.csv", COLUMNS)
    assert table is None
    (problem,) = problems
    assert (problem.row, problem.code) == (1, "header")
    assert problem.message.startswith('"number" is no heading, and every row has more cells')


def test_a_missing_column_beside_blank_ones_is_missing() -> None:
    table, problems = read_table(b"key,text\na,x\nb,y\n", "t.csv", COLUMNS)
    assert table is not None
    assert [problem.message for problem in problems] == ['the column "number" is missing']


def test_an_unquoted_decimal_comma_is_suspected_where_a_row_is_too_long() -> None:
    _, problems = read_table(b"key,number,text\na,1,5,x\n", "t.csv", COLUMNS)
    assert [(p.row, p.key, p.code) for p in problems] == [(2, "a", "row-length")]
    assert "decimal comma" in problems[0].message


def test_an_unknown_column_is_named_with_the_nearest_that_is_missing() -> None:
    _, problems = read_table(b"key,numbr,text\na,1,x\n", "t.csv", COLUMNS)
    assert 'did you mean "number"?' in problems[0].message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_a_warning_does_not_keep_a_package_from_loading(folder: Path, encoding: str) -> None:
    path = folder / "lamps.csv"
    path.write_bytes(path.read_text("utf-8").replace("\n", "\r\n").encode(encoding))
    assert all(p.severity == "warning" for p in validate(folder))
    assert list(load_package(folder)["lamps"].rows) == ["glow", "ember", "rubor"]


def test_reading_goes_on_behind_the_wrong_encoding(
    folder: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("lamps.csv", "Rubor,red", "Rübor,rad")
    path = folder / "lamps.csv"
    path.write_bytes(path.read_text("utf-8").encode("cp1252"))
    assert [p.code for p in validate(folder)] == ["encoding", "unknown-key"]
