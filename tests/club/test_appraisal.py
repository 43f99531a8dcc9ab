"""Worksheets: what the data show, judgements blank; two of them compared."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from review_companion.club.appraisal import (
    COLUMNS,
    compare_worksheets,
    is_worksheet,
    read_appraisal,
    report,
    to_csv,
)
from review_companion.club.pages import Club
from review_companion.errors import CompanionError
from review_companion.review import Review, open_review


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def blank(review: Review) -> str:
    return to_csv(read_appraisal(review))


def filled(path: Path, text: str, judge) -> Path:  # type: ignore[no-untyped-def]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(rows(text)):
        writer.writerow({**row, "judgement": judge(number, row)})
    path.write_text(out.getvalue(), "utf-8")
    return path


def test_tools_are_named_with_version_and_link(review: Review) -> None:
    tools = {one.tool: one for one in read_appraisal(review)}
    assert set(tools) == {"ROBINS-I", "AMSTAR 2"}
    assert all("20" in one.version and one.link.startswith("https://") for one in tools.values())


def test_every_study_has_every_domain_and_the_review_every_item(review: Review) -> None:
    studies, whole = read_appraisal(review)
    assert set(studies.items) == set(review.package["studies"].rows)
    assert {len(items) for items in studies.items.values()} == {7}
    assert [len(items) for items in whole.items.values()] == [16]
    assert sum(item.critical for item in whole.items["review"]) == 7


def test_judgements_are_blank_and_all_else_is_filled(blank: str) -> None:
    found = rows(blank)
    assert len({row["item"] for row in found}) == len(found) == 13 * 7 + 16
    for row in found:
        assert row["judgement"] == row["reason"] == ""
        assert all(row[column] for column in COLUMNS[:6])


def test_what_is_shown_follows_the_data(root: Path, review: Review, blank: str) -> None:
    shown = {row["item"]: row["shows"] for row in rows(blank)}
    months = review.package["follow_ups"].rows["koide-2024/table"]["months"]
    assert months in shown["studies/koide-2024/missing"]
    assert "not stated" in shown["studies/stumpf-2019/missing"]


def test_the_page_shows_one_study_with_room_to_judge(club: Club) -> None:
    text = club.appraisal("studies", "koide-2024")
    assert text.count("Judgement: [") == 7
    assert "Koide et al\\. 2024" in text
    assert "Stumpf" not in text


def test_a_subject_that_is_not_there_is_refused(club: Club) -> None:
    with pytest.raises(CompanionError, match="nobody"):
        club.appraisal("studies", "nobody")


def test_an_unknown_key_is_refused(fixture_copy: Path) -> None:
    (fixture_copy / "data/appraisal.yml").write_text("a: {tol: X, items: {}}\n", "utf-8")
    with pytest.raises(CompanionError, match="tol"):
        read_appraisal(open_review(fixture_copy))


def test_the_same_judgements_agree(tmp_path: Path, blank: str) -> None:
    def judge(number: int, row: dict[str, str]) -> str:
        return "low" if number % 2 else "serious"

    one, two = (filled(tmp_path / f"{n}.csv", blank, judge) for n in "ab")
    found = compare_worksheets(one, two).agreement("ROBINS-I")
    assert (found.same, found.items) == (91, 91)
    assert found.kappa is not None
    assert found.kappa.value == 1


def test_differences_and_what_only_one_judged_are_told(tmp_path: Path, blank: str) -> None:
    one = filled(tmp_path / "one.csv", blank, lambda n, row: "low" if n < 3 else "")
    two = filled(
        tmp_path / "two.csv",
        blank,
        lambda n, row: ["low", "serious", "", "low"][n] if n < 4 else "",
    )
    comparison = compare_worksheets(one, two)
    assert [judged.same for judged in comparison.judgements["ROBINS-I"]] == [True, False]
    assert comparison.agreement("ROBINS-I").kappa is None
    told = report(comparison, "one", "two")
    assert "1 of 2 judged the same" in told
    assert "Selection of participants  low    serious" in told
    assert "judged only in one: studies/id-said-2022/classification" in told
    assert "judged only in two: studies/id-said-2022/deviations" in told


def test_what_is_no_worksheet_is_refused(tmp_path: Path, blank: str) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    assert not is_worksheet(other)
    with pytest.raises(CompanionError, match="is not a worksheet"):
        compare_worksheets(other, other)


def test_worksheets_without_a_common_item_are_refused(tmp_path: Path, blank: str) -> None:
    one = filled(tmp_path / "one.csv", blank, lambda n, row: "low" if n == 0 else "")
    two = filled(tmp_path / "two.csv", blank, lambda n, row: "low" if n == 1 else "")
    with pytest.raises(CompanionError, match="no item is judged in both"):
        compare_worksheets(one, two)
