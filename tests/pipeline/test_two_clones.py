"""Two clones of one project, elsewhere, in another environment, by another program: same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.rendered import write_project

pytestmark = pytest.mark.integration

SOURCE = Path(__file__).resolve().parents[2] / "src"
THERE = {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LANG": "C", "COLUMNS": "200"}


def clone(folder: Path) -> Path:
    """A copy whose files were all written at another time, in another order."""
    folder.parent.mkdir(parents=True)
    root = write_project(folder)
    for path in sorted(root.rglob("*"), reverse=True):
        os.utime(path, (1893456000, 1893456000))
    return root


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_clones_give_the_same_bytes_and_another_source_changes_one_line(
    rendered_project: Path, tmp_path: Path
) -> None:
    """A comment in the program is known to one line of the manifest, and to nothing else."""
    source = Path(shutil.copytree(SOURCE, tmp_path / "src"))
    with (source / "review_companion/review.py").open("a", encoding="utf-8") as file:
        file.write("# another source\n")
    root = clone(tmp_path / "deeper/än other/copy of the review")
    given = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "SOURCE_DATE_EPOCH")}
    subprocess.run(
        [sys.executable, "-m", "review_companion.cli", "--project", str(root), "render",
         "--jobs", "1"],
        cwd=tmp_path, env={**given, "PYTHONPATH": str(source), **THERE},
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    one, other = files(rendered_project / "report/rendered"), files(root / "report/rendered")
    assert set(one) >= {
        "manifest.json", "companion.html", "companion.pdf", "ro-crate-metadata.json"
    }  # fmt: skip
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == ["manifest.json"]
    lines = (each["manifest.json"].splitlines() for each in (one, other))
    changed = [pair for pair in zip(*lines, strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1
