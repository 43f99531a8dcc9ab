"""Temporary folders of killed runs are swept by the next; those of others are left alone."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from review_companion.temporary import prefix, sweep


def test_only_the_folders_of_processes_that_are_no_more_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    never = 2**22 + 1  # above what Linux numbers processes with
    mine = prefix()
    gone = mine.replace(f"-{os.getpid()}-", f"-{never}-")
    kept = [f"{mine}abc", "companion-other", f"companion-00000000-{never}-x", "tmpabc"]
    for name in (*kept, f"{gone}abc"):
        (tmp_path / name / "inner").mkdir(parents=True)
    sweep()
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(kept)
