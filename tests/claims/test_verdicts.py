"""Verdicts at printed precision; studies and basis of a claim."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.cases import cases

from review_companion.claims.verdicts import (
    Finding,
    basis_of,
    compare_with_printed,
    full_precision,
    holds,
    of_readings,
    studies_of,
)
from review_companion.errors import CompanionError
from review_companion.model import Origin, Verdict
from review_companion.package.package import Package
from review_companion.stats.rounding import Interval


@cases
def test_comparison(value: Any, printed: str, verdict: str) -> None:
    if isinstance(value, list):
        value = tuple(value)
    elif isinstance(value, str) and "/" in value:
        value = Fraction(value)
    assert compare_with_printed(value, printed).verdict == verdict


@pytest.mark.parametrize("value", ["Ash", ("ash-2011", "birch-2014"), "2026-01-05", "20 to 30"])
def test_words_where_a_figure_is_printed_accuse_nobody(value: Any) -> None:
    with pytest.raises(CompanionError, match="“290” is printed, and the check gives no figure"):
        compare_with_printed(value, "290")
    assert compare_with_printed(value, "a name").verdict is Verdict.INCONSISTENT


def test_rounding_of_the_inputs_may_explain_a_difference() -> None:
    inputs = Interval(Fraction("11.9"), Fraction("12.2"))
    assert compare_with_printed(Fraction("12.04"), "12.1", inputs).verdict is Verdict.BY_ROUNDING
    assert compare_with_printed(Fraction("12.04"), "12.3", inputs).verdict is Verdict.INCONSISTENT


def test_a_statement_that_is_neither_true_nor_false_is_refused() -> None:
    with pytest.raises(CompanionError):
        holds("perhaps")


@cases
def test_readings(verdicts: list[str], expected: str) -> None:
    findings = [(str(n), Finding(Verdict(verdict), "x")) for n, verdict in enumerate(verdicts)]
    assert of_readings(findings).verdict == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((Fraction(3), "3"), (Fraction(1, 4), "0.25"), (Fraction(1000, 45), "22.2222")),
        (Fraction(100_000_000, 3), "33333333"),
    ],
)
def test_full_precision(value: Fraction, text: str) -> None:
    assert full_precision(value) == text


STUDIES = "study\nalpha-2001\nbeta-2003\ngamma-2004"
AGES = """age,study,years
    alpha-2001/all,alpha-2001,50
    beta-2003/all,beta-2003,60
    gamma-2004/all,gamma-2004,70"""
VALUES = {
    "people_total": "groups.number.sum()",
    "oldest": "ages.years.max()",
    "older": "oldest",
}


@pytest.fixture
def package(make_package: Any) -> Package:
    links = {"ages.study": "studies"}
    made: Package = make_package({"ages.years": "integer"}, links, studies=STUDIES, ages=AGES)
    return made


@cases
def test_a_claim_is_about_the_studies_that_it_names_or_reads(
    package: Package, name: str, section: str, check: str, read: list[str], studies: list[str]
) -> None:
    cells = [Origin("ages", row, "years") for row in read]
    assert studies_of(name, section, [check], cells, package) == tuple(studies)


def test_a_claim_that_reads_every_study_is_about_none(make_package: Any) -> None:
    lines = AGES.splitlines()
    small = {"studies": "study\nalpha-2001\nbeta-2003", "ages": "\n".join(lines[:3])}
    two = make_package({"ages.years": "integer"}, {"ages.study": "studies"}, **small)
    cells = [Origin("ages", row, "years") for row in ("alpha-2001/all", "beta-2003/all")]
    assert studies_of("age", "text", ["x"], cells, two) == ()
    assert studies_of("age", "text", ["x"], cells[:1], two) == ("alpha-2001",)


def test_a_review_without_studies_has_none(make_package: Any) -> None:
    other = make_package(lamps="lamp\nalpha")
    assert studies_of("alpha", "alpha", ['lamps["alpha"]'], [], other) == ()


@cases
def test_the_basis_is_arithmetic_where_figures_are_calculated_with(
    check: str, printed: str, basis: str
) -> None:
    assert basis_of([check] if check else [], printed, VALUES) == basis
