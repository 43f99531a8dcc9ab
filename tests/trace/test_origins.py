"""Origins are the cells that decided: nothing else can change a result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from review_companion.data.package import Package
from review_companion.model import EVERY, Origin
from review_companion.trace.evaluator import Evaluator
from review_companion.trace.words import in_words

TYPES = {"groups.number": "integer"}
GROUPS = """group,study,kind,number
    a/all,a,all,40
    a/some,a,some,10
    b/all,b,all,24"""
SUM = {"sum": {"of": "groups.number", "where": {"study": "a", "kind": "all"}}}


@pytest.fixture
def package(make_package: Any) -> Package:
    made: Package = make_package(TYPES, groups=GROUPS)
    return made


def changed(package: Package, origin: Origin, text: str) -> Package:
    resource = package[origin.resource]
    rows = {**resource.rows, origin.row: {**resource.rows[origin.row], origin.column: text}}
    return replace(
        package, resources={**package.resources, resource.name: replace(resource, rows=rows)}
    )


def test_a_sum_reads_its_cells_and_looks_at_its_filters(package: Package) -> None:
    result = Evaluator(package, {}).result(SUM)
    assert result.read == {Origin("groups", "a/all", "number")}
    assert result.looked == {
        Origin("groups", "a/all", "study"),
        Origin("groups", "a/all", "kind"),
        Origin("groups", "a/some", "study"),
        Origin("groups", "a/some", "kind"),
        Origin("groups", "b/all", "study"),
    }
    assert result.membership == {"groups"}


def test_no_other_cell_changes_it(package: Package) -> None:
    result = Evaluator(package, {}).result(SUM)
    for row in package["groups"].rows:
        for column in package["groups"].columns[1:]:
            origin = Origin("groups", row, column)
            if origin not in result.origins:
                text = {"number": "99", "study": "a", "kind": "all"}[column]
                again = Evaluator(changed(package, origin, text), {}).result(SUM)
                assert again.value == result.value, origin


@pytest.mark.parametrize(
    ("origin", "text", "expected"),
    [
        (Origin("groups", "a/all", "number"), "41", 41),
        (Origin("groups", "a/all", "study"), "b", 0),
        (Origin("groups", "a/some", "kind"), "all", 50),
        (Origin("groups", "b/all", "study"), "a", 64),
    ],
)
def test_each_origin_can_change_it(
    package: Package, origin: Origin, text: str, expected: int
) -> None:
    assert origin in Evaluator(package, {}).result(SUM).origins
    assert Evaluator(changed(package, origin, text), {}).result(SUM).value == expected


def test_a_value_by_name_brings_its_origins_along(package: Package) -> None:
    definitions = {
        "total": {"expression": SUM},
        "twice": {"expression": {"product": [{"value": "total"}, 2]}},
    }
    evaluator = Evaluator(package, definitions)
    assert evaluator.named("twice").origins == evaluator.named("total").origins
    assert evaluator.named("twice").value == 80


def test_formula_says_it_in_words(package: Package) -> None:
    formula = Evaluator(package, {}).result(SUM).formula
    assert formula == "sum of number in groups where study is a and kind is all"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ({"equal": [{"cell": {"of": "groups.number", "row": "a/all"}}, 40]},
         "number in groups (a, all) = 40"),
        ({"mentioned": {"of": "groups.number", "row": "a/all"}},
         "what is said elsewhere of number in groups (a, all)"),
        ({"size": {"set": {"of": "groups.study", "where": {"kind": {"not": "some-of-it"}}}}},
         "number of the different values of study in groups where kind is not some of it"),
        ({"size": {"value": "chosen"}}, "number of (the rows chosen)"),
        ({"every": {"in": "groups", "is": {"less": [0, {"here": "number"}]}}},
         "every row of groups: 0 < its number"),
    ],
)  # fmt: skip
def test_operators_and_codes_are_told_in_words(
    package: Package, expression: dict[str, Any], words: str
) -> None:
    assert in_words(expression, {"chosen": {"label": "the rows chosen"}}) == words


def test_what_a_condition_computes_is_looked_at_and_what_is_counted_is_read(
    package: Package,
) -> None:
    totals = {"set": {"of": "groups.group", "where": {"kind": "all"}}}
    counted = {"count": {"in": "groups", "where": {"group": {"among": totals}, "study": "a"}}}
    result = Evaluator(package, {}).result(counted)
    assert result.value == 1
    assert result.read == {Origin("groups", "a/all", "group")}
    assert Origin("groups", "b/all", "kind") in result.looked


@pytest.mark.parametrize("where", [{"study": "a", "kind": "all"}, {"study": ["b", "a"]}, {}])
def test_in_a_long_resource_a_column_that_rows_were_looked_up_in_is_one_origin(
    package: Package, monkeypatch: pytest.MonkeyPatch, where: dict[str, Any]
) -> None:
    expression = {"sum": {"of": "groups.number", "where": where}}
    cell_by_cell = Evaluator(package, {}).result(expression)
    monkeypatch.setattr("review_companion.trace.selection.MANY_ROWS", 2)
    result = Evaluator(package, {}).result(expression)
    assert (result.value, result.read) == (cell_by_cell.value, cell_by_cell.read)
    column = Origin("groups", EVERY, "study")
    assert (column in result.looked) == bool(where)
    single = {origin for origin in cell_by_cell.looked if origin.column != "study"}
    assert result.looked == single | ({column} if where else set())
    assert package.cell(column) == ""
    with pytest.raises(KeyError):
        package.cell(Origin("groups", EVERY, "absent"))
