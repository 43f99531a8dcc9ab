"""Parts that are registered as entry points; without the journal club the report works."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pytest
from tests.cases import cases

from review_companion import cli
from review_companion import commands as registered
from review_companion.package.problems import Problem
from review_companion.typeset.config import read_book

Capture = pytest.CaptureFixture[str]


def install(monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    monkeypatch.setattr(registered, "parts", lambda: modules)


def part(**functions: object) -> ModuleType:
    module = ModuleType("part")
    vars(module).update(functions)
    return module


def test_the_journal_club_is_registered() -> None:
    assert "journal-club" in entry_points(group=registered.GROUP).names
    assert "club" in cli.commands()


def test_no_chapter_of_the_report_asks_the_journal_club(root: Path) -> None:
    for name in read_book(root).notebooks:
        assert "review_companion.club" not in (root / name).read_text("utf-8"), name


def test_without_parts_data_are_checked(
    fixture_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    install(monkeypatch)
    assert cli.main(["--project", str(fixture_copy), "check"]) == 0
    assert capsys.readouterr().out == "0 error(s), 0 warning(s)\n"


def test_a_part_adds_to_check(
    fixture_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    problem = Problem("quiz.yml", 3, message="no such question")
    install(monkeypatch, part(), part(problems=lambda review: [problem]))
    assert cli.main(["--project", str(fixture_copy), "check"]) == 1
    assert "quiz.yml:3: no such question" in capsys.readouterr().out


@cases
def test_parts_are_loaded_where_the_command_may_be_theirs(
    words: list[str], asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[bool] = []

    def parts() -> tuple[ModuleType, ...]:
        loaded.append(True)
        return ()

    monkeypatch.setattr(registered, "parts", parts)
    cli.commands(words)
    assert bool(loaded) is asked


@cases
def test_a_command_that_nothing_runs_is_told(
    table: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "quiz_part"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "quiz.py").write_text("def ask_us(arguments):\n    return 7\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    install(monkeypatch, import_module("quiz_part.quiz"))
    (folder / "commands.toml").write_text('[quiz.ask-us]\ndoes = "asks"\n', "utf-8")
    assert cli.main(["ask-us"]) == 7
    (folder / "commands.toml").write_text(f'[{table}]\ndoes = "asks"\n', "utf-8")
    with pytest.raises((ImportError, AttributeError), match=reason):
        cli.commands()
    del sys.modules["quiz_part"], sys.modules["quiz_part.quiz"]
