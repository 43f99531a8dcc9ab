"""A value and the bounds that rounding allows are kept apart, whichever is asked for first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from review_companion.expressions import Evaluator

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
