"""Every numeric cell bears on something that a reader sees, or is listed with a reason."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.claims.mutations import FAILED, Item, State, items, mutations, numeric_cells

from review_companion.model import Origin
from review_companion.package.yaml_files import read_yaml
from review_companion.review import Review

pytestmark = pytest.mark.generative

SAMPLE, SEED = 6, 20250223
Some = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def review(report_review: Review) -> Review:
    return report_review


@pytest.fixture(scope="module")
def state(review: Review) -> State:
    return State.of(review)


@pytest.fixture(scope="module")
def everything(state: State) -> list[Item]:
    return items(state)


@pytest.fixture(scope="module")
def dependants(everything: list[Item]) -> Mapping[Origin, list[Item]]:
    found: dict[Origin, list[Item]] = {}
    for item in everything:
        for origin in item.origins:
            found.setdefault(origin, []).append(item)
    return found


@pytest.fixture(scope="module")
def listed(review: Review) -> set[Origin]:
    classes = read_yaml(review.package.folder / "untested-cells.yml")
    assert all(entry["reason"] for entry in classes.values())
    return {
        Origin(path.partition(".")[0], str(row), path.partition(".")[2])
        for entry in classes.values()
        for path, rows in entry["cells"].items()
        for row in rows
    }


def alters(state: State, cell: Origin, dependants: list[Item]) -> bool:
    """Whether some other number in the cell alters what depends on it."""
    for text in mutations(state.package.cell(cell)):
        changed = state.changed(cell, text)
        if any(item.outcome_in(changed) not in (item.outcome, FAILED) for item in dependants):
            return True
    return False


def test_every_numeric_cell_alters_something_or_is_listed(
    state: State, dependants: Mapping[Origin, list[Item]], listed: set[Origin], some: Some
) -> None:
    cells = numeric_cells(state.package)
    asked = {*some(sorted(set(cells) - listed), 24), *some(sorted(listed), 6)}
    untested = {cell for cell in asked if not alters(state, cell, dependants.get(cell, []))}
    assert sorted(map(str, untested - listed)) == []
    assert sorted(map(str, listed & asked - untested)) == []


def test_nothing_depends_on_a_cell_that_is_not_among_its_origins(
    state: State, everything: list[Item], some: Some
) -> None:
    for cell in some(random.Random(SEED).sample(numeric_cells(state.package), SAMPLE), 6):
        for text in some(mutations(state.package.cell(cell))[:2], 2):
            changed = State.of(state.review, state.changed(cell, text).package)
            others = [item for item in everything if cell not in item.origins]
            silent = [i.name for i in others if i.outcome_in(changed) != i.outcome]
            assert silent == [], f"{cell} := {text}"


def test_a_mutation_is_another_number_of_the_same_precision() -> None:
    assert mutations("4.50") == ["4.51", "4.49", "9.01", "1004.50", "0.00"]
    assert mutations("0") == ["1", "1000"]
