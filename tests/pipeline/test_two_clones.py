"""Two clones of one project, elsewhere and in another environment: the same bytes, one manifest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.rendered import write_project

pytestmark = pytest.mark.integration

RENDERED = Path("report/rendered")
SOURCE = Path(__file__).resolve().parents[2] / "src"
HERE = {"PYTHONHASHSEED": "1", "TZ": "UTC", "LANG": "C.UTF-8", "COLUMNS": "80"}
THERE = {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LANG": "C", "COLUMNS": "200"}


def clone(folder: Path, time: int) -> Path:
    """A copy whose files were all written at a time of their own."""
    folder.parent.mkdir(parents=True)
    root = write_project(folder)
    for path in sorted(root.rglob("*"), reverse=time > 10**9):
        os.utime(path, (time, time))
    return root


def rendered(
    root: Path, work: Path, environment: dict[str, str], *options: str
) -> dict[str, bytes]:
    """Every published file of a render by the command, from another working directory."""
    work.mkdir(parents=True, exist_ok=True)
    given = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "SOURCE_DATE_EPOCH")}
    subprocess.run(
        [sys.executable, "-m", "review_companion.cli", "--project", str(root), "render", *options],
        cwd=work, env={**given, "PYTHONPATH": str(SOURCE), **environment},
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    folder = root / RENDERED
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_clones_give_the_same_bytes(tmp_path: Path) -> None:
    one = rendered(clone(tmp_path / "a/review", 946684800), tmp_path, HERE)
    other_root = clone(tmp_path / "deeper/än other/copy of the review", 1893456000)
    other = rendered(other_root, tmp_path / "work", THERE, "--jobs", "1", "--no-cache")
    assert {"manifest.json", "companion.html", "companion.pdf", "ro-crate-metadata.json"} <= set(
        one
    )
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []
