"""The vocabulary: what each operator gives, and what it refuses."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from review_companion.data.package import Package
from review_companion.errors import CompanionError
from review_companion.trace.evaluator import Evaluator

TYPES = {"groups.number": "integer", "groups.percent": "number", "studies.year": "integer"}
LINKS = {"groups.study": "studies"}
STUDIES = """study,year,design
    a,2001,trial
    b,2003,trial
    c,2004,cohort"""
GROUPS = """group,study,kind,number,unit,percent
    a/all,a,all,40,people,
    a/some,a,some,10,people,25
    b/all,b,all,24,people,
    b/some,b,some,7,nights,29.2
    c/all,c,all,16,people,"""


@pytest.fixture
def package(make_package: Any) -> Package:
    made: Package = make_package(TYPES, LINKS, studies=STUDIES, groups=GROUPS)
    return made


def value(package: Package, expression: Any, **parameters: Any) -> Any:
    return Evaluator(package, {}, parameters).result(expression).value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"sum": {"of": "groups.number", "where": {"kind": "all"}}}, 80),
        ({"sum": {"of": "groups.number", "where": {"kind": "none"}}}, 0),
        ({"count": {"in": "groups"}}, 5),
        ({"count": {"in": "groups", "once-per": "study"}}, 3),
        ({"count": {"in": "groups", "where": {"study.design": "trial"}}}, 4),
        ({"count": {"in": "groups", "where": {"number": {"at-least": 16}}}}, 3),
        ({"count": {"in": "groups", "where": {"number": {"at-most": 10}}}}, 2),
        ({"count": {"in": "groups", "where": {"percent": {"present": True}}}}, 2),
        ({"count": {"in": "groups", "where": {"kind": {"not": "all"}}}}, 2),
        ({"count": {"in": "groups", "where": {"study": ["a", "c"]}}}, 3),
        ({"min": {"of": "studies.year"}}, 2001),
        ({"max": {"of": "studies.year"}}, 2004),
        ({"min": {"of": "groups.percent", "where": {"kind": "none"}}}, None),
        ({"set": {"of": "studies.design"}}, ("cohort", "trial")),
        ({"list": {"of": "studies.year", "sort": "year"}}, (2001, 2003, 2004)),
        ({"cell": {"of": "groups.percent", "row": "b/some"}}, Decimal("29.2")),
        ({"percent": [10, 40]}, Fraction(25)),
        ({"percent": [10, 0]}, None),
        ({"ratio": [1, 3]}, Fraction(1, 3)),
        ({"difference": [3, Decimal("0.5")]}, Fraction(5, 2)),
        ({"product": [3, 4]}, 12),
        ({"sum": [1, Decimal("0.5"), {"ratio": [1, 2]}]}, 2),
        ({"citations": "20–22, 25"}, ("20", "21", "22", "25")),
        ({"union": [["a"], ["b", "a"]]}, ("a", "b")),
        ({"intersection": [["a", "c"], ["b", "a"]]}, ("a",)),
        ({"without": [["a", "c"], ["a"]]}, ("c",)),
        ({"size": {"set": {"of": "studies.design"}}}, 2),
        (
            {
                "share": {
                    "in": "groups",
                    "where": {"kind": "all"},
                    "that": {"study.design": "trial"},
                }
            },
            Fraction(2, 3),
        ),
    ],
)
def test_operator_gives(package: Package, expression: Any, expected: Any) -> None:
    assert value(package, expression) == expected


def test_sum_refuses_mixed_units(package: Package) -> None:
    with pytest.raises(CompanionError, match="mix units: nights, people"):
        value(package, {"sum": {"of": "groups.number"}})


def test_unknown_operator_suggests_the_nearest(package: Package) -> None:
    with pytest.raises(CompanionError) as caught:
        value(package, {"summ": {"of": "groups.number"}})
    assert caught.value.hint is not None
    assert "sum" in caught.value.hint


def test_unknown_column_suggests_the_nearest(package: Package) -> None:
    with pytest.raises(CompanionError) as caught:
        value(package, {"max": {"of": "groups.numbr"}})
    assert "number" in str(caught.value.hint)


def test_cell_that_matches_several_rows_is_refused(package: Package) -> None:
    with pytest.raises(CompanionError, match="3 rows of groups match"):
        value(package, {"cell": {"of": "groups.number", "where": {"kind": "all"}}})


def test_parameter_narrows_and_all_does_not(package: Package) -> None:
    expression = {"count": {"in": "studies", "where": {"design": {"param": "design"}}}}
    assert value(package, expression, design="cohort") == 1
    assert value(package, expression, design="all") == 3


def test_switch_turns_a_condition_on(package: Package) -> None:
    where = {"design": {"if": "strict", "is": "trial"}}
    expression = {"count": {"in": "studies", "where": where}}
    assert value(package, expression, strict=True) == 2
    assert value(package, expression, strict=False) == 3


def test_named_values_may_not_depend_on_themselves(package: Package) -> None:
    definitions = {
        "one": {"expression": {"value": "two"}},
        "two": {"expression": {"value": "one"}},
    }
    with pytest.raises(CompanionError, match="depends on itself"):
        Evaluator(package, definitions).named("one")


def test_unknown_value_suggests_the_nearest(package: Package) -> None:
    with pytest.raises(CompanionError) as caught:
        Evaluator(package, {"people": {"expression": 1}}).named("peple")
    assert "people" in str(caught.value.hint)


def test_bounds_carry_the_rounding_of_printed_decimals(package: Package) -> None:
    expression = {"ratio": [{"cell": {"of": "groups.percent", "row": "b/some"}}, 100]}
    bounds = Evaluator(package, {}).bounds(expression)
    assert (bounds.low, bounds.high) == (Fraction("0.2915"), Fraction("0.2925"))
