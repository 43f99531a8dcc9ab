"""What printed figures imply: days, remainders, and effects of the one table that fits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator
from review_companion.package.package import Package

STEPS = """
    step,parent,number
    all,,10
    kept,all,7
    out,all,3
    open,kept,
    rest,kept,5
"""


@pytest.fixture
def package(make_package: Any) -> Package:
    made: Package = make_package(types={"steps.number": "number"}, steps=STEPS)
    return made


def value(package: Package, expression: Any) -> Any:
    return Evaluator(package, {}).result(expression).value


@pytest.mark.parametrize(
    ("number", "unit", "days"),
    [(21, "day", 21), (4, "week", 28), (1, "month", Fraction(487, 16)), (5, "half-life", None)],
)
def test_lengths_of_time_in_days(package: Package, number: int, unit: str, days: Any) -> None:
    assert value(package, f'in_days({number}, "{unit}")') == days


def test_a_rest_needs_every_figure(package: Package) -> None:
    def rest(parent: str, step: str) -> Any:
        parts = f'steps[parent == "{parent}" and step != "{step}"].number'
        return value(package, f'rest(steps["{parent}"].number, {parts})')

    assert rest("all", "kept") == 7
    assert rest("kept", "rest") is None
    assert rest("kept", "open") == 2


def test_a_total_needs_a_row_and_every_figure(package: Package) -> None:
    def total(parent: str) -> Any:
        return value(package, f'steps[parent == "{parent}"].number.total()')

    assert total("all") == 10
    assert total("kept") is None
    assert value(package, "steps[number > 99].number.total()") is None


def test_the_first_figure_given_is_taken(package: Package) -> None:
    cells = [f'steps["{row}"].number' for row in ("open", "rest", "all")]
    assert value(package, f"first_given({', '.join(cells)})") == 5
    assert value(package, f"first_given({cells[0]})") is None


def implied(package: Package, part: str, **given: Any) -> Any:
    margins = "".join(f", {name}={number}" for name, number in given.items())
    percents = "exposed_percent=39.1, unexposed_percent=4.5"
    return value(package, f'implied("{part}", {percents}{margins})')


def test_the_one_table_that_fits_implies_its_effects(package: Package) -> None:
    # 9/23 against 1/22: OR = 9 * 21 / (14 * 1), RR = (9/23) / (1/22).
    margins = {"total": 45, "events": 10}
    assert implied(package, "table", **margins) == "9/23 vs 1/22"
    assert implied(package, "odds-ratio", **margins) == Fraction(27, 2)
    assert implied(package, "risk-ratio", **margins) == Fraction(198, 23)
    low = implied(package, "odds-ratio-low", **margins)
    high = implied(package, "odds-ratio-high", **margins)
    # Woolf: exp(ln 13.5 ± 1.96 * sqrt(1/9 + 1/14 + 1/1 + 1/21)).
    assert float(low) == pytest.approx(1.535, abs=0.001)
    assert float(high) == pytest.approx(118.7, abs=0.1)


def test_nothing_is_implied_by_several_tables_or_too_little(package: Package) -> None:
    assert implied(package, "table", total=4500) is None
    assert implied(package, "table", total=7) is None
    assert implied(package, "table") is None
    assert implied(package, "table", exposed_total=23) is None
    with pytest.raises(CompanionError, match="no part “moon-phase”"):
        implied(package, "moon-phase", total=45, events=10)
