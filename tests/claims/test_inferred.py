"""Studies and basis follow from a claim's name, place and check."""

from __future__ import annotations

from typing import Any

import pytest

from review_companion.claims.inferred import basis_of, studies_of
from review_companion.model import Origin
from review_companion.package.package import Package

STUDIES = "study\nalpha-2001\nbeta-2003\ngamma-2004"
AGES = """age,study,years
    alpha-2001/all,alpha-2001,50
    beta-2003/all,beta-2003,60
    gamma-2004/all,gamma-2004,70"""
VALUES = {
    "people-total": {"expression": "groups.number.sum()"},
    "oldest": {"expression": "ages.years.max()"},
    "older": {"expression": "oldest"},
}


@pytest.fixture
def package(make_package: Any) -> Package:
    links = {"ages.study": "studies"}
    made: Package = make_package({"ages.years": "integer"}, links, studies=STUDIES, ages=AGES)
    return made


def cells(*rows: str) -> list[Origin]:
    return [Origin("ages", row, "years") for row in rows]


@pytest.mark.parametrize(
    ("name", "section", "check", "read", "studies"),
    [
        ("t1-alpha-2001-age", "abstract", 'ages["beta-2003/all"].years', [], ("alpha-2001",)),
        ("age", "table-1/beta-2003/age", "1", [], ("beta-2003",)),
        ("age", "text", 'ages["beta-2003/all"].years', [], ("beta-2003",)),
        ("age", "text", 'ages[study == "beta-2003"].years.only()', [], ("beta-2003",)),
        ("age", "text", "x", cells("gamma-2004/all"), ("gamma-2004",)),
        ("age", "text", "x", cells("alpha-2001/all", "beta-2003/all", "gamma-2004/all"), ()),
        ("age-of-alpha-20013", "text", "1", [], ()),
        ("age", "text", "not an expression (", [], ()),
    ],
)
def test_a_claim_is_about_the_studies_that_it_names_or_reads(
    package: Package, name: str, section: str, check: str, read: list[Origin], studies: Any
) -> None:
    assert studies_of(name, section, [check], read, package) == studies


def test_a_review_without_studies_has_none(make_package: Any) -> None:
    other = make_package(lamps="lamp\nalpha")
    assert studies_of("alpha", "alpha", ['lamps["alpha"]'], [], other) == ()


@pytest.mark.parametrize(
    ("check", "printed", "basis"),
    [
        ('ages["alpha-2001/all"].years', "50", "other-place"),
        ("set(ages.study) - {'alpha-2001'}", "beta-2003", "other-place"),
        ("count(ages)", "3", "other-place"),
        ("len(set(ages.study)) > 0", "3", "other-place"),
        ("set(ages.study) <= set(studies.study)", "all", "other-place"),
        ("older", "70", "other-place"),
        ("people_total", "40", "arithmetic"),
        ("ages['alpha-2001/all'].years - 1", "49", "arithmetic"),
        ("percent(1, 2)", "50%", "arithmetic"),
        ("ages.years.sum()", "180", "arithmetic"),
        ("ages.years.min() < ages.years.max()", "range", "arithmetic"),
        ("", "12 months", "arithmetic"),
        ("", "four", "arithmetic"),
        ("", "heterogeneous", "other-place"),
    ],
)
def test_the_basis_is_arithmetic_where_figures_are_calculated_with(
    check: str, printed: str, basis: str
) -> None:
    assert basis_of([check] if check else [], printed, VALUES) == basis
