"""`companion tidy` undoes what a spreadsheet program did to a file’s form, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.cli import main
from review_companion.exchange.edits import tidied


def saved_by_a_spreadsheet(path: Path, delimiter: str) -> None:
    lines = path.read_text("utf-8").splitlines()
    text = "\r\n".join(
        line.replace(",", delimiter).replace("true", "WAHR").replace("false", "FALSCH")
        for line in lines
    )
    path.write_bytes(f"\ufeff{text}\r\n{delimiter * 3}\r\n".encode())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_saved_file_becomes_what_it_was(fixture_copy: Path, delimiter: str) -> None:
    path = fixture_copy / "data/evenings.csv"
    before = path.read_bytes()
    saved_by_a_spreadsheet(path, delimiter)
    files, left = tidied(fixture_copy / "data")
    assert left == []
    assert files == {path: before}


def test_nothing_is_written_where_nothing_was_done(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tidied(fixture_copy / "data") == ({}, [])
    assert main(["--project", str(fixture_copy), "tidy"]) == 0
    assert "nothing to write" in capsys.readouterr().out


def test_a_value_that_is_wrong_is_no_matter_of_form(fixture_copy: Path) -> None:
    path = fixture_copy / "data/ages.csv"
    path.write_text(path.read_text("utf-8").replace("34.0", "n/a"), "utf-8")
    assert tidied(fixture_copy / "data") == ({}, [])


def test_what_only_a_person_can_mend_is_named(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = fixture_copy / "data/ages.csv"
    path.write_bytes(path.read_bytes() + b"<<<<<<< mine\n")
    assert main(["--project", str(fixture_copy), "tidy"]) == 1
    assert "left over from a merge" in capsys.readouterr().out


def test_files_that_are_no_tables_lose_the_mark_and_the_line_ends(fixture_copy: Path) -> None:
    path = fixture_copy / "data/claims.csv"
    before = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))
    assert tidied(fixture_copy / "data") == ({path: before}, [])
