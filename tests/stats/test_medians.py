from __future__ import annotations

import pytest

from review_companion.errors import CompanionError
from review_companion.stats.medians import within_range
from review_companion.stats.rounding import Outcome


@pytest.mark.parametrize(
    ("statistic", "low", "high", "outcome"),
    [
        ("9.5", "7.4", "20.73", Outcome.EXACT),
        ("24", "18", "24", Outcome.EXACT),
        ("8.4", "4", "8", Outcome.BY_ROUNDING),
        ("8.5", "4", "8", Outcome.BY_ROUNDING),
        ("8.55", "4", "8", Outcome.IMPOSSIBLE),
        ("3.5", "4", "8", Outcome.BY_ROUNDING),
        ("3.4", "4", "8", Outcome.IMPOSSIBLE),
        ("27", "12", "26", Outcome.IMPOSSIBLE),
        ("6", "8", "4", Outcome.IMPOSSIBLE),
        ("6", "≥5", ">7", Outcome.EXACT),
    ],
)
def test_a_median_lies_within_its_range(
    statistic: str, low: str, high: str, outcome: Outcome
) -> None:
    assert within_range(statistic, low, high).outcome is outcome


def test_malformed_input_is_refused() -> None:
    with pytest.raises(CompanionError, match="not a printed number"):
        within_range("not stated", "1", "2")
