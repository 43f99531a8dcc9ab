"""What the report says of findings where there is none, or nothing was checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from review_companion.package.package import load_package
from review_companion.review import Review

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
