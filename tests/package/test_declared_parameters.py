"""A parameter that a review does not declare so is refused wherever a review is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.review import open_review

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


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("colour", "ambre", "the parameter colour cannot be 'ambre'.*did you mean \"amber\""),
        ("colour", "AMBER", "one of: all, amber, red"),
        ("count_by", "house", "one of: study, comparison"),
        ("lit_only", "false", "the parameter lit_only takes true or false, not 'false'"),
        ("lit_only", 1, "takes true or false, not 1"),
        ("smallest", True, "takes a whole number, not True"),
        ("smallest", 1.5, "takes a whole number, not 1.5"),
        ("longest", "10", "takes a number, not '10'"),
        ("colour", 3, "takes a text, not 3"),
        ("color", "red", "unknown parameter “color”.*did you mean “colour”"),
    ],
)
def test_what_is_not_declared_is_refused(review: Path, name: str, value: object, told: str) -> None:
    with pytest.raises(CompanionError, match=f"(?s){told}"):
        open_review(review, **{name: value})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"colour": "all"},
        {"colour": "amber", "count_by": "comparison", "lit_only": True},
        {"smallest": 0, "longest": 3},
        {"longest": 2.5},
    ],
)
def test_what_is_declared_is_taken(review: Path, given: dict[str, object]) -> None:
    assert given.items() <= open_review(review, **given).parameters.items()


def test_choices_of_a_column_that_is_not_there_are_named(review: Path) -> None:
    path = review / "data/parameters.yml"
    path.write_text(DECLARED.replace("colours.colour", "colours.tint"), "utf-8")
    with pytest.raises(CompanionError, match=r"no column “colours\.tint”"):
        open_review(review, colour="red")
