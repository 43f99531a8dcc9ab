"""The invented review, rendered in earnest once for all tests that only read it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.pipeline.render import Settings, render

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "tests" / "fixture_review"

PARTS = shutil.ignore_patterns("*.part")  # what another worker is just writing


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that is made once for all workers of a run; tests read it and change nothing."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = base / f"shared-{name}"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / ".made").exists():
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            make(made)
            (made / ".made").touch()
    return made


@pytest.fixture(scope="session")
def rendered_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented review with its audit trail, rendered; tests read it and change nothing."""

    def make(folder: Path) -> None:
        render(Settings(write_project(folder / "review")))

    return shared(tmp_path_factory, "rendered", make) / "review"


def write_project(folder: Path) -> Path:
    """The invented review with the real one’s style and lock, and any review’s audit trail."""
    shutil.copytree(FIXTURE, folder)
    shutil.copytree(ROOT / "report/style", folder / "report/style")
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    audit = ROOT / "src/review_companion/new_review/notebooks/audit-trail.ipynb"
    shutil.copyfile(audit, folder / "notebooks/audit-trail.ipynb")
    path = folder / "_quarto.yml"
    book = path.read_text("utf-8")
    appendix = "    - notebooks/lamps.ipynb\n  appendices:\n    - notebooks/audit-trail.ipynb\n"
    path.write_text(book.replace("    - notebooks/lamps.ipynb\n", appendix), "utf-8")
    return folder
