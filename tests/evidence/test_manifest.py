"""The manifest names the program's source in one line, and nothing else of a report knows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.same_report import differing

from review_companion.evidence import digests
from review_companion.pipeline.render import Settings, render

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("warm_kernels")]


def test_another_source_changes_one_line_of_the_manifest_and_no_other_byte(
    project: Path, rendered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "program_digest", lambda: "another source")
    render(Settings(project, out=tmp_path / "again", use_cache=False))
    names = differing(rendered, tmp_path / "again")
    assert names == ["manifest.json"]
    one, other = (
        (folder / "manifest.json").read_text("utf-8").splitlines()
        for folder in (rendered, tmp_path / "again")
    )
    changed = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1
    assert "another source" in changed[0][1]
