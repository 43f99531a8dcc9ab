"""The invented review as a project that can be rendered, in earnest or without kernels."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.pipeline.small_project import FakeKernels, typeset, write_notebook

from review_companion.pipeline import steps


@pytest.fixture
def project(fixture_copy: Path, root: Path) -> Path:
    """The invented review with the style of the real one, so that it can be rendered."""
    shutil.copytree(root / "report/style", fixture_copy / "report/style")
    return fixture_copy


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> FakeKernels:
    fake = FakeKernels()
    monkeypatch.setattr(steps, "execute_all", fake.execute)
    monkeypatch.setattr(steps, "engine", lambda *given: typeset)
    monkeypatch.setattr(steps, "seal_pages", lambda stage, pages, review: None)
    monkeypatch.setattr("review_companion.notebooks.kernels.load_libraries", lambda: None)
    return fake


@pytest.fixture
def two_notebooks(project: Path, kernels: FakeKernels) -> Path:
    """A project of two notebooks: one on sleepers, with a parameter; one on the studies."""
    write_notebook(project / "notebooks/sleepers.ipynb", "sleepers-total", "colour: str = 'all'")
    write_notebook(project / "notebooks/studies.ipynb", "studies-total")
    book = (project / "_quarto.yml").read_text("utf-8")
    chapters = "    - notebooks/sleepers.ipynb\n    - notebooks/studies.ipynb\n"
    book = book.replace("    - notebooks/lamps.ipynb\n", chapters)
    (project / "_quarto.yml").write_text(book, "utf-8")
    return project
