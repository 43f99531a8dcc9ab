"""Documented examples give what the page says; every mistake is told in plain words."""

from __future__ import annotations

import ast
import inspect
from fractions import Fraction
from typing import Any

import pytest
from docs.examples import FORMS, FUNCTIONS, Example, result_of
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator, NotReported, Written
from review_companion.expressions.functions import FUNCTIONS as KNOWN
from review_companion.expressions.functions import Function
from review_companion.package.package import Package

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


def test_a_float_that_a_function_gives_is_a_number_of_the_language(
    evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def halved(value: Any) -> float:
        return float(value) / 2

    registered = Function("halved", halved, "", False, inspect.signature(halved), False)
    monkeypatch.setitem(KNOWN, "halved", registered)
    assert evaluator.result("halved(9) + 1").value == Fraction(11, 2)
    with pytest.raises(CompanionError, match="halved cannot work with"):
        evaluator.result('halved("inf")')


def test_every_function_says_what_it_means() -> None:
    assert [name for name, function in KNOWN.items() if not function.doc] == []


@cases
def test_a_mistake_is_told_in_plain_words(
    evaluator: Evaluator, text: str, what: str, hint: str | None
) -> None:
    with pytest.raises(CompanionError) as told:
        evaluator.result(text)
    assert what in told.value.what
    assert hint is None or hint in str(told.value.hint)
    assert told.value.where
    assert "not supported" not in str(told.value)


def test_a_mistake_is_told_whenever_it_is_asked_and_wherever_it_is(evaluator: Evaluator) -> None:
    compared = 'stays.study.set() == {"asch"}'
    nowhere = 'samples[number > 999 and study.year == "x"]'
    for text in (compared, compared, nowhere, 'mentioned(samples["ash/all"].nmber)'):
        with pytest.raises(CompanionError):
            evaluator.result(text)


def test_an_error_names_file_line_and_column(evaluator: Evaluator) -> None:
    text = Written('samples[grup == "total"].number.sum()', "values.yml", 12, 15)
    with pytest.raises(CompanionError) as told:
        evaluator.result(text)
    assert told.value.where == "values.yml:12, column 23"


def test_blanks_before_an_expression_belong_to_it(evaluator: Evaluator) -> None:
    with pytest.raises(CompanionError) as told:
        evaluator.result(Written("   1 + sampels.number.sum()", "values.yml", 12, 15))
    assert told.value.where == "values.yml:12, column 22"


def test_an_error_in_a_text_of_several_lines_names_its_line(evaluator: Evaluator) -> None:
    text = Written(
        'samples[group == "total"].number.sum()\n  + sampels.number.sum()', "values.yml", 4
    )
    with pytest.raises(CompanionError) as told:
        evaluator.result(text)
    assert told.value.where == "values.yml:5, column 5"


@pytest.mark.parametrize(
    "text",
    ["1 + " * 30_000 + "1", "9" * 100_000, "(" * 1000 + "1" + ")" * 1000, "not " * 900 + "true",
     "-" * 3900 + "1", "a" + ".b" * 1900, "samples" + "[number > 1]" * 300, "\0", "\udc80", "x = 1",
     "import os"],
    ids=["long", "digits", "nested", "nots", "minuses", "dots", "brackets", "nul", "surrogate",
         "assign", "import"],
)  # fmt: skip
def test_what_is_too_long_or_too_deep_is_a_plain_message(evaluator: Evaluator, text: str) -> None:
    with pytest.raises(CompanionError) as told:
        evaluator.result(text)
    assert len(str(told.value)) < 400
    assert ("are read" in str(told.value)) == (len(text) > 4000)


def test_a_cycle_of_values_is_named(package: Package) -> None:
    values: dict[str, Any] = {
        "a-first": {"expression": "b_second + 1"},
        "b-second": {"expression": "a_first + 1"},
    }
    with pytest.raises(CompanionError, match="depends on itself: a-first → b-second → a-first"):
        Evaluator(package, values).named("a-first")


def test_a_broken_value_is_told_once_where_it_breaks(package: Package) -> None:
    broken = Written("samples.nmber.sum()", "values.yml", 3, 15)
    values: dict[str, Any] = {"a": {"expression": broken}, "b": {"expression": "a + 1"}}
    evaluator = Evaluator(package, values)
    told = []
    for name in ("a", "b", "b"):
        with pytest.raises(CompanionError) as error:
            evaluator.named(name)
        told.append(str(error.value))
    assert len(set(told)) == 1
    assert told[0].startswith("values.yml:3, column 15 (a): samples has no column “nmber”")


def test_a_missing_cell_is_named_where_nothing_is_in_hand(evaluator: Evaluator) -> None:
    with pytest.raises(NotReported, match="birch_drug"):
        evaluator.result("birch_drug + 1")


def test_an_old_mapping_is_refused_in_words(package: Package) -> None:
    values: dict[str, Any] = {"a": {"expression": {"count": {"in": "samples"}}}}
    with pytest.raises(CompanionError, match="an expression is a text"):
        Evaluator(package, values).named("a")


@cases
def test_half_a_person_is_never_read_as_a_whole_one(evaluator: Evaluator, call: str) -> None:
    with pytest.raises(CompanionError, match="is a whole number, not"):
        evaluator.result(call)
