from __future__ import annotations

import pytest

from review_companion.errors import CompanionError
from review_companion.stats.recognise import recognise
from review_companion.stats.table_search import fitting_tables
from review_companion.stats.two_by_two import TwoByTwo

STUMPF = TwoByTwo(9, 14, 1, 21)


def test_a_fold_that_is_an_odds_ratio_is_recognised() -> None:
    """Stumpf et al. 2019: “13.5-fold” is the odds ratio of 9/23 and 1/22; the risk ratio is 8.6."""
    found = recognise(fitting_tables("39.1%", "4.5%", total=45, events=10), "13.5", "0.02")
    assert found.tables == (STUMPF,)
    assert found.fold == ("odds ratio",)
    assert found.p == (
        "χ² test with Yates’ correction",
        "Wald test of the log odds ratio",
    )


def test_a_risk_ratio_is_recognised() -> None:
    found = recognise([STUMPF], "8.6")
    assert found.fold == ("risk ratio",)
    assert found.p == ()


def test_a_p_value_tells_the_tests_apart() -> None:
    """Park et al. 2022: both printed p-values are χ² tests with Yates' correction."""
    first = recognise([TwoByTwo(10, 18, 1, 17)], p="0.047")
    second = recognise([TwoByTwo(16, 12, 8, 10)], p="0.59")
    assert first.p == second.p == ("χ² test with Yates’ correction",)
    assert recognise([TwoByTwo(10, 18, 1, 17)], p="0.032").p == ("Fisher’s exact test",)
    assert len(recognise([TwoByTwo(10, 18, 1, 17)], p="<0.05").p) > 1


def test_only_tables_that_give_every_figure_remain() -> None:
    tables = [STUMPF, TwoByTwo(18, 28, 2, 42)]
    found = recognise(tables, "13.5", "0.02")
    assert recognise(tables, "13.5").tables == tuple(tables)
    assert found.tables == (STUMPF,)


def test_figures_that_nothing_gives_leave_no_table() -> None:
    found = recognise([STUMPF], "2.0", "0.02")
    assert found.tables == () and found.fold == ()


def test_without_figures_nothing_is_asked() -> None:
    found = recognise([STUMPF])
    assert (found.fold, found.p) == ((), ())
    assert found.tables == (STUMPF,)


def test_too_many_tables_are_refused() -> None:
    with pytest.raises(CompanionError, match="too many to recognise"):
        recognise([TwoByTwo(n, 1, 1, 1) for n in range(501)], "2")


def test_a_malformed_figure_is_refused() -> None:
    with pytest.raises(CompanionError, match="not a printed number"):
        recognise([STUMPF], "much higher")
