"""The ledger: forms of claims, notes, for-each, the rule against comparing a thing with itself."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cases import cases
from tests.edits import with_cells

from review_companion.claims.declared import read_claims
from review_companion.claims.ledger import Ledger
from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator
from review_companion.model import Claim, Origin, Verdict
from review_companion.package.package import Package
from review_companion.review import Review

STUDIES = """study,year
    alpha-2001,2001
    beta-2003,2003"""
GROUPS = """group,study,number,p,p_sign,source,section,fragment,status
    all,,40,,,review,results,40 people,review-only
    some,,10,,,review,results,10 of them,review-only
    alpha-2001/women,alpha-2001,1,0.02,=,review,table-1/alpha-2001/women,One woman,review-only
    beta-2003/women,beta-2003,30,,,review,table-1/beta-2003/women,30,review-only"""
CELL = 'groups["all"].number'


@pytest.fixture
def package(make_package: Any) -> Package:
    types = {"groups.number": "integer", "groups.p": "number", "studies.year": "integer"}
    made: Package = make_package(types, {"groups.study": "studies"}, studies=STUDIES, groups=GROUPS)
    return made


def claims(package: Package, text: str) -> list[Claim]:
    (package.folder / "claims.yml").write_text(text, "utf-8")
    return list(Ledger(Evaluator(package, {}), read_claims(package.folder)))


def claim(package: Package, section: str = "abstract", **spec: str) -> Claim:
    base = {"fragment": '"*40* people"', "label": "people"}
    lines = [f"    {key}: {value}" for key, value in {**base, **spec}.items()]
    [found] = claims(package, f"{section}:\n  people:\n" + "\n".join(lines) + "\n")
    return found


@cases
def test_a_claim_is_judged(
    package: Package, section: str, spec: dict[str, str], judged: dict[str, str]
) -> None:
    found = claim(package, section, **spec)
    shown = {
        **vars(found),
        "origins": "; ".join(sorted(map(str, found.origins))),
        "readings": "; ".join(f"{label}: {fits}" for label, _, fits in found.readings),
    }
    assert {name: str(shown[name]) for name in judged} == judged


def test_what_is_open_is_told_to_be_so_and_what_is_wrong_has_its_notes(package: Package) -> None:
    assert "open" in claim(package, check='groups["all"].p < 0.05').explanation
    found = claim(package, check=CELL, fragment='"*41* people"', severity="major")
    assert found.innocent
    assert found.settle


EACH = """table-1:
  t1-{{ row.key }}:
    for-each: groups[study.given]
    of: number
    label: women of {{ row.study }}
"""


def test_for_each_makes_a_claim_of_every_row_with_its_place_and_figure(package: Package) -> None:
    alpha, beta = claims(package, EACH)
    assert (alpha.id, beta.id) == ("t1-alpha-2001-women", "t1-beta-2003-women")
    assert alpha.section == "table-1/alpha-2001/women"
    assert (alpha.locator.fragment, alpha.printed) == ("One woman", "One")
    assert (beta.printed, beta.label) == ("30", "women of beta-2003")
    assert beta.studies == ("beta-2003",)
    assert beta.formula == 'groups["beta-2003/women"].number'
    assert alpha.verdict is Verdict.NOT_COMPUTABLE  # its own cell


def test_the_digits_of_another_figure_are_not_the_one_of_the_cell(package: Package) -> None:
    place = Origin("groups", "beta-2003/women", "fragment")
    with pytest.raises(CompanionError, match="“130 of 300” does not print what groups"):
        claims(with_cells(package, {place: "130 of 300"}), EACH)


def test_for_each_checks_the_row_in_hand(package: Package) -> None:
    alpha, beta = claims(package, EACH + "    check: row.number * 2 - 30\n")
    assert (alpha.verdict, beta.verdict) == (Verdict.INCONSISTENT, Verdict.NOT_COMPUTABLE)
    _, beta = claims(package, EACH + '    check: row.number + groups["some"].number - 10\n')
    assert beta.verdict is Verdict.REPRODUCED


def test_a_row_found_in_a_long_table_names_its_own_cell_of_the_column_searched(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = EACH.replace("study.given", 'study in ["alpha-2001", "beta-2003"]')
    searched = each.replace("women of {{ row.study }}", "women")
    made = [claim.origins for claim in claims(package, searched)]
    assert Origin("groups", "alpha-2001/women", "study") in made[0]
    monkeypatch.setattr("review_companion.expressions.frames.MANY_ROWS", 1)
    assert [claim.origins for claim in claims(package, searched)] == made


@cases
def test_what_is_wrong_with_a_for_each_is_told(
    package: Package, old: str, new: str, row: int, message: str
) -> None:
    with pytest.raises(CompanionError, match=message) as caught:
        claims(package, EACH.replace(old, new))
    assert str(caught.value.where).startswith(f"claims.yml:{row}")


def test_a_claim_does_not_take_the_name_of_one_that_a_row_made(package: Package) -> None:
    named = f"  t1-beta-2003-women:\n    fragment: '*30*'\n    label: women\n    check: {CELL}\n"
    with pytest.raises(CompanionError, match="there is a claim of this name already"):
        claims(package, EACH + named)


@cases
def test_what_cannot_be_computed_is_told_with_its_place(
    package: Package, spec: dict[str, str], where: str | None, message: str
) -> None:
    if where is None:
        claim(package, **spec)
        return
    with pytest.raises(CompanionError, match=message) as caught:
        claim(package, **spec)
    assert str(caught.value.where).startswith(where)
    assert "claim people" in caught.value.what


def test_what_can_be_computed_is_told_beside_what_cannot(package: Package) -> None:
    text = "abstract:\n  bad: {label: a}\n  good: {fragment: '*40* x', label: b}\n"
    (package.folder / "claims.yml").write_text(text, "utf-8")
    attempted = dict(Ledger(Evaluator(package, {}), read_claims(package.folder)).attempted())
    assert isinstance(attempted["bad"], CompanionError)
    assert isinstance(attempted["good"], Claim)


@pytest.fixture(scope="module")
def review(report_review: Review) -> Review:
    return report_review


def test_what_explains_another_verdict_is_not_taken(package: Package) -> None:
    notes = {"ambiguous": "It depends.", "innocent": "A slip."}
    found = claim(package, check=CELL, fragment='"*41* people"', **notes)
    assert found.innocent != "A slip."


def test_every_finding_has_an_innocent_reading_and_a_way_to_settle_it(review: Review) -> None:
    for found in review.ledger:
        if found.verdict in (Verdict.INCONSISTENT, Verdict.AMBIGUOUS):
            assert found.innocent, found.id
            assert found.settle, found.id
            assert found.severity in ("note", "minor", "moderate", "major"), found.id


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


def test_an_added_participant_breaks_the_total(review: Review) -> None:
    cell = Origin("samples", "stumpf-2019/total", "number")
    changed = Review(review.root, with_cells(review.package, {cell: "46"}))
    before, after = (
        next(claim.verdict for claim in each.ledger if claim.id == "abs-participants")
        for each in (review, changed)
    )
    assert (before, after) == (Verdict.REPRODUCED, Verdict.INCONSISTENT)
