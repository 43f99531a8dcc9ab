"""Two extractions of the same studies: what agrees, what does not, and how it is settled."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.cases import cases
from tests.exchange.conftest import export_xlsx

from review_companion.errors import CompanionError
from review_companion.exchange.extraction_agreement import (
    ExtractionComparison,
    adjudication_csv,
    compare_extractions,
    judge,
    pair_rows,
    report,
)
from review_companion.package.package import load_package
from review_companion.validate import validate

Edit = Callable[[str, str, str], None]


@pytest.fixture
def other(folder: Path, tmp_path: Path) -> Path:
    """A second extraction, so far the same."""
    copy = tmp_path / "other"
    shutil.copytree(folder, copy)
    return copy


def differences(comparison: ExtractionComparison) -> list[tuple[str, str, str, str]]:
    return [(str(r.cell), r.first, r.second, r.likeness.value) for r in comparison.disagreements]


@cases
def test_readings_are_judged(first: str, second: str, outcome: str) -> None:
    assert judge(first, second) == outcome
    assert judge(second, first) == outcome


def test_an_extraction_agrees_with_itself(folder: Path) -> None:
    comparison = compare_extractions(folder, folder, folder)
    assert comparison.disagreements == []
    assert all(c.same == c.items for c in comparison.columns)
    assert comparison.studies == ("alpha-2001", "beta-2003", "gamma-2004")
    assert "corrections" not in {c.resource for c in comparison.columns}
    [line] = [line for line in report(comparison).splitlines() if "throughout" in line]
    assert line.startswith(f"{len(comparison.columns)} column(s) with ")


def test_disagreements_carry_both_readings_and_the_place(
    folder: Path, other: Path, edit: Edit
) -> None:
    edit("samples.csv", "total,40,", "total,41,")
    edit("comparisons.csv", ",0.50,0.18", ",0.5,0.18")
    comparison = compare_extractions(folder, other, other)
    assert differences(comparison) == [
        ("samples[alpha-2001/total].number", "41", "40", "different"),
        ("comparisons[alpha-2001/awake].estimate", "0.5", "0.50", "same with rounding"),
    ]
    numbers = next(c for c in comparison.columns if (c.resource, c.column) == ("samples", "number"))
    assert (numbers.items, numbers.same, numbers.kappa) == (6, 5, None)
    text = report(comparison)
    assert "table-1/alpha-2001/sleepers: “40”" in text
    assert "83%" in text


def test_rows_that_were_named_differently_are_paired_by_likeness(
    folder: Path, other: Path, edit: Edit
) -> None:
    edit("ages.csv", "alpha-2001/all", "alpha-2001/everyone")
    edit(
        "evenings.csv",
        "gamma-2004/lamp,gamma-2004,30,15,10.5,true",
        "gamma-2004/x,gamma-2004,,,1,false",
    )
    comparison = compare_extractions(folder, other, other)
    assert differences(comparison) == []
    assert comparison.alone == [
        f"only in {folder}: evenings[gamma-2004/x]",
        f"only in {other}: evenings[gamma-2004/lamp]",
    ]
    assert comparison.alone[0] in report(comparison)


def test_equally_alike_rows_are_paired_in_order() -> None:
    row = {"a": "1"}
    pairs = pair_rows({"x": ("s", row), "y": ("s", row)}, {"p": ("s", row), "q": ("s", row)}, ["a"])
    assert list(pairs) == [("x", "p"), ("y", "q")]


def test_kappa_is_given_for_enumerated_columns_of_ten_items(folder: Path, other: Path) -> None:
    for place, wrong in ((folder, {1}), (other, set())):
        path = place / "flow.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            header, *rows = list(csv.reader(handle))
        rows.append(["extra", "Extra", "0", "", "step", *rows[0][5:]])
        rows = [[*r[:4], "step" if i in wrong else r[4], *r[5:]] for i, r in enumerate(rows)]
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows([header, *rows])
    comparison = compare_extractions(folder, other, other)
    kind = next(c for c in comparison.columns if c.column == "kind")
    assert (kind.items, kind.same) == (10, 9)
    assert kind.kappa is not None
    # by hand: observed .9; chance (6·5 + 2·3 + 2·2)/100 = .40; (.9 − .4)/(1 − .4)
    assert kind.kappa.value == pytest.approx(5 / 6)
    assert kind.kappa.low < kind.kappa.value < kind.kappa.high
    assert {c.column for c in comparison.columns if c.kappa} == {"kind"}


def test_a_study_s_sheet_is_compared_with_the_package(folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "second.xlsx"
    export_xlsx(folder, book, study="gamma-2004", blank=True)
    workbook = load_workbook(book)
    values = ["gamma-2004/mine", "gamma-2004", "total", "61", "sleepers"]
    for column, value in enumerate(values, start=1):
        workbook["samples"].cell(2, column).value = value
    workbook.save(book)
    comparison = compare_extractions(book, folder, folder)
    assert comparison.studies == ("gamma-2004",)
    assert ("samples[gamma-2004/total].number", "61", "16", "different") in differences(comparison)
    assert f"only in {folder}: samples[gamma-2004/lit]" in comparison.alone
    assert not any(c.resource == "flow" for c in comparison.columns)


def test_rows_of_a_workbook_that_share_a_key_are_named(folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "second.xlsx"
    export_xlsx(folder, book)
    workbook = load_workbook(book)
    workbook["samples"]["A2"] = workbook["samples"]["A3"].value
    workbook.save(book)
    with pytest.raises(CompanionError, match=r"samples:3 .* row 2 has it already"):
        compare_extractions(book, folder, folder)


def test_the_adjudication_file_can_be_appended_to_the_corrections(
    folder: Path, other: Path, edit: Edit
) -> None:
    edit("samples.csv", "total,40,", "total,44,")
    edit("ages.csv", "mean", "median")
    edit("ages.csv", "29.5", "29.50")
    settled = list(
        csv.DictReader(
            io.StringIO(adjudication_csv(compare_extractions(folder, other, other)).decode())
        )
    )
    assert [(r["resource"], r["from"], r["to"]) for r in settled] == [
        ("samples", "40", ""),
        ("ages", "mean", ""),
    ]
    assert all("44" in r["reason"] or "median" in r["reason"] for r in settled)
    path = other / "corrections.csv"
    with path.open("a", encoding="utf-8", newline="") as handle:
        for row in settled:
            to = {"samples": "44", "ages": "median"}[row["resource"]]
            filled = {**row, "to": to, "who": "Review Companion contributors", "date": "2026-02-01"}
            csv.writer(handle, lineterminator="\n").writerow(filled.values())
    assert [p for p in validate(other) if p.severity == "error"] == []
    assert load_package(other)["samples"].rows["alpha-2001/total"]["number"] == "44"


def test_a_study_that_one_side_lacks_is_named(folder: Path, other: Path, edit: Edit) -> None:
    path = folder / "studies.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("gamma")), "utf-8")
    comparison = compare_extractions(folder, other, other)
    assert comparison.alone == [f"{folder} lacks the study gamma-2004"]
    assert comparison.alone[0] in report(comparison)


def test_an_adjudication_that_nobody_signed_is_a_problem(
    folder: Path, other: Path, edit: Edit
) -> None:
    edit("samples.csv", "total,40,", "total,44,")
    body = adjudication_csv(compare_extractions(folder, other, other)).partition(b"\n")[2]
    with (other / "corrections.csv").open("ab") as handle:
        handle.write(body)
    unsigned = [p.column for p in validate(other) if p.code == "required"]
    assert unsigned == ["who", "date"]


def test_extractions_without_a_study_in_common_are_refused(folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "new.xlsx"
    export_xlsx(folder, book, study="delta-2009", blank=True)
    with pytest.raises(CompanionError, match="no study in common"):
        compare_extractions(book, folder, folder)
