"""What a study lacks, whose a row is, how a cell is read, and what tidying undoes."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from tests.cases import cases
from tests.edits import replace_in

from review_companion.cli import main
from review_companion.errors import CompanionError
from review_companion.exchange.edits import tidied
from review_companion.exchange.missing import missing
from review_companion.exchange.study_rows import own_and_shared, paths, study_of_rows
from review_companion.exchange.workbook_reader import cell_text
from review_companion.package.descriptor import TableSpec, read_specs
from review_companion.package.package import load_package
from review_companion.review import open_review

LAMPS = """lamps:
  rows: study_lamps
  columns:
    - {id: lamp, header: Lamp, template: "{{ row['lamp.name'] }}"}
"""


def without(root: Path, name: str, text: str) -> None:
    """Takes the rows with a text out of a table."""
    path = root / "data" / f"{name}.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    assert any(text in line for line in lines)
    path.write_text("".join(line for line in lines if text not in line), "utf-8")


@cases
def test_what_a_study_lacks_is_told(
    fixture_copy: Path, study: str, tables: list[str], fields: list[str], said: str
) -> None:
    for name in tables:
        without(fixture_copy, name, study)
    found = missing(open_review(fixture_copy), study)
    assert [name for name, lacking in found._asdict().items() if lacking] == ["study", *fields]
    assert str(found) == said


def test_a_table_named_with_a_hyphen_is_lacking_and_narrowed_like_any(fixture_copy: Path) -> None:
    data = fixture_copy / "data"
    replace_in(data / "schema.yml", "  study_lamps:", "  study-lamps:")
    (data / "study_lamps.csv").rename(data / "study-lamps.csv")
    review = open_review(fixture_copy)
    assert review.table("table-1").cell("beta-2003", "lamps").text == "Glow, Ember"
    tables = data / "tables.yml"
    tables.write_text(tables.read_text("utf-8") + LAMPS, "utf-8")
    without(fixture_copy, "study-lamps", "gamma-2004")
    found = missing(open_review(fixture_copy), "gamma-2004")
    assert found.tables == {"study-lamps": ["lamps"]}


def test_an_unknown_study_is_refused_with_the_known_ones(fixture_copy: Path) -> None:
    with pytest.raises(CompanionError, match="no study “beta-2004”") as caught:
        missing(open_review(fixture_copy), "beta-2004")
    assert "beta-2003" in str(caught.value.hint)


def spec(name: str, links: dict[str, str], optional: tuple[str, ...] = ()) -> TableSpec:
    fields: list[dict[str, Any]] = [{"name": "key"}]
    fields += [
        {"name": c, "constraints": {} if c in optional else {"required": True}} for c in links
    ]
    return TableSpec(name, f"{name}.csv", tuple(fields), links, (), ())


def test_resources_lead_to_a_study_directly_or_over_others() -> None:
    specs = [
        spec("limits", {"sample": "samples"}),
        spec("samples", {"study": "studies", "part_of": "samples"}),
        spec("studies", {"reference": "references"}),
        spec("references", {"study": "studies"}, optional=("study",)),
        spec("groups", {"reference": "references"}),
    ]
    assert paths(specs) == {"samples": ("study", "studies"), "limits": ("sample", "samples")}
    rows = {"samples": {"s": {"study": "a"}}, "limits": {"l": {"sample": "s"}, "m": {}}}
    found = study_of_rows(specs, rows)
    assert found["limits"] == {"l": "a", "m": ""}
    assert "groups" not in found
    assert [s.name for s in own_and_shared(specs)[1]] == ["references"]


def test_a_locator_belongs_to_the_study_of_its_cell(folder: Path) -> None:
    rows = {r.name: dict(r.rows) for r in load_package(folder)}
    rows["locators"]["x"] = {"resource": "flow", "row": "found"}
    found = study_of_rows(read_specs(folder)[0], rows)
    assert found["locators"]["alpha-p"] == "alpha-2001"
    assert found["locators"]["x"] == "", "the flow leads to no study"
    assert "flow" not in found


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [
        (0.2, "0%", "20%"),
        (0.205, "0.0%", "20.5%"),
        (0.125, "0%", "13%"),
        (7, "000", "007"),
        (0.1234, "0.00", "0.12"),
        (0.125, "0.00", "0.13"),
        (-1.5, "0.00;[Red]-0.00", "-1.50"),
        (1234.5, "#,##0.00", "1234.50"),
        (12, '0.0" mg"', "12.0"),
        (42, "General", "42"),
        (42.0, "General", "42"),
        (0.1, "@", "0.1"),
        (1e-7, "0.00E+00", "0.0000001"),
        (0.1 + 0.2, "General", "0.3"),
        (1e30, "0.0", f"1{'0' * 30}.0"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm:ss", "30:05:00"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        (True, "General", "true"),
        (None, "0%", ""),
        ("0,2", "@", "0,2"),
        (datetime.datetime(2001, 9, 1), "mmm\\-yy", "Sep-01"),
        (datetime.datetime(2001, 9, 1), "d/m/yyyy", "1/9/2001"),
        (datetime.datetime(2001, 9, 1), "mm-dd-yy", "2001-09-01"),
        (datetime.datetime(2001, 9, 1, 7, 5), "d. mmmm yyyy hh:mm", "1. September 2001 07:05"),
        (datetime.time(13, 5), "h:mm AM/PM", "1:05 PM"),
        (datetime.datetime(2001, 9, 3, 14, 5, 7), "h AM/PM", "2 PM"),
        (datetime.datetime(2001, 9, 3, 14, 5, 7), 'h" Std "mm', "14 Std 05"),
        (datetime.datetime(2001, 9, 3, 14, 5, 7), 'm" min "s" s"', "5 min 7 s"),
        (datetime.time(13, 5), "hh:mm", "13:05"),
        (datetime.time(13, 5), "General", "13:05:00"),
    ],
)
def test_in_a_column_of_text(value: Any, shown_as: str, text: str) -> None:
    assert cell_text(cell(value, shown_as)) == text


@pytest.mark.parametrize(
    ("value", "shown_as", "kind", "text"),
    [
        (0.2, "0%", "number", "20"),
        (0.2, "0.0%", "number", "20.0"),
        (datetime.datetime(2001, 9, 1), "d/m/yyyy", "date", "2001-09-01"),
        (12, "0.0", "integer", "12.0"),
    ],
)
def test_in_a_column_of_another_kind(value: Any, shown_as: str, kind: str, text: str) -> None:
    assert cell_text(cell(value, shown_as), kind) == text


def cell(value: Any, shown_as: str) -> Any:
    sheet = Workbook().active
    assert sheet is not None
    sheet["A1"] = value
    sheet["A1"].number_format = shown_as
    return sheet["A1"]


def saved_by_a_spreadsheet(path: Path, delimiter: str) -> None:
    lines = path.read_text("utf-8").splitlines()
    text = "\r\n".join(
        line.replace(",", delimiter).replace("true", "WAHR").replace("false", "FALSCH")
        for line in lines
    )
    path.write_bytes(f"\ufeff{text}\r\n{delimiter * 3}\r\n".encode())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_saved_file_becomes_what_it_was(fixture_copy: Path, delimiter: str) -> None:
    path = fixture_copy / "data/evenings.csv"
    before = path.read_bytes()
    saved_by_a_spreadsheet(path, delimiter)
    files, left = tidied(fixture_copy / "data")
    assert left == []
    assert files == {path: before}


def test_nothing_is_written_where_nothing_was_done(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tidied(fixture_copy / "data") == ({}, [])
    assert main(["--project", str(fixture_copy), "tidy"]) == 0
    assert "nothing to write" in capsys.readouterr().out


def test_a_value_that_is_wrong_is_no_matter_of_form(fixture_copy: Path) -> None:
    path = fixture_copy / "data/ages.csv"
    path.write_text(path.read_text("utf-8").replace("34.0", "n/a"), "utf-8")
    assert tidied(fixture_copy / "data") == ({}, [])


def test_what_only_a_person_can_mend_is_named(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = fixture_copy / "data/ages.csv"
    path.write_bytes(path.read_bytes() + b"<<<<<<< mine\n")
    (fixture_copy / "data/units.csv").unlink()
    for name in ("samples.csv", "older.csv"):
        (fixture_copy / "data" / name).unlink(missing_ok=True)
        (fixture_copy / "data" / name).mkdir()
    assert main(["--project", str(fixture_copy), "tidy"]) == 1
    said = capsys.readouterr().out
    assert "left over from a merge" in said
    assert "units.csv: the file is missing" in said
    assert "samples.csv: cannot be read: Is a directory" in said
    assert "older.csv: cannot be read: Is a directory" in said
    assert "no other file to write" in said and "own form" not in said


def test_files_that_are_no_tables_lose_the_mark_and_the_line_ends(fixture_copy: Path) -> None:
    path = fixture_copy / "data/claims.csv"
    before = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))
    assert tidied(fixture_copy / "data") == ({path: before}, [])
