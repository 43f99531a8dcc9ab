"""The command as its users meet it: statuses, messages, and the published report left alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cases import cases
from tests.edits import change_json, replace_in

from review_companion.cache import Cache
from review_companion.cli import main
from review_companion.commands import report
from review_companion.package.problems import Problem

pytestmark = pytest.mark.integration

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def project(fixture_copy: Path, root: Path) -> Path:
    """The invented review as a project that renders, with a published report in place."""
    shutil.copytree(root / "report" / "style", fixture_copy / "report" / "style")
    published = fixture_copy / "report" / "rendered"
    published.mkdir()
    (published / "companion.html").write_text("the old report", "utf-8")
    (published / "manifest.json").write_text('{"outputs": {"companion.html": ""}}', "utf-8")
    return fixture_copy


def run(project: Path, *arguments: str) -> int:
    return main(["--project", str(project), *arguments])


def change_cell(project: Path, cell_id: str, source: str) -> None:
    def change(notebook: Any) -> None:
        (cell,) = (cell for cell in notebook["cells"] if cell["id"] == cell_id)
        cell["source"] = source

    change_json(project / "notebooks/lamps.ipynb", change)


def untouched(project: Path) -> bool:
    return (project / "report/rendered/companion.html").read_text("utf-8") == "the old report"


def test_check_says_nothing_of_good_data_and_a_line_for_each_problem(
    project: Path, capsys: Capture
) -> None:
    def checked(*options: str) -> tuple[int, str]:
        return run(project, "check", *options), capsys.readouterr().out

    path = project / "data" / "samples.csv"
    good = path.read_text("utf-8")
    assert checked() == (0, "0 error(s), 0 warning(s)\n")
    path.write_text(good.replace("total,40", "total,4O"), "utf-8")
    status, said = checked()
    assert status == 1
    assert 'samples.csv:2 alpha-2001/total number "4O": expected a number' in said.splitlines()[0]
    path.write_text(good.replace("total,40", 'total,"40', 1), "utf-8")
    status, said = checked()
    first, last = said.splitlines()
    assert first.endswith('a quotation mark (") is opened in this row and never closed')
    assert (status, last) == (1, "1 error(s), 0 warning(s)")
    status, said = checked("--format", "json")
    assert status == 1
    assert [Path(problem["file"]).name for problem in json.loads(said)] == ["samples.csv"]
    for name in ("schema.yml", "datapackage.json"):
        (project / "data" / name).unlink()
    status, said = checked()
    assert (status, said.splitlines()[-1]) == (1, "1 error(s), 0 warning(s)")


def test_the_same_project_is_checked_once(
    project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "data" / "samples.csv"
    good = path.read_text("utf-8")
    path.write_text(good.replace("total,40", "total,4O"), "utf-8")
    assert run(project, "check") == 1
    said = capsys.readouterr().out
    with monkeypatch.context() as patched:
        patched.setattr(report, "_problems", lambda root, cache: [])
        assert run(project, "check") == 1
        assert capsys.readouterr().out == said
        path.write_text(good, "utf-8")
        assert run(project, "check") == 0
    path.write_text(good.replace("total,40", "total,4O"), "utf-8")
    assert run(project, "check") == 1


def test_what_is_saved_during_a_check_is_checked_again(
    project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "data" / "samples.csv"
    good = path.read_text("utf-8")
    bad = good.replace("total,40", "total,4O")

    def check(root: Path, cache: Cache) -> list[Problem]:
        path.write_text(bad, "utf-8")
        return []

    with monkeypatch.context() as patched:
        patched.setattr(report, "_problems", check)
        assert run(project, "check") == 0
    assert run(project, "check") == 1
    path.write_text(good, "utf-8")
    assert run(project, "check") == 0


PLAN = """title: T
goals: {g: A goal}
plans:
  short:
    title: Short
    minutes: 10
    steps:
      - {title: Read, minutes: 7}
