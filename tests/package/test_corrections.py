"""Corrections are laid over cells; parameters are those that are declared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.model import Origin
from review_companion.package.package import load_package
from review_companion.package.printed_places import CODE
from review_companion.review import open_review
from review_companion.validate import validate

Edit = Callable[[str, str, str], None]
CELL = Origin("ages", "beta-2003/all", "years")


def test_a_correction_is_laid_over_and_recorded(folder: Path) -> None:
    package = load_package(folder)
    plain = package.as_in_files
    assert (plain.cell(CELL), plain.corrections) == ("13", {})
    assert package.cell(CELL) == "31"
    assert package.corrections[CELL].before == "13"
    assert package.corrections[CELL].who == "Review Companion contributors"


@cases
def test_a_correction_that_cannot_hold_is_located(
    folder: Path, edit: Edit, old: str, new: str, column: str, words: str
) -> None:
    edit("corrections.csv", old, new)
    (problem,) = [p for p in validate(folder) if p.code != CODE]
    assert (problem.row, problem.key, problem.column) == (2, "beta-age", column)
    assert words in str(problem)


def test_two_corrections_of_one_cell_are_refused(folder: Path, edit: Edit) -> None:
    path = folder / "corrections.csv"
    header, row = path.read_text("utf-8").splitlines()
    path.write_text(f"{header}\n{row}\n{row.replace('beta-age', 'again')}\n", "utf-8")
    (problem,) = validate(folder)
    assert 'the same cell as "beta-age"' in problem.message


def test_a_correction_that_changes_nothing_is_a_warning(folder: Path, edit: Edit) -> None:
    edit("corrections.csv", ",13,31,", ",13,13,")
    assert [p.severity for p in validate(folder) if p.code != CODE] == ["warning"]


def test_rules_look_at_the_corrected_data(folder: Path, edit: Edit) -> None:
    edit("samples.csv", "lit,12,", "lit,120,")
    edit("samples.csv", "12 with a lamp", "x")
    edit(
        "corrections.csv",
        "beta-age,ages,beta-2003/all,years,13,31",
        "a,comparisons,beta-2003/awake,lit_events,3,13",
    )
    codes = [(p.column, p.code) for p in validate(folder)]
    assert ("lit_events", "rule") in codes


def test_applying_names_every_conflict_at_once(folder: Path) -> None:
    path = folder / "corrections.csv"
    header, row = path.read_text("utf-8").splitlines()
    bad = [row.replace("beta-2003/all", "nobody"), row.replace(",13,", ",99,")]
    named = (text.replace("beta-age", name) for text, name in zip(bad, ("one", "two"), strict=True))
    path.write_text("\n".join([header, *named, ""]), "utf-8")
    with pytest.raises(CompanionError) as caught:
        load_package(folder)
    assert "one: matches nothing" in caught.value.what
    assert "two: ages[beta-2003/all].years holds" in caught.value.what


DECLARED = """
colour:
  default: all
  choices: {of: colours.colour}
count_by:
  default: study
  choices: [study, comparison]
lit_only:
  default: false
smallest:
  default: 0
longest:
  default: 10.5
"""


@pytest.fixture
def review(fixture_copy: Path) -> Path:
    (fixture_copy / "data/parameters.yml").write_text(DECLARED, "utf-8")
    return fixture_copy


@cases
def test_what_is_not_declared_is_refused(review: Path, name: str, value: object, told: str) -> None:
    with pytest.raises(CompanionError, match=f"(?s){told}"):
        open_review(review, **{name: value})


@cases
def test_what_is_declared_is_taken(review: Path, given: dict[str, object]) -> None:
    assert given.items() <= open_review(review, **given).parameters.items()


def test_choices_of_a_column_that_is_not_there_are_named(review: Path) -> None:
    path = review / "data/parameters.yml"
    path.write_text(DECLARED.replace("colours.colour", "colours.tint"), "utf-8")
    with pytest.raises(CompanionError, match="colours has no column “tint”"):
        open_review(review, colour="red")
