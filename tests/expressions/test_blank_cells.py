"""What is asked of a blank cell is open, blank cells are not alike, and truth is no number."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator
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
