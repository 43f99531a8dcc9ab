"""Directions by comparison, study and cohort; what is taken as shown; choices one at a time."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator
from review_companion.package.package import Package

COMPARISONS = """
    comparison,study,direction,sure
    a/1,a,higher,true
    a/2,a,higher,true
    a/3,a,lower,false
    b/1,b,lower,true
    c/1,c,lower,true
    d/1,d,,true
"""
STUDIES = "study,cohort\na,\nb,same\nc,same\nd,"


@pytest.fixture
def package(make_package: Any) -> Package:
    made: Package = make_package(
        types={"comparisons.sure": "boolean"},
        links={"comparisons.study": "studies", "studies.cohort": ""},
        comparisons=COMPARISONS,
        studies=STUDIES,
    )
    return made


def value(package: Package, expression: Any, **parameters: Any) -> Any:
    return Evaluator(package, {}, parameters).result(expression).value


@pytest.mark.parametrize(
    ("per", "found"),
    [
        ("comparison", ("higher", "higher", "lower", "lower", "lower")),
        ("study", ("conflicting", "lower", "lower")),
        ("cohort", ("conflicting", "lower")),
    ],
)
def test_a_unit_gives_one_direction(package: Package, per: str, found: tuple[str, ...]) -> None:
    assert value(package, f'comparisons.directions(per="{per}")') == found


def test_two_of_three_do_not_reach_seventy_per_cent_but_three_of_four_do(
    make_package: Any,
) -> None:
    rows = "\n".join(f"a/{n},a,{d}" for n, d in enumerate(["higher"] * 3 + ["lower"]))
    package = make_package(comparisons=f"comparison,study,direction\n{rows}")
    assert value(package, "comparisons.directions()") == ("higher",)
    rest = 'comparisons[comparison != "a/0"].directions()'
    assert value(package, rest) == ("conflicting",)


def test_a_direction_remembers_cohorts_and_what_it_was_read_from(package: Package) -> None:
    result = Evaluator(package, {}).result('comparisons.directions(per="cohort")')
    assert {str(origin) for origin in result.read} == {
        f"comparisons[{key}].direction" for key in package["comparisons"].rows
    }
    assert "studies[b].cohort" in {str(origin) for origin in result.looked}


def test_an_unknown_unit_or_direction_is_named(package: Package, make_package: Any) -> None:
    with pytest.raises(CompanionError, match="no unit “hospital”"):
        value(package, 'comparisons.directions(per="hospital")')
    odd = make_package(comparisons="comparison,study,direction\na/1,a,sideways")
    with pytest.raises(CompanionError, match="“sideways” is no direction"):
        value(odd, "comparisons.directions()")


@pytest.mark.parametrize(
    ("expected", "found", "said"),
    [
        ("higher", ["higher", "higher", "higher"], "holds, 3 higher"),
        ("higher", ["higher"], "does not hold, 1 higher"),
        ("higher", ["higher", "lower"], "does not hold, 1 higher and 1 lower"),
        ("higher", [], "cannot be said"),
        ("unclear", [], "cannot be said"),
        ("unclear", ["lower"], "holds, 1 lower"),
        ("unclear", ["lower", "lower"], "does not hold, 2 lower"),
        ("unclear", ["no difference", "no difference"], "holds, 2 no difference"),
    ],
)
def test_a_conclusion_stands_on_two_units_that_agree(
    package: Package, expected: str, found: list[str], said: str
) -> None:
    assert value(package, f'stands("{expected}", {json.dumps(found)})') == said


def test_the_sign_test_needs_six_independent_studies(package: Package) -> None:
    # Six of six: p = 2 / 2**6 (Cochrane Handbook, 12.2.2.2).
    def sign_test(*found: str) -> Any:
        return value(package, f"sign_test({json.dumps(found)})")

    assert sign_test(*["higher"] * 5) is None
    assert sign_test(*["higher"] * 6) == Fraction(1, 32)
    assert sign_test(*["higher"] * 5, *["no difference"] * 4) is None


def test_tallies_and_agreement(package: Package) -> None:
    found = '["higher", "lower", "higher"]'
    assert value(package, f'tally({found}, "higher")') == 2
    assert value(package, f'tally({found}, "higher", "lower")') == 3
    assert value(package, f"agreed({found})") == "conflicting"
    assert value(package, "agreed([])") is None


def test_one_choice_is_changed_and_the_others_stay(package: Package) -> None:
    definitions = {"left": {"expression": "count(comparisons[not param.strict or sure])"}}
    evaluator = Evaluator(package, definitions, {"strict": False})

    def under(parameter: str, setting: str) -> Any:
        return evaluator.result(f'under("{parameter}", "{setting}", left)')

    assert under("", "").value == 6
    changed = under("strict", "true")
    assert changed.value == 5
    assert not changed.parameters
    assert evaluator.named("left").value == 6
    with pytest.raises(CompanionError, match="no parameter is named “loose”"):
        under("loose", "true")


def test_a_choice_that_is_off_looks_at_no_cell(package: Package) -> None:
    chosen = '(not param.strict or sure) and param.study in ["all", study]'
    expression = f"comparisons[{chosen}].direction.list()"
    result = Evaluator(package, {}, {"strict": False, "study": "all"}).result(expression)
    assert not result.looked
    assert dict(result.parameters) == {"strict": "False", "study": "all"}


def test_a_rule_is_named_and_known(package: Package) -> None:
    known = [value(package, f'rule("{name}")') for name in ("share", "units", "studies")]
    assert known == [70, 2, 6]
    with pytest.raises(CompanionError, match="no rule “thumb”"):
        value(package, 'rule("thumb")')
