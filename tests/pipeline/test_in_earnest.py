"""Real kernels, a real engine, real signals: the published report is always a whole one."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.edits import change_json, replace_in
from tests.rendered import PARTS

from review_companion.cli import ENDING
from review_companion.errors import CompanionError
from review_companion.evidence.digests import output_digests, read_manifest
from review_companion.pipeline.publish import locked
from review_companion.pipeline.render import Settings, render

pytestmark = pytest.mark.integration

NOTEBOOK = "notebooks/lamps.ipynb"
SECONDS = 120


@pytest.fixture
def project(rendered_project: Path, tmp_path: Path) -> Path:
    """The invented review, rendered."""
    return Path(shutil.copytree(rendered_project, tmp_path / "review", ignore=PARTS))


@pytest.fixture
def command(project: Path) -> list[str]:
    return [sys.executable, "-m", "review_companion.cli", "--project", str(project), "render"]


def published(project: Path) -> dict[str, str]:
    """The published files, held against their own manifest."""
    folder = project / "report/rendered"
    found = output_digests(folder)
    assert read_manifest(folder)["outputs"] == found
    return found


def leftovers(project: Path) -> list[str]:
    return sorted(p.name for p in (project / "report").iterdir() if p.name.startswith("."))


def test_a_vanished_kernel_is_named_with_its_cell_and_publishes_nothing(project: Path) -> None:
    before, whole = published(project), (project / NOTEBOOK).read_text("utf-8")
    cells = json.loads(whole)["cells"]
    kill = "import os\nos.kill(os.getpid(), 9)"
    change_json(project / NOTEBOOK, lambda notebook: notebook["cells"][-1].update(source=kill))
    with pytest.raises(CompanionError, match="the kernel died") as raised:
        render(Settings(project))
    assert raised.value.where == f"{NOTEBOOK}, cell {len(cells)}"
    assert published(project) == before
    (project / NOTEBOOK).write_text(whole, "utf-8")
    assert render(Settings(project)).executed == ()
    assert published(project) == before


def started(command: list[str]) -> subprocess.Popen[str]:
    """A render under way: it has written its first line."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = process.stderr.readline()
    if "checking data" not in said:
        process.communicate(timeout=SECONDS)
        pytest.fail(said)
    return process


@pytest.fixture
def edited(project: Path) -> Path:
    replace_in(project / "data/samples.csv", ",40,", ",41,")
    return project


def test_a_render_that_is_asked_to_end_changes_nothing_and_leaves_nothing(
    edited: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Ctrl-C does, of which tests/test_cli.py asks."""
    assert set(ENDING) == {signal.SIGTERM, signal.SIGHUP}
    scratch = edited.parent / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    before = published(edited)
    with started(command) as process:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 128 + signal.SIGTERM
    assert list(scratch.iterdir()) == []
    assert "nothing was published" in said
    assert "Traceback" not in said
    assert published(edited) == before
    assert leftovers(edited) == []


def test_a_render_of_a_folder_that_another_renders_into_is_told_so(edited: Path) -> None:
    with (
        locked(edited / "report/rendered"),
        pytest.raises(CompanionError, match=f"process {os.getpid()}"),
    ):
        render(Settings(edited))


def test_killed_at_any_moment_a_render_leaves_a_whole_report(
    edited: Path, command: list[str]
) -> None:
    before = published(edited)
    with started(command) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=random.Random(20250616).uniform(0.2, 3))
        process.kill()
    assert published(edited) == before or process.returncode == 0
    render(Settings(edited, formats=("html",)))
    assert published(edited) != before
    assert leftovers(edited) == []
