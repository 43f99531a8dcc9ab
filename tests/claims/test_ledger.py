"""The ledger: forms of claims, notes, the rule against comparing a thing with itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from review_companion.claims.ledger import Ledger
from review_companion.data.locators import check_locators  # noqa: F401  (the index's home)
from review_companion.data.package import Package
from review_companion.data.yaml_files import read_yaml
from review_companion.errors import CompanionError
from review_companion.model import Verdict
from review_companion.review import Review, open_review

GROUPS = """group,number,source,section,fragment,status
    all,40,review,results,40 people,review-only
    some,10,review,results,10 of them,review-only"""
CELL = {"cell": {"of": "groups.number", "row": "all"}}


@pytest.fixture
def package(make_package: Any) -> Package:
    made: Package = make_package({"groups.number": "integer"}, groups=GROUPS)
    return made


def claim(package: Package, **spec: Any) -> Any:
    base = {"section": "abstract", "label": "people", "basis": "arithmetic", "printed": "40"}
    [found] = Ledger(package, {}, {"people": {**base, **spec}}, {})
    return found


def test_same_fact_elsewhere_is_reproduced(package: Package) -> None:
    found = claim(package, compare=CELL, basis="other-place")
    assert found.verdict is Verdict.REPRODUCED
    assert [str(origin) for origin in found.origins] == ["groups[all].number"]


def test_a_thing_compared_with_itself_is_not_reproduced(package: Package) -> None:
    found = claim(package, compare=CELL, section="results", fragment="40 people")
    assert found.verdict is Verdict.NOT_COMPUTABLE


def test_notes_belong_to_a_verdict(package: Package) -> None:
    words = "{{ printed }} is not {{ recomputed }}."
    notes = {"inconsistent": {"severity": "major", "explanation": words}}
    found = claim(package, compare=CELL, printed="41", notes=notes)
    assert (found.verdict, found.severity) == (Verdict.INCONSISTENT, "major")
    assert found.explanation == "41 is not 40."
    assert found.innocent
    assert found.settle
    assert claim(package, compare=CELL, notes=notes).severity == ""


def test_judged_claims_keep_the_cells_side_by_side(package: Package) -> None:
    about = [CELL, {"cell": {"of": "groups.number", "row": "some"}}]
    found = claim(package, judged="ambiguous", basis="judged", about=about)
    assert found.verdict is Verdict.AMBIGUOUS
    assert found.recomputed == "40; 10"
    assert len(found.origins) == 2


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({}, "exactly one of"),
        ({"compare": CELL, "holds": True}, "exactly one of"),
        ({"compare": CELL, "basis": "guess"}, "no basis"),
        ({"compare": CELL, "fragmnt": "x"}, "no “fragmnt”"),
        ({"compare": {"cel": 1}}, "unknown operator"),
        ({"compare": CELL, "printed": "forty-ish"}, "not a printed number"),
    ],
)
def test_a_malformed_claim_is_named(package: Package, spec: dict[str, Any], message: str) -> None:
    with pytest.raises(CompanionError, match=message) as caught:
        claim(package, **spec)
    assert "people" in str(caught.value)


def test_an_unknown_operator_is_placed_by_file_and_line(tmp_path: Path, package: Package) -> None:
    text = "people:\n  section: abstract\n  label: people\n  basis: arithmetic\n"
    text += "  compare: {cel: 1}\n"
    (tmp_path / "claims.yml").write_text(text, "utf-8")
    with pytest.raises(CompanionError) as caught:
        tuple(Ledger(package, {}, read_yaml(tmp_path / "claims.yml"), {}))
    assert caught.value.where == "claims.yml:5"
    assert "cell" in str(caught.value.hint)


@pytest.fixture(scope="module")
def review(root: Path) -> Review:
    return open_review(root)


def test_every_finding_has_an_innocent_reading_and_a_way_to_settle_it(review: Review) -> None:
    for found in review.ledger:
        if found.verdict in (Verdict.INCONSISTENT, Verdict.AMBIGUOUS):
            assert found.innocent, found.id
            assert found.settle, found.id
            assert found.severity in ("minor", "moderate", "major"), found.id


def test_no_reproduced_claim_rests_on_nothing(review: Review) -> None:
    for found in review.ledger:
        if found.verdict in (Verdict.REPRODUCED, Verdict.BY_ROUNDING):
            assert found.origins, found.id


def test_every_origin_is_a_cell_of_the_data(review: Review) -> None:
    for found in review.ledger:
        for origin in found.origins:
            review.package.cell(origin)


def test_explanations_are_short_and_never_say_error(review: Review) -> None:
    for found in review.ledger:
        assert " error" not in found.explanation.lower(), found.id
        assert found.explanation.count(". ") <= 3, found.id


def test_an_added_participant_breaks_the_total(root: Path) -> None:
    review = open_review(root)
    samples = review.package["samples"]
    row = {**samples.rows["stumpf-2019/total"], "number": "46"}
    object.__setattr__(samples, "rows", {**samples.rows, "stumpf-2019/total": row})
    changed = {found.id: found.verdict for found in review.ledger}
    before = {found.id: found.verdict for found in open_review(root).ledger}
    assert before["abs-participants"] is Verdict.REPRODUCED
    assert changed["abs-participants"] is Verdict.INCONSISTENT
