"""`companion check` evaluates what stands beside the data and names file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.cli import main


def checked(project: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    status = main(["--project", str(project), "check"])
    return status, capsys.readouterr().out.replace(f"{project}/", "").splitlines()


def test_definitions_that_hold_are_no_problem(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(fixture_copy, capsys) == (0, ["0 error(s), 0 warning(s)"])


@pytest.mark.parametrize("name", ["values.yml", "claims.yml", "tables.yml"])
def test_a_resource_that_is_misspelt_is_told_with_file_and_line(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = fixture_copy / "data" / name
    text = path.read_text("utf-8")
    old = next(r for r in ("samples", "comparisons", "studies", "flow") if r in text)
    path.write_text(text.replace(old, f"{old[:-1]}x"), "utf-8")
    status, lines = checked(fixture_copy, capsys)
    assert status == 1
    assert any(line.startswith(f"data/{name}:") and f"{old[:-1]}x" in line for line in lines)


def test_a_cell_that_is_rebuilt_otherwise_than_published_is_a_warning(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = fixture_copy / "data/findings.csv"
    path.write_text(path.read_text("utf-8").replace(",No difference,", ",Some,", 1), "utf-8")
    status, lines = checked(fixture_copy, capsys)
    assert status == 0
    assert any("table-1.csv:3 beta-2003 Finding" in line and "“Some”" in line for line in lines)


def test_a_cell_that_a_dossier_shows_is_told_once(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = fixture_copy / "data/ages.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "gamma" not in line), "utf-8")
    status, found = checked(fixture_copy, capsys)
    assert not [line for line in found if "dossiers.yml" in line]
    assert (status, found[-1]) == (0, "0 error(s), 1 warning(s)")


@pytest.mark.parametrize(
    ("name", "places"), [("values.yml", "2 places ask"), ("tables.yml", "1 place asks")]
)
def test_a_file_that_is_gone_is_one_problem_whatever_asks_for_its_names(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str], name: str, places: str
) -> None:
    (fixture_copy / "data" / name).unlink()
    status, lines = checked(fixture_copy, capsys)
    assert (status, len(lines)) == (1, 2)
    assert lines[0].startswith(f"data/{name}: declares nothing, and {places}")
