"""The form of the extraction exercise: what the review says of each field, and where."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from review_companion.club.extraction import CHOICES, Extraction, read_extraction
from review_companion.errors import CompanionError
from review_companion.review import Review, open_review

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def form(review: Review) -> Extraction:
    return read_extraction(review)


def test_a_field_is_a_number_with_a_unit_or_a_choice(form: Extraction) -> None:
    assert len(form.fields) == 25
    for field in form.fields:
        assert field.unit in ("", *form.units)
        assert field.unit or field.value in CHOICES
        assert field.place


def test_enough_choices_for_kappa(form: Extraction) -> None:
    assert sum(not field.unit for field in form.fields) >= 10
    assert {field.value for field in form.fields if not field.unit} == set(CHOICES)


def test_a_value_is_the_cell_and_its_place_the_cell_s_own(form: Extraction, root: Path) -> None:
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


def test_what_is_not_stated_is_not_reported(fixture_copy: Path) -> None:
    (fixture_copy / "data/extraction.yml").write_text(FORM, "utf-8")
    found = {field.id: field.value for field in read_extraction(open_review(fixture_copy)).fields}
    assert found["said"] == "not reported"
    assert found["red"] in ("yes", "no")
    assert found["total"].isdigit()


def test_an_unknown_key_and_a_missing_form_are_told(fixture_copy: Path) -> None:
    with pytest.raises(CompanionError, match="no form of extraction"):
        read_extraction(open_review(fixture_copy))
    (fixture_copy / "data/extraction.yml").write_text(
        FORM.replace("ask: How", "asks: How"), "utf-8"
    )
    with pytest.raises(CompanionError, match="asks"):
        read_extraction(open_review(fixture_copy))
