"""What the data say of contrasts and of the primary studies, typed again from the text."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from tests.conftest import ROOT

from review_companion.model import Origin
from review_companion.package.package import Package, load_package

SEVERAL = {
    "lebow-2023/concurrent": 2,  # univariable and multivariable
    "koide-2024/concurrent": 2,  # total and cumulative incidence
    "parsai-2019/concurrent": 3,  # 6, 12 and 24 months
    "miller-2017/tki": 2,  # cumulative incidence and hazard ratio
}
SAME = ("study", "drug_class", "tested", "exposed", "outcome", "subgroup", "grade_low")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    package: Package = load_package(ROOT / "data")
    return [dict(row) for row in package["comparisons"].rows.values()]


def test_several_analyses_of_one_contrast_share_it(rows: list[dict[str, str]]) -> None:
    found = Counter(row["contrast"] for row in rows)
    assert (len(rows), len(found)) == (20, 15)
    assert {contrast: n for contrast, n in found.items() if n > 1} == SEVERAL


def test_analyses_of_one_contrast_compare_the_same(rows: list[dict[str, str]]) -> None:
    compared = {(row["contrast"], *(row[column] for column in SAME)) for row in rows}
    assert len(compared) == len({row["contrast"] for row in rows})


def test_what_was_tested_is_inferred_for_one_study(rows: list[dict[str, str]]) -> None:
    inferred = [row["comparison"] for row in rows if row["tested_basis"] == "inferred"]
    assert inferred == ["id-said-2022/after"]


AGREES, DIFFERS = "agrees-with-primary", "differs-from-primary"
DIFFERENT = {
    ("results", "stumpf-2019/table", "statement"),
    ("study_criteria", "stumpf-2019/young", "comparator"),
    ("windows", "mills-2021/table", "value"),
    ("outcomes", "mills-2021/table", "code"),
    ("counts", "mills-2021/rn", "outcome"),
    ("follow_ups", "park-2022/table", "statistic"),
    ("samples", "parsai-2019/lesions", "number"),
}


@pytest.fixture(scope="module")
def package() -> Package:
    return load_package(ROOT / "data")


def with_status(package: Package, status: str) -> list[dict[str, str]]:
    return [dict(r) for r in package["locators"].rows.values() if r["status"] == status]


def test_the_cells_that_agree_with_an_abstract_are_counted_by_study(package: Package) -> None:
    found = Counter(row["row"].split("/")[0] for row in with_status(package, AGREES))
    assert found == {"stumpf-2019": 8, "mills-2021": 17, "park-2022": 5, "parsai-2019": 4}


def test_the_cells_that_differ_from_an_abstract_are_seven(package: Package) -> None:
    found = {(r["resource"], r["row"], r["column"]) for r in with_status(package, DIFFERS)}
    assert found == DIFFERENT


def test_what_agrees_is_the_same_figure_at_printed_precision(package: Package) -> None:
    for row in with_status(package, AGREES):
        here = package.cell(Origin(row["resource"], row["row"], row["column"]))
        there, _, whole = row["primary_value"].partition(" of ")
        value = Fraction(there) * 100 / Fraction(whole) if whole else Fraction(there)
        places = len(here.partition(".")[2])
        assert abs(value - Fraction(here)) <= Fraction(1, 2 * 10**places), row["locator"]


def test_a_primary_status_needs_an_abstract_of_the_study_itself(package: Package) -> None:
    sources = package["sources"].rows
    for resource in package:
        for key, row in resource.rows.items():
            if row.get("status", "review-only") == "review-only":
                assert not row.get("primary"), key
                continue
            assert resource.name == "locators", f"{key}: a status is of a cell, not of a row"
            source = sources[row["primary"]]
            assert source["kind"] == "primary-abstract"
            assert source["source"] == f"{row['row'].split('/')[0]}-abstract"
            assert source["doi"] and source["url"] and source["accessed"]


def test_every_source_is_used(package: Package) -> None:
    used = {row["source"] for row in package["outside_facts"].rows.values()}
    used |= {row["primary"] for row in package["locators"].rows.values()}
    assert set(package["sources"].rows) - {"review"} == used - {""}
