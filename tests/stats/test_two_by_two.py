"""Tables of two by two: oracles are published examples, R's documentation, brute force."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb, erfc, exp, log, sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.stats.feasible import (
    feasible_counts,
    feasible_totals,
    fitting_tables,
    recognise,
)
from review_companion.stats.rounding import NEAREST, interval
from review_companion.stats.two_by_two import (
    TwoByTwo,
    chi_squared_p,
    conditional_odds_ratio,
    fisher_p,
    odds_ratio,
    risk_ratio,
    wald_odds_ratio_limits,
    wald_p,
    wald_risk_ratio_limits,
)
from review_companion.text import rounded

TEA = TwoByTwo(3, 1, 1, 3)
CONVICTIONS = TwoByTwo(2, 15, 10, 3)
ECZEMA = TwoByTwo(141, 420, 928, 13525)
ASPIRIN = TwoByTwo(45, 411 - 45, 73, 411 - 73)
cells = st.integers(1, 400)
tables = st.builds(TwoByTwo, cells, cells, cells, cells)


def test_the_odds_ratio_and_its_limits_are_those_of_bland_and_altman() -> None:
    """Bland & Altman 2000, *The odds ratio*, BMJ 320:1468: 4.89 (4.00 to 5.99), ratio 3.91."""
    assert float(odds_ratio(ECZEMA) or 0) == pytest.approx(4.89, abs=0.005)
    assert float(risk_ratio(ECZEMA) or 0) == pytest.approx(3.91, abs=0.005)
    assert wald_odds_ratio_limits(ECZEMA) == pytest.approx((4.00, 5.99), abs=0.005)


def test_the_limits_of_the_risk_ratio_are_those_of_a_textbook() -> None:
    """Moore, McCabe & Craig, *Introduction to the Practice of Statistics*, 9th ed., ex. 8.18."""
    assert wald_risk_ratio_limits(ASPIRIN) == pytest.approx((0.4364, 0.8707), abs=5e-5)


@given(tables)
def test_limits_and_wald_test_agree_with_their_formulas(table: TwoByTwo) -> None:
    """Woolf 1955; Katz et al. 1978; Altman 1991, *Practical Statistics*, ch. 10."""
    a, b, c, d = table.a, table.b, table.c, table.d
    odds, risk = log(a * d / (b * c)), log(a * (c + d) / (c * (a + b)))
    error = sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    reach = 1.959964 * error
    far = 1.959964 * sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    near = pytest.approx
    assert wald_odds_ratio_limits(table) == near((exp(odds - reach), exp(odds + reach)), rel=1e-5)
    assert wald_risk_ratio_limits(table) == near((exp(risk - far), exp(risk + far)), rel=1e-5)
    assert wald_p(table) == near(erfc(abs(odds) / error / sqrt(2)), abs=1e-12)


@pytest.mark.parametrize("correction", [False, True])
@given(table=tables)
def test_the_chi_squared_test_agrees_with_its_formula(correction: bool, table: TwoByTwo) -> None:
    """Yates 1934: n (|ad - bc| - n/2)² over the product of the margins; Pearson without n/2."""
    n = table.total
    off = max(abs(table.a * table.d - table.b * table.c) - correction * n / 2, 0)
    margins = table.exposed * table.unexposed * table.events * (n - table.events)
    expected = erfc(sqrt(n * off**2 / margins / 2))
    assert chi_squared_p(table, correction=correction) == pytest.approx(expected, abs=1e-12)


def test_fishers_test_gives_the_published_p_of_the_tea_tasting() -> None:
    """Agresti 1990, p. 61, in R's `?fisher.test`: two-sided p = 0.4857."""
    assert fisher_p(TEA) == pytest.approx(34 / 70)
    assert fisher_p(TEA) == pytest.approx(0.4857, abs=5e-5)


def test_fishers_test_of_large_arms_is_the_count_of_all_tables() -> None:
    """By whole numbers over the 3,819 tables with these margins."""
    table = TwoByTwo(2000, 198_000, 1818, 198_182)
    assert fisher_p(table) == pytest.approx(0.00324165062390, abs=1e-12)


