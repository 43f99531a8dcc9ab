"""A value and the bounds that rounding allows are kept apart, whichever is asked for first."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from docs.examples import FORMS, FUNCTIONS, TYPES, Example, result_of, row_of

from review_companion.expressions import Evaluator

EXAMPLES = [*(example for examples in FORMS.values() for example in examples), *FUNCTIONS]
DEFINITIONS = {
    "age": {"expression": 'ages["a"].years'},
    "twice": {"expression": "age * 2"},
}


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
