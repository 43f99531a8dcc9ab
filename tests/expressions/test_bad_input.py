"""What people write wrong in their definitions is told with file, line and column, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.pipeline.definitions import definition_problems
from review_companion.review import open_review

pytestmark = pytest.mark.integration

LONG = "1" + " + 1" * 24_999 + " + 10"
WRONG = [  # test_errors has the messages; here each has its place
    ("samples[group == 'total].number.sum()", 32, "a quotation mark is missing"),
    ("studies-total + 1", 23, "did you mean “studies_total”? names are written with _ for -"),
    ("samples[unit > 3].number.sum()", 30, "samples.unit holds words, and 3 is none"),
    (LONG, 15, "an expression of 100,002 characters; at most 4,000 are read"),
    ("wrong + 1", 15, "“wrong” depends on itself: wrong → wrong"),
    ("studies_total / (studies_total - 3)", 32, "division by zero: “studies_total - 3” is 0"),
]


def problems(root: Path) -> list[str]:
    review = open_review(root)
    return [str(p) for p in definition_problems(review, Path("data"))]


@pytest.mark.parametrize(("text", "column", "words"), WRONG)
def test_a_wrong_value_is_one_line_with_its_place(
    fixture_copy: Path, text: str, column: int, words: str
) -> None:
    path = fixture_copy / "data" / "values.yml"
    written = path.read_text("utf-8")
    path.write_text(f"{written}wrong:\n  label: Wrong\n  expression: {text}\n", "utf-8")
    (line,) = problems(fixture_copy)
    row = written.count("\n") + 3
    assert line.startswith(f"data/values.yml:{row}: column {column}; ")
    assert words in line
    assert len(line) < 300


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("claims.csv", "*80* sleepers", "80 sleepers", 2),
        ("claims.csv", "*80* sleepers", "*80 sleepers", 2),
        ("claims.yml", "ratio of *0.9*", "ratio of 0.9", 4),
        ("claims.yml", "    printed: 2\n", "", 10),
    ],
)
def test_a_claim_without_what_is_printed_says_so(
    fixture_copy: Path, name: str, old: str, new: str, line: int
) -> None:
    path = fixture_copy / "data" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    (told,) = problems(fixture_copy)
    assert told.startswith(f"data/{name}:{line}: ")
    assert "put the printed figure between asterisks" in told
