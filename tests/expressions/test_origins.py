"""Origins are the cells that decided: nothing else can change a result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.edits import with_cells

from review_companion.expressions import Evaluator, RowRef
from review_companion.model import EVERY, Origin
from review_companion.package.package import Package, load_package

TYPES = {"groups.number": "integer"}
GROUPS = """group,study,kind,number
    a/all,a,all,40
    a/some,a,some,10
    b/all,b,all,24"""
SUM = 'groups[study == "a" and kind == "all"].number.sum()'


@pytest.fixture
def package(make_package: Any) -> Package:
    made: Package = make_package(TYPES, groups=GROUPS)
    return made


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
                again = Evaluator(with_cells(package, {origin: text}), {}).result(SUM)
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
    assert Evaluator(with_cells(package, {origin: text}), {}).result(SUM).value == expected


def test_a_value_by_name_brings_its_origins_along(package: Package) -> None:
    definitions = {"total": {"expression": SUM}, "twice": {"expression": "total * 2"}}
    evaluator = Evaluator(package, definitions)
    assert evaluator.named("twice").origins == evaluator.named("total").origins
    assert evaluator.named("twice").value == 80


def test_the_formula_is_the_expression_as_written(package: Package) -> None:
    assert Evaluator(package, {}).result(f"{SUM}\n  + 1").formula == f"{SUM} + 1"


def test_names_have_labels(package: Package) -> None:
    definitions = {"all-of-them": {"label": "everybody", "expression": SUM}}
    evaluator = Evaluator(package, definitions)
    assert evaluator.labels("all_of_them / 2 + groups.number.sum()") == {"all_of_them": "everybody"}


def test_columns_have_labels_where_these_say_more(root: Path) -> None:
    evaluator = Evaluator(load_package(root / "data"), {})
    check = 'comparisons["a"].ci_low + comparisons["a"].study.authors_table_2 + comparisons["a"].p'
    said = {"ci_low": "Lower limit", "authors_table_2": "Authors in Table 2"}
    assert evaluator.labels(check) == said
    assert evaluator.labels("studies.year.min()") == {}


def test_what_a_condition_computes_is_looked_at_and_what_is_counted_is_read(
    package: Package,
) -> None:
    totals = 'groups[kind == "all"].group.set()'
    counted = f'count(groups[group in {totals} and study == "a"])'
    result = Evaluator(package, {}).result(counted)
    assert result.value == 1
    assert result.read == {Origin("groups", "a/all", "group")}
    assert Origin("groups", "b/all", "kind") in result.looked


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        ("count(groups[number > row.least]) == 1", "few"),
        ("least + 5 > groups[number > row.least].number.min()", "all"),
        ("name in groups[number > row.least].kind.set()", "all"),
    ],
)
@pytest.mark.parametrize("in_hand", [None, "b/all"])
def test_what_rests_on_the_row_around_is_computed_for_each_row(
    make_package: Any, condition: str, name: str, in_hand: str | None
) -> None:
    limits = "name,least\n    all,20\n    few,30\n    none,50"
    package = make_package({**TYPES, "limits.least": "integer"}, groups=GROUPS, limits=limits)
    here = RowRef(package["groups"], in_hand) if in_hand else None
    result = Evaluator(package, {}).result(f"limits[{condition}].name.list()", here)
    assert result.value == (name,)
    assert {Origin("limits", row, "least") for row in ("all", "few", "none")} <= result.looked


@pytest.mark.parametrize("wanted", ["param.kind", "[param.kind]", "{param.kind}"])
def test_nothing_equals_an_empty_cell_not_even_an_empty_parameter(
    package: Package, wanted: str
) -> None:
    blank = Evaluator(
        with_cells(package, {Origin("groups", "a/all", "kind"): ""}), {}, {"kind": ""}
    )
    sign = "==" if wanted.startswith("param") else "in"
    assert blank.result(f"count(groups[kind {sign} {wanted}])").value == 0
    assert blank.result(f"count(groups[number > 0 and kind {sign} {wanted}])").value == 0


@pytest.mark.parametrize("where", ['study == "a" and kind == "all"', 'study in ["b", "a"]', ""])
def test_in_a_long_resource_a_column_that_rows_were_looked_up_in_is_one_origin(
    package: Package, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    expression = f"groups[{where}].number.sum()" if where else "groups.number.sum()"
    cell_by_cell = Evaluator(package, {}).result(expression)
    monkeypatch.setattr("review_companion.expressions.frames.MANY_ROWS", 2)
    result = Evaluator(package, {}).result(expression)
    assert (result.value, result.read) == (cell_by_cell.value, cell_by_cell.read)
    column = Origin("groups", EVERY, "study")
    assert (column in result.looked) == bool(where)
    single = {origin for origin in cell_by_cell.looked if origin.column != "study"}
    assert result.looked == single | ({column} if where else set())
    assert package.cell(column) == ""
    with pytest.raises(KeyError):
        package.cell(Origin("groups", EVERY, "absent"))
