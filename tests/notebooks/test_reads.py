"""A render's notebooks read inputs of the report, and nothing else that could change it."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebook_cells import NAME, code, notebook, saved

from review_companion.errors import CompanionError
from review_companion.evaluated_parts import EVERYTHING
from review_companion.evidence.digests import input_digests
from review_companion.notebooks.execute import Executed, execute_all

READ = """
import tempfile
from pathlib import Path
def tried(name):
    try:
        return Path(name).read_text()
    except OSError as error:
        return str(getattr(error, "what", type(error).__name__))
"""
OWN = """
with tempfile.NamedTemporaryFile("w+") as own:
    own.write("own")
    own.flush()
    print(tried(own.name))
"""
ASK = """
import socket
try:
    socket.create_connection(("127.0.0.1", 9))
except OSError as error:
    print(error.what)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "review"
    for name in ("data/d.csv", "notebooks/n.txt", "chapters/c.md", "other/style.css"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / "extra.csv").write_text("v\n111")
    (tmp_path / "beside.csv").write_text("v\n111")
    (root / "_quarto.yml").write_text(
        "book: {chapters: [chapters/c.md, ../beside.csv, /etc/hostname]}\n"
        "companion: {style: other}\n"
    )
    return root


def run(project: Path, *sources: str) -> Executed:
    return execute_all([saved(project, notebook(code(READ), *map(code, sources)))])[0]


@pytest.mark.integration
def test_inputs_and_what_a_cell_wrote_itself_are_read(project: Path) -> None:
    names = ["../data/d.csv", "n.txt"]
    tries = [f"print(tried({name!r}))" for name in names]
    done = run(project, *tries, OWN)
    texts = [cell["outputs"][0]["text"].strip() for cell in done.notebook["cells"][1:]]
    assert texts == ["data/d.csv", "notebooks/n.txt", "own"]


@pytest.mark.integration
def test_other_files_and_the_network_are_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the program is asked for by `python -m` from the project's folder."""
    monkeypatch.syspath_prepend(project)
    asked = ["../extra.csv", "../../beside.csv", "../nowhere.csv", "../other/style.css"]
    done = run(project, *(f"print(tried({name!r}))" for name in asked), ASK)
    texts = [cell["outputs"][0]["text"].strip() for cell in done.notebook["cells"][1:]]
    assert texts == [
        "extra.csv is not an input of the report",
        "../beside.csv is not an input of the report",
        "FileNotFoundError",
        "other/style.css is not an input of a notebook",
        "a notebook that asks the network gives another report every day",
    ]


@pytest.mark.integration
@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        ("1", ()),
        ("open('../data/d.csv').read()", ("data/d.csv",)),
        ("tried('../data/none.csv')", ("data/none.csv",)),
        ("import os\nos.listdir('../data')", (EVERYTHING,)),
        ("import os\nos.system('true')", (EVERYTHING,)),
        ("import wave, readline\nimport sys\nsys.modules['of_others'] = wave", (EVERYTHING,)),
    ],
)
def test_what_a_notebook_asked_for_is_known(
    project: Path, cell: str, asked: tuple[str, ...]
) -> None:
    assert run(project, cell).asked == asked


@pytest.mark.integration
def test_the_cell_that_reads_it_is_named(project: Path) -> None:
    with pytest.raises(CompanionError) as caught:
        run(project, "1", "x = 1\nopen('../extra.csv')")
    assert caught.value.where == f"{NAME}, cell 3, line 2"
    assert "extra.csv is not an input of the report" in caught.value.what


def test_files_that_the_configuration_names_are_inputs(project: Path) -> None:
    names = set(input_digests(project))
    assert {"_quarto.yml", "chapters/c.md", "other/style.css", "data/d.csv"} <= names
    assert not any("beside" in name or "hostname" in name for name in names)


def test_a_configuration_that_cannot_be_read_leaves_the_other_inputs(project: Path) -> None:
    (project / "_quarto.yml").write_text("a: [")
    assert "data/d.csv" in input_digests(project)
