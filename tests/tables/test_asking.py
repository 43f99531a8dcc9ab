"""A notebook's own questions, and what a report without findings says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator
from review_companion.package.package import Package, load_package
from review_companion.review import Review, open_review
from review_companion.sentences import without_traces
from review_companion.tables.build import build_table

WORDS = "inconsistent\n    concerns: words"
FIXTURE = Path(__file__).parents[1] / "fixture_review"


@pytest.fixture(scope="module")
def review() -> Review:
    return open_review(FIXTURE)


def test_an_expression_gives_its_value_cells_and_places(review: Review) -> None:
    answer = review('samples[group == "total"].number.sum()')
    assert answer.value == review.value("sleepers-total")
    cells = answer.cells
    assert set(cells["used"]) == {"read", "looked at"}
    read = cells[cells["used"] == "read"]
    assert [int(cell) for cell in read["cell"]] and sum(map(int, read["cell"])) == answer.value
    assert all(read["printed in"].str.contains("table-1"))
    assert "= <strong>80</strong>" in answer._repr_html_()
    assert repr(answer).endswith(f"= 80 ({len(read)} cells read)")


def test_a_row_finds_the_other_rows_of_its_own_table(review: Review) -> None:
    """They would be narrowed to the row in hand, whose key their table has."""
    part = {"id": "of", "template": "{{ one('samples', study=row.study, group='total').number }}"}
    spec = {"rows": 'samples[group == "lit"]', "columns": [part]}
    table = build_table("parts", spec, review.evaluator)
    assert [cell.text for cell in table.rows["alpha-2001/lit"]] == ["40"]


def test_so_does_a_row_of_a_table_named_with_a_hyphen(make_package: Callable[..., Package]) -> None:
    rows = {"night-parts": "night_part,night,number\na,one,1\nb,one,2"}
    evaluator = Evaluator(make_package(**rows), {})
    part = {"id": "all", "template": "{{ all('night_parts', night=row.night) | length }}"}
    table = build_table("parts", {"rows": "night_parts", "columns": [part]}, evaluator)
    assert [cells[0].text for cells in table.rows.values()] == ["2", "2"]


def test_named_values_are_names_and_mistakes_are_told(review: Review) -> None:
    assert review("sleepers_total / 2").text == "40"
    with pytest.raises(CompanionError, match="samples has no column “nmber”"):
        review("samples.nmber.sum()")


def test_a_resource_is_a_typed_and_labelled_frame(review: Review) -> None:
    frame = review.frame("evenings")
    assert str(frame["stated"].dtype) == "boolean"
    assert str(frame["minutes_before"].dtype) in ("Int64", "Float64")
    assert frame["minutes_before"].isna().any()
    assert set(frame.attrs["labels"]) == set(frame.columns)
    assert list(frame.index) == list(review.package["evenings"].rows)


def test_a_table_is_a_frame(review: Review) -> None:
    frame = review.table("table-1").frame
    assert list(frame.index) == list(review.table("table-1").rows)
    assert frame.attrs["labels"]["sleepers"] == "Sleepers"
    assert frame.equals(review.frame("table-1"))


def test_what_a_table_is_made_of_is_folded(review: Review) -> None:
    made = review.data("table-1")
    assert {"samples", "studies"} <= set(made.frames)
    shown = made._repr_html_()
    assert shown.count("<details>") == len(made.frames) + 1
    assert "one(&#39;samples&#39;" in shown
    assert made["studies"].equals(review.frame("studies"))
    assert "studies (3 rows)" in repr(made)


FITS = """
table-1/beta-2003/age:
  age-of-beta:
    printed: a mean
    label: Mean age
    judged: reproduced
