"""What printed figures imply; directions by comparison, study and cohort; choices one at a time."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator
from review_companion.package.package import Package

STEPS = """
    step,parent,number
    all,,10
    kept,all,7
    out,all,3
    open,kept,
    rest,kept,5
"""
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
        types={"comparisons.sure": "boolean", "steps.number": "number"},
        links={"comparisons.study": "studies", "studies.cohort": ""},
        comparisons=COMPARISONS,
        studies=STUDIES,
        steps=STEPS,
    )
    return made


def value(package: Package, expression: str, **parameters: Any) -> Any:
    return Evaluator(package, {}, parameters).result(expression).value


@cases
def test_an_expression_gives_its_value(package: Package, expression: str, found: Any) -> None:
    given = value(package, expression)
    assert (given is None) == (found is None)
    assert str(given) == str(found)


def test_rules_are_numbers(package: Package) -> None:
    assert [value(package, f'rule("{name}")') for name in ("share", "units", "studies")] == [
        70,
        2,
        6,
    ]


@cases
def test_what_is_asked_wrongly_is_named(package: Package, expression: str, said: str) -> None:
    with pytest.raises(CompanionError, match=said):
        value(package, expression)


def test_the_limits_of_an_implied_odds_ratio_are_woolfs(package: Package) -> None:
    """exp(ln 13.5 ± 1.96 * sqrt(1/9 + 1/14 + 1/1 + 1/21))."""
    given = "exposed_percent=39.1, unexposed_percent=4.5, total=45, events=10"
    low, high = (value(package, f'implied("odds-ratio-{end}", {given})') for end in ("low", "high"))
    assert float(low) == pytest.approx(1.535, abs=0.001)
    assert float(high) == pytest.approx(118.7, abs=0.1)


def test_three_of_four_reach_seventy_per_cent_two_of_three_do_not(make_package: Any) -> None:
    rows = "\n".join(f"a/{n},a,{d}" for n, d in enumerate(["higher"] * 3 + ["lower"]))
    package = make_package(comparisons=f"comparison,study,direction\n{rows}")
    assert value(package, "comparisons.directions()") == ("higher",)
    rest = 'comparisons[comparison != "a/0"].directions()'
    assert value(package, rest) == ("conflicting",)
    odd = make_package(comparisons="comparison,study,direction\na/1,a,sideways")
    with pytest.raises(CompanionError, match="“sideways” is not a direction"):
        value(odd, "comparisons.directions()")


def test_a_direction_remembers_cohorts_and_what_it_was_read_from(package: Package) -> None:
    result = Evaluator(package, {}).result('comparisons.directions(per="cohort")')
    assert {str(origin) for origin in result.read} == {
        f"comparisons[{key}].direction" for key in package["comparisons"].rows
    }
    assert "studies[b].cohort" in {str(origin) for origin in result.looked}


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
