"""Oracles: brute force over every integer, and printed tables; Brown & Heathers 2017 for GRIM."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_companion.errors import CompanionError
from review_companion.stats.feasible import (
    feasible_counts,
    feasible_totals,
    fitting_tables,
    recognise,
)
from review_companion.stats.rounding import NEAREST, interval
from review_companion.stats.two_by_two import TwoByTwo
from review_companion.text import rounded

percents = st.decimals(0, 100, places=1) | st.decimals(0, 100, places=0)
STUMPF = TwoByTwo(9, 14, 1, 21)  # Stumpf et al. 2019 (Clin Cancer Res 25:3946-3953)
PARK = TwoByTwo(10, 18, 1, 17)  # Park et al. 2022 (Front Oncol 12:854364)


def gives(percent: str, count: int, total: int) -> bool:
    share = Fraction(100 * count, total)
    return any(share in interval(percent, rule) for rule in NEAREST)


@given(percents, st.integers(1, 60))
def test_feasible_counts_are_those_that_brute_force_finds(percent: object, total: int) -> None:
    printed = f"{percent}%"
    expected = tuple(count for count in range(total + 1) if gives(printed, count, total))
    assert feasible_counts(printed, total) == expected


@pytest.mark.generative
@given(percents, st.integers(0, 60))
def test_feasible_totals_are_those_that_brute_force_finds(percent: object, count: int) -> None:
    printed = f"{percent}%"
    totals = range(max(count, 1), 151)
    assert feasible_totals(printed, count, 150) == tuple(
        total for total in totals if gives(printed, count, total)
    )


@given(st.integers(1, 5000), st.data())
def test_the_count_behind_a_rounded_percentage_is_always_feasible(
    total: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, total))
    printed = rounded(Fraction(100 * count, total), 1)
    assert count in feasible_counts(printed, total)
    assert total in feasible_totals(printed, count, total)


@pytest.mark.parametrize(
    ("percent", "total", "counts"),
    [
        ("29%", 12, ()),
        ("25%", 12, (3,)),
        ("<1%", 250, (0, 1, 2)),
        (">99%", 250, (248, 249, 250)),
        ("120%", 10, ()),
        ("26%", 67, ()),  # 18 of 67 is 26.9%: truncation does not count
    ],
)
def test_counts_that_a_percentage_can_be(percent: str, total: int, counts: tuple[int, ...]) -> None:
    assert feasible_counts(percent, total) == counts


def test_totals_of_which_nothing_is_zero_percent() -> None:
    assert feasible_totals("0%", 3, 500) == ()
    assert feasible_totals("0%", 3, 601) == (600, 601)
    assert feasible_totals("0%", 0, 3) == (1, 2, 3)


def brute_force(first: str, second: str, total: int) -> list[TwoByTwo]:
    spans = [(interval(first, rule), interval(second, rule)) for rule in NEAREST]
    found = set()
    for exposed in range(1, total):
        for a in range(exposed + 1):
            for c in range(total - exposed + 1):
                one, other = Fraction(100 * a, exposed), Fraction(100 * c, total - exposed)
                if any(one in span and other in beside for span, beside in spans):
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


@pytest.mark.parametrize(
    ("first", "second", "margins", "tables"),
    [
        ("39.1%", "4.5%", {"total": 45, "events": 10}, [STUMPF]),
        ("39.1%", "4.5%", {"total": 45}, [STUMPF]),
        ("35.7%", "5.6%", {"total": 46}, [PARK]),
        ("50%", "28.6%", {"exposed_total": 4, "unexposed_total": 8}, []),
        ("39.1%", "4.5%", {"total": 45, "events": 11}, []),
        ("39.1%", "4.5%", {"exposed_total": 23, "unexposed_total": 22, "total": 46}, []),
        ("150%", "4.5%", {"total": 45}, []),
        ("66.6%", "16.6%", {"exposed_total": 3, "unexposed_total": 6}, []),  # cut off: 2/3, 1/6
    ],
)
def test_tables_that_two_percentages_leave(
    first: str, second: str, margins: dict[str, int], tables: list[TwoByTwo]
) -> None:
    assert fitting_tables(first, second, **margins) == tables


def test_thousands_of_patients_leave_tables_of_their_totals() -> None:
    tables = fitting_tables("13.0%", "6.2%", total=5000, events=400)
    assert len(tables) > 10
    assert all(table.total == 5000 and table.events == 400 for table in tables)


@pytest.mark.parametrize(
    ("tables", "fold", "p", "left", "folds", "tests"),
    [
        # “13.5-fold” is the odds ratio of 9/23 and 1/22; the risk ratio is 8.6
        ([STUMPF], "13.5", "0.02", 1, ("odds ratio",),
         ("χ² test with Yates’ correction", "Wald test of the log odds ratio")),
        ([STUMPF], "8.6", None, 1, ("risk ratio",), ()),
        # Park et al. 2022: both printed p-values are χ² tests with Yates' correction
        ([PARK], None, "0.047", 1, (), ("χ² test with Yates’ correction",)),
        ([TwoByTwo(16, 12, 8, 10)], None, "0.59", 1, (), ("χ² test with Yates’ correction",)),
        ([PARK], None, "0.032", 1, (), ("Fisher’s exact test",)),
        ([STUMPF, TwoByTwo(18, 28, 2, 42)], "13.5", None, 2, ("odds ratio",), ()),
        ([STUMPF, TwoByTwo(18, 28, 2, 42)], "13.5", "0.02", 1, ("odds ratio",),
         ("χ² test with Yates’ correction", "Wald test of the log odds ratio")),
        ([STUMPF], "2.0", "0.02", 0, (), ()),
        ([STUMPF], None, None, 1, (), ()),
    ],
)  # fmt: skip
def test_what_gives_a_fold_or_a_p_is_recognised(
    tables: list[TwoByTwo], fold: str | None, p: str | None, left: int,
    folds: tuple[str, ...], tests: tuple[str, ...],
) -> None:  # fmt: skip
    found = recognise(tables, fold, p)
    assert (found.tables, found.fold, found.p) == (tuple(tables[:left]), folds, tests)


def test_a_bound_is_what_several_tests_give() -> None:
    assert len(recognise([PARK], p="<0.05").p) > 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: feasible_counts("5%", 0), "no denominator"),
        (lambda: feasible_totals("5%", -1, 10), "no count"),
        (lambda: feasible_counts("a fifth", 5), "not a printed number"),
        (lambda: fitting_tables("39.1%", "4.5%", exposed_total=23), "how large"),
        (lambda: fitting_tables("39.1%", "4.5%", events=10), "how large"),
        (lambda: fitting_tables("13%", "6%", total=5000), "more than 10000 tables"),
        (lambda: fitting_tables("39.1%", "4.5%", total=-1), "below zero"),
        (lambda: fitting_tables("most", "few", total=45), "not a printed number"),
        (lambda: recognise([TwoByTwo(n, 1, 1, 1) for n in range(501)], "2"), "too many to recog"),
        (lambda: recognise([STUMPF], "much higher"), "not a printed number"),
    ],
)
def test_too_little_and_malformed_input_is_refused(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(CompanionError, match=words):
        call()
