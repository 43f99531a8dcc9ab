from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_companion.errors import CompanionError
from review_companion.expressions.value_text import rounded
from review_companion.stats.rounding import NEAREST, matches
from review_companion.stats.table_search import fitting_tables, recognise
from review_companion.stats.two_by_two import TwoByTwo


def brute_force(first: str, second: str, total: int) -> list[TwoByTwo]:
    found = set()
    for exposed in range(1, total):
        for a in range(exposed + 1):
            for c in range(total - exposed + 1):
                shares = Fraction(100 * a, exposed), Fraction(100 * c, total - exposed)
                for rule in NEAREST:
                    if matches(shares[0], first, (rule,)) and matches(shares[1], second, (rule,)):
                        found.add(TwoByTwo(a, exposed - a, c, total - exposed - c))
    return sorted(found)


@pytest.mark.parametrize(
    ("first", "second"), [("33%", "25%"), ("20%", "11%"), ("12%", "12%"), ("13%", "13%")]
)
def test_the_search_finds_what_brute_force_finds(first: str, second: str) -> None:
    expected = brute_force(first, second, 24)
    assert fitting_tables(first, second, total=24) == expected
    events = expected[0].events
    with_events = [table for table in expected if table.events == events]
    assert fitting_tables(first, second, total=24, events=events) == with_events


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_the_true_table_is_found_from_any_sufficient_margins(
    exposed: int, unexposed: int, data: st.DataObject
) -> None:
    a, c = data.draw(st.integers(0, exposed)), data.draw(st.integers(1, unexposed))
    true = TwoByTwo(a, exposed - a, c, unexposed - c)
    first = rounded(Fraction(100 * a, exposed), 1)
    second = rounded(Fraction(100 * c, unexposed), 1)
    assert true in fitting_tables(first, second, exposed_total=exposed, unexposed_total=unexposed)
    assert true in fitting_tables(first, second, total=true.total)
    assert true in fitting_tables(first, second, exposed_total=exposed, total=true.total)
    assert true in fitting_tables(first, second, events=a + c, total=true.total)


def test_forty_five_patients_with_ten_events_leave_one_table() -> None:
    """Stumpf et al. 2019 (Clin Cancer Res 25:3946-3953), 39.1% against 4.5%."""
    one = [TwoByTwo(9, 14, 1, 21)]
    assert fitting_tables("39.1%", "4.5%", total=45, events=10) == one
    assert fitting_tables("39.1%", "4.5%", total=45) == one


def test_forty_six_patients_leave_one_table() -> None:
    """Park et al. 2022 (Front Oncol 12:854364), 35.7% against 5.6%."""
    assert fitting_tables("35.7%", "5.6%", total=46) == [TwoByTwo(10, 18, 1, 17)]


def test_percentages_that_no_table_has_leave_none() -> None:
    assert fitting_tables("50%", "28.6%", exposed_total=4, unexposed_total=8) == []
    assert fitting_tables("39.1%", "4.5%", total=45, events=11) == []
    assert fitting_tables("39.1%", "4.5%", exposed_total=23, unexposed_total=22, total=46) == []
    assert fitting_tables("150%", "4.5%", total=45) == []


def test_truncated_percentages_fit_no_table() -> None:
    """2 of 3 is 66.7 and 1 of 6 is 16.7: 66.6 and 16.6 are cut off, not rounded."""
    assert fitting_tables("66.6%", "16.6%", exposed_total=3, unexposed_total=6) == []


def test_thousands_of_patients_leave_tables_of_their_totals() -> None:
    tables = fitting_tables("13.0%", "6.2%", total=5000, events=400)
    assert len(tables) > 10
    assert all(table.total == 5000 and table.events == 400 for table in tables)


def test_too_little_is_refused() -> None:
    with pytest.raises(CompanionError, match="how large"):
        fitting_tables("39.1%", "4.5%", exposed_total=23)
    with pytest.raises(CompanionError, match="how large"):
        fitting_tables("39.1%", "4.5%", events=10)
    with pytest.raises(CompanionError, match="more than 10000 tables"):
        fitting_tables("13%", "6%", total=5000)


def test_malformed_input_is_refused() -> None:
    with pytest.raises(CompanionError, match="below zero"):
        fitting_tables("39.1%", "4.5%", total=-1)
    with pytest.raises(CompanionError, match="not a printed number"):
        fitting_tables("most", "few", total=45)


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
