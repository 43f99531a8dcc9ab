from __future__ import annotations

import pytest

from review_companion.errors import CompanionError
from review_companion.typeset.code_cells import Options, Place, read_options

PLACE = Place("notebooks/x.ipynb", 4)


def read(source: str) -> Options:
    return read_options(source, PLACE, echo=False, warning=True)


def test_options_are_read_and_taken_from_the_code() -> None:
    options = read(
        "#| label: tbl-x\n#| tbl-cap: >\n#|   Two\n#|   lines\n#| classes: a .b\n"
        "#| tbl-colwidths: [1, 3]\n#| echo: true\n\nx = 1"
    )
    assert options == Options(
        "x = 1", "tbl-x", "Two lines", "", (0.25, 0.75), True, True, True, True, ("a", "b"), "tbl"
    )
    assert options.float_kind == "tbl"


def test_a_cell_without_options_takes_the_defaults_of_the_book() -> None:
    assert read("x") == Options("x", echo=False, warning=True)


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("#| echo: true\n#| fig-subcap: x\n1", "'fig-subcap' is not supported", 2),
        ("#| echo: maybe\n1", "'echo' must be true or false", 0),
        ("#| label: [\n1", "is opened and does not end", 1),
        ("#| just words\n1", "written as", 1),
        ("#| label: fig-x\n#| fig-cap: x\n1", "needs the option 'fig-alt'", 0),
        ("#| label: tbl-x\n1", "needs the option 'tbl-cap'", 0),
        ("#| label: tbl x\n#| tbl-cap: x\n1", "has characters other", 0),
        ("x = 1\n#| echo: true", "stand at the head", 1),
        ("#| output: some\n1", "true, false or asis", 0),
        ("#| tbl-colwidths: wide\n1", "list of numbers", 0),
        ("#| classes: {a: 1}\n1", "text or a list", 0),
    ],
)
def test_what_is_wrong_is_named_with_its_place(source: str, message: str, line: int) -> None:
    with pytest.raises(CompanionError) as caught:
        read(source)
    assert message in caught.value.what
    place = "notebooks/x.ipynb, cell 4"
    assert caught.value.where == (f"{place}, line {line}" if line else place)
