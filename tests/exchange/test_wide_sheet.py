"""`companion new --from`: a wide extraction sheet, a row for each study, becomes a review."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.cases import cases

from review_companion.cli import main
from review_companion.exchange.starting import _comparison
from review_companion.package.package import load_package

MAPPING = """studies: {label: First author, year: Year, country: Where}
samples: {total: N, exposed: N tea}
comparisons:
  - {exposure: Tea, outcome: Sleep, exposed_events: Awake, exposed_total: N tea}
"""
HEADS = ("First author", "Year", "Where", "N", "N tea", "Awake")
ROWS = (("Müller et al.", 2001, "Nowhere", 40, 20, 5), ("Oak", 2003, "", 30, "", ""))


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    book = Workbook()
    assert book.active is not None
    for row in (HEADS, *ROWS):
        book.active.append(row)
    book.save(tmp_path / "wide.xlsx")
    (tmp_path / "mapping.yml").write_text(MAPPING, "utf-8")
    return tmp_path / "wide.xlsx"


def run(*more: str) -> int:
    return main(["new", "mine", "--from", "wide.xlsx", "--mapping", "mapping.yml", *more])


def test_the_rows_become_a_sound_review(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 0
    package = load_package(tmp_path / "mine/data")
    assert list(package["studies"].rows) == ["muller-2001", "oak-2003"]
    assert list(package["samples"].rows) == [
        *("muller-2001/total", "muller-2001/exposed", "oak-2003/total")
    ]
    first = package["comparisons"].rows["muller-2001/1"]
    assert [first[c] for c in ("exposure", "outcome", "exposed_events")] == ["tea", "sleep", "5"]
    assert package["exposures"].rows["tea"]["label"] == "Tea"
    capsys.readouterr()
    assert main(["--project", "mine", "check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_csv_file_is_read_like_a_workbook(sheet: Path, tmp_path: Path, delimiter: str) -> None:
    assert run() == 0
    with sheet.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADS, *ROWS])
    assert main(["new", "other", "--from", "wide.csv", "--mapping", "mapping.yml"]) == 0
    one, other = (load_package(tmp_path / name / "data") for name in ("mine", "other"))
    assert [r.rows for r in one] == [r.rows for r in other]
    readme = (tmp_path / "other/README.md").read_text("utf-8")
    assert "wide.csv" in readme and not [w for w in ("invented", "four") if w in readme]


@cases
def test_a_mapping_that_does_not_fit_is_named_and_nothing_is_left(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    (tmp_path / "mapping.yml").write_text(MAPPING.replace(old, new), "utf-8")
    assert run() == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_a_sheet_without_a_mapping_says_what_one_is(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "mine", "--from", "wide.xlsx"]) == 2
    assert "studies: {label: Author, year: Year}" in capsys.readouterr().err


def test_a_column_that_no_table_has_is_a_characteristic(sheet: Path, tmp_path: Path) -> None:
    text = MAPPING.replace("country: Where", "country: Where, nights_watched: N, drink: Tea")
    (tmp_path / "mapping.yml").write_text(f"title: 'Tea: \"and\" sleep'\n{text}", "utf-8")
    assert run() == 0
    package = load_package(tmp_path / "mine/data")
    studies = package["studies"]
    assert (studies.types["nights_watched"], studies.types["country"]) == ("number", "string")
    assert studies.rows["oak-2003"]["nights_watched"] == "30"
    assert package.descriptor["title"].endswith('Tea: "and" sleep')
    written = (tmp_path / "mine").rglob("*.*")
    texts = [p.read_text("utf-8") for p in written if p.suffix in (".yml", ".csv", ".ipynb")]
    assert not [text for text in texts if "Desk plants" in text or "invented**" in text]
    assert main(["--project", "mine", "check"]) == 0


@cases
def test_a_direction_is_read_from_the_figures(cells: dict[str, str], direction: str) -> None:
    assert _comparison({}, cells)["direction"] == direction


def test_cells_are_read_as_the_sheet_means_them() -> None:
    made = _comparison({"Adj": "Yes", "P": "0.03"}, {"adjusted": "Adj", "p": "P", "low": "n/a"})
    assert made == {
        "unit": "participants", "direction": "none-reported",
        "adjusted": "true", "p": "0.03", "p_sign": "=",
    }  # fmt: skip
