"""What authors and their spreadsheet programs do to a file: read as meant, or told in one line."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from review_companion.package.cell_checks import expectation, names_in
from review_companion.package.package import load_package
from review_companion.validate import validate

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


@pytest.mark.parametrize("truth", [("TRUE", "FALSE"), ("WAHR", "FALSCH"), ("VRAI", "FAUX")])
@pytest.mark.parametrize("delimiter", [",", ";"])
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
    (lambda path: path.write_bytes(b""), 0, "the file is empty"),
    (lambda path: path.write_bytes(b"\xef\xbb\xbf\r\n"), 0, "the file is empty"),
    (only_header, 1, "a header and no rows"),
    (workbook, 0, "an Excel workbook"),
    (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600)), 0, "old Excel workbook"),
    (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99)), 0, "another program"),
    (lambda path: path.write_text("name\tnumber\nx\t1\n"), 1, "expected the columns"),
    (above("Table 1. What the studies report"), 1, "stands in row 2"),
    (above("Extraction,,\n,,"), 1, "stands in row 3"),
    (above("sep=,"), 1, '"sep=" is no header'),
    (above(""), 1, "a blank line is no header"),
    (merged, 2, "left over from a merge"),
    (unclosed, 2, "quotation mark"),
]


@pytest.mark.parametrize("name", ["comparisons.csv", "studies.csv", "lamps.csv"])
@pytest.mark.parametrize(("change", "row", "words"), ONE_LINE)
def test_one_cause_is_one_line(
    folder: Path, name: str, change: Change, row: int, words: str
) -> None:
    change(folder / name)
    (problem,) = validate(folder)
    assert (problem.file, problem.row, problem.severity) == (str(folder / name), row, "error")
    assert words in str(problem)


def test_a_decimal_comma_that_splits_a_row_is_one_line(folder: Path) -> None:
    path = folder / "comparisons.csv"
    path.write_text(path.read_text("utf-8").replace("0.50,0.18", "0,50,0.18", 1), "utf-8")
    (problem,) = validate(folder)
    assert (problem.row, problem.code) == (2, "row-length")
    assert "decimal comma" in problem.message


def test_a_wrong_study_is_one_line_and_its_key_none(
    folder: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("samples.csv", "alpha-2001/total,alpha-2001", "alpha-2001/total,alpha-2011")
    (problem,) = validate(folder)
    assert (problem.column, problem.code) == ("study", "unknown-key")


def test_a_long_pattern_is_told_by_its_names() -> None:
    pattern = "(abstract|methods|results/(summary|basket)|table-[12]/(caption|header/[a-z-]+))"
    assert names_in(pattern) == ["abstract", "methods", "results/…", "table-…"]
    said = expectation({"type": "string", "constraints": {"pattern": pattern}})
    assert said == "one of: abstract, methods, results/…, table-…"


def test_a_misspelt_section_is_told_the_nearest(
    folder: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("lamps.csv", "review,methods", "review,method")
    (problem,) = validate(folder)
    assert "[" not in problem.expected
    assert problem.message == 'did you mean "methods"?'


def test_twenty_thousand_columns_that_nobody_knows_are_few_lines(folder: Path) -> None:
    path = folder / "lamps.csv"
    head, _, rest = path.read_text("utf-8").partition("\n")
    extra = ",".join(f"lmap{n}" for n in range(20_000))
    path.write_text(f"{head},{extra}\n{rest}", "utf-8")
    found = validate(folder)
    assert len(found) < 30
    assert "more cells of the header are wrong" in " ".join(map(str, found))


@pytest.mark.parametrize("value", ["2001-09-02", "2001-09-02 00:00:00", "2-Sep", "02.09.2001"])
def test_a_name_that_became_a_date_is_warned_of(
    folder: Path, edit: Callable[[str, str, str], None], value: str
) -> None:
    edit("lamps.csv", "glow,Glow", f"glow,{value}")
    (problem,) = validate(folder)
    assert (problem.severity, problem.code) == ("warning", "odd-text")


@pytest.mark.parametrize("value", ["=1+1", "= 0.05", "@SUM(A1)", "+cmd|' /C x'!A0", "-A1+SUM(B1)"])
def test_a_cell_that_a_spreadsheet_program_would_run_is_warned_of(
    folder: Path, edit: Callable[[str, str, str], None], value: str
) -> None:
    edit("lamps.csv", "glow,Glow", f"glow,{value}")
    (problem,) = validate(folder)
    assert (problem.severity, "as a formula" in problem.message) == ("warning", True)


@pytest.mark.parametrize("value", ["-", "+ 5", "- none", "-1.10 (0.5)", "+5 %", "a = b", "±3", "="])
def test_a_cell_that_only_looks_so_is_no_problem(
    folder: Path, edit: Callable[[str, str, str], None], value: str
) -> None:
    edit("lamps.csv", "glow,Glow", f"glow,{value}")
    assert validate(folder) == []


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\u202e", "\u2066", "\ufeff", "\u00ad"])
def test_every_mark_that_is_not_seen_is_named(
    folder: Path, edit: Callable[[str, str, str], None], mark: str
) -> None:
    edit("lamps.csv", "glow,Glow", f"glow,Gl{mark}ow")
    (problem,) = validate(folder)
    assert (problem.severity, f"U+{ord(mark):04X}" in problem.message) == ("warning", True)


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
