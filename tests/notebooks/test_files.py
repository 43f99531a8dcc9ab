from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from notebook_cells import code, markdown, notebook

from review_companion.errors import CompanionError
from review_companion.notebooks.notebook_files import as_notebook, number, read_notebook


def test_reading_what_jupyter_wrote_gives_the_same(tmp_path: Path) -> None:
    made = as_notebook(notebook(markdown("é\nb"), code("1")), "n")
    nbformat.write(nbformat.from_dict(made), tmp_path / "n.ipynb")  # type: ignore[no-untyped-call]
    assert read_notebook(tmp_path / "n.ipynb") == made


def test_cells_without_an_id_or_with_a_taken_one_are_named_by_position() -> None:
    cells = as_notebook(notebook(markdown("a"), {**markdown("b"), "id": "cell-1"}), "n")["cells"]
    assert [cell["id"] for cell in cells] == ["cell-1", "cell-2"]


def test_injected_cells_are_not_counted() -> None:
    made = as_notebook(notebook(code("a"), code("b", "injected-parameters"), code("c")), "n")
    assert number(made, made["cells"][2]) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not readable as JSON"),
        ("[]", "not a notebook of format 4"),
        (json.dumps({"nbformat": 3}), "not a notebook of format 4"),
        (json.dumps({"nbformat": 4, "cells": [{"cell_type": "sum"}]}), "list of cells"),
    ],
)
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


@pytest.mark.parametrize(
    "cell",
    [
        {**CODE, "source": [{}]},
        {**CODE, "source": 1},
        {**CODE, "id": 1},
        {**CODE, "metadata": []},
        {**CODE, "metadata": {"tags": [1]}},
        {**CODE, "attachments": {"a": []}},
        {**CODE, "outputs": ["x"]},
        {**CODE, "outputs": {}},
        {**CODE, "outputs": [{"output_type": 1}]},
        {**CODE, "outputs": [{"output_type": "stream", "text": [1]}]},
        {**CODE, "outputs": [{"output_type": "display_data", "data": {"text/plain": [{}]}}]},
    ],
)
def test_a_cell_that_is_none_is_refused(cell: object) -> None:
    with pytest.raises(CompanionError, match="a notebook needs a list of cells"):
        as_notebook({"nbformat": 4, "cells": [cell]}, "n.ipynb")
