"""A schema that a person writes; the defaults that it is laid over; keys that are known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.cases import cases
from tests.conftest import ROOT

from review_companion.errors import CompanionError
from review_companion.package.descriptor import sound_specs
from review_companion.package.generated import from_schema, refresh
from review_companion.package.schema import SCHEMA, read_schema
from review_companion.package.yaml_files import BEGINNINGS, faults, keys, read_yaml, schema_parts
from review_companion.package.yaml_nodes import Node, parse_yaml
from review_companion.validate import validate

REVIEWS = (ROOT / "data", ROOT / "tests/fixture_review/data")

LAMPS = """\
name: lamps
place:
  source: {required, key of: sources}
  note: A remark.
tables:
  sources:
    columns:
      source: A document.
  lamps:
    title: Lamps that were tried
    columns:
      lamp: {pattern: '[a-z]+'}
      rating_w: {number, required, min: 0.5, max: 60, unit: W, title: Power, about: "Power, rated."}
      lit: {one of: [true, false, not-stated]}
      like: {key of: lamps}
      position: {integer, not printed}
      month: {integer, printed: month}
      place:
    rules:
      - lit.given or not rating_w.given
"""

Written = Callable[[str], Path]
Edit = Callable[[str, str, str], None]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str) -> Path:
        (tmp_path / SCHEMA).write_text(text, "utf-8")
        return tmp_path

    return write


def test_a_line_becomes_a_field(written: Written) -> None:
    _, lamps = read_schema(written(LAMPS))["resources"]
    schema = lamps["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    assert (lamps["title"], lamps["path"]) == ("Lamps that were tried", "lamps.csv")
    assert fields["rating_w"] == {
        "name": "rating_w",
        "title": "Power",
        "type": "number",
        "description": "Power, rated.",
        "constraints": {"required": True, "minimum": 0.5, "maximum": 60},
        "unit": "W",
    }
    assert fields["lit"]["constraints"]["enum"] == ["true", "false", "not-stated"]
    assert (fields["position"]["printed"], fields["month"]["printed"]) == (False, "month")
    assert schema["rules"] == ["lit.given or not rating_w.given"]


def test_the_first_column_is_the_key(written: Written) -> None:
    _, lamps = read_schema(written(LAMPS))["resources"]
    assert lamps["schema"]["primaryKey"] == "lamp"
    limits = {"pattern": "[a-z]+", "required": True, "unique": True}
    assert lamps["schema"]["fields"][0]["constraints"] == limits


def test_one_word_stands_for_the_columns_of_the_place(written: Written) -> None:
    sources, lamps = read_schema(written(LAMPS))["resources"]
    assert [f["name"] for f in lamps["schema"]["fields"]][-2:] == ["source", "note"]
    assert [f["name"] for f in sources["schema"]["fields"]] == ["source"]


def test_links_name_the_key_of_their_table_and_an_own_one_no_table(written: Written) -> None:
    _, lamps = read_schema(written(LAMPS))["resources"]
    assert lamps["schema"]["foreignKeys"] == [
        {"fields": "like", "reference": {"resource": "", "fields": "lamp"}},
        {"fields": "source", "reference": {"resource": "sources", "fields": "source"}},
    ]


@cases
def test_a_fault_names_its_line(
    written: Written, old: str, new: str, line: int, words: str
) -> None:
    assert old in LAMPS
    with pytest.raises(CompanionError) as raised:
        read_schema(written(LAMPS.replace(old, new, 1)))
    said = f"{raised.value.what} {raised.value.hint}"
    assert words in said
    assert str(raised.value.where).endswith(f"{SCHEMA}:{line}")


def test_the_first_fault_is_that_of_the_first_line(written: Written) -> None:
    tables = "".join(f"  {name}: {{columns: {{a: {{intger}}}}}}\n" for name in "abcdefghijkl")
    schema = read_yaml(written(f"tables:\n{tables}") / SCHEMA)
    assert [fault.where for fault in faults(schema, SCHEMA)] == [
        f"{SCHEMA}:{line}" for line in range(2, 14)
    ]


@pytest.mark.parametrize("text", ["", "tables:\n", "tables: []\n", "- a\n", "tables: {a: 1}\n"])
def test_a_schema_without_tables_is_one_error(written: Written, text: str) -> None:
    wrong = [p for p in validate(written(text)) if p.severity == "error"]
    assert [p.file.endswith(SCHEMA) for p in wrong] == [True]


@cases
def test_what_the_descriptor_is_refused_for_has_a_line(
    folder: Path, edit: Edit, old: str, new: str, words: str
) -> None:
    edit(SCHEMA, old, new)
    line = (folder / SCHEMA).read_text("utf-8").partition(new)[0].count("\n") + 1
    problem = next(p for p in validate(folder) if p.code == "descriptor")
    assert words in str(problem)
    assert (problem.file, problem.row) == (str(folder / SCHEMA), line)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("unique with: [[label]]", "each of “unique with” must be a text"),
        ("with: {2001: label}", "“2001” must be a list"),
        ("rows in: {table: samples}", "“by” is missing"),
        ("unique with: [labl]", "“unique with” of “studies.year” is not a column: “labl”; did you"),
        ("unique with: [5]", "is not a column: “5”"),
        ("same as: [colour.label, hous.x]", "is not a column: “hous”"),
        ("same as: [colour.labl]", "is not a column: “labl”; did you mean “label”?"),
        ("same as: [house.label]", "is not a column: “label”; “house” names no row of a table"),
        ("worded: late", "“worded” must be a list"),
        ("exempt: [true]", "each of “exempt” must be a text"),
        ("one of: [2001, [2003]]", "each of “one of” must be a text or true or false"),
        ("named: ['']", "“named” is empty"),
        ("printed: ~", "“printed” is empty"),
        ("printed: yes", "“yes” is not a way to print a number; write false or month"),
        ("among: sampels.unit", "there is no table “sampels”; did you mean “samples”?"),
        ("among: samples.numbr", "“among” of “studies.year” is not a column: “numbr”; did you"),
        ("rows in: {table: sampels, by: [study], codes: {}}", "there is no table “sampels”"),
        ("rows in: {table: samples, by: [house], codes: {}}", "is not a column: “house”"),
        (
            "rows in: {table: samples, by: [study], codes: {2001: no}}",
            "“no” is not a number of rows",
        ),
        ("without: {2001: [hous]}", "is not a column: “hous”; did you mean “house”?"),
        ("with: {2001: [labl Study]}", "is not a column: “labl”; did you mean “label”?"),
        ("one of: ['2001'], with: {2002: [label]}", "is no value of the column: “2002”"),
    ],
)
def test_what_a_word_of_a_column_holds_is_checked(
    folder: Path, edit: Edit, word: str, said: str
) -> None:
    edit(SCHEMA, "unique with: [label]", word)
    (problem,) = validate(folder)
    assert (problem.row, said in problem.message) == (61, True)


def test_a_number_where_a_name_belongs_is_read_as_one(folder: Path, edit: Edit) -> None:
    edit(SCHEMA, "label: {required, about: As", "label: {required, exempt: [2001], about: As")
    assert not [p for p in validate(folder) if p.severity == "error"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("total: percent_of.number", "total: percent_of.numbr", "is not a column: “numbr”; did"),
        ("total: percent_of.number", "total: number.x", "“x”; “number” names no row of a table"),
        ("total: lit_total}", "total: lit_total, when: {measure: [odds]}}", "no value of the col"),
    ],
)
def test_a_role_that_would_silently_check_nothing_is_an_error(
    folder: Path, edit: Edit, old: str, new: str, said: str
) -> None:
    edit(SCHEMA, old, new)
    (problem,) = validate(folder)
    assert said in problem.message


def test_a_new_column_is_told_the_line_that_declares_it(folder: Path, edit: Edit) -> None:
    edit("colours.csv", "position\n", "position,warmth\n")
    problem = next(p for p in validate(folder) if p.column == "warmth")
    line = (folder / SCHEMA).read_text("utf-8").partition("      position: ")[0].count("\n") + 1
    assert "`warmth: {about: What it holds.}`" in problem.message
    assert problem.message.endswith(f"{SCHEMA}:{line}")


def test_a_table_of_the_place_alone_is_told_where_a_new_column_goes(
    folder: Path, edit: Edit
) -> None:
    with (folder / SCHEMA).open("a") as schema:
        schema.write("  places:\n    columns: {place: }\n")
    (folder / "places.csv").write_text("source,section,fragment,status,warmth\n")
    problem = next(p for p in validate(folder) if p.column == "warmth")
    line = (folder / SCHEMA).read_text("utf-8").count("\n")
    assert problem.message.endswith(f"{SCHEMA}:{line}")


def test_a_line_and_a_column_are_all_that_a_new_column_takes(folder: Path) -> None:
    path = folder / "colours.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([f"{lines[0]},warmth", *(f"{row},3" for row in lines[1:]), ""]))
    schema = (folder / SCHEMA).read_text("utf-8")
    head, _, tail = schema.partition("  lamps:\n")
    new = "      warmth: {integer, not printed, about: How warm it is.}\n"
    (folder / SCHEMA).write_text(f"{head.rstrip()}\n{new}\n  lamps:\n{tail}")
    assert validate(folder) == []


@pytest.mark.parametrize("folder_of", REVIEWS, ids=["this-review", "fixture"])
def test_the_committed_descriptor_follows_from_the_schema(folder_of: Path) -> None:
    wanted = from_schema(folder_of)["datapackage.json"]
    assert (folder_of / "datapackage.json").read_text("utf-8") == wanted


def test_what_follows_from_the_schema_is_written_anew(folder: Path, edit: Edit) -> None:
    assert refresh(folder) == []
    edit(SCHEMA, "name: invented-lamps-and-sleep", "name: lamps")
    assert refresh(folder) == ["datapackage.json"]
    assert json.loads((folder / "datapackage.json").read_text("utf-8"))["name"] == "lamps"
    assert refresh(folder) == []


def test_a_readme_that_is_no_codebook_stays(folder: Path) -> None:
    (folder / "README.md").write_text("Ours.\n", "utf-8")
    assert refresh(folder) == []
    (folder / "README.md").write_text("# Codebook: of old\n", "utf-8")
    assert refresh(folder) == ["README.md"]


def test_a_package_without_a_schema_is_read_from_its_descriptor(folder: Path) -> None:
    (folder / SCHEMA).unlink()
    assert validate(folder) == []
    assert refresh(folder) == []


@cases
def test_a_role_of_no_column_is_named_with_its_line(
    written: Written, role: str, said: str, hint: str
) -> None:
    with pytest.raises(CompanionError) as caught:
        read_schema(written(f"{LAMPS}    roles:\n      - {role}\n"))
    assert said in str(caught.value) and hint in str(caught.value)
    assert f"{SCHEMA}:22" in str(caught.value)


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
    assert shown[2]["template"] == "{{ row['mean_age'] or 'not stated' }}"
    assert shown[2]["align"] == "right"


def test_what_a_definition_adds_stays_out_of_the_reviews_own_settings(data: Path) -> None:
    own = "tables: {studies: {columns: {design: {about: Another.}}}}\n"
    schema = read(data, "schema.yml", own)
    assert schema["tables"]["studies"]["columns"]["design"]["about"] == "Another."
    (data / "schema.yml").unlink()
    schema = read(data, "schema.yml")
    assert schema["tables"]["studies"]["columns"]["design"]["about"] == "Design."


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


@cases
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


KEYS = ROOT / "src/review_companion/package/definitions.schema.json"
CLUB = ROOT / "src/review_companion/club/club.schema.json"


def test_it_is_a_json_schema_that_explains_every_key() -> None:
    Draft202012Validator.check_schema(json.loads(KEYS.read_text("utf-8")))
    assert all(all(keys(name).values()) for name in schema_parts())


@pytest.mark.parametrize("file", [KEYS, CLUB], ids=["report", "club"])
def test_each_pattern_says_what_it_wants(file: Path) -> None:
    def found(part: Any) -> Iterator[dict[str, Any]]:
        for inner in part.values() if isinstance(part, dict) else part:
            if isinstance(inner, dict | list):
                yield from found(inner)
        if isinstance(part, dict) and isinstance(part.get("pattern"), str):
            yield part

    patterns = list(found(json.loads(file.read_text("utf-8"))))
    assert [each for each in patterns if not each.get("description")] == []


@cases
def test_a_fault_is_told_with_its_line(line: str, said: str) -> None:
    (entry,) = parse_yaml(f"\ntotal:\n  {line}\n", "values.yml").values()
    assert [str(error) for error in faults(entry, "value")] == [f"values.yml:3: {said}"] * bool(
        said
    )


def test_a_figure_has_the_keys_of_its_kind() -> None:
    entry = {"kind": "flow", "table": "t", "bands": {}, "mirror": True}
    assert [error.what for error in faults(entry, "figure", "figure: flow")] == [
        "nothing reads “mirror”"
    ]
