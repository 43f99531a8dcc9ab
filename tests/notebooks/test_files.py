"""Notebooks as files: read, stripped, their streams cut, their inline values filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from notebook_cells import code, markdown, notebook
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.notebooks.cell_outputs import (
    CUT,
    MOST_SHOWN,
    bounded,
    normalise_outputs,
    warnings_in,
)
from review_companion.notebooks.inline import Expression, find_expressions
from review_companion.notebooks.notebook_files import as_written, number, read_notebook


def test_reading_what_jupyter_wrote_gives_the_same(tmp_path: Path) -> None:
    made = as_written(notebook(markdown("é\nb"), code("1")), "n")
    nbformat.write(nbformat.from_dict(made), tmp_path / "n.ipynb")  # type: ignore[no-untyped-call]
    assert read_notebook(tmp_path / "n.ipynb") == made


def test_cells_without_an_id_or_with_a_taken_one_are_named_by_position() -> None:
    cells = as_written(notebook(markdown("a"), {**markdown("b"), "id": "cell-1"}), "n")["cells"]
    assert [cell["id"] for cell in cells] == ["cell-1", "cell-2"]


def test_injected_cells_are_not_counted() -> None:
    made = notebook(code("a"), code("b", "injected-parameters"), code("c"))
    assert number(made, made["cells"][2]) == 2


@cases
def test_malformed_files_are_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CompanionError, match=message) as caught:
        read_notebook(path)
    assert str(caught.value.where).startswith(str(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CompanionError, match=r"absent\.ipynb: there is no such file"):
        read_notebook(tmp_path / "absent.ipynb")


CODE = {"cell_type": "code", "source": "1"}


@cases
def test_a_cell_that_is_none_is_refused(cell: object) -> None:
    with pytest.raises(CompanionError, match="a notebook needs a list of cells"):
        as_written({"nbformat": 4, "cells": [cell]}, "n.ipynb")


EXECUTED = notebook(
    markdown("a"),
    {**code("1"), "id": "named", "execution_count": 3, "outputs": [{"output_type": "stream"}]},
    code("b = 2", "injected-parameters"),
    code("c: int = 1", "parameters"),
)
EXECUTED["metadata"] = {"language_info": {"version": "3.11.4"}, "title": "kept"}
EXECUTED["cells"][0]["metadata"] = {"user_expressions": []}
EXECUTED["cells"][1]["metadata"] |= {"execution": {}, "scrolled": True}


def test_a_notebook_is_read_as_it_was_written() -> None:
    read = as_written(EXECUTED, "n")
    assert [cell["source"] for cell in read["cells"]] == ["a", "1", "c: int = 1"]
    assert [cell["id"] for cell in read["cells"]] == ["cell-1", "named", "cell-3"]
    assert [cell["metadata"] for cell in read["cells"]] == [{}, {}, {"tags": ["parameters"]}]
    assert read["cells"][1]["outputs"] == []
    assert read["cells"][1]["execution_count"] is None
    assert set(read["metadata"]) == {"kernelspec", "title"}
    assert as_written(read, "n") == read


def stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def printing(*outputs: dict[str, Any]) -> dict[str, Any]:
    cell = {"cell_type": "code", "source": "", "metadata": {}, "outputs": list(outputs)}
    normalise_outputs(cell)
    return {"cells": [cell]}


def test_what_is_said_on_stderr_is_told_by_its_warning() -> None:
    text = "/tmp/ipykernel_1/2.py:1: UserWarning: look out\n  warnings.warn('look out')\n"
    [told] = warnings_in(printing(stream("stderr", text), stream("stdout", "fine")), "a.ipynb")
    assert told == (
        "a.ipynb, cell 1: said on stderr, not in the report: <cell>:1: UserWarning: look out"
    )


def test_a_long_text_is_cut_and_told() -> None:
    made = printing(stream("stdout", "x" * (MOST_SHOWN + 1)))
    assert made["cells"][0]["outputs"][0]["text"] == "x" * MOST_SHOWN + CUT
    [told] = warnings_in(made, "a.ipynb")
    assert told == "a.ipynb, cell 1: printed more than a report can show; the rest was cut"


def test_a_text_that_just_fits_is_whole() -> None:
    made = printing(stream("stdout", "x" * MOST_SHOWN))
    assert made["cells"][0]["outputs"][0]["text"] == "x" * MOST_SHOWN
    assert list(warnings_in(made, "a.ipynb")) == []


def test_no_more_of_a_stream_is_kept_than_is_needed() -> None:
    assert bounded([], "x" * 5_000_000) == "x" * (MOST_SHOWN + 1)
    assert bounded([stream("stdout", "x" * MOST_SHOWN)], "yz") == "y"
    assert bounded([stream("stdout", "x" * (MOST_SHOWN + 1))], "y") == ""


def test_expressions_are_found_with_their_lines() -> None:
    text = 'A `{python} v("a")`, `{python}  b `\n\nand `{python}\tc`.'
    assert find_expressions(text) == [
        Expression('v("a")', 1),
        Expression("b", 1),
        Expression("c", 3),
    ]


def test_other_code_spans_are_left_alone() -> None:
    assert find_expressions("`python x` `{r} x` ``{python} x`` `{python}`") == []