@given(*[st.integers(0, 12)] * 4)
def test_fishers_test_counts_the_tables_no_likelier(a: int, b: int, c: int, d: int) -> None:
    """Fisher 1935: ways of choosing all events, by whole numbers."""
    ways = {x: comb(a + b, x) * comb(c + d, a + c - x) for x in range(a + c + 1)}
    no_likelier = sum(count for count in ways.values() if count <= ways[a])
    found = fisher_p(TwoByTwo(a, b, c, d))
    assert found is None or found == pytest.approx(no_likelier / sum(ways.values()), abs=1e-12)


@settings(max_examples=20)
@given(st.builds(TwoByTwo, *[st.integers(1, 60)] * 4))
def test_exact_results_are_scipys(table: TwoByTwo) -> None:
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import odds_ratio as scipys_odds_ratio

    assert fisher_p(table) == pytest.approx(fisher_exact(table.rows).pvalue, rel=1e-9)
    expected = scipys_odds_ratio(table.rows, kind="conditional").statistic
    assert float(conditional_odds_ratio(table) or 0) == pytest.approx(expected, rel=1e-6)


def test_the_conditional_odds_ratio_is_that_of_rs_fisher_test() -> None:
    """Fisher's twins, R's `?fisher.test`: estimate 0.0469."""
    assert float(conditional_odds_ratio(CONVICTIONS) or 0) == pytest.approx(0.04693661, abs=1e-6)


@pytest.mark.parametrize(
    "table", [TwoByTwo(0, 5, 0, 7), TwoByTwo(0, 0, 3, 4), TwoByTwo(0, 0, 0, 0)]
)
def test_what_a_table_without_a_margin_cannot_give_is_none(table: TwoByTwo) -> None:
    functions = (odds_ratio, risk_ratio, conditional_odds_ratio, fisher_p, chi_squared_p, wald_p)
    assert [function(table) for function in functions] == [None] * len(functions)
    assert wald_odds_ratio_limits(table) is None
    assert wald_risk_ratio_limits(table) is None


def test_an_empty_cell_leaves_only_what_is_finite() -> None:
    table = TwoByTwo(0, 14, 9, 91)
    assert odds_ratio(table) == 0
    assert risk_ratio(table) == 0
    assert wald_odds_ratio_limits(table) is None
    assert wald_p(table) is None


def test_a_table_shows_its_risks() -> None:
    table = TwoByTwo(16, 8, 12, 10)
    assert (table.exposed, table.events, table.total) == (24, 28, 46)
    assert str(table) == "16/24 vs 12/22"


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(CompanionError, match="below zero"):
        TwoByTwo(16, 8, -5, 27)


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


@cases
def test_counts_that_a_percentage_can_be(percent: str, total: int, counts: list[int]) -> None:
    assert list(feasible_counts(percent, total)) == counts


def test_only_totals_within_the_percentage_are_tried() -> None:
    """As many as a bound allows would take hours."""
    assert feasible_totals("39.1", 9, 10**15) == (23,)


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


YATES, WALD = "χ² test with Yates’ correction", "Wald test of the log odds ratio"


@pytest.mark.parametrize(
    ("tables", "fold", "p", "names"),
    [
        # “13.5-fold” is the odds ratio of 9/23 and 1/22; the risk ratio is 8.6
        ([STUMPF], "13.5", "0.02", ("odds ratio",)),
        ([STUMPF], None, "0.02", (YATES, WALD)),
        ([STUMPF], "8.6", None, ("risk ratio",)),
        # Park et al. 2022: both printed p-values are χ² tests with Yates' correction
        ([PARK], None, "0.047", (YATES,)),
        ([TwoByTwo(16, 12, 8, 10)], None, "0.59", (YATES,)),
        ([PARK], None, "0.032", ("Fisher’s exact test",)),
        ([TwoByTwo(18, 28, 2, 42), STUMPF], "13.5", "0.02", ("odds ratio",)),
        ([TwoByTwo(18, 28, 2, 42)], "13.5", "0.02", ()),
        ([STUMPF], "2.0", "0.02", ()),
        ([STUMPF], None, None, ()),
    ],
)
def test_what_gives_a_fold_or_a_p_is_recognised(
    tables: list[TwoByTwo], fold: str | None, p: str | None, names: tuple[str, ...]
) -> None:
    assert recognise(tables, fold, p) == names


def test_a_bound_is_what_several_tests_give() -> None:
    assert len(recognise([PARK], p="<0.05")) > 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: feasible_counts("5%", 0), "not a denominator"),
        (lambda: feasible_totals("5%", -1, 10), "not a count"),
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
