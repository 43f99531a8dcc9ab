"""A workbook leaves and comes back without changing a byte; what was edited in it is told."""

from __future__ import annotations

import errno
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from tests.exchange.conftest import export_xlsx

from review_companion.errors import CompanionError
from review_companion.exchange.importing import Summary, import_xlsx
from review_companion.exchange.workbook import workbook
from review_companion.exchange.workbook_reader import read_workbook
from review_companion.package.files import csv_bytes
from review_companion.package.package import load_package
from review_companion.validate import validate

Edit = Callable[[str, str, str], None]
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
REAL = Path(__file__).parents[2] / "data"
FIXTURE = Path(__file__).parents[1] / "fixture_review/data"


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The invented review as a workbook."""
    path = tmp_path_factory.mktemp("exported") / "extraction.xlsx"
    export_xlsx(FIXTURE, path)
    return path.read_bytes()


@pytest.fixture
def book(tmp_path: Path, exported: bytes) -> Path:
    """The workbook of `folder` as it was copied."""
    path = tmp_path / "extraction.xlsx"
    path.write_bytes(exported)
    return path


def edited(book: Path, change: Callable[[Any], None]) -> Path:
    workbook = load_workbook(book)
    change(workbook)
    workbook.save(book)
    return book


def forgotten(workbook: Any) -> None:
    """What was exported is gone from the workbook."""
    workbook.remove(workbook["exported"])


def row_of(sheet: Any, key: str) -> int:
    return int(next(c.row for c in sheet["A"] if c.value == key))


def codes(summary: Summary) -> set[str]:
    return {p.code for p in summary.problems}


def test_the_same_data_give_the_same_bytes(folder: Path, book: Path, exported: bytes) -> None:
    export_xlsx(folder, book)
    assert book.read_bytes() == exported


def test_a_round_trip_changes_no_byte(folder: Path, book: Path) -> None:
    before = files(folder)
    summary = import_xlsx(book, folder)
    assert (summary.written, summary.problems) == ([], [])
    assert files(folder) == before
    for path in (folder / f"{resource.name}.csv" for resource in load_package(folder)):
        path.write_text(path.read_text("utf-8").partition("\n")[0] + "\n", "utf-8")
    before = files(folder)  # rows taken out since the export stay out
    assert import_xlsx(book, folder).written == []
    assert files(folder) == before


def test_without_what_was_exported_the_workbook_is_taken_as_it_is(
    folder: Path, book: Path, edit: Edit
) -> None:
    edit("lamps.csv", "Ember,", "Umber,")
    summary = import_xlsx(edited(book, forgotten), folder)
    assert codes(summary) == {"stale-workbook"}
    assert summary.lines == ['changed lamps[ember].name: "Umber" → "Ember"']


@pytest.mark.integration
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("nights,night,nights", "nights,night,nights,lost", "expected 3 cells; there are 4"),
        ("nights,night,nights", "nights,night,nights\nnights,one,two", "row 3 has it already"),
        ("nights,night,nights", "<<<<<<< mine\nnights,night,nights", "left over from a merge"),
    ],
)
def test_what_a_damaged_file_holds_is_not_lost(
    folder: Path, book: Path, edit: Edit, old: str, new: str, said: str
) -> None:
    edit("units.csv", old, new)
    before = files(folder)
    added = edited(book, lambda workbook: workbook["units"].append(["beds", "bed", "beds"]))
    summary = import_xlsx(added, folder)
    assert said in str(summary)
    assert summary.written == [] and files(folder) == before


LONG = "all-that-was-ever-said-about-it"


@pytest.mark.parametrize(
    "names", [("about", "lists"), ("a/b", "exported"), (LONG + "1", LONG + "2")]
)
def test_every_table_has_a_sheet_of_its_own(
    folder: Path, book: Path, edit: Edit, names: tuple[str, str]
) -> None:
    for name in names:
        columns = f"  {name}:\n    columns:\n      key: {{about: Key.}}\n"
        edit("schema.yml", "tables:\n", f"tables:\n{columns}")
        (folder / f"{name}.csv").parent.mkdir(exist_ok=True)
        (folder / f"{name}.csv").write_text(f"key\nof {name}\n", "utf-8")
    export_xlsx(folder, book)
    assert max(map(len, load_workbook(book).sheetnames)) <= 31
    summary = import_xlsx(book, folder)
    assert (summary.problems, summary.lines) == ([], [])


def test_a_round_trip_of_the_review_itself_changes_no_byte(
    tmp_path: Path, book: Path, some: Callable[..., list[str]]
) -> None:
    copy = tmp_path / "review"
    shutil.copytree(REAL, copy)
    before = files(copy)
    package = load_package(copy)
    export_xlsx(copy, book)
    for path in (copy / f"{resource.name}.csv" for resource in package):
        path.write_text(path.read_text("utf-8").partition("\n")[0] + "\n", "utf-8")
    summary = import_xlsx(edited(book, forgotten), copy)
    assert [str(p) for p in summary.problems if p.code != "stale-workbook"] == []
    assert {r.name: r.rows for r in load_package(copy)} == {r.name: r.rows for r in package}
    for name, data in before.items():
        (copy / name).write_bytes(data)
    for study in some(package["studies"].rows, 13):
        export_xlsx(copy, book, study=study)
        assert import_xlsx(book, copy).written == []


def test_text_arrives_as_text(folder: Path, book: Path) -> None:
    texts = ["=1+1", "+4", "-4", "@x", "'x", " a ", "a\nb", "_x000D_", "01"]
    lamps, before = load_package(folder)["lamps"], (folder / "lamps.csv").read_bytes()
    row = lamps.rows["glow"]
    more = [{**row, "lamp": f"lamp-{'abcdefghi'[n]}", "name": t} for n, t in enumerate(texts)]
    data = csv_bytes(lamps.columns, [*lamps.rows.values(), *more])
    (folder / "lamps.csv").write_bytes(data)
    export_xlsx(folder, book)
    cells = load_workbook(book)["lamps"]["B"][4:]
    assert [cell.value for cell in cells] == texts
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    (folder / "lamps.csv").write_bytes(before)
    import_xlsx(edited(book, forgotten), folder)
    assert (folder / "lamps.csv").read_bytes() == data


@pytest.mark.generative
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=6, max_size=6))
def test_any_text_comes_back(folder: Path, book: Path, texts: list[str]) -> None:
    lamps = load_package(folder)["lamps"]
    rows = [
        {**row, "note": f"x{note}x", "fragment": f"x{fragment}x"}
        for row, note, fragment in zip(lamps.rows.values(), texts[:3], texts[3:], strict=True)
    ]
    data = csv_bytes(lamps.columns, rows)
    (folder / "lamps.csv").write_bytes(data)
    export_xlsx(folder, book)
    (folder / "lamps.csv").write_bytes(data.replace(b"Ember", b"Umber"))
    import_xlsx(edited(book, forgotten), folder)
    assert (folder / "lamps.csv").read_bytes() == data


def test_sheets_have_frozen_headers_comments_and_lists(folder: Path, book: Path) -> None:
    workbook = load_workbook(book)
    sheet = workbook["samples"]
    assert sheet.freeze_panes == "B2"
    assert "How many, as printed." in sheet["D1"].comment.text
    assert "Allowed: a key of studies." in sheet["B1"].comment.text
    assert "Required. Allowed: a number such as 17.0 ≥ 0." in sheet["D1"].comment.text
    lists = {str(v.sqref)[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    assert lists["B"].startswith("'studies'!$A$2:$A$")
    name, _, area = lists["C"].partition("!")
    assert [c.value for (c,) in workbook[name][area.replace("$", "")]] == ["total", "lit"]
    assert workbook[name].sheet_state == "hidden"
    assert workbook.sheetnames[0] == "about"


def test_a_changed_an_added_and_a_removed_row_are_told(folder: Path, book: Path) -> None:
    def change(workbook: Any) -> None:
        sheet = workbook["lamps"]
        sheet["B2"] = "Glow II"
        for column, value in enumerate(
            ["dusk", "Dusk", "red", "review", "methods", "Dusk", "review-only"], start=1
        ):
            sheet.cell(5, column).value = value
        findings = workbook["findings"]
        findings.delete_rows(row_of(findings, "gamma-2004"))

    summary = import_xlsx(edited(book, change), folder)
    assert summary.lines == [
        "added lamps[dusk]",
        'changed lamps[glow].name: "Glow" → "Glow II"',
        "removed findings[gamma-2004]",
    ]
    assert {p.name for p in summary.written} == {"lamps.csv", "findings.csv"}
    assert validate(folder) == []
    assert "\nremoved findings[gamma-2004]\nwrote " in str(summary)


@pytest.mark.parametrize("every", [False, True])
def test_a_workbook_with_an_error_changes_nothing(folder: Path, book: Path, every: bool) -> None:
    wanted = {"type", "cell", "merged-cells", "header", "key", "missing-sheet"}

    def change(workbook: Any) -> None:
        workbook["samples"]["D2"] = "4O"
        workbook["lamps"]["B2"] = "Glow II"  # what is sound is not written, either
        if every:
            workbook["samples"]["L3"] = "=2*20"
            workbook["flow"].merge_cells("C2:D2")
            workbook["comparisons"]["D1"] = "nmber"
            workbook["study_lamps"]["A3"] = workbook["study_lamps"]["A2"].value
            workbook.remove(workbook["ages"])

    before = files(folder)
    summary = import_xlsx(edited(book, change), folder)
    faults = {problem.code for problem in summary.problems if problem.severity == "error"}
    assert faults >= (wanted if every else {"type"})
    assert summary.written == []
    assert files(folder) == before
    assert "nothing was written" in str(summary)


def test_a_problem_names_the_sheet_and_its_row(folder: Path, book: Path) -> None:
    def change(workbook: Any) -> None:
        workbook["samples"]["D2"] = "x"

    export_xlsx(folder, book, study="beta-2003")
    (problem,) = import_xlsx(edited(book, change), folder).problems
    assert (problem.file, problem.row) == (f"{book}!samples", 2)


def test_a_formula_for_a_figure_is_one_problem(folder: Path, book: Path) -> None:
    summary = import_xlsx(edited(book, lambda b: b["samples"].__setitem__("D2", "=2*20")), folder)
    (problem,) = summary.problems
    assert problem.message.startswith("a formula")


def test_a_number_cell_keeps_the_zeros_that_its_format_shows(folder: Path, book: Path) -> None:
    """One that is equal keeps its printed digits: 1.00 written 1 is no change."""

    def change(workbook: Any) -> None:
        cell = workbook["ages"]["D2"]
        cell.value, cell.number_format = 34.0, "0.00"
        workbook["ages"]["D4"] = 30
        workbook["ages"]["G2"], workbook["ages"]["G4"] = "34.00", "30"
        ratio = next(c for row in workbook["comparisons"] for c in row if c.value == "1.00")
        ratio.value = 1

    summary = import_xlsx(edited(book, change), folder)
    assert [line.split("→")[1] for line in summary.lines] == [
        ' "34.00"',
        ' "34.00"',
        ' "30"',
        ' "30"',
    ]
    assert [(p.severity, p.row) for p in summary.problems] == [("warning", 4)]


def test_rows_that_stay_keep_the_quotes_that_they_have(
    folder: Path, edit: Edit, book: Path
) -> None:
    edit("lamps.csv", "ember,Ember", 'ember,"Ember"')
    export_xlsx(folder, book)
    import_xlsx(edited(book, lambda b: b["lamps"].__setitem__("B2", "Glow II")), folder)
    lines = (folder / "lamps.csv").read_text("utf-8").splitlines()
    assert [line[:14] for line in lines[1:3]] == ["glow,Glow II,a", 'ember,"Ember",']


def test_two_workbooks_one_after_the_other_keep_both_corrections(folder: Path, book: Path) -> None:
    anna, ben = book, Path(shutil.copy(book, book.with_name("ben.xlsx")))
    import_xlsx(edited(anna, lambda b: b["lamps"].__setitem__("B2", "Glow II")), folder)
    summary = import_xlsx(edited(ben, lambda b: b["lamps"].__setitem__("B3", "Umber")), folder)
    assert summary.lines == ['changed lamps[ember].name: "Ember" → "Umber"']
    assert summary.problems == []
    names = [row["name"] for row in load_package(folder)["lamps"].rows.values()]
    assert names == ["Glow II", "Umber", "Rubor"]


def test_what_both_changed_is_shown_and_nothing_is_written(
    folder: Path, edit: Edit, book: Path
) -> None:
    """A cell that is another in both, and a row that one changed and the other took out."""
    edit("lamps.csv", "Ember,", "Umber,")
    edit("findings.csv", "More awake with a lamp", "More awake")
    before = files(folder)

    def change(workbook: Any) -> None:
        workbook["lamps"]["B3"] = "Amber"
        workbook["findings"].delete_rows(row_of(workbook["findings"], "gamma-2004"))

    summary = import_xlsx(edited(book, change), folder)
    assert 'lamps:3 ember name "Amber"' in str(summary)
    assert 'it was "Ember" when exported and is "Umber" in the data now' in str(summary)
    assert [p.code for p in summary.problems].count("both-changed") == 2
    assert files(folder) == before


def test_what_a_table_does_not_hold_is_named(folder: Path, book: Path) -> None:
    def change(workbook: Any) -> None:
        sheet = workbook["lamps"]
        sheet["B2"].fill = PatternFill("solid", fgColor="FFFF00")
        sheet["B3"].comment = Comment("look again", "me")
        sheet.row_dimensions[4].hidden = True
        sheet["I1"], sheet["I2"] = "my remark", "look this up"

    summary = import_xlsx(edited(book, change), folder)
    told = str(summary)
    assert {p.severity for p in summary.problems} == {"warning"}
    for part in ("colours (B2)", "comments (B3)", "hidden rows (4)", '"my remark"', "`note`"):
        assert part in told
    assert summary.written == []


def test_a_study_s_workbook_holds_its_rows_and_the_shared_tables(folder: Path, book: Path) -> None:
    export_xlsx(folder, book, study="beta-2003")
    workbook = load_workbook(book)
    held = {s.title: [c.value for c in s["A"][1:]] for s in workbook.worksheets}
    assert held["studies"] == ["beta-2003"]
    assert held["samples"] == ["beta-2003/total", "beta-2003/lit"]
    assert held["lamps"] == ["glow", "ember", "rubor"]
    assert held["locators"] == ["beta-nights", "beta-evening-nights"]
    assert "flow" not in held


def test_a_study_s_rows_are_merged_and_no_others_touched(folder: Path, book: Path) -> None:
    export_xlsx(folder, book, study="beta-2003")

    def change(workbook: Any) -> None:
        workbook["samples"]["D2"] = workbook["samples"]["J2"] = "25"
        lamps = workbook["study_lamps"]
        lamps.delete_rows(row_of(lamps, "beta-2003/ember"))

    summary = import_xlsx(edited(book, change), folder)
    assert summary.problems == []
    assert summary.lines == [
        'changed samples[beta-2003/total].number: "24" → "25"',
        'changed samples[beta-2003/total].fragment: "24" → "25"',
        "removed study_lamps[beta-2003/ember]",
    ]
    assert len(load_package(folder)["samples"].rows) == 6


def new_study(workbook: Any) -> None:
    filled = {
        "studies": ["4", "Study Delta", "2009", "observed", "red", "", "review", "results", "2009"],
        "findings": ["delta-2009", "Nothing seen", "review", "results", "Nothing", "review-only"],
    }
    workbook["findings"]["A2"] = "delta-2009"
    for name, values in filled.items():
        for column, value in enumerate(values, start=2):
            workbook[name].cell(2, column).value = value
    workbook["studies"]["K2"] = "review-only"


def test_a_study_that_is_not_there_is_named_with_the_nearest(folder: Path, book: Path) -> None:
    other = book.with_name("other.xlsx")
    with pytest.raises(CompanionError, match='did you mean "beta-2003"') as raised:
        export_xlsx(folder, other, study="beta-2004")
    assert "known: alpha-2001, beta-2003, gamma-2004" in str(raised.value)
    assert not other.exists()


def test_a_full_disk_leaves_the_old_workbook_and_nothing_beside_it(
    folder: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.write_bytes(b"the old one")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CompanionError, match="No space left") as raised:
        export_xlsx(folder, book)
    assert raised.value.where == str(book)
    assert book.read_bytes() == b"the old one"
    assert [p.name for p in book.parent.glob("*xlsx*")] == [book.name]
    assert not list(book.parent.glob(".*"))


def test_a_new_study_is_added_from_a_sheet_of_its_own(folder: Path, book: Path) -> None:
    export_xlsx(folder, book, study="delta-2009", blank=True)
    assert load_workbook(book)["studies"]["A2"].value == "delta-2009"
    summary = import_xlsx(edited(book, new_study), folder)
    assert [str(p) for p in summary.problems] == []
    assert summary.lines == ["added studies[delta-2009]", "added findings[delta-2009]"]
    assert validate(folder) == []


def test_a_row_of_another_study_is_refused_with_sheet_and_row(folder: Path, book: Path) -> None:
    export_xlsx(folder, book, study="beta-2003")
    summary = import_xlsx(edited(book, lambda b: b["ages"].__setitem__("B2", "alpha-2001")), folder)
    assert [(p.file, p.row) for p in summary.problems if p.code == "other-study"] == [
        (f"{book}!ages", 2)
    ]
    assert summary.written == []


@pytest.mark.parametrize("stranger", [2, 3])
def test_of_rows_with_one_key_that_of_another_study_is_named(
    folder: Path, book: Path, stranger: int
) -> None:
    def twice(opened: Workbook) -> None:
        sheet = opened["ages"]
        sheet.append([cell.value for cell in sheet[2]])
        sheet.cell(stranger, 2).value = "alpha-2001"

    export_xlsx(folder, book, study="beta-2003")
    assert load_workbook(book)["ages"].max_row == 2
    found = {(p.code, p.row) for p in import_xlsx(edited(book, twice), folder).problems}
    assert {row for code, row in found if code == "other-study"} == {stranger}


def test_a_blank_workbook_of_a_known_study_is_not_imported(folder: Path, book: Path) -> None:
    export_xlsx(folder, book, study="beta-2003", blank=True)
    assert load_workbook(book)["samples"].max_row == 1
    with pytest.raises(CompanionError, match="begun on a blank sheet"):
        import_xlsx(book, folder)


def test_blank_without_a_study_is_refused(folder: Path, book: Path) -> None:
    with pytest.raises(CompanionError, match="one study"):
        export_xlsx(folder, book, blank=True)


def test_a_study_of_a_package_without_studies_is_refused(folder: Path) -> None:
    package = load_package(folder)
    others = {name: table for name, table in package.resources.items() if name != "studies"}
    with pytest.raises(CompanionError, match="no resource “studies”"):
        workbook(replace(package, resources=others), "new-2020", blank=True)


@pytest.mark.generative
def test_a_workbook_with_random_bytes_is_read_or_refused(
    folder: Path, book: Path, some: Callable[..., list[int]]
) -> None:
    export_xlsx(folder, book, study="beta-2003")
    original = book.read_bytes()
    rng = random.Random(20_260_105)
    refused = 0
    for _ in some(range(60), 3):
        data = bytearray(original)
        for _ in range(4):
            data[rng.randrange(len(data))] = rng.randrange(256)
        book.write_bytes(bytes(data))
        try:
            import_xlsx(book, folder)
        except CompanionError:
            refused += 1
    assert refused


@pytest.mark.parametrize("name", ["nothing.xlsx", "text.xlsx", "text.ods"])
def test_what_is_no_workbook_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    if name != "nothing.xlsx":
        (tmp_path / name).write_text("no workbook")
    with pytest.raises(CompanionError):
        import_xlsx(tmp_path / name, folder)


def test_a_workbook_of_something_else_is_refused(folder: Path, book: Path) -> None:
    with pytest.raises(CompanionError, match="about"):
        import_xlsx(edited(book, lambda b: b.remove(b["about"])), folder)


def test_a_workbook_that_inflates_to_more_than_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(30_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(CompanionError, match="holds 30 MB"):
        read_workbook(path, ())
