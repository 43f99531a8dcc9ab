"""However a project is spoilt, there is a clear message or a valid result, never a traceback.

A small, fixed sample; `make fuzz` runs ten thousand.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.fuzz.cases import FIXTURE, KINDS, run
from tests.fuzz.mutations import change_value

from review_companion.package.problems import errors
from review_companion.validate import validate

pytestmark = pytest.mark.generative

SAMPLE = {"package": 120, "notebook": 20, "workbook": 6, "configuration": 20}
COMPARED_WITH_FRICTIONLESS = 20


@pytest.mark.parametrize("kind", KINDS)
def test_a_spoilt_project_is_told_or_still_valid(
    kind: str, tmp_path: Path, some: Callable[..., list[int]]
) -> None:
    ended = [
        run(kind, seed, tmp_path / "review")
        for seed in some(range(SAMPLE[kind]), 6 if kind == "package" else 4)
    ]
    assert set(ended) == {"clean", "told"}


def test_what_frictionless_finds_in_the_cells_is_found_here_too(
    tmp_path: Path, some: Callable[..., list[int]]
) -> None:
    from frictionless import Package

    rng = random.Random(20_260_105)
    folder = tmp_path / "review"
    disagreements = []
    for _ in some(range(COMPARED_WITH_FRICTIONLESS), 7):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(FIXTURE, folder)
        change_value(folder, rng)
        report = Package(str(folder / "data" / "datapackage.json")).validate()
        if not report.valid and not errors(validate(folder / "data")):
            disagreements.append(report.flatten(["rowNumber", "fieldName", "type"]))
    assert disagreements == []