"""


@pytest.mark.parametrize("claims", [None, "", "# none yet\n"])
def test_a_ledger_without_claims_never_says_that_all_is_well(
    fixture_copy: Path, claims: str | None
) -> None:
    (fixture_copy / "data" / "claims.csv").unlink()
    path = fixture_copy / "data" / "claims.yml"
    path.unlink() if claims is None else path.write_text(claims, "utf-8")
    schema = fixture_copy / "data/schema.yml"
    schema.write_text(re.sub(r"(?m)^    roles:\n(      - .*\n)+", "", schema.read_text("utf-8")))
    review = Review(fixture_copy, load_package(fixture_copy / "data"))
    said = [review.findings_summary(), review.cards(), review.findings(), review.verdict_sentence()]
    assert said == ["No statement has been checked yet."] * 4


def test_standing_checks_that_found_nothing_are_counted(fixture_copy: Path) -> None:
    for name in ("claims.csv", "claims.yml"):
        (fixture_copy / "data" / name).unlink()
    schema = fixture_copy / "data/schema.yml"
    bounds = re.sub(r"(?m)^      - \{(?!shared).*\n", "", schema.read_text("utf-8"))
    schema.write_text(re.sub(r"(?m)^    roles:\n(?!      - )", "", bounds), "utf-8")
    review = Review(fixture_copy, load_package(fixture_copy / "data"))
    number = f'[{review.ledger.silent}]{{.traced trace="finding-counts/standing/findings"}}'
    assert review.ledger.silent > 1
    assert review.cards() == (
        f"No statement is declared yet. {number} standing checks of the figures found nothing."
    )
    assert "finding-counts/standing/findings" in {trace.name for trace in review.traces()}


def test_without_a_declared_claim_only_what_rules_checked_adds_up(fixture_copy: Path) -> None:
    for name in ("claims.csv", "claims.yml"):
        (fixture_copy / "data" / name).unlink()
    review = Review(fixture_copy, load_package(fixture_copy / "data"))
    assert (
        review.findings_summary() == "What the rules check adds up; no statement is declared yet."
    )


def test_claims_that_all_fit_add_up(fixture_copy: Path) -> None:
    (fixture_copy / "data" / "claims.csv").unlink()
    (fixture_copy / "data" / "claims.yml").write_text(FITS, "utf-8")
    review = Review(fixture_copy, load_package(fixture_copy / "data"))
    assert review.findings_summary() == "Everything adds up."


JUDGED = """
  {0}:
    printed: a mean
    label: Mean age
    judged: {1}
"""


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["not-computable"], "No statement can be computed."),
        (["reproduced", "not-computable"], "What can be computed adds up."),
    ],
)
def test_what_cannot_be_computed_does_not_add_up(
    fixture_copy: Path, verdicts: list[str], said: str
) -> None:
    assert judged(fixture_copy, *verdicts).findings_summary() == said


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["reproduced"], "Of 1 checkable statement of"),
        (["inconsistent"], "The one that is inconsistent bears on a figure or a conclusion."),
        (["inconsistent"] * 2, "All that are inconsistent bear on a figure or a conclusion."),
        (["inconsistent", WORDS], "1 bears on a figure or a conclusion, the other on words"),
        (["inconsistent"] * 2 + [WORDS] * 2, "2 bear on a figure or a conclusion, the others on"),
    ],
)
def test_the_ledger_in_a_sentence_agrees_with_its_numbers(
    fixture_copy: Path, verdicts: list[str], said: str
) -> None:
    assert said in without_traces(judged(fixture_copy, *verdicts).verdict_sentence())


def judged(project: Path, *verdicts: str) -> Review:
    """The invented review with claims of these verdicts alone."""
    (project / "data/claims.csv").unlink()
    claims = "".join(JUDGED.format(f"claim-{n}", verdict) for n, verdict in enumerate(verdicts))
    (project / "data/claims.yml").write_text(f"table-1/beta-2003/age:{claims}", "utf-8")
    schema = project / "data/schema.yml"
    schema.write_text(re.sub(r"(?m)^    roles:\n(      - .*\n)+", "", schema.read_text("utf-8")))
    return Review(project, load_package(project / "data"))
