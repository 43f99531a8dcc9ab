"""Documented examples give what the page says; every mistake is told in plain words."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

import pytest
from docs.examples import FORMS, FUNCTIONS, Example, result_of
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator, NotReported, Written
from review_companion.expressions.functions import FUNCTIONS as KNOWN
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


def test_every_function_says_what_it_means() -> None:
    assert [name for name, function in KNOWN.items() if not function.doc] == []


MISTAKES = [
    # names
    ("sampels.number.sum()", "nothing is named “sampels”", "did you mean “samples”?"),
    ("samples.nmber.sum()", "samples has no column “nmber”", "did you mean “number”?"),
    ("samples[grp == 'total'].number", "nothing is named “grp”", "did you mean “group”?"),
    ("samples[study.yaer > 2000].number", "studies has no column “yaer”", "did you mean “year”?"),
    ("samples[unit.plural == 'x']", "samples.unit names no row of another resource", "study"),
    ('samples["ash/al"].number', "samples has no row “ash/al”", "did you mean “ash/all”?"),
    ("cuont(samples)", "no function is named “cuont”", "did you mean “count”?"),
    ("patients_totl + 1", "nothing is named “patients_totl”", "did you mean “patients_total”?"),
    ("patients-total + 1", "nothing is named “patients”", "did you mean “patients_total”?"),
    ("param.cuont_by", "no parameter is named “cuont_by”", "did you mean “count_by”?"),
    ("row.number", "there is no row in hand here", None),
    ("stays[lnog].study", "nothing is named “lnog”", "did you mean “long”?"),
    ("percent(1, hole=2)", "percent has no parameter “hole”", "did you mean “whole”?"),
    ("percent(1)", "percent is called with too few or too many arguments", "percent(part, whole)"),
    ("patients_total.count_by", "the number 105 has no columns", None),
    # compared values
    ('samples[group == "totl"].number.sum()', "samples.group holds no “totl”", "subgroup, total"),
    ('samples[unit in ["patients", "eyes"]]', "samples.unit holds no “eyes”", "lesions"),
    ('samples[study == "oak"].number.sum()', "samples.study allows no “oak”", "ash, birch, cedar"),
    ('samples["ash/all"].study == "oak"', "samples.study allows no “oak”", "ash, birch, cedar"),
    ('stays[long == "true"]', "stays.long is true or false", "write long, or not long"),
    ('samples[number > "ten"]', "samples.number is a number, and “ten” is not", "without quotes"),
    ("samples[unit == 3]", "samples.unit holds words, and 3 is not one", 'write "3"'),
    ('studies[cohort == ""]', "an empty cell equals nothing", "write not cohort.given"),
    ('"ten" < patients_total', "the word “ten” is compared with the number 105", None),
    ('samples["ash/all"].unit < "x"', "the word “patients” has no order", None),
    # writing
    ('samples[group = "total"].number.sum()', "“=” is not a comparison", "write =="),
    ('samples[group == "total].number.sum()', "a quotation mark is missing", None),
    ("samples[group == “total”].number", "the quotation mark “ is not read", "write"),
    ('samples[group == "total".number.sum()', "a bracket “]” is missing", None),
    ('samples[unit == "a" or "b"].number.sum()', "“or” joins whole conditions", 'in ["one'),
    ("count(studies[year > 2000 & year < 2015])", "“&” and “|” join sets", "“and” or “or”"),
    ("samples.number.sum() +", "not an expression", None),
    ("", "an expression is missing here", None),
    ('samples[group == "total"] and samples[number > 3]', "not selections", "write one selection"),
    ('samples[unit == "patients", number > 3]', "brackets hold one condition", "join"),
    ("samples[0].number", "named by its key, not by the number 0", 'such as samples["ash/all"]'),
    ("samples[0:2].number", "rows have names, not positions", None),
    ("samples.number.mean()", "no function is named “mean”", None),
    ("samples[number is 3]", "“is” is not part of the language", "column.given"),
    ("samples[number == None]", "“None” is not part of the language", "column.given"),
    ("2 ** 9", "“**” is not part of the language", None),
    ("1e9", "a number is written in plain digits", None),
    ("9" * 31, "a number is written in at most 30 digits", None),
    ("[x for x in samples]", "a list built by “for”", "list(… for …)"),
    ("any(c.number for c in samples if c.number)", "“if” cannot follow “for”", None),
    ("all(samples.number)", "“for” is needed here", None),
    # computing
    ("samples.number.sum()", "would mix units: lesions, patients", 'unit == "…"'),
    ("patients_total / 0", "division by zero: “0” is 0", None),
    ("percent(1, patients_total - 105)", "division by zero: “patients_total - 105” is 0", None),
    ("birch_drug + 1", "“birch_drug” is empty", None),
    ('samples["birch/drug"].number * 2', 'samples["birch/drug"].number” is empty', None),
    ("samples.number.only()", "4 rows of samples where one is meant", "ash/all"),
    ('patients_total + "x"', "the word “x” cannot be calculated with here", None),
    ("patients_total and count(samples) == 4", "true or false is needed here", None),
    ("samples[number]", "true or false is needed here", "compare it"),
    ('feasible_counts(percent="x", total=3)', "“x” is not a printed number", None),
    ('feasible_counts(percent=4, total="x")', "total is a whole number", None),
    ('citations("a–b")', "citations cannot work with", None),
    ('citations("1–999999999")', "not a range of references", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "what", "hint"), MISTAKES, ids=[text[:60] for text, *_ in MISTAKES]
)
def test_a_mistake_is_told_in_plain_words(
    evaluator: Evaluator, text: str, what: str, hint: str | None
) -> None:
    with pytest.raises(CompanionError) as told:
        evaluator.result(text)
    assert what in told.value.what
    assert hint is None or hint in str(told.value.hint)
    assert told.value.where
    assert "not supported" not in str(told.value)


def test_an_error_names_file_line_and_column(evaluator: Evaluator) -> None:
    text = Written('samples[grup == "total"].number.sum()', "values.yml", 12, 15)
    with pytest.raises(CompanionError) as told:
        evaluator.result(text)
    assert told.value.where == "values.yml:12, column 23"


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
