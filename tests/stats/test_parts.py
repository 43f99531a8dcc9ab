from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_companion.stats.parts import percentages_add_up
from review_companion.stats.percentages import percentage
from review_companion.stats.rounding import Outcome, Rule
from review_companion.trace.text import rounded


@pytest.mark.parametrize(
    ("parts", "outcome", "rule"),
    [
        (("60%", "40%"), Outcome.EXACT, Rule.HALF_UP),
        (("33.3%", "33.3%", "33.3%"), Outcome.BY_ROUNDING, Rule.HALF_UP),
        (("50%", "50%", "1%"), Outcome.BY_ROUNDING, Rule.HALF_UP),
        (("33%", "33%", "32%"), Outcome.BY_ROUNDING, Rule.DOWN),
        (("33.5%", "66.6%"), Outcome.BY_ROUNDING, Rule.HALF_UP),
        (("33.4%", "66.7%", "0.0%"), Outcome.BY_ROUNDING, Rule.HALF_UP),
        (("73.85%", "26.05%"), Outcome.IMPOSSIBLE, None),
        (("60%", "42%"), Outcome.IMPOSSIBLE, None),
        ((), Outcome.INAPPLICABLE, None),
    ],
)
def test_shares_add_to_a_hundred_within_their_rounding(
    parts: tuple[str, ...], outcome: Outcome, rule: Rule | None
) -> None:
    check = percentages_add_up(parts)
    assert (check.outcome, check.rule) == (outcome, rule)


def test_the_rounding_edge_belongs_to_the_rule_that_reaches_it() -> None:
    """50.5 + 49.5 are printed 51 and 50; nothing below 50.5 and 49.5 adds to a hundred."""
    assert percentages_add_up(("51%", "50%"), rules=(Rule.HALF_UP,)).rule == Rule.HALF_UP
    assert percentages_add_up(("51%", "51%")).outcome is Outcome.IMPOSSIBLE
    edge = percentages_add_up(("50%", "49%"), rules=(Rule.HALF_UP,))
    assert edge.outcome is Outcome.IMPOSSIBLE
    assert percentages_add_up(("50%", "49%")).rule == Rule.DOWN


def test_a_declared_denominator_asks_for_integers_that_add_up() -> None:
    """Of 7, 43% is 3 and 29% is 2: 3 + 2 + 2 = 7, while 43 + 43 + 14 needs 3 + 3 + 1."""
    assert percentages_add_up(("43%", "29%", "29%"), total=7).consistent
    assert percentages_add_up(("43%", "43%", "14%"), total=7).consistent
    assert percentages_add_up(("43%", "28%", "29%")).consistent
    assert percentages_add_up(("43%", "28%", "29%"), total=7).rule != Rule.HALF_UP
    assert percentages_add_up(("35%", "35%", "30%"), total=7).outcome is Outcome.IMPOSSIBLE


def test_shares_of_a_printed_share_carry_the_rounding_of_both() -> None:
    parts = ("17.3%", "12.5%", "2.4%")
    assert percentages_add_up(parts, "32.1%").outcome is Outcome.BY_ROUNDING
    assert percentages_add_up(parts, "32.2%").outcome is Outcome.EXACT
    assert percentages_add_up(parts, "32.5%").outcome is Outcome.IMPOSSIBLE


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6).filter(any), st.integers(0, 2))
def test_truly_rounded_shares_of_a_whole_are_always_consistent(
    counts: list[int], places: int
) -> None:
    whole = sum(counts)
    shares = [rounded(percentage(count, whole), places) for count in counts]
    assert percentages_add_up(shares, total=whole).consistent
    assert percentages_add_up(shares).consistent
