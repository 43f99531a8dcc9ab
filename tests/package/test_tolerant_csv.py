"""What a file is, what spreadsheets and authors do to it: read as meant, or told in one line."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.package.cell_checks import alternatives, expectation
from review_companion.package.files import MOST_BYTES, files_within, read_bytes, read_text
from review_companion.package.package import load_package
from review_companion.package.tolerant_csv import read_table
from review_companion.validate import validate

MAKERS: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "more than is read": lambda path: (path.touch(), os.truncate(path, MOST_BYTES + 1)),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_no_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.csv"
    MAKERS[kind](path)
    with pytest.raises(CompanionError) as caught:
        read_bytes(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in MAKERS for name in ("lamps.csv", "values.yml")],
)
def test_in_place_of_a_file_of_the_package_it_is_one_line(
    folder: Path, kind: str, name: str
) -> None:
    path = folder / name
    path.unlink()
    MAKERS[kind](path)
    assert {problem.file for problem in validate(folder)} == {str(path)}


@pytest.mark.parametrize("name", ["lamps.csv", "values.yml", "published/note.md", "extra.md"])
def test_a_link_that_leaves_the_folder_is_an_error(folder: Path, tmp_path: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    outside = tmp_path / "secret"
    outside.write_text("a: 1\n", "utf-8")
    (folder / name).symlink_to(outside)
    assert [(p.file, p.code) for p in validate(folder) if "leaves the folder" in p.message] == [
        (str(folder / name), "foreign-file")
    ]
    with pytest.raises(CompanionError, match="leaves the folder"):
        list(files_within(folder))


def test_a_link_within_the_folder_is_a_file(folder: Path) -> None:
    (folder / "lamps.csv").rename(folder / "published" / "lamps")
    (folder / "lamps.csv").symlink_to("published/lamps")
    assert validate(folder) == []
    assert len(load_package(folder)["lamps"].rows) == 3


def test_text_loses_its_mark_and_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert read_text(path) == "a\nb\nc\n"


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
        (CLEAN.replace("\n", ";;\n").encode(), [(1, "delimiter", "warning")]),
        (re.sub("(.+)", r'"\1"', CLEAN).encode(), [(1, "delimiter", "warning")]),
        ((CLEAN + CLEAN.split("\n")[0]).encode(), [(4, "header", "error")]),
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


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b"key;number;text\na;1,5;1,5 x\nb;2;\n", ("1.5", "1,5 x")),  # meant as a point
        (b"key;number;text\na;1,5;x\nb;1.234;x\n", ("1,5", "x")),  # a point, too: which is which?
        (b'key,number,text\na,"1,5",x\n', ("1,5", "x")),  # commas between cells
        (b"key;number;text\na;1.234,5;x\n", ("1.234,5", "x")),
        (b"key\tnumber\ttext\na\t1,5\tx\n", ("1.5", "x")),
        (b"key\tnumber\ttext\na\t1,500\tx\n", ("1,500", "x")),  # thousands?
    ],
)
def test_a_decimal_comma_is_a_point_unless_it_may_be_something_else(
    data: bytes, kept: tuple[str, str]
) -> None:
    table, _ = read_table(data, "t.csv", COLUMNS, {"number": "number"})
    assert table is not None
    assert (table.rows[0][1]["number"], table.rows[0][1]["text"]) == kept


def test_a_line_break_in_a_cell_is_no_line() -> None:
    table, problems = read_table(b'key\n"a\nb"\n', "t.csv", ["key"])
    assert table is not None
    assert (table.rows, problems) == ([(2, {"key": "a\nb"})], [])


@pytest.mark.parametrize("data", [b"", b"\n \r\n", b",,\n", codecs.BOM_UTF8])
def test_a_file_without_a_header_is_empty(data: bytes) -> None:
    table, problems = read_table(data, "t.csv", COLUMNS)
    assert table is None
    assert "empty-file" in {p.code for p in problems}


def test_a_header_alone_is_an_empty_table() -> None:
    assert read(b"key,number,text\n") == ([], [])


@cases
def test_what_is_wrong_with_headings_and_lengths_of_rows_is_told(
    data: str, columns: str | None, rows: list[int], said: list[str]
) -> None:
    """`columns` are those that can be read, none where no row can."""
    table, problems = read_table(data.encode(), "t.csv", COLUMNS)
    assert (table and ",".join(table.columns)) == columns
    assert [problem.row for problem in problems] == rows
    told = " ".join(map(str, problems))
    assert all(words in told for words in said)
    assert ("put the heading back" in told) == (columns is None)


def test_many_blank_headings_are_few_lines() -> None:
    _, problems = read_table(b"key" + b"," * 60 + b"text\n", "t.csv", COLUMNS)
    assert len(problems) < 30


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


Change = Callable[[Path], object]


def resaved(path: Path, numbers: set[str], delimiter: str, truth: Mapping[str, str]) -> None:
    """As a spreadsheet program saves a CSV file: mark, line ends, truth values, its delimiter."""
    header, *rows = csv.reader(path.read_text("utf-8").splitlines())
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([*header, ""])
    for row in rows:
        comma = [
            c.replace(".", ",") if h in numbers else c for h, c in zip(header, row, strict=True)
        ]
        writer.writerow([*(truth.get(c, c) for c in (comma if delimiter == ";" else row)), ""])
    out.write(delimiter * len(header) + "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())


@pytest.mark.parametrize(
    ("delimiter", "truth"),
    [(",", ("TRUE", "FALSE")), (";", ("WAHR", "FALSCH")), (";", ("VRAI", "FAUX"))],
)
def test_every_table_saved_by_a_spreadsheet_program_is_read_as_it_was(
    folder: Path, truth: tuple[str, str], delimiter: str
) -> None:
    package = load_package(folder)
    before = {r.name: r.rows for r in package}
    words = dict(zip(("true", "false"), truth, strict=True))
    for table in package:
        numbers = {column for column, kind in table.types.items() if kind == "number"}
        resaved(folder / table.path, numbers, delimiter, words)
    assert {p.code for p in validate(folder)} <= {"delimiter"}
    assert all(p.severity == "warning" for p in validate(folder))
    assert {r.name: r.rows for r in load_package(folder)} == before


def workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")


def above(line: str) -> Change:
    return lambda path: path.write_text(f"{line}\n{path.read_text('utf-8')}", "utf-8")


def only_header(path: Path) -> None:
    path.write_text(path.read_text("utf-8").partition("\n")[0] + "\n", "utf-8")


def unclosed(path: Path) -> None:
    head, rest = path.read_text("utf-8").split("\n", 1)
    path.write_text(f'{head}\n"{rest}', "utf-8")


def merged(path: Path) -> None:
    head, first, rest = path.read_text("utf-8").split("\n", 2)
    marks = ("<<<<<<< ours", first, "=======", first, ">>>>>>> theirs")
    path.write_text("\n".join([head, *marks, rest]), "utf-8")


ONE_LINE: list[tuple[Change, int, str]] = [
    (Path.unlink, 0, "the file is missing"),
    (lambda path: path.rename(f"{path}.txt"), 0, '.csv.txt", which'),
    (lambda path: path.rename(path.with_suffix(".CSV")), 0, '.CSV", which'),
    (lambda path: path.write_bytes(b""), 0, "the file is empty"),
    (lambda path: path.write_bytes(b"\xef\xbb\xbf\r\n"), 0, "the file is empty"),
    (only_header, 1, "a header and no rows"),
    (workbook, 0, "an Excel workbook"),
    (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600)), 0, "old Excel workbook"),
    (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99)), 0, "another program"),
    (lambda path: path.write_text("name\tnumber\nx\t1\n"), 1, "expected the columns"),
    (above("Table 1. What the studies report"), 1, "is in row 2"),
    (above("Extraction,,\n,,"), 1, "is in row 3"),
    (above("sep=,"), 1, '"sep=" is not the header'),
    (above(""), 1, "a blank line is not the header"),
    (merged, 2, "left over from a merge"),
    (unclosed, 2, "quotation mark"),
]


@pytest.mark.parametrize(
    ("number", "change", "row", "words"), [(n, *each) for n, each in enumerate(ONE_LINE)]
)
def test_one_cause_is_one_line(
    folder: Path, number: int, change: Change, row: int, words: str
) -> None:
    """In one of three tables: one that others point to, the studies, one with rules."""
    name = ("comparisons.csv", "studies.csv", "lamps.csv")[number % 3]
    change(folder / name)
    (problem,) = validate(folder)
    assert (problem.file, problem.row, problem.severity) == (str(folder / name), row, "error")
    assert words in str(problem)


@cases
def test_one_wrong_cell_is_one_line(
    folder: Path,
    edit: Callable[[str, str, str], None],
    file: str,
    before: str,
    after: str,
    code: str,
    said: str,
) -> None:
    edit(file, before, after)
    (problem,) = validate(folder)
    assert problem.code == code
    assert said in str(problem)


def test_a_long_pattern_is_told_by_its_names() -> None:
    pattern = "(abstract|methods|results/(summary|basket)|table-[12]/(caption|header/[a-z-]+))"
    assert alternatives(pattern) == ["abstract", "methods", "results/…", "table-…"]
    said = expectation({"type": "string", "constraints": {"pattern": pattern}})
    assert said == "one of: abstract, methods, results/…, table-…"


def test_twenty_thousand_columns_that_nobody_knows_are_few_lines(folder: Path) -> None:
    path = folder / "lamps.csv"
    head, _, rest = path.read_text("utf-8").partition("\n")
    extra = ",".join(f"lmap{n}" for n in range(20_000))
    path.write_text(f"{head},{extra}\n{rest}", "utf-8")
    found = validate(folder)
    assert len(found) < 30
    assert "more cells of the header are wrong" in " ".join(map(str, found))


DATES = ["2001-09-02", "2001-09-02 00:00:00", "2-Sep", "02.09.2001"]
RUN = ["=1+1", "= 0.05", "@SUM(A1)", "+cmd|' /C x'!A0", "-A1+SUM(B1)"]
ONLY_LOOK_SO = ["-", "+ 5", "- none", "-1.10 (0.5)", "+5 %", "a = b", "±3", "="]
UNSEEN = ["\u200b", "\u200e", "\u202e", "\u2066", "\ufeff", "\u00ad"]
TEXTS = {
    **dict.fromkeys(DATES, "a date"),
    **dict.fromkeys(RUN, "as a formula"),
    **dict.fromkeys(ONLY_LOOK_SO, ""),
    **{f"Gl{mark}ow": f"U+{ord(mark):04X}" for mark in UNSEEN},
}


def test_a_text_that_is_more_than_it_seems_is_warned_of_and_no_other(folder: Path) -> None:
    """A name that became a date, a cell that a spreadsheet would run, a mark that is not seen."""
    path = folder / "lamps.csv"
    lines = path.read_text("utf-8").splitlines()
    rest = lines[1].split(",", 2)[2]
    more = [f'lamp-{chr(97 + n)},"{text}",{rest}' for n, text in enumerate(TEXTS)]
    path.write_text("\n".join([*lines, *more, ""]), "utf-8")
    found = {problem.row: problem for problem in validate(folder)}
    for row, said in enumerate(TEXTS.values(), start=len(lines) + 1):
        assert (row in found) == bool(said), row
        if said:
            assert found[row].severity == "warning"
            assert said in str(found[row])


@pytest.mark.parametrize("words", [("TRUE", "FALSE"), ("WAHR", "FALSCH")])
def test_truth_beside_other_words_is_read_as_truth(tmp_path: Path, words: tuple[str, str]) -> None:
    allowed = "{one of: [true, false, not-tested], about: Whether.}"
    schema = (
        f"name: x\ntables:\n  effects:\n    columns:\n      effect: Key.\n      tested: {allowed}\n"
    )
    (tmp_path / "schema.yml").write_text(schema, "utf-8")
    rows = ("effect,tested", f"a,{words[0]}", f"b,{words[1]}", "c,not-tested", "d,")
    (tmp_path / "effects.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert validate(tmp_path) == []
    read = load_package(tmp_path)["effects"].rows.values()
    assert [row["tested"] for row in read] == ["true", "false", "not-tested", ""]
