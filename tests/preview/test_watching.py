"""Which files a preview follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.preview.loop import Watcher, is_input


@pytest.mark.parametrize(
    "name",
    ["data/samples.csv", "data/published/table-1.csv", "notebooks/lamps.ipynb", "index.md",
     "_quarto.yml", "report/style/companion.css", "requirements.lock"],
)  # fmt: skip
def test_what_a_render_reads_is_followed(name: str) -> None:
    assert is_input(Path("/project", name), Path("/project"))


@pytest.mark.parametrize(
    "name",
    ["build/preview/companion.html", "report/rendered/companion.html", "data/.~lock.samples.csv#",
     "data/samples.csv~", "notebooks/.ipynb_checkpoints/lamps-checkpoint.ipynb", "README.md",
     ".git/index", "data/.samples.csv.swp"],
)  # fmt: skip
def test_what_it_does_not_read_is_not(name: str) -> None:
    assert not is_input(Path("/project", name), Path("/project"))


def test_files_elsewhere_are_not() -> None:
    assert not is_input(Path("/other/data/samples.csv"), Path("/project"))


def test_a_closed_watcher_ends_the_waiting(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    watcher = Watcher(tmp_path)
    watcher.close()
    assert list(watcher) == []
