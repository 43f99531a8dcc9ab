"""What is inconsistent, what was taken back, what is a note, and what changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.model import Claim
from review_companion.review import Review
from review_companion.tables.ledger_tables import changes_table

INCONSISTENT = {
    "t1-miller-2016-results": "major",
    "abs-lower-one": "major",
    "dis-lower-one": "major",
    "dis-adc-concurrent": "major",
    "bas-park-2022-risk": "major",
    "bas-miller-2017-antibody-percent": "moderate",
    "bas-miller-2017-tki-percent": "moderate",
    "adc-geraud-2017-sequential-percent": "moderate",
    "lap-kim-2019-reference": "moderate",
    "auto/persons/parsai-2019/lesions": "moderate",
}
MAJOR = {"adc-koide-2024-general", "adc-koide-2024-comparator", "bas-same-hospital"}
TAKEN_BACK = {
    "lap-kim-2019-horizon", "dis-miller-covariates", "dis-egfr-direction", "sel-her2-all",
    "def-onset-studies", "adc-id-said-2022-onset-early", "intro-conflicting-references",
    "t1-footnote-c", "sum-windows-all",
}  # fmt: skip
NO_SECOND_SOURCE = {
    "lap-parsai-2019-unit", "sum-criteria", "dis-id-said-covariates", "dis-other-reviews-agree",
}  # fmt: skip
OPEN = ("inconsistent", "ambiguous")


@pytest.fixture(scope="module")
def claims(report_review: Review) -> dict[str, Claim]:
    return {claim.id: claim for claim in report_review.ledger}


def test_what_the_article_contradicts_is_inconsistent(claims: dict[str, Claim]) -> None:
    found = {name: (claims[name].verdict, claims[name].severity) for name in INCONSISTENT}
    assert found == {name: ("inconsistent", severity) for name, severity in INCONSISTENT.items()}


def test_what_may_change_a_conclusion_is_major(claims: dict[str, Claim]) -> None:
    assert {name: claims[name].severity for name in MAJOR} == dict.fromkeys(MAJOR, "major")


def test_unfair_findings_were_taken_back(claims: dict[str, Claim]) -> None:
    assert {name for name in TAKEN_BACK if claims[name].verdict in OPEN} == set()


def test_reproduced_needs_a_second_source_of_the_whole(claims: dict[str, Claim]) -> None:
    assert {claims[name].verdict for name in NO_SECOND_SOURCE} == {"not-computable"}


def test_small_things_are_notes_and_no_findings(claims: dict[str, Claim]) -> None:
    notes = [c for c in claims.values() if c.severity == "note"]
    assert len(notes) == 19
    assert {c.verdict for c in notes} == {"ambiguous"}


def test_a_finding_says_what_was_found(claims: dict[str, Claim]) -> None:
    open_ = [c for c in claims.values() if c.verdict in OPEN and c.severity != "note"]
    assert [c.id for c in open_ if not c.found or c.found == c.label] == []


def test_inconsistent_statements_of_words_and_citations_say_so(claims: dict[str, Claim]) -> None:
    found = Counter(c.concerns for c in claims.values() if c.verdict == "inconsistent")
    assert found[""] == 10


def test_the_list_of_changes_shows_the_verdicts_of_now(report_review: Review) -> None:
    table = report_review.verdict_changes()
    assert len(table.rows) == 43
    shown = {key: [cell.text for cell in cells] for key, cells in table.rows.items()}
    assert shown["abs-lower-one"][2:5] == ["ambiguous (major)", "inconsistent", "major"]
    assert shown["sum-windows-all"][2:5] == ["ambiguous (minor)", "reproduced", ""]


@cases
def test_a_change_that_is_none_is_refused(
    report_review: Review, claims: dict[str, Claim], claim: str, before: str, said: str
) -> None:
    changes = report_review.package["changes"]
    row = {**changes.rows["abs-lower-one"], "claim": claim, "before": before}
    with pytest.raises(CompanionError, match=said):
        changes_table(claims.values(), replace(changes, content={claim: row}))
