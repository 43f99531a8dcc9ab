"""Defects put into invented reports are found, and nothing is raised in reports without one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from tests.claims.defects import DEFECTS, Report, claims, consistent_report, with_defect

from review_companion.claims.ledger import Ledger
from review_companion.expressions import Evaluator
from review_companion.model import Verdict

pytestmark = pytest.mark.generative

CONSISTENT, EACH, STEP = 80, 8, 1000
AT_LEAST = 0.95
RAISED = (Verdict.INCONSISTENT, Verdict.AMBIGUOUS)


def raised(report: Report) -> list[str]:
    """What the ledger of a report finds fault with."""
    ledger = Ledger(Evaluator(report.package(), {}), claims(report))
    return [claim.id for claim in ledger if claim.verdict in RAISED]


@pytest.fixture(scope="module")
def seeds(some: Callable[..., list[int]]) -> list[int]:
    return some(range(1, EACH + 1), 4)


@pytest.fixture(scope="module")
def found(seeds: list[int]) -> Counter[str]:
    """How many of the seeded defects of each class were found."""
    return Counter({
        name: sum(bool(raised(with_defect(name, seed * STEP))) for seed in seeds)
        for name in DEFECTS
    })  # fmt: skip


def test_nothing_is_raised_in_a_consistent_report(some: Callable[..., list[int]]) -> None:
    found = {seed: raised(consistent_report(seed)) for seed in some(range(CONSISTENT), 4)}
    assert {seed: claims for seed, claims in found.items() if claims} == {}


def test_nearly_all_of_a_hundred_defects_of_many_kinds_are_found(
    found: Counter[str], seeds: list[int]
) -> None:
    assert len(DEFECTS) >= 10
    assert len(DEFECTS) * EACH >= 100
    assert found.total() >= AT_LEAST * len(DEFECTS) * len(seeds), found


@pytest.mark.parametrize("name", DEFECTS)
def test_no_kind_of_defect_goes_unseen(found: Counter[str], seeds: list[int], name: str) -> None:
    assert found[name] >= len(seeds) / 2


def test_a_consistent_report_is_judged_throughout() -> None:
    report = consistent_report(1)
    ledger = Ledger(Evaluator(report.package(), {}), claims(report))
    assert not [claim.id for claim in ledger if claim.verdict is Verdict.NOT_COMPUTABLE]
