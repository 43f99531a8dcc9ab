"""Worksheets: what the data show, judgements blank; what the review extracted, and where."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from review_companion.club.pages import Club
from review_companion.club.worksheets import (
    CHOICES,
    COLUMNS,
    ExtractionForm,
    read_appraisal,
    read_extraction,
    to_csv,
)
from review_companion.errors import CompanionError
from review_companion.review import Review, open_review


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def blank(review: Review) -> str:
    return to_csv(read_appraisal(review))


def test_tools_are_named_with_version_and_link(review: Review) -> None:
    tools = {one.tool: one for one in read_appraisal(review)}
    assert set(tools) == {"ROBINS-I", "AMSTAR 2"}
    assert all("20" in one.version and one.link.startswith("https://") for one in tools.values())


def test_every_study_has_every_domain_and_the_review_every_item(review: Review) -> None:
    studies, whole = read_appraisal(review)
    assert set(studies.subjects) == set(studies.shown) == set(review.package["studies"].rows)
    assert (len(studies.items), len(whole.items)) == (7, 16)
    assert sum(item.critical for item in whole.items.values()) == 7


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


@pytest.fixture(scope="module")
def form(review: Review) -> ExtractionForm:
    return read_extraction(review)


@pytest.mark.integration
def test_a_field_is_a_number_with_a_unit_or_a_choice(form: ExtractionForm) -> None:
    assert len(form.fields) == 25
    for field in form.fields:
        assert field.unit in ("", *form.units)
        assert field.unit or field.value in CHOICES
        assert field.place


@pytest.mark.integration
def test_enough_choices_for_kappa(form: ExtractionForm) -> None:
    assert sum(not field.unit for field in form.fields) >= 10
    assert {field.value for field in form.fields if not field.unit} == set(CHOICES)


@pytest.mark.integration
def test_a_value_is_the_cell_and_its_place_the_cell_s_own(form: ExtractionForm, root: Path) -> None:
    fields = {field.id: field for field in form.fields}
    with (root / "data/samples.csv").open(encoding="utf-8", newline="") as file:
        total = next(row for row in csv.DictReader(file) if row["sample"] == f"{form.study}/total")
    assert fields["patients"].value == total["number"]
    assert total["fragment"] in fields["patients"].place
    assert "associated with receipt" in fields["receipt"].place


FORM = """\
of: studies[study == "beta-2003"]
label: "{{ row.label }}"
source: Beta
units: [sleepers]
fields:
  total: {ask: How many?, unit: sleepers, value: 'samples["beta-2003/total"].number'}
  red: {ask: Is it red?, holds: 'studies["beta-2003"].colour == "red"'}
  said: {ask: Is it said?, holds: 'studies["beta-2003"].colour == "red"', stated: "1 == 2"}
"""


@pytest.mark.integration
def test_what_is_not_stated_is_not_reported(fixture_copy: Path) -> None:
    (fixture_copy / "data/extraction.yml").write_text(FORM, "utf-8")
    found = {field.id: field.value for field in read_extraction(open_review(fixture_copy)).fields}
    assert found["said"] == "not reported"
    assert found["red"] in ("yes", "no")
    assert found["total"].isdigit()


@pytest.mark.integration
def test_a_key_of_a_form_that_is_not_known_and_a_missing_form_are_told(fixture_copy: Path) -> None:
    with pytest.raises(CompanionError, match="no form of extraction"):
        read_extraction(open_review(fixture_copy))
    (fixture_copy / "data/extraction.yml").write_text(
        FORM.replace("ask: How", "asks: How"), "utf-8"
    )
    with pytest.raises(CompanionError, match="asks"):
        read_extraction(open_review(fixture_copy))
