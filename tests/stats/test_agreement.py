"""Oracle: a worked example of SAS, and κ by hand."""

from __future__ import annotations

import pytest

from review_companion.errors import CompanionError
from review_companion.stats.agreement import kappa_of


def ratings(both_yes: int, yes_no: int, no_yes: int, both_no: int) -> tuple[list[str], list[str]]:
    first = ["yes"] * (both_yes + yes_no) + ["no"] * (no_yes + both_no)
    second = ["yes"] * both_yes + ["no"] * yes_no + ["yes"] * no_yes + ["no"] * both_no
    return first, second


SKIN = ((10, 4, 1, 0), (5, 10, 12, 2), (2, 4, 12, 5), (0, 2, 6, 13))


def value_of(first: list[str], second: list[str]) -> float | None:
    found = kappa_of(first, second)
    return None if found is None else found.value


def test_kappa_and_its_limits_are_those_of_sas() -> None:
    """Two dermatologists, SAS/STAT User's Guide, FREQ procedure, "Agreement Study"."""
    cells = [(i, j, n) for i, row in enumerate(SKIN) for j, n in enumerate(row)]
    found = kappa_of([str(i) for i, _, n in cells for _ in range(n)],
                     [str(j) for _, j, n in cells for _ in range(n)])  # fmt: skip
    assert found is not None
    assert round(found.value, 4) == 0.3449
    assert (round(found.low, 4), round(found.high, 4)) == (0.2030, 0.4868)


@pytest.mark.parametrize(
    ("rated", "kappa"),
    [
        (ratings(20, 5, 10, 15), 0.4),  # (0.7 - 0.5) / 0.5
        (ratings(6, 0, 0, 4), 1),
        (ratings(5, 5, 5, 5), 0),  # by chance
        ((["yes"] * 10, ["yes"] * 7 + ["no"] * 3), 0),  # one rater without variation
    ],
)
def test_kappa_of_a_small_table(rated: tuple[list[str], list[str]], kappa: float) -> None:
    assert value_of(*rated) == pytest.approx(kappa)


def test_few_items_or_one_category_throughout_have_no_kappa() -> None:
    assert value_of(*ratings(5, 1, 1, 2)) is None
    assert value_of(*ratings(5, 1, 1, 3)) is not None
    assert value_of(["yes"] * 12, ["yes"] * 12) is None


def test_ratings_of_different_items_are_refused() -> None:
    with pytest.raises(CompanionError, match="not the same items"):
        kappa_of(["yes"], [])
