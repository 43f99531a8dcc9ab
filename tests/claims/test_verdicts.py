"""Verdicts at printed precision."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from review_companion.claims.verdicts import Finding, compare, full_precision, holds, of_readings
from review_companion.errors import CompanionError
from review_companion.model import Verdict
from review_companion.stats.arithmetic import Interval


@pytest.mark.parametrize(
    ("value", "printed", "verdict"),
    [
        (Fraction(1000, 45), "22%", Verdict.REPRODUCED),
        (Fraction(45, 2), "23%", Verdict.REPRODUCED),  # half up
        (Fraction(45, 2), "22%", Verdict.BY_ROUNDING),  # half to even
        (Fraction(229, 10), "22%", Verdict.BY_ROUNDING),  # truncated
        (Fraction(24), "22%", Verdict.INCONSISTENT),
        (3219, "3219", Verdict.REPRODUCED),
        (4, "Four", Verdict.REPRODUCED),
        (5, "four", Verdict.INCONSISTENT),
        (Fraction(4, 10000), "<0.001", Verdict.REPRODUCED),
        (Fraction(2, 1000), "<0.001", Verdict.INCONSISTENT),
        (("20", "21"), "[21, 20]", Verdict.REPRODUCED),
        (("20",), "20, 21", Verdict.INCONSISTENT),
        ("odds  ratio", "odds ratio", Verdict.REPRODUCED),
        (None, "1", Verdict.NOT_COMPUTABLE),
    ],
)
def test_comparison(value: Any, printed: str, verdict: Verdict) -> None:
    assert compare(value, printed).verdict is verdict


def test_rounding_of_the_inputs_may_explain_a_difference() -> None:
    inputs = Interval(Fraction("11.9"), Fraction("12.2"))
    assert compare(Fraction("12.04"), "12.1", inputs).verdict is Verdict.BY_ROUNDING
    assert compare(Fraction("12.04"), "12.3", inputs).verdict is Verdict.INCONSISTENT


def test_a_statement_that_is_neither_true_nor_false_is_refused() -> None:
    with pytest.raises(CompanionError):
        holds("perhaps")


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.REPRODUCED, Verdict.REPRODUCED], Verdict.REPRODUCED),
        ([Verdict.REPRODUCED, Verdict.BY_ROUNDING], Verdict.BY_ROUNDING),
        ([Verdict.REPRODUCED, Verdict.INCONSISTENT], Verdict.AMBIGUOUS),
        ([Verdict.INCONSISTENT, Verdict.INCONSISTENT], Verdict.INCONSISTENT),
    ],
)
def test_readings(verdicts: list[Verdict], expected: Verdict) -> None:
    findings = [(str(n), Finding(verdict, "x")) for n, verdict in enumerate(verdicts)]
    assert of_readings(findings).verdict is expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(3), "3"), (Fraction(1, 4), "0.25"), (Fraction(1000, 45), "22.2222")],
)
def test_full_precision(value: Fraction, text: str) -> None:
    assert full_precision(value) == text
