"""A schema that a person writes: a column is a line, and what is wrong with one has a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.package.generated import from_schema, refresh
from review_companion.package.schema import SCHEMA, read_schema
from review_companion.validate import validate

ROOT = Path(__file__).parents[2]
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


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("{number, required, min", "{number, requird, min", 13, "did you mean “required”?"),
        ("{number, required, min", "{number, integer, min", 13, "choose one"),
        ("{integer, not printed}", "{integer: 3, not printed}", 16, "stands alone"),
        ("min: 0.5", "min", 13, "wants a value"),
        ("key of: lamps", "key of: lamp", 15, "did you mean “lamps”?"),
        ("{integer, not printed}", "", 12, "“position” wants what it holds"),
        ("    title: Lamps", "    titel: Lamps", 10, "did you mean “title”?"),
        ("place:\n  source", "plase:\n  source", 12, "declared nowhere"),
        ("- lit.given or not rating_w.given", "- at-most: [a, b]", 10, "list of expressions"),
    ],
)
def test_a_fault_names_its_line(
    written: Written, old: str, new: str, line: int, words: str
) -> None:
    assert old in LAMPS
    with pytest.raises(CompanionError) as raised:
        read_schema(written(LAMPS.replace(old, new, 1)))
    said = f"{raised.value.what} {raised.value.hint}"
    assert words in said
    assert str(raised.value.where).endswith(f"{SCHEMA}:{line}")


@pytest.mark.parametrize("text", ["", "tables:\n", "tables: []\n", "- a\n", "tables: {a: 1}\n"])
def test_a_schema_without_tables_is_one_error(written: Written, text: str) -> None:
    wrong = [p for p in validate(written(text)) if p.severity == "error"]
    assert [p.file.endswith(SCHEMA) for p in wrong] == [True]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("year: {integer, required, min: 1990", "year: {integer, required, min: early", "early"),
        ("lit_events <= lit_total", "lit_events <= lit_totel", "did you mean “lit_total”?"),
        ("lit_events <= lit_total", "lit_events =< lit_total", "“=” stands where"),
    ],
)
def test_what_the_descriptor_is_refused_for_has_a_line(
    folder: Path, edit: Edit, old: str, new: str, words: str
) -> None:
    edit(SCHEMA, old, new)
    line = (folder / SCHEMA).read_text("utf-8").partition(new)[0].count("\n") + 1
    problem = next(p for p in validate(folder) if p.code == "descriptor")
    assert words in str(problem)
    assert (problem.file, problem.row) == (str(folder / SCHEMA), line)


def test_a_new_column_is_told_the_line_that_declares_it(folder: Path, edit: Edit) -> None:
    edit("colours.csv", "position\n", "position,warmth\n")
    problem = next(p for p in validate(folder) if p.column == "warmth")
    line = (folder / SCHEMA).read_text("utf-8").partition("      position: ")[0].count("\n") + 1
    assert "`warmth: {about: What it holds.}`" in problem.message
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


@pytest.mark.parametrize(
    ("role", "said", "hint"),
    [
        ("{percnt: rating_w}", "has no “percnt”", "percent"),
        ("{percent: rating}", "“percent” of a role of “lamps” is no column: “rating”", "rating_w"),
        ("{limits: [rating_w, high]}", "no column: “high”", "columns: lamp"),
        ("{total: samples.number}", "no column: “samples”", "columns: lamp"),
    ],
)
def test_a_role_of_no_column_is_named_with_its_line(
    written: Written, role: str, said: str, hint: str
) -> None:
    with pytest.raises(CompanionError) as caught:
        read_schema(written(f"{LAMPS}    roles:\n      - {role}\n"))
    assert said in str(caught.value) and hint in str(caught.value)
    assert f"{SCHEMA}:22" in str(caught.value)
