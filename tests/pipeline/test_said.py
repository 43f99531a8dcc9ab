"""What a render says: progress, a full disk, itself, and numbers typed into templates."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.cases import cases
from tests.conftest import FIXTURE

from review_companion.checks.typed_numbers import numbers_in, typed_numbers
from review_companion.errors import CompanionError
from review_companion.notebooks.execute import Event
from review_companion.package.yaml_nodes import parse_yaml
from review_companion.pipeline.describe import describe
from review_companion.pipeline.progress import Printer
from review_companion.pipeline.settings import Report, Settings
from review_companion.pipeline.steps import disk_errors
from review_companion.review import Review, open_review
from review_companion.typeset import embedded
from review_companion.typeset.config import read_book

EVENTS = (
    Event("cached", "one.ipynb"),
    Event("started", "two.ipynb"),
    Event("finished", "two.ipynb", 1.25),
    Event("started", "three.ipynb"),
    Event("failed", "three.ipynb"),
)
LINES = ["· one.ipynb (cached)", "✓ two.ipynb 1.2 s", "✗ three.ipynb"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(printer: Printer) -> None:
    printer.planned(3)
    for event in EVENTS:
        printer.event(event)


def test_a_line_for_each_end_a_bar_on_a_terminal_silence_when_quiet_and_a_log() -> None:
    stream, terminal, quiet, log = io.StringIO(), Terminal(), Terminal(), io.StringIO()
    run(Printer(stream))
    assert stream.getvalue().splitlines() == LINES
    run(Printer(terminal))
    assert "1/3 two.ipynb" in terminal.getvalue()
    assert all(line in terminal.getvalue() for line in LINES)
    run(Printer(quiet, quiet=True, log=log))
    assert quiet.getvalue() == ""
    assert [line.split(" s  ", 1)[1] for line in log.getvalue().splitlines()] == LINES


def test_the_summary_says_what_was_spared() -> None:
    stream = io.StringIO()
    printer = Printer(stream)
    printer.summary(Report(Path("out"), 2.04, executed=("a", "b"), cached=("c",)))
    printer.summary(Report(Path("out"), 0.04, unchanged=True))
    assert stream.getvalue().splitlines() == [
        "2 executed, 1 cached, 2.0 s",
        "nothing changed (0.0 s)",
    ]


@cases
def test_what_the_system_refuses_is_told_with_its_place(
    tmp_path: Path, number: int, name: str, what: str, hint: str
) -> None:
    with pytest.raises(CompanionError) as caught, disk_errors(Settings(tmp_path)):
        raise OSError(number, os.strerror(number), str(tmp_path / name))
    assert caught.value.what.startswith(what)
    assert caught.value.where == str(tmp_path / name)
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("the published report is untouched; ")
    assert hint in caught.value.hint


@cases
def test_a_title_ends_with_one_mark_in_the_citation(title: str, cited: str) -> None:
    anything: Any = SimpleNamespace(data="ab" * 32)
    book = replace(read_book(FIXTURE), title=title, subtitle="")
    assert f"). {cited}" in describe(anything, book, open_review(FIXTURE), anything).citation


def test_a_citation_stands_alone_and_names_the_review(root: Path, report_review: Review) -> None:
    anything: Any = SimpleNamespace(data="ab" * 32)
    cited = describe(anything, read_book(root), report_review, anything).citation
    assert "the systematic review by Grinzinger et al. (2025). Version" in cited
    assert f"data as of {report_review.package.descriptor['created'][:10]}." in cited
    assert cited.endswith("Accompanies doi:10.1007/s00066-025-02416-w.")


@cases
def test_the_licence_is_the_one_that_the_package_declares(
    declared: list[dict[str, str]], shown: str
) -> None:
    anything: Any = SimpleNamespace(data="ab" * 32)
    review = open_review(FIXTURE)
    package = replace(
        review.package, descriptor={**review.package.descriptor, "licenses": declared}
    )
    said = describe(anything, read_book(FIXTURE), Review(FIXTURE, package), anything)
    assert said.licence == shown


@cases
def test_what_is_shown_as_it_is_written(template: str, numbers: list[str]) -> None:
    assert numbers_in(template) == numbers


def test_each_is_told_with_file_and_line() -> None:
    declared = parse_yaml(
        """a:
  caption: Ages in 2 columns
  columns:
    - id: x
      template: of 100
    - id: y
      template: "{{ row.year }}"
answers: |
  There are 3 of {{ v('x') }}.
""",
        "tables.yml",
    )
    found = [(error.where, error.what) for error in typed_numbers(declared)]
    assert found == [
        ("tables.yml:5", "“100” is typed in a template"),
        ("tables.yml:9", "“3” is typed in a template"),
    ]


def test_fonts_for_which_there_is_no_room_are_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a font of which only a part was written is not taken for whole the next time."""

    def copied(source: Path, target: Path) -> None:
        target.write_bytes(b"a part")
        raise OSError(28, "No space left on device", str(source), None, str(target))

    settings = Settings(tmp_path, out=tmp_path / "project/rendered")
    with monkeypatch.context() as patched:
        patched.setattr("shutil.copy", copied)
        with pytest.raises(CompanionError) as caught, disk_errors(settings):
            embedded._copy_fonts(tmp_path / "fonts")
    assert str(caught.value).startswith(f"{tmp_path}/fonts/")
    assert len(str(caught.value)) < 400
    embedded._copy_fonts(tmp_path / "fonts")
    assert all(path.read_bytes() != b"a part" for path in (tmp_path / "fonts").iterdir())
