"""Real kernels, a real engine, real signals: the published report is always a whole one."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import FIXTURE
from tests.pipeline.small_project import replace_in
from tests.rendered import kernels_from

from review_companion.errors import CompanionError
from review_companion.evidence.manifest import output_digests, read_manifest
from review_companion.notebooks.kernels import KernelPool
from review_companion.pipeline.render import Settings, render
from review_companion.pipeline.render_session import Session

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("warm_kernels")]

NOTEBOOK = "notebooks/lamps.ipynb"
SECONDS = 120


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, root: Path, kernel_pool: KernelPool) -> Path:
    """The invented review, rendered once."""
    project = Path(shutil.copytree(FIXTURE, tmp_path_factory.mktemp("earnest") / "review"))
    shutil.copytree(root / "report/style", project / "report/style")
    with kernels_from(kernel_pool):
        render(Settings(project))
    return project


@pytest.fixture
def project(rendered: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(rendered, tmp_path / "review"))


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


def test_without_the_cache_every_byte_is_the_same(project: Path) -> None:
    before = published(project)
    report = render(Settings(project, use_cache=False))
    assert report.executed == (NOTEBOOK,)
    assert published(project) == before


def test_a_cached_notebook_gives_the_same_bytes_after_an_edit_and_back(project: Path) -> None:
    before = published(project)
    with Session(project) as session:
        replace_in(project / "data/samples.csv", ",40,", ",41,")
        assert render(Settings(project), session=session).executed == (NOTEBOOK,)
        assert published(project) != before
        replace_in(project / "data/samples.csv", ",41,", ",40,")
        assert render(Settings(project), session=session).executed == ()
    assert published(project) == before


def test_a_vanished_kernel_is_named_with_its_cell_and_publishes_nothing(project: Path) -> None:
    before, whole = published(project), (project / NOTEBOOK).read_text("utf-8")
    content = json.loads(whole)
    content["cells"][-1]["source"] = "import os\nos.kill(os.getpid(), 9)"
    (project / NOTEBOOK).write_text(json.dumps(content), "utf-8")
    with pytest.raises(CompanionError, match="the kernel died") as raised:
        render(Settings(project))
    assert raised.value.where == f"{NOTEBOOK}, cell {len(content['cells'])}"
    assert published(project) == before
    (project / NOTEBOOK).write_text(whole, "utf-8")
    assert render(Settings(project)).executed == ()
    assert published(project) == before


def test_an_error_in_a_cell_is_told_with_line_and_what_to_do(project: Path) -> None:
    content = json.loads((project / NOTEBOOK).read_text("utf-8"))
    content["cells"][-1]["source"] = "x = 1\nx / 0"
    (project / NOTEBOOK).write_text(json.dumps(content), "utf-8")
    with pytest.raises(CompanionError, match="ZeroDivisionError") as raised:
        render(Settings(project))
    assert raised.value.where == f"{NOTEBOOK}, cell {len(content['cells'])}, line 2"
    assert "jupyter lab" in str(raised.value.hint)


def started(command: list[str]) -> subprocess.Popen[str]:
    """A render under way: it has written its first line."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert "checking data" in process.stderr.readline()
    return process


@pytest.fixture
def edited(project: Path) -> Path:
    replace_in(project / "data/samples.csv", ",40,", ",41,")
    return project


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_render_that_is_asked_to_end_changes_nothing_and_leaves_nothing(
    edited: Path, command: list[str], asked: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = edited.parent / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    before = published(edited)
    with started(command) as process:
        process.send_signal(asked)
        _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 128 + asked
    assert list(scratch.iterdir()) == []
    assert "nothing was published" in said
    assert "Traceback" not in said
    assert published(edited) == before
    assert leftovers(edited) == []


def test_a_second_render_is_told_of_the_first_which_goes_on(
    edited: Path, command: list[str]
) -> None:
    with started(command) as process:
        with pytest.raises(CompanionError, match=f"process {process.pid}"):
            render(Settings(edited))
        process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert render(Settings(edited)).unchanged


def test_killed_at_any_moment_a_render_leaves_a_whole_report(
    edited: Path, command: list[str]
) -> None:
    before = published(edited)
    moments = random.Random(20250616)
    for _ in range(3):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(timeout=moments.uniform(0.2, 3))
            except subprocess.TimeoutExpired:
                process.kill()
        assert published(edited) == before or process.returncode == 0
    render(Settings(edited))
    assert published(edited) != before
    assert leftovers(edited) == []
