"""What claims may say beyond values: truth that may be open, words, repeated figures, ranges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from review_companion.claims.ledger import CLAIM_OPERATORS
from review_companion.data.package import Package
from review_companion.errors import CompanionError
from review_companion.trace.evaluator import Evaluator

OPEN = {"cell": {"of": "lamps.watts", "row": "dim"}}
LAMPS = """lamp,watts,least,most,title
    bright,8.2,8,9,Bright lamps: a multi–centre Study
    late,9.7,8,9,Late lamps
    dim,,,,"""
MENTIONS = """mention,resource,row,column,number
    once,lamps,bright,watts,8.2
    again,lamps,bright,watts,8.2
    slip,lamps,late,watts,9.7
    other,lamps,late,watts,9.6"""


@pytest.fixture
def evaluator(make_package: Any) -> Evaluator:
    types = dict.fromkeys(("lamps.watts", "lamps.least", "lamps.most", "mentions.number"), "number")
    package: Package = make_package(types, lamps=LAMPS, mentions=MENTIONS)
    return Evaluator(package, {}, {}, CLAIM_OPERATORS)


def cell(column: str, row: str) -> dict[str, Any]:
    return {"cell": {"of": f"lamps.{column}", "row": row}}


def lamps(condition: Any, *rows: str) -> dict[str, Any]:
    return {"in": "lamps", "where": {"lamp": list(rows)}, "is": condition}


HERE = {"equal": [{"here": "watts"}, Decimal("8.2")]}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"equal": [OPEN, 1]}, None),
        ({"not": {"equal": [OPEN, 1]}}, None),
        ({"all": [{"equal": [OPEN, 1]}, {"equal": [1, 1]}]}, None),
        ({"all": [{"equal": [OPEN, 1]}, {"equal": [1, 2]}]}, False),
        ({"any": [{"equal": [OPEN, 1]}, {"equal": [1, 1]}]}, True),
        ({"any": [{"equal": [OPEN, 1]}, {"equal": [1, 2]}]}, None),
        ({"every": lamps(HERE, "bright")}, True),
        ({"every": lamps(HERE, "bright", "dim")}, None),
        ({"every": lamps(HERE, "late", "dim")}, False),
        ({"every": lamps(HERE, "none of these")}, False),
        ({"some": lamps(HERE, "bright", "dim")}, True),
        ({"some": lamps(HERE, "late", "dim")}, None),
        ({"no": lamps(HERE, "late", "dim")}, None),
        ({"no": lamps(HERE, "late")}, True),
        ({"number-of": lamps(HERE, "bright", "late")}, 1),
        ({"number-of": lamps(HERE, "bright", "dim")}, None),
    ],
)
def test_what_is_open_decides_nothing(
    evaluator: Evaluator, expression: Any, expected: bool | None
) -> None:
    assert evaluator.result(expression).value == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["multi-centre study"], True),
        (["bright", "lamps:"], True),
        (["multicentre"], False),
        (["bright", "late"], False),
    ],
)
def test_a_text_contains_words_whatever_case_dashes_and_spaces(
    evaluator: Evaluator, parts: list[str], expected: bool
) -> None:
    assert evaluator.result({"text-contains": [cell("title", "bright"), *parts]}).value is expected


def test_an_empty_text_contains_and_equals_nothing_that_could_be_judged(
    evaluator: Evaluator,
) -> None:
    assert evaluator.result({"text-contains": [OPEN, "lamp"]}).value is None
    assert evaluator.result({"same-words": [OPEN, "lamp"]}).value is None


def test_the_same_words_are_the_same_with_another_dash(evaluator: Evaluator) -> None:
    assert evaluator.result({"same-words": ["drug–antibody", "Drug-antibody "]}).value is True
    assert evaluator.result({"same-words": ["drug antibody", "antibody"]}).value is False


def test_a_repeated_figure_is_the_number_or_all_that_differ(evaluator: Evaluator) -> None:
    found = evaluator.result({"mentioned": {"of": "lamps.watts", "row": "bright"}})
    assert found.value == Decimal("8.2")
    rows = {origin.row for origin in found.read}
    assert rows == {"once", "again"}
    differing = evaluator.result({"mentioned": {"of": "lamps.watts", "row": "late"}}).value
    assert differing == (Decimal("9.6"), Decimal("9.7"))
    assert evaluator.result({"mentioned": {"of": "lamps.watts", "row": "dim"}}).value is None


@pytest.mark.parametrize(("row", "expected"), [("bright", True), ("late", False), ("dim", None)])
def test_a_statistic_lies_within_its_range(
    evaluator: Evaluator, row: str, expected: bool | None
) -> None:
    ends = {"statistic": cell("watts", row), "low": cell("least", row), "high": cell("most", row)}
    assert evaluator.result({"within-range": ends}).value is expected


def test_a_malformed_argument_is_named_with_the_operator(evaluator: Evaluator) -> None:
    with pytest.raises(CompanionError, match="text-contains"):
        evaluator.result({"text-contains": 3})
    with pytest.raises(CompanionError, match="mentioned"):
        evaluator.result({"mentioned": {"of": "lamps.watts"}})
