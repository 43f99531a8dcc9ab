"""The ledger: forms of claims, notes, for-each, the rule against comparing a thing with itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from review_companion.claims.ledger import Ledger
from review_companion.claims.read import read_claims
from review_companion.errors import CompanionError
from review_companion.model import Claim, Verdict
from review_companion.package.package import Package
from review_companion.review import Review, open_review

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
    return list(Ledger(package, {}, read_claims(package.folder), {}))


def claim(package: Package, section: str = "abstract", **spec: str) -> Claim:
    base = {"fragment": '"*40* people"', "label": "people"}
    lines = [f"    {key}: {value}" for key, value in {**base, **spec}.items()]
    [found] = claims(package, f"{section}:\n  people:\n" + "\n".join(lines) + "\n")
    return found


def test_same_fact_elsewhere_is_reproduced(package: Package) -> None:
    found = claim(package, check=CELL)
    assert (found.verdict, found.basis) == (Verdict.REPRODUCED, "other-place")
    assert [str(origin) for origin in found.origins] == ["groups[all].number"]


@pytest.mark.parametrize("fragment", ['"*40* people"', '"*40*"', '"all of the *40* people"'])
def test_a_thing_compared_with_itself_is_not_reproduced(package: Package, fragment: str) -> None:
    found = claim(package, "results", check=CELL, fragment=fragment)
    assert found.verdict is Verdict.NOT_COMPUTABLE
    assert "states it once" in found.explanation


def test_a_thing_beside_itself_and_another_cell_is_compared(package: Package) -> None:
    both = 'groups["all"].number + groups["some"].number - groups["some"].number'
    found = claim(package, "results", check=both)
    assert found.verdict is Verdict.REPRODUCED
    assert {origin.row for origin in found.origins} == {"all", "some"}


def test_a_table_is_no_other_place_than_its_cell(package: Package) -> None:
    check = 'groups["beta-2003/women"].number'
    found = claim(package, "table-1", check=check, fragment='"*30*"')
    assert found.verdict is Verdict.NOT_COMPUTABLE


def test_a_slip_in_the_cell_of_the_claim_itself_accuses_nobody(package: Package) -> None:
    found = claim(package, "results", check=CELL, fragment='"*41* people"')
    assert found.verdict is Verdict.INCONSISTENT  # another place of the results
    found = claim(package, "results", check=CELL, fragment="40 people", printed="41")
    assert found.verdict is Verdict.NOT_COMPUTABLE


def test_a_statement_holds_or_not(package: Package) -> None:
    assert claim(package, check=f"{CELL} > 10").recomputed == "holds"
    assert claim(package, check=f"{CELL} < 10").verdict is Verdict.INCONSISTENT
    unknown = claim(package, check='groups["all"].p < 0.05')
    assert unknown.verdict is Verdict.NOT_COMPUTABLE
    assert "open" in unknown.explanation


def test_a_blank_p_leaves_a_statement_open(package: Package) -> None:
    check = "all(significant(row.p, p_operator=row.p_sign) for row in groups[study.given])"
    assert claim(package, check=check).verdict is Verdict.NOT_COMPUTABLE


def test_notes_belong_to_a_verdict(package: Package) -> None:
    notes = {"inconsistent": '"{{ printed }} is not {{ recomputed }}."', "severity": "major"}
    found = claim(package, check=CELL, fragment='"*41* people"', **notes)
    assert (found.verdict, found.severity) == (Verdict.INCONSISTENT, "major")
    assert found.explanation == "41 is not 40."
    assert found.innocent
    assert found.settle
    assert claim(package, check=CELL, **notes).severity == ""


def test_an_innocent_explanation_for_another_verdict_is_not_used(package: Package) -> None:
    notes = {"ambiguous": "It depends.", "innocent": "A slip.", "severity": "minor"}
    found = claim(package, check=CELL, fragment='"*41* people"', **notes)
    assert (found.severity, found.innocent != "A slip.") == ("moderate", True)
    alone = claim(package, check=CELL, fragment='"*41* people"', innocent="A slip.")
    assert (alone.severity, alone.innocent) == ("moderate", "A slip.")


def test_a_claim_without_a_check_is_stated_once(package: Package) -> None:
    found = claim(package)
    assert (found.verdict, found.basis) == (Verdict.NOT_COMPUTABLE, "arithmetic")
    assert "states it once" in found.explanation
    reason = claim(package, because="No denominator is printed.", check=f"'[{CELL}, 2]'")
    assert reason.explanation == "No denominator is printed."
    assert reason.recomputed == "40; 2"


def test_judged_claims_keep_the_cells_side_by_side(package: Package) -> None:
    found = claim(package, judged="ambiguous", check=f"'[{CELL}, groups[\"some\"].number]'")
    assert (found.verdict, found.basis) == (Verdict.AMBIGUOUS, "judged")
    assert found.recomputed == "40; 10"
    assert len(found.origins) == 2


def test_readings_of_which_some_fit_are_ambiguous(package: Package) -> None:
    readings = f"{{all of them: '{CELL}', the others: 'groups[\"some\"].number'}}"
    found = claim(package, readings=readings)
    assert found.verdict is Verdict.AMBIGUOUS
    assert [(label, fits) for label, _, fits in found.readings] == [
        ("all of them", True), ("the others", False),
    ]  # fmt: skip


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


def test_for_each_checks_the_row_in_hand(package: Package) -> None:
    alpha, beta = claims(package, EACH + "    check: row.number * 2 - 30\n")
    assert (alpha.verdict, beta.verdict) == (Verdict.INCONSISTENT, Verdict.NOT_COMPUTABLE)
    _, beta = claims(package, EACH + '    check: row.number + groups["some"].number - 10\n')
    assert beta.verdict is Verdict.REPRODUCED


@pytest.mark.parametrize(
    ("old", "new", "row", "message"),
    [
        ("study.given", "number > 90", 3, "selects no row"),
        ("study.given", "stdy.given", 3, "stdy"),
        ("of: number", "of: nmber", 4, "has no column “nmber”"),
        ("{{ row.key }}", "same", 3, "a claim of this name stands already"),
        ("{{ row.study }}", "{{ row.stdy }}", 3, "has no column “stdy”"),
        ("for-each: groups[study.given]", "for-each: studies", 4, "has no column “number”"),
    ],
)
def test_what_is_wrong_with_a_for_each_is_told(
    package: Package, old: str, new: str, row: int, message: str
) -> None:
    with pytest.raises(CompanionError, match=message) as caught:
        claims(package, EACH.replace(old, new))
    assert str(caught.value.where).startswith(f"claims.yml:{row}")


@pytest.mark.parametrize(
    ("spec", "where", "message"),
    [
        ({"check": 'groups["al"].number'}, "claims.yml:5, column 19", "al"),
        ({"check": "groups["}, "claims.yml:5, column", "bracket"),
        ({"check": CELL, "fragment": "'*forty-ish* people'"}, "claims.yml:3", "not a printed"),
        ({"check": CELL, "printed": '"0,051"', "fragment": "x"}, "claims.yml:6", "not a printed"),
        ({"check": CELL, "printed": '"017"', "fragment": "x"}, "claims.yml:6", "not a printed"),
        ({"check": CELL, "studies": "[alpha-2002]"}, "claims.yml:6", "no study is named"),
        ({"check": CELL, "innocent": "'{{ v(\"none\") }}'"}, None, ""),
        ({"check": 'groups["all"].number == "x"'}, "claims.yml:5", "is a number"),
    ],
)
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
    attempted = dict(Ledger(package, {}, read_claims(package.folder), {}).attempted())
    assert isinstance(attempted["bad"], CompanionError)
    assert isinstance(attempted["good"], Claim)


@pytest.fixture(scope="module")
def review(report_review: Review) -> Review:
    return report_review


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


def test_an_added_participant_breaks_the_total(root: Path, report_review: Review) -> None:
    review = open_review(root)
    samples = review.package["samples"]
    row = {**samples.rows["stumpf-2019/total"], "number": "46"}
    object.__setattr__(samples, "rows", {**samples.rows, "stumpf-2019/total": row})
    changed = {found.id: found.verdict for found in review.ledger}
    before = {found.id: found.verdict for found in report_review.ledger}
    assert before["abs-participants"] is Verdict.REPRODUCED
    assert changed["abs-participants"] is Verdict.INCONSISTENT
