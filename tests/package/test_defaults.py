"""What a definition file of a review with a `review.yml` says: the defaults, its own over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.package.descriptor import sound_specs
from review_companion.package.yaml_files import BEGINNINGS, Node, read_yaml
from review_companion.validate import validate

REVIEW = """name: lamps
groups: [total, lit, dark]
class: Lamp
characteristics:
  design: {about: Design.}
  mean_age: {number, title: Age, about: Mean age.}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "review.yml").write_text(REVIEW, "utf-8")
    return tmp_path


def read(data: Path, name: str, own: str = "") -> Node:
    if own:
        (data / name).write_text(own, "utf-8")
    return read_yaml(data / name)


def test_without_a_review_file_there_are_no_defaults(tmp_path: Path) -> None:
    assert read_yaml(tmp_path / "values.yml") == {}


def test_a_file_that_is_not_there_is_the_default(data: Path) -> None:
    assert read(data, "values.yml") == read_yaml(BEGINNINGS / "values.yml")


def test_a_file_of_another_name_has_no_default(data: Path) -> None:
    assert read(data, "claims.yml", "a: {b: c}\n") == {"a": {"b": "c"}}


def test_mappings_are_merged_lists_replaced_and_nothing_takes_out(data: Path) -> None:
    own = "studies-total: {label: trials}\nparticipants-total: ~\nmine: {expression: '1'}\n"
    found = read(data, "values.yml", own)
    assert found["studies-total"]["label"] == "trials"
    assert found["studies-total"]["expression"] == "count(studies)"
    assert "participants-total" not in found
    assert list(found)[-1] == "mine"
    tables = read(data, "tables.yml", "effects: {columns: [{id: a, header: A, template: b}]}\n")
    assert [column["id"] for column in tables["effects"]["columns"]] == ["a"]
    assert tables["effects"]["caption"] == "What each study found, as printed"


def test_characteristics_are_columns_and_shown(data: Path) -> None:
    (studies,) = [spec for spec in sound_specs(data) if spec.name == "studies"]
    assert studies.columns[5:8] == ("design", "mean_age", "source")
    assert studies.types["mean_age"] == "number"
    shown = read(data, "tables.yml")["characteristics"]["columns"]
    assert [column["header"] for column in shown[:4]] == ["Study", "Design", "Age", "Participants"]
    assert shown[2]["template"] == "{{ row.mean_age or 'not stated' }}"
    assert shown[2]["align"] == "right"


def test_groups_and_classes_are_called_as_the_review_calls_them(data: Path) -> None:
    (samples,) = [spec for spec in sound_specs(data) if spec.name == "samples"]
    assert samples.field("group")["constraints"]["enum"] == ["total", "lit", "dark"]
    headers = [column["header"] for column in read(data, "tables.yml")["findings"]["columns"]]
    assert "Lamp" in headers
    assert "Class" not in headers


def test_a_column_of_ones_own_stands_before_the_place(data: Path) -> None:
    own = "tables:\n  samples:\n    columns:\n      arm: {about: Arm.}\n  follow_ups: ~\n"
    (data / "schema.yml").write_text(own, "utf-8")
    specs = {spec.name: spec for spec in sound_specs(data)}
    assert specs["samples"].columns[7:9] == ("arm", "source")
    assert "follow_ups" not in specs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel: x\n", "has no “titel”"),
        ("groups: [lit]\n", "must have “total”"),
        ("groups: total\n", "must have “total”"),
        ("characteristics: [design]\n", "must be columns by name"),
    ],
)
def test_what_it_cannot_say_is_told_with_its_place(data: Path, text: str, said: str) -> None:
    (data / "review.yml").write_text(text, "utf-8")
    with pytest.raises(CompanionError, match=said) as caught:
        sound_specs(data)
    assert "review.yml:1" in str(caught.value)


def test_an_empty_review_file_is_one_line(data: Path) -> None:
    (data / "review.yml").write_text("\n", "utf-8")
    (problem,) = [p for p in validate(data) if p.code != "missing-file"]
    assert problem.file.endswith("review.yml")
    assert "is empty" in problem.message


@pytest.mark.parametrize(
    ("table", "place"), [("studies", "characteristics:` in"), ("units", "`tables: {units: {col")]
)
def test_an_undeclared_column_is_told_where_to_declare_it(
    data: Path, table: str, place: str
) -> None:
    (spec,) = [spec for spec in sound_specs(data) if spec.name == table]
    (data / spec.path).write_text(f"{','.join(spec.columns)},brand_new\n", "utf-8")
    (problem,) = [p for p in validate(data) if p.column == "brand_new"]
    assert place in problem.message


def test_a_definition_says_where_it_is_written(data: Path) -> None:
    values = read(data, "values.yml", "mine: {expression: '1'}\n")
    assert values["mine"].where == "values.yml:1"
    assert values["studies-total"].where.startswith("defaults/values.yml:")
