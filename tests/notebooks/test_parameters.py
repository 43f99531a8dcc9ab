from __future__ import annotations

import pytest
from notebook_cells import code, markdown, notebook, parameters
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.notebooks.notebook_files import as_written
from review_companion.notebooks.parameters import (
    Parameter,
    declared,
    inject,
    parse_assignments,
    resolve,
)

SOURCE = """\
#| include: false
# The class to show
# one of: all, adc, tki
drug_class: str = "all"
smallest: int = 0  # fewest patients; one of: 0, 10
level: float = 0.95
strict: bool = False  # symptomatic outcomes only"""


def made(source: str = SOURCE) -> dict[str, object]:
    return as_written(notebook(markdown("# T"), parameters(source), code("1")), "n")


def test_annotated_literals_are_read_with_choices() -> None:
    assert declared(made()) == (
        Parameter("drug_class", str, "all", ("all", "adc", "tki")),
        Parameter("smallest", int, 0, (0, 10)),
        Parameter("level", float, 0.95),
        Parameter("strict", bool, False),
    )


def test_a_notebook_without_a_tagged_cell_declares_nothing() -> None:
    assert declared(as_written(notebook(code("a: int = 1")), "n")) == ()


@cases
def test_a_bad_declaration_is_named_by_cell_and_line(source: str, line: int, message: str) -> None:
    with pytest.raises(CompanionError, match=message) as caught:
        declared(made(source), "n.ipynb")
    assert caught.value.where == f"n.ipynb, cell 2, line {line}"


def test_a_declaration_that_python_cannot_read_is_named_by_its_cell() -> None:
    with pytest.raises(CompanionError, match=r"recursion|nested") as caught:
        declared(made("a: int = " + "-" * 10_000 + "1"), "n.ipynb")
    assert caught.value.where == "n.ipynb, cell 2"


def test_two_tagged_cells_are_refused() -> None:
    with pytest.raises(CompanionError, match="second cell is tagged"):
        declared(as_written(notebook(parameters("a: int = 1"), parameters("b: int = 1")), "n"))


def test_values_are_injected_after_the_declaration_in_its_order() -> None:
    cells = inject(made(), {"strict": True, "drug_class": "adc"}, "n")["cells"]
    assert cells[2]["metadata"]["tags"] == ["injected-parameters"]
    assert cells[2]["source"].splitlines()[2:] == ["drug_class = 'adc'", "strict = True"]


def test_a_second_injection_replaces_the_first() -> None:
    once = as_written(inject(made(), {"smallest": 10}, "n"), "n")
    assert once == made()
    assert inject(once, {}, "n") == made()


@pytest.mark.parametrize(
    ("of_type", "value", "expected"),
    [
        (int, "3", 3),
        (float, "3", 3.0),
        (float, 3, 3.0),
        (bool, "no", False),
        (bool, True, True),
        (str, "3", "3"),
    ],
)
def test_texts_take_the_declared_type(of_type: type, value: object, expected: object) -> None:
    resolved = resolve(Parameter("a", of_type, of_type()), value)  # type: ignore[arg-type]
    assert (resolved, type(resolved)) == (expected, of_type)


@pytest.mark.parametrize(
    ("of_type", "value"),
    [(int, "3.0"), (int, True), (float, "nan"), (float, True), (bool, "2"), (bool, 2), (str, 3)],
)
def test_ill_typed_values_are_refused(of_type: type, value: object) -> None:
    with pytest.raises(CompanionError, match="parameter a takes a"):
        resolve(Parameter("a", of_type, of_type()), value)  # type: ignore[arg-type]


def test_a_value_that_is_no_choice_is_refused_with_the_nearest() -> None:
    with pytest.raises(CompanionError, match="cannot be 'adcs'; did you mean 'adc'"):
        resolve(declared(made())[0], "adcs")


def test_assignments_are_split_at_the_first_equals_sign() -> None:
    assert parse_assignments(["a=1", "b = x=y", "c="]) == {"a": "1", "b": "x=y", "c": ""}


@pytest.mark.parametrize("assignment", ["a", "=1", "a b=1"])
def test_what_is_no_assignment_is_refused(assignment: str) -> None:
    with pytest.raises(CompanionError, match="sets no parameter"):
        parse_assignments([assignment])
