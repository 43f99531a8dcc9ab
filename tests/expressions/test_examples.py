"""The documented examples give what the page says, and every function has one."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

import pytest
from docs.examples import FORMS, FUNCTIONS, Example, result_of

from review_companion.expressions import Evaluator
from review_companion.expressions.functions import FUNCTIONS as KNOWN

ALL = [*(example for examples in FORMS.values() for example in examples), *FUNCTIONS]


def shown(value: Any, expression: str) -> str:
    """A value as the page draws it."""
    if value is None:
        truth = any(sign in expression for sign in (" > ", " < ", "all(", "any("))
        return "open" if truth else "not reported"
    if isinstance(value, tuple):
        return f"{{{', '.join(shown(item, expression) for item in value)}}}"
    if isinstance(value, bool):
        return str(value).lower()
    return str(Fraction(value) if isinstance(value, Fraction) else value)


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.expression)
def test_an_example_gives_its_value_and_reads_its_cells(
    evaluator: Evaluator, example: Example
) -> None:
    result = result_of(example, evaluator)
    assert shown(result.value, example.expression) == example.value
    for cells, told in ((result.read, example.read), (result.looked, example.looked)):
        if told is not None:
            assert ", ".join(map(str, sorted(cells))) == told


def test_every_function_has_an_example() -> None:
    called = set()
    for example in ALL:
        for node in ast.walk(ast.parse(example.expression, mode="eval")):
            if isinstance(node, ast.Call):
                function = node.func
                called.add(function.attr if isinstance(function, ast.Attribute) else function.id)  # type: ignore[attr-defined]
    assert called == set(KNOWN)


def test_every_function_says_what_it_means() -> None:
    assert [name for name, function in KNOWN.items() if not function.doc] == []
