"""What is asked of a blank cell is open; a value and its bounds are kept apart."""

from __future__ import annotations

import ast
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from docs.examples import FORMS, FUNCTIONS, TYPES, Example, result_of, row_of

from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator
from review_companion.expressions.frames import parse_cell
from review_companion.expressions.operations import compared

ORDERS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@pytest.mark.parametrize("sign", ORDERS)
@pytest.mark.parametrize("value", [5, "x", True])
def test_a_comparison_with_nothing_is_open(sign: type[ast.cmpop], value: Any) -> None:
    assert compared(sign, None, value) is None
    assert compared(sign, value, None) is None


@pytest.mark.parametrize(("one", "other"), [(True, "1"), (True, 1), (False, "0"), (True, "true")])
def test_truth_is_neither_a_number_nor_a_text(one: bool, other: Any) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(CompanionError, match="is compared with"):
            compared(ast.Eq, *pair)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("17.5", "integer"), ("1e3", "number"), ("NaN", "number"), ("yes", "boolean")],
)
def test_a_cell_that_is_not_of_its_type_is_not_read_as_another_value(text: str, kind: str) -> None:
    with pytest.raises(CompanionError, match=f"“{text}” is not ") as caught:
        parse_cell(text, {"name": "number", "type": kind})
    assert "companion check" in str(caught.value.hint)


def test_blank_cells_choose_no_row_and_are_not_the_same(make_package: Any) -> None:
    rows = "row,cohort,number\na,x,5\nb,x,7\nc,,\nd,,9"
    package = make_package({"rows.number": "integer"}, rows=rows)
    evaluator = Evaluator(package, {})

    def value(expression: str) -> Any:
        return evaluator.result(expression).value

    assert value("count(rows[number >= 5])") == 3
    assert value("count(rows[number <= 9])") == 3
    assert value("count(rows[not number <= 9])") == 0
    assert value("rows.once_per(cohort).row.list()") == ("a", "c", "d")


EXAMPLES = [*(example for examples in FORMS.values() for example in examples), *FUNCTIONS]
DEFINITIONS = {"age": {"expression": 'ages["a"].years'}, "twice": {"expression": "age * 2"}}


@pytest.mark.parametrize("order", ["value first", "bounds first"])
def test_a_value_and_its_bounds_are_kept_apart(make_package: Any, order: str) -> None:
    package = make_package({"ages.years": "number"}, ages="age,years\na,50.5")
    evaluator = Evaluator(package, DEFINITIONS)
    if order == "value first":
        assert evaluator.named("twice").value == 101
    bounds = evaluator.bounds("twice")
    assert bounds is not None
    assert (bounds.low, bounds.high) == (Decimal("100.9"), Decimal("101.1"))
    assert evaluator.named("twice").value == 101
    assert evaluator.named("age").value == Decimal("50.5")
    assert evaluator.bounds("age") != evaluator.named("age").value


def has_bounds(example: Example, evaluator: Evaluator) -> bool | None:
    """None for an example that is no number made of printed decimals."""
    result = result_of(example, evaluator)
    decimals = {o for o in result.read if TYPES.get(o.column) == "number"}
    number = isinstance(result.value, Fraction | Decimal | int) and result.value not in (
        True,
        False,
    )
    if not (decimals and number):
        return None
    return evaluator.bounds(example.expression, row_of(example, evaluator)) is not None


def test_numbers_made_of_printed_decimals_have_bounds(evaluator: Evaluator) -> None:
    """A function that is not made for intervals would turn rounding into a false finding."""
    found = {e.expression: has_bounds(e, evaluator) for e in EXAMPLES}
    assert [text for text, bounds in found.items() if bounds is False] == []
    assert sum(bounds is True for bounds in found.values()) > 2
