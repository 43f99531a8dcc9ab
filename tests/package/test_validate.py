"""Each test damages a valid package in one place and names exactly what must be found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cases import cases, rows

from review_companion.package.cell_checks import column_check
from review_companion.package.package import load_package
from review_companion.package.printed_places import CODE
from review_companion.package.problems import to_json
from review_companion.validate import validate

Edit = Callable[[str, str, str], None]


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    """File, row, column and code of every problem."""
    return [(Path(p.file).name, p.row, p.column, p.code) for p in validate(folder)]


def lines(folder: Path) -> list[str]:
    return [str(p).replace(f"{folder.parent}/", "") for p in validate(folder)]


def test_the_invented_review_has_no_problem_and_loads(folder: Path) -> None:
    assert validate(folder) == []
    assert load_package(folder)["ages"].rows["beta-2003/all"]["years"] == "31"


def test_a_problem_is_one_line_with_file_row_key_column_value_and_expectation(
    folder: Path, edit: Edit
) -> None:
    edit("samples.csv", "total,40,sleepers", "total,4O,sleepers")
    (line,) = lines(folder)
    place, _, words = line.partition(": ")
    assert place == 'data/samples.csv:2 alpha-2001/total number "4O"'
    assert words == 'expected a number such as 17.0 ≥ 0; letters among digits: "40"?'


@cases
def test_a_damaged_cell_is_the_one_problem_of_its_file(
    folder: Path, edit: Edit, name: str, old: str, new: str, column: str, code: str, words: str
) -> None:
    edit(name, old, new)
    (problem,) = [p for p in validate(folder) if Path(p.file).name == name]
    assert (problem.column, problem.code, problem.severity) == (column, code, "error")
    assert words in str(problem)


@cases
def test_what_a_source_may_really_print_is_a_warning(
    folder: Path, edit: Edit, name: str, old: str, new: str, column: str, code: str
) -> None:
    edit(name, old, new)
    told = [(p.column, p.code, p.severity) for p in validate(folder) if p.code != CODE]
    assert told == [(column, code, "warning")]


def test_every_problem_is_found_in_one_run_in_the_order_of_files_and_rows(
    folder: Path, edit: Edit
) -> None:
    edit("samples.csv", "total,16,", "total,x,")
    edit("samples.csv", "total,40,", "total,x,")
    edit("ages.csv", "29.5", "29.5x")
    edit("lamps.csv", ",red,", ",rad,")
    (folder / "flow.csv").unlink()
    assert found(folder) == [
        ("lamps.csv", 4, "colour", "unknown-key"),
        ("samples.csv", 2, "number", "type"),
        ("samples.csv", 6, "number", "type"),
        ("ages.csv", 4, "years", "type"),
        ("flow.csv", 0, "", "missing-file"),
    ]


def test_a_missing_column_breaks_no_rule_about_it(folder: Path, edit: Edit) -> None:
    edit("comparisons.csv", ",p_sign,", ",p sign,")
    found = [p for p in validate(folder) if Path(p.file).name == "comparisons.csv"]
    assert {p.row for p in found} == {1}
    assert [p.code for p in found if p.code == "rule"] == []


def test_a_rule_that_names_no_column_of_its_table_is_about_the_key(
    folder: Path, edit: Edit
) -> None:
    rule = "not any(s.number > 30 for s in samples[study == row.study])"
    edit("schema.yml", "- number <= percent_of.number", f"- {rule}")
    found = [p for p in validate(folder) if p.code == "rule"]
    assert {(p.column, p.value) for p in found} == {("sample", p.key) for p in found}
    assert {p.expected for p in found} == {rule}


def test_a_key_that_stands_twice_is_named_with_the_first_row(folder: Path, edit: Edit) -> None:
    edit("lamps.csv", "ember,Ember", "glow,Ember")
    problems = [p for p in validate(folder) if p.code == "key"]
    assert [(p.row, p.value) for p in problems] == [(3, "glow")]
    assert "row 2 has it already" in str(problems[0])


def test_a_blank_key_is_not_what_blank_cells_refer_to(folder: Path) -> None:
    with (folder / "samples.csv").open("a") as rows:
        rows.write(",alpha-2001,total,5,sleepers,,,review,results,5,review-only,\n")
    assert found(folder) == [("samples.csv", 8, "sample", "required")]


def test_keys_that_differ_in_case_alone_are_warned_of(folder: Path, edit: Edit) -> None:
    edit("lamps.csv", "ember,Ember", "Glow,Ember")
    assert [p.severity for p in validate(folder) if p.code == "key"] == ["warning"]


def test_duplicate_studies_are_found(folder: Path, edit: Edit) -> None:
    edit("studies.csv", "Study Beta,2003", "Study Alpha,2001")
    edit("studies.csv", "Study Beta/ 2003", "Study Alpha/ 2001")
    assert found(folder) == [("studies.csv", 3, "year", "unique")]


def test_a_row_in_a_quoted_line_break_keeps_spreadsheet_row_numbers(
    folder: Path, edit: Edit
) -> None:
    edit("lamps.csv", ",Glow,", ',"Glow\nlamp",')
    edit("lamps.csv", ",red,", ",rad,")
    assert found(folder) == [("lamps.csv", 4, "colour", "unknown-key")]


def test_problems_as_json_carry_every_field(folder: Path, edit: Edit) -> None:
    edit("samples.csv", "total,40,", "total,x,")
    (entry,) = json.loads(to_json(validate(folder)))
    assert entry.items() >= {"row": 2, "key": "alpha-2001/total", "column": "number"}.items()
    assert entry.items() >= {"value": "x", "severity": "error", "code": "type"}.items()


def test_a_table_that_the_package_does_not_list_is_warned_of(folder: Path) -> None:
    (folder / "new.csv").write_text("a,b\n", "utf-8")
    assert found(folder) == [("new.csv", 0, "", "stray-file")]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *[("value.yml", "values.yml"), ("sentences.yaml", "sentences.yml")],
        *[("no_trace.yml", "no-trace.yml"), ("Claims.yml", "claims.yml")],
    ],
)
def test_definitions_under_nearly_their_name_are_warned_of(
    folder: Path, name: str, meant: str
) -> None:
    (folder / name).write_text("{}\n", "utf-8")
    (folder / "of-my-own.yml").write_text("{}\n", "utf-8")
    assert found(folder) == [(name, 0, "", "stray-file")]
    assert f'did you mean "{meant}"?' in str(validate(folder)[0])


@cases
def test_malformed_yaml_is_located(folder: Path, text: str, row: int, words: str) -> None:
    (folder / "values.yml").write_text(text, "utf-8")
    (problem,) = validate(folder)
    assert (problem.row, problem.code) == (row, "yaml")
    assert words in problem.message


def test_a_plain_number_that_is_not_allowed_is_not_charged_to_its_minus() -> None:
    limits = {"name": "x", "type": "number", "constraints": {"minimum": 0}}
    (finding,) = column_check(limits)("-67")
    assert (finding.expected, finding.message) == ("a number such as 17.0 ≥ 0", "")
    (finding,) = column_check(limits)("\u221267")
    assert 'write "-67"' in finding.message


CELLS = {"n": {"type": "integer"}, "x": {"type": "number"}, "yes": {"type": "boolean"}}
CELLS["one"] = {"constraints": {"enum": ["risk-ratio", "odds-ratio", "no-difference"]}}
CELLS["text"] = {}


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        *rows(__file__, "test_what_happened_to_a_cell_is_said")[1:],
        ("text", "x" * 40_000, "at most 32,767 characters"),
    ],
)
def test_what_happened_to_a_cell_is_said(kind: str, value: str, said: str) -> None:
    (finding,) = column_check({"name": kind, **CELLS[kind]})(value)
    assert said in f"{finding.expected}; {finding.message}"


AGAIN = """
  again:
    columns:
      again: {about: Key.}
      of: {about: Table.}
      at: {about: Row.}
      what: {about: Column.}
      number: {number, about: What is printed again.}
    roles:
      - {resource: of, row: at, column: what, number: number}
"""


@pytest.mark.parametrize(
    ("cell", "column", "said"),
    [
        ("samples,alpha-2001/lit,number", "", ""),
        ("sampels,alpha-2001/lit,number", "of", 'the name of a resource; did you mean "samples"?'),
        ("samples,alpha-2001/lot,number", "at", 'a key of samples; did you mean "alpha-2001/lit"?'),
        ("samples,alpha-2001/lit,numbr", "what", 'a column of samples; did you mean "number"?'),
    ],
)
def test_a_row_about_a_cell_names_one(folder: Path, cell: str, column: str, said: str) -> None:
    schema = folder / "schema.yml"
    schema.write_text(schema.read_text("utf-8") + AGAIN, "utf-8")
    (folder / "again.csv").write_text(f"again,of,at,what,number\nb,{cell},20\n", "utf-8")
    found = [(p.column, str(p).partition("expected ")[2]) for p in validate(folder)]
    assert found == ([(column, said)] if column else [])
