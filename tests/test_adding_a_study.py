"""The walk of `docs/adding-a-study.md`, read from the page and done on the invented review."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from review_companion.cli import main

pytestmark = pytest.mark.integration

PAGE = Path(__file__).parents[1] / "docs" / "adding-a-study.md"
STEP = re.compile(
    r"^```console\n(?P<console>.*?)^```$|^Sheet `(?P<sheet>\w+)`\n\n(?P<rows>(?:\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
Row = dict[str, str]


def commands(console: str) -> Iterator[tuple[list[str], str]]:
    """Each command with what the page says that it prints."""
    for part in console.split("$ ")[1:]:
        command, _, printed = part.partition("\n")
        program, *arguments = shlex.split(command)
        assert program == "companion"
        yield arguments, printed


def rows_of(table: str) -> list[Row]:
    lines = [[cell.strip() for cell in line.strip("| ").split("|")] for line in table.splitlines()]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[2:]]


def fill(book: Path, sheets: dict[str, list[Row]]) -> None:
    """As a person would: below the heads, over the row that is already begun."""
    workbook = load_workbook(book)
    for name, rows in sheets.items():
        sheet = workbook[name]
        heads = {cell.value: cell.column for cell in sheet[1]}
        for number, row in enumerate(rows, start=2):
            for column, value in row.items():
                sheet.cell(number, heads[column]).value = value
    workbook.save(book)


def prepared(folder: Path, root: Path, page: str) -> Path:
    """Where the page's shell commands lead, from a folder with what they copy."""
    for name in ("tests/fixture_review", "report/style"):
        shutil.copytree(root / name, folder / name)
    block = SHELL.search(page)
    assert block
    commands = block[1].replace("companion render", ":")
    done = subprocess.run(
        ["sh", "-ec", f"{commands}\npwd"], cwd=folder, capture_output=True, text=True, check=True
    )
    return Path(done.stdout.strip())


def test_the_walk_ends_with_the_study_in_the_report(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(prepared(tmp_path, root, PAGE.read_text("utf-8")))
    sheets: dict[str, list[Row]] = {}
    book, done = Path(), []
    for step in STEP.finditer(PAGE.read_text("utf-8")):
        if step["sheet"]:
            sheets[step["sheet"]] = rows_of(step["rows"])
            continue
        for arguments, printed in commands(step["console"]):
            if arguments[0] == "import-xlsx":
                assert Path(arguments[1]) == book
                fill(book, sheets)
                sheets = {}
            status = main(arguments)
            assert capsys.readouterr().out == printed, arguments
            assert status == (1 if "lacks" in printed else 0), arguments
            if arguments[0] == "export-xlsx":
                book = Path(printed.strip())
            done.append(arguments[0])
    assert sheets == {}
    assert {"export-xlsx", "import-xlsx", "check", "missing", "render", "explain"} == set(done)
    assert "Study Delta/ 2009" in table("table-1")
    assert table("table-2")["Study Delta/ 2009"][1] == "3/15 (20%)"
    page = Path("report/rendered/companion.html").read_text("utf-8")
    for cell in ("table-1/delta-2009/age", "table-2/delta-2009/awake/lit"):
        assert f'"{cell}"' in page
    assert 'id="study-delta-2009"' in page


def table(name: str) -> dict[str, list[str]]:
    text = Path("report/rendered/tables", f"{name}.csv").read_text("utf-8")
    return {row[0]: row for row in csv.reader(text.splitlines())}


def test_the_page_says_that_the_study_is_invented() -> None:
    assert "invented" in PAGE.read_text("utf-8")
