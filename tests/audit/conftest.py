"""The invented review, rendered once in earnest with its audit trail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from review_companion.pipeline.render import Settings, render
from review_companion.review import Review, open_review

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "fixture_review"


def write_project(folder: Path) -> Path:
    """The invented review with the real one's style, lock and chapter on the audit trail."""
    shutil.copytree(FIXTURE, folder)
    shutil.copytree(ROOT / "report/style", folder / "report/style")
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    shutil.copyfile(ROOT / "notebooks/audit-trail.ipynb", folder / "notebooks/audit-trail.ipynb")
    path = folder / "_quarto.yml"
    book = path.read_text("utf-8")
    appendix = "    - notebooks/lamps.ipynb\n  appendices:\n    - notebooks/audit-trail.ipynb\n"
    path.write_text(book.replace("    - notebooks/lamps.ipynb\n", appendix), "utf-8")
    return folder


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose report is rendered; tests read it and change nothing."""
    root = write_project(tmp_path_factory.mktemp("rendered") / "review")
    render(Settings(root))
    return root


@pytest.fixture(scope="session")
def rendered(project: Path) -> Path:
    return project / "report" / "rendered"


@pytest.fixture(scope="session")
def review(project: Path) -> Review:
    return open_review(project)