"""


@cases
def test_check_reports_the_session_s_plan(
    project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, plan: str, line: str
) -> None:
    (project / "data" / "session.yml").write_text(plan, "utf-8")
    monkeypatch.chdir(project)
    assert run(project, "check") == 1
    assert line in capsys.readouterr().out


def test_render_publishes_what_the_contract_names(rendered_project: Path) -> None:
    folder = rendered_project / "report" / "rendered"
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {
        "companion.html", "companion.pdf", "claims.json", "values.json", "trace.json",
        "manifest.json", "tables/table-1.csv",
    } <= names  # fmt: skip
    for record in json.loads((folder / "claims.json").read_text("utf-8")):
        assert {
            "id", "section", "locator", "printed", "recomputed", "formula", "verdict", "basis",
            "explanation", "origins",
        } <= set(record)  # fmt: skip


def test_a_parameter_goes_elsewhere_and_leaves_the_published_report(project: Path) -> None:
    assert run(project, "render", "--quiet", "-P", "colour=amber") == 0
    assert untouched(project)
    assert (project / "build" / "colour=amber" / "companion.html").is_file()


def breakage(action: Callable[[Path], None], status: int, words: str) -> object:
    return pytest.param(action, status, words, id=words)


@pytest.mark.parametrize(
    ("damage", "status", "words"),
    [
        breakage(lambda p: (p / "data/samples.csv").unlink(), 1, "samples.csv"),
        breakage(lambda p: (p / "data/samples.csv").write_bytes(b"\xff\xfe\x00"), 1, "samples.csv"),
        breakage(lambda p: (p / "data/values.yml").write_text("a: [1"), 1, "values.yml"),
        breakage(lambda p: (p / "data/values.yml").write_text(
            "sleepers-total: {expression: sume(1)}"), 2, "did you mean “sum”"),
        breakage(lambda p: (p / "_quarto.yml").write_bytes(b"a: 1\nb: \xe4"), 2,
                 "_quarto.yml:2: byte 0xE4 is not UTF-8"),
        breakage(lambda p: replace_in(p / "_quarto.yml", "[table-1, table-2]", "[table-9]"), 2,
                 "no table is named “table-9”"),
        breakage(lambda p: (p / "notebooks/lamps.ipynb").write_text("{}"), 2, "lamps.ipynb"),
        breakage(lambda p: change_cell(p, "comparison", "1 / 0"), 2, "division by zero"),
        breakage(lambda p: change_cell(p, "intro", '`{python} v("sleeper-total")`'), 2,
                 "sleepers-total"),
    ],
)  # fmt: skip
def test_bad_input_gives_one_message_and_leaves_the_report(
    project: Path, damage: Callable[[Path], None], status: int, words: str, capsys: Capture
) -> None:
    damage(project)
    assert run(project, "render", "--quiet") == status
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert untouched(project)


@cases
def test_bad_parameters_list_the_known_ones(
    project: Path, arguments: list[str], words: str, capsys: Capture
) -> None:
    assert run(project, "render", "--quiet", *arguments) == 2
    assert words in capsys.readouterr().err
    assert untouched(project)


def test_a_project_is_looked_for_where_it_was_named_and_not_above(
    project: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert run(tmp_path, "check") == 2
    assert "_quarto.yml" in capsys.readouterr().err
    below = shutil.copytree(project / "data", project / "copy" / "data").parent
    assert run(below, "check") == 2
    said = capsys.readouterr().err
    assert f"{below}: there is no _quarto.yml" in said
    assert f"the next project above is {project.resolve()}" in said


def test_bad_use_is_told_with_status_2(project: Path, capsys: Capture) -> None:
    for words, said in ((["render", "--jobs", "0"], "a number of 1 or more"), (["rendr"], "rendr")):
        with pytest.raises(SystemExit) as caught:
            run(project, *words)
        assert caught.value.code == 2
        assert said in capsys.readouterr().err


def test_ctrl_c_leaves_the_report_and_ends_with_130(project: Path, tmp_path: Path) -> None:
    """The cell says on a named pipe that it runs, and would run for ever."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    cell = f"import threading\nopen({str(fifo)!r}, 'w').close()\nthreading.Event().wait()"
    change_cell(project, "comparison", cell)
    command = [sys.executable, "-m", "review_companion.cli", "--project", str(project), "render"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        fifo.open().close()
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert process.returncode == 130
    assert "Traceback" not in said
    assert untouched(project)


@cases
def test_a_terminal_of_another_encoding_gets_every_line(
    project: Path, encoding: str, arguments: list[str]
) -> None:
    command = [sys.executable, "-m", "review_companion.cli", *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode(encoding)


def test_an_edited_workbook_and_an_adjudication_are_not_replaced(
    project: Path, tmp_path: Path, capsys: Capture
) -> None:
    book, file = project / "build" / "data.xlsx", tmp_path / "adjudication.csv"
    assert run(project, "export-xlsx") == 0
    assert run(project, "export-xlsx") == 0  # the same content: nothing can be lost
    file.write_text("judged by hand", "utf-8")
    assert run(project, "agree", str(book), "--adjudicate", str(file)) == 2
    assert file.read_text("utf-8") == "judged by hand"
    book.write_bytes(b"an evening of work")
    capsys.readouterr()
    assert run(project, "export-xlsx") == 2
    assert "data.xlsx: exists already" in capsys.readouterr().err
    assert book.read_bytes() == b"an evening of work"
    assert run(project, "export-xlsx", "--overwrite") == 0
    assert book.read_bytes() != b"an evening of work"


@cases
def test_a_command_says_what_is_wrong_with_what_it_is_given(
    project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, given: list[str], told: str
) -> None:
    monkeypatch.chdir(project)
    assert main(given) == 2
    assert told in capsys.readouterr().err
