"""A descriptor that the project cannot work with is said to be so, never guessed at.

Here the package is declared by its `datapackage.json` alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.edits import change_json, replace_in

from review_companion import limits
from review_companion.errors import CompanionError
from review_companion.package.package import load_package
from review_companion.package.schema import SCHEMA
from review_companion.validate import validate


@pytest.fixture(autouse=True)
def without_schema(folder: Path) -> None:
    (folder / SCHEMA).unlink()


def ages(descriptor: dict[str, Any]) -> dict[str, Any]:
    return next(r for r in descriptor["resources"] if r["name"] == "ages")


def schema(**changes: Any) -> Any:
    return lambda d: ages(d)["schema"].update(changes)


def years(**changes: Any) -> Any:
    return lambda d: ages(d)["schema"]["fields"][3].update(changes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(resources=[]), "resources: [] should be non-empty"),
        (lambda d: d.update(resources=["ages"]), "resources[0]: 'ages' is not of type 'object'"),
        (lambda d: ages(d).update(name="units"), 'two resources have the name "units"'),
        (lambda d: ages(d).update(path="../ages.csv"), "leaves the folder"),
        (lambda d: ages(d).update(path=["a.csv"]), ".path: ['a.csv'] is not of type 'string'"),
        (lambda d: ages(d).update(schema="ages.json"), "'ages.json' is not of type 'object'"),
        (schema(fields=[{"title": "x"}]), "fields[0]: 'name' is a required property"),
        (schema(primaryKey="study"), '"primaryKey" is the first column, "age"'),
        (schema(primaryKey=["age", "study"]), '"primaryKey" is the first column'),
        (schema(foreignKeys=[{"fields": "study"}]), "foreignKeys[0]: 'reference' is"),
        (schema(foreignKeys={"fields": "study"}), "foreignKeys: {'fields': 'study'} is"),
        (schema(rules=[{"at-most": ["age", "years"]}]), "rules[0]: {'at-most'"),
        (schema(rules=["years <= nothing"]), "nothing is named “nothing”"),
        (schema(rules=["years <= years.age"]), "names no row of another resource"),
        (schema(rules=["years == 'old'"]), "ages.years is a number, and “old” is not"),
        (years(type="numbr"), "numbr"),
        (years(constraints=[]), "fields[3].constraints: [] is not of type"),
        (years(constraints={"minimum": "low"}), "not of the type number: low"),
        (years(constraints={"pattern": "a"}), "pattern"),
        (years(constraints={"enum": []}), "enum: [] should be non-empty"),
        (lambda d: d.update(licenses=["CC0"]), "CC0"),
        (lambda d: d.update(created="yesterday"), "created"),
    ],
)
def test_a_damaged_descriptor_is_described(folder: Path, change: Any, words: str) -> None:
    change_json(folder / "datapackage.json", change)
    problems = [p for p in validate(folder) if p.code == "descriptor"]
    assert problems
    assert words in " ".join(map(str, problems))


def test_a_foreign_key_to_nowhere_names_the_nearest_table(folder: Path) -> None:
    replace_in(folder / "datapackage.json", '"resource": "lamps"', '"resource": "lamp"')
    assert 'did you mean "lamps"?' in str(validate(folder)[0])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"resources": ', "\ufeff{}"])
def test_a_descriptor_that_is_not_json_is_one_problem(folder: Path, text: str) -> None:
    (folder / "datapackage.json").write_text(text, "utf-8")
    assert [p.code for p in validate(folder) if p.severity == "error"] == ["descriptor"]


@pytest.mark.parametrize("text", ["[]", "{}", '{"resources": 5}', '{"resources": [{"name": "a"}]}'])
def test_a_descriptor_of_another_form_is_not_loaded(folder: Path, text: str) -> None:
    (folder / "datapackage.json").write_text(text, "utf-8")
    with pytest.raises(CompanionError, match=r"datapackage\.json"):
        load_package(folder)


def test_a_folder_may_have_a_colon_in_its_name(folder: Path) -> None:
    (folder / "datapackage.json").write_text("{", "utf-8")
    named = folder.rename(folder.parent / "a: b")
    assert [p.file for p in validate(named)] == [str(named / "datapackage.json")]


def test_a_missing_descriptor_is_said_to_be_missing(folder: Path) -> None:
    (folder / "datapackage.json").unlink()
    assert "there is no data package here" in str(validate(folder)[0])


def test_a_project_is_no_data_package_but_has_one(folder: Path) -> None:
    (problem,) = validate(folder.parent)
    assert problem.message == f"there is no data package here; it is in {folder}"


def named(folder: Path, pattern: object) -> None:
    """A pattern for the names of the lamps."""

    def change(descriptor: Any) -> None:
        (lamps,) = (r for r in descriptor["resources"] if r["name"] == "lamps")
        lamps["schema"]["fields"][1]["constraints"] = {"pattern": pattern}

    change_json(folder / "datapackage.json", change)


PATTERNS = [
    ("[", "not a regular expression"),
    ("(?i)a", "not a regular expression"),
    (["a"], "pattern: ['a'] is not of type 'string'"),
    ("(" * 500 + ")" * 500, ""),
]


@pytest.mark.parametrize(("pattern", "words"), PATTERNS)
def test_a_pattern_that_is_none_is_one_line(folder: Path, pattern: object, words: str) -> None:
    named(folder, pattern)
    (problem, *others) = validate(folder)
    assert words in problem.message
    assert not others


def test_a_pattern_without_end_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.5)
    named(folder, "([a-z, ]+)+$")
    replace_in(folder / "lamps.csv", "Glow,", f"{'a' * 60}!,")
    problem = next(p for p in validate(folder) if p.code == "pattern" and not p.row)
    assert problem.column == "name"
    assert "takes over 0.5 seconds" in problem.message
