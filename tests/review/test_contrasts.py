"""Twenty analyses are fifteen contrasts, and what their codes may say.

Golden values: Grinzinger et al. 2025, doi 10.1007/s00066-025-02416-w, typed again from the text.
"""

from __future__ import annotations

from collections import Counter

import pytest
from tests.conftest import ROOT

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
