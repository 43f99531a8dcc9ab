"""Seeded slips on the data of this review: the cells that a person gets wrong, kind by kind.

The data as they are hold none; each case is one slip, made in memory, and must be named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from review_companion.expressions.rules import broken
from review_companion.package.cell_places import Places
from review_companion.package.damage import Table, read_file
from review_companion.package.descriptor import TableSpec, read_specs
from review_companion.package.problems import Problem
from review_companion.package.published import read_tables
from review_companion.package.slips import slips, slips_of
from review_companion.validate import check_tables, validate

pytestmark = pytest.mark.integration

DATA = Path(__file__).parents[2] / "data"

# kind: (table, row, {column: value}), …; several rows where a slip swaps two of them
Slip = tuple[tuple[str, str, dict[str, str]], ...]


def one(table: str, row: str, **cells: str) -> Slip:
    return ((table, row, cells),)


def two(table: str, first: str, second: str, *columns: str) -> Slip:
    """The cells of two rows changed places."""
    return ((table, first, dict.fromkeys(columns, f"={second}")),
            (table, second, dict.fromkeys(columns, f"={first}")))  # fmt: skip


C, S, W, A, N, H = "comparisons", "samples", "windows", "ages", "counts", "schedules"

KINDS: dict[str, list[Slip]] = {
    "two figures of one fragment": [
        one(C, "miller-2016/antibody", exposed_percent="7.9", comparison_percent="5.9"),
        one(C, "miller-2017/tki-cumulative-incidence", exposed_percent="6.3",
            comparison_percent="1.3"),
        one(C, "park-2022/number-of-drugs", exposed_percent="5.6", comparison_percent="35.7"),
        one(C, "koide-2024/total", exposed_percent="8.7", comparison_percent="26.3"),
        one(C, "lebow-2023/univariable", estimate="1.79", ci_low="4.01"),
        one(C, "lebow-2023/high-grade", grade_low="5", grade_high="4"),
        one(C, "stumpf-2019/receipt", estimate="0.02", p="13.5"),
        one(C, "miller-2016/antibody", comparison_percent="0.50", p="7.9"),
    ],
    "ends of a range": [
        one(H, "ippolito-2022/fsrt", per_fraction_low_gy="9", per_fraction_high_gy="4"),
        one(H, "ippolito-2022/fsrt", dose_gy="9", per_fraction_gy="27"),
        one(H, "kim-2019/srs", dose_low_gy="24", dose_high_gy="18"),
        one(H, "id-said-2022/fsrt", fractions_low="5", fractions_high="3"),
        one(H, "mills-2021/fsrt", dose_low_gy="3", dose_high_gy="5", fractions_low="20",
            fractions_high="30"),
        one(H, "parsai-2019/srs-1", dose_gy="", per_fraction_gy="18"),
        one(H, "koide-2024/fsrt-3", dose_gy="", per_fraction_gy="40"),
        one("onsets", "khatri-2023/rn", months_low="20.73", months_high="7.4"),
        one(H, "parsai-2019/srs-2", size_low_mm="30", size_high_mm="21"),
    ],
    "before and after": [
        one(W, "lebow-2023/table", days_before="21", days_after="7"),
        one(S, "id-said-2022/before", timing="after"),
        one(S, "id-said-2022/after", timing="before"),
        one(S, "id-said-2022/subgroup", timing="before"),
        one(S, "kim-2019/concurrent", timing="after"),
        one(S, "id-said-2022/after-within", timing="concurrent"),
        one(N, "stumpf-2019/csrn-concurrent", timing="any"),
    ],
    "fractions and dose": [
        one(H, "lebow-2023/srs-1", dose_gy="1", fractions="21"),
        one(H, "lebow-2023/fsrt-1", dose_gy="3", fractions="27"),
        one(H, "lebow-2023/fsrt-2", dose_gy="5", fractions="30"),
        one(H, "koide-2024/wbi", dose_gy="10", fractions="30"),
        one(H, "mills-2021/fsrt", dose_gy="5", fractions="25"),
        one(H, "lebow-2023/srs-2", share_percent="18", dose_gy="13.8"),
    ],
    "count and percentage": [
        one(N, "stumpf-2019/csrn", number="22", percent="10"),
        one(N, "id-said-2022/rn", number="27", percent="18"),
        one(S, "kim-2019/concurrent", number="27", percent="132"),
        one(S, "miller-2017/antibody", number="80", percent="109"),
        one(S, "miller-2017/tki", number="38", percent="84"),
        one(N, "mills-2021/rn", number="3", percent="1"),
    ],
    "two groups of a study": [
        two(S, "id-said-2022/before", "id-said-2022/after", "number"),
        two(S, "id-said-2022/before", "id-said-2022/after", "number", "fragment"),
        two(A, "miller-2016/rn", "miller-2016/control", "years", "fragment"),
        two(A, "park-2022/rn", "park-2022/control", "years", "fragment"),
        two(S, "koide-2024/t-dm1", "koide-2024/t-dxd", "number"),
        two(S, "koide-2024/t-dxd", "koide-2024/t-dm1", "number", "fragment"),
        two(S, "koide-2024/concurrent-srs", "koide-2024/concurrent-wbi", "number"),
    ],
    "direction": [
        one(C, "stumpf-2019/receipt", direction="lower"),
        one(C, "geraud-2017/concurrent", direction="lower"),
        one(C, "miller-2016/lapatinib", direction="higher"),
        one(C, "miller-2017/tki-hazard-ratio", direction="higher"),
        one(C, "lebow-2023/multivariable", direction="lower"),
        one(C, "kim-2019/cumulative-incidence", direction="no-difference"),
        one(C, "miller-2017/tki-hazard-ratio", direction="none-reported"),
        one(C, "park-2022/number-of-drugs", direction="lower"),
    ],
    "significance": [
        one(C, "miller-2016/lapatinib", significant="false"),
        one(C, "miller-2016/antibody", significant="true"),
        one(C, "koide-2024/cumulative-incidence", significant="false"),
        one(C, "park-2022/any", significant="true"),
        one(C, "koide-2024/total", significant="false"),
        one(C, "kim-2019/cumulative-incidence", significant="true"),
        one(C, "parsai-2019/first-horizon", significant="true"),
        one(C, "id-said-2022/after", significant="false"),
        one(C, "lebow-2023/high-grade", significant="true"),
        one(C, "miller-2016/antibody", significant="not-tested"),
    ],
    "unit": [
        one(S, "mills-2021/lesions", unit="patients"),
        one(S, "khatri-2023/sessions", unit="lesions"),
        one(S, "kim-2019/lesions", unit="patients"),
        one(S, "koide-2024/her2-positive", unit="lesions"),
        one(N, "khatri-2023/rn", unit="patients"),
        one(N, "mills-2021/rn", unit="lesions"),
        one(C, "lebow-2023/previously-radiated", unit="patients"),
        one(C, "parsai-2019/second-horizon", unit="lesions"),
        one(S, "kim-2019/subgroup", unit="lesions"),
        one(S, "stumpf-2019/subgroup", unit="lesions"),
        one("analyses", "parsai-2019/cumulative-incidence", unit="lesions"),
    ],
    "unit of one group": [
        one(C, "kim-2019/cumulative-incidence", unit="patients"),
        one(C, "park-2022/any", unit="lesions"),
        one(C, "koide-2024/total", unit="lesions"),
        one(C, "stumpf-2019/receipt", unit="lesions"),
        one(N, "stumpf-2019/csrn", unit="lesions"),
        one(N, "park-2022/rn", unit="lesions"),
        one(S, "ippolito-2022/subgroup", unit="sessions"),
    ],
    "statistic": [
        one(A, "id-said-2022/all", statistic="median"),
        one(A, "mills-2021/all", statistic="mean"),
        one(A, "park-2022/control", statistic="median"),
        one(H, "mills-2021/srs", dose_statistic="mean"),
        one(H, "park-2022/srs-2", dose_statistic="median"),
        one(H, "khatri-2023/fsrt", dose_statistic="mean"),
        one(H, "miller-2017/srs", dose_statistic="mean"),
        one(H, "lebow-2023/srs-1", dose_statistic="median"),
    ],
    "outcome": [
        one(C, "kim-2019/cumulative-incidence", outcome="SRN"),
        one(C, "lebow-2023/high-grade", outcome="RN"),
        one(C, "stumpf-2019/receipt", outcome="RN"),
        one(C, "koide-2024/total", outcome="RN"),
        one(N, "khatri-2023/rn", outcome="RN"),
        one(N, "stumpf-2019/csrn-concurrent", outcome="SRN"),
        one("onsets", "id-said-2022/rn", outcome="SRN"),
        one("outcomes", "ippolito-2022/text", code="RN", symptomatic="false"),
        one("outcomes", "park-2022/table", code="SRN", symptomatic="true"),
    ],
    "adjusted": [
        one(C, "lebow-2023/univariable", adjusted="true"),
        one(C, "lebow-2023/multivariable", adjusted="false"),
        one(C, "id-said-2022/after", adjusted="false"),
        one(C, "park-2022/any", adjusted="true"),
        one(C, "geraud-2017/concurrent", adjusted="true"),
        one(C, "lebow-2023/univariable", analysis="multivariable", adjusted="true"),
        one(C, "koide-2024/total", adjusted="true"),
        one(C, "stumpf-2019/receipt", analysis="multivariable"),
        one(C, "park-2022/any", analysis="multivariable"),
    ],
    "horizon": [
        one(C, "kim-2019/cumulative-incidence", horizon_unit="year"),
        one(C, "koide-2024/cumulative-incidence", horizon_unit="month"),
        one(C, "miller-2017/tki-cumulative-incidence", horizon_unit="year"),
        one(C, "parsai-2019/third-horizon", horizon_unit="year"),
        one(C, "park-2022/any", horizon_unit="year"),
        one(S, "id-said-2022/after-within", within_unit="month"),
    ],
    "two windows": [
        one(W, "koide-2024/text", unit="day"),
        one(W, "koide-2024/table", unit="day"),
        one(W, "miller-2016/text", unit="week"),
        one(W, "miller-2016/table", unit="month"),
        one(W, "miller-2016/text", value="3", fragment="3 days around SRS"),
        one(W, "koide-2024/text", value="6", fragment="6 weeks before or after the first day"),
    ],
    "a code without words": [
        one(C, "geraud-2017/concurrent", tested="after-vs-before"),
        one(C, "stumpf-2019/receipt", tested="concurrent-vs-not"),
        one(C, "lebow-2023/univariable", tested="any-receipt-vs-none"),
        one(C, "park-2022/number-of-drugs", tested="concurrent-vs-not"),
        one(C, "kim-2019/cumulative-incidence", tested="any-receipt-vs-none"),
        one(H, "id-said-2022/srs", dose_statistic="median"),
        one(H, "kim-2019/srs", dose_range_kind="IQR"),
        one(H, "miller-2017/srs", modality="FSRT"),
        one(W, "mills-2021/table", sides="both"),
        one(W, "miller-2017/table", kind="window"),
        one(A, "mills-2021/all", group="rn"),
    ],
    "sign": [
        one(C, "lebow-2023/univariable", p_operator="="),
        one(C, "miller-2016/lapatinib", p_operator="="),
        one(C, "kim-2019/cumulative-incidence", p_operator="<"),
        one("risk_factors", "stumpf-2019/age", comparator="<"),
        one("study_criteria", "stumpf-2019/young", comparator=">"),
        one("eligibility", "lesions", comparator="<"),
        one(H, "parsai-2019/srs-1", size_comparator=">="),
    ],
    "class": [
        one("study_classes", "kim-2019/lapatinib", drug_class="antibody"),
        one("study_classes", "khatri-2023/tucatinib", drug_class="lapatinib"),
        one("study_classes", "ippolito-2022/antibody", drug_class="adc"),
        one("studies", "geraud-2017", group="antibody"),
        one(C, "kim-2019/cumulative-incidence", drug_class="adc"),
        one(C, "miller-2017/tki-hazard-ratio", drug_class="antibody"),
        one("study_substances", "kim-2019/lapatinib", substance="t-dm1"),
    ],
    "a class without its drug": [
        one("substances", "lapatinib", drug_class="antibody"),
        one("substances", "pertuzumab", drug_class="tucatinib"),
        one("substances", "adcs", drug_class="lapatinib"),
        one("substances", "t-dm1", drug_class="antibody"),
        one("substances", "capecitabine", her2_directed="true"),
        one("conclusions", "lapatinib", drug_class="adc"),
        one("other_reviews", "khan-2020/lapatinib", drug_class="tucatinib"),
    ],
    "timing without a word": [
        one(S, "parsai-2019/lapatinib", timing="before"),
        one(S, "parsai-2019/antibody", timing="concurrent"),
        one(S, "miller-2017/subgroup", timing="after"),
        one(N, "id-said-2022/rn", timing="concurrent"),
        one(N, "stumpf-2019/csrn", timing="concurrent"),
        one("follow_ups", "geraud-2017/table", measure="radiographic"),
    ],
    "method": [
        one("analyses", "stumpf-2019/logistic", method="hazard-regression"),
        one("analyses", "koide-2024/cumulative-incidence", method="chi-squared"),
        one("analyses", "lebow-2023/competing-risk", method="logistic-regression"),
        one("analyses", "miller-2016/none", method="hazard-regression"),
        one("analyses", "kim-2019/cumulative-incidence", basis="none"),
        one("analyses", "park-2022/chi-squared", method="not-stated"),
    ],
    "what a code goes with": [
        one(C, "miller-2017/tki-hazard-ratio", measure="none"),
        one(C, "park-2022/any", measure="hazard-ratio"),
        one(C, "miller-2017/tki-hazard-ratio", measure="fold-increase"),
        one(C, "geraud-2017/concurrent", direction_basis="none"),
        one(C, "miller-2017/tki-cumulative-incidence", direction_basis="estimate"),
        one(C, "parsai-2019/first-horizon", direction="no-difference"),
        one(C, "miller-2016/lapatinib", significance_basis="wording"),
        one(C, "lebow-2023/previously-radiated", significance_basis="p-value"),
        one(C, "koide-2024/cumulative-incidence", occurrence="none"),
        one("follow_ups", "park-2022/table", stated="false"),
        one("follow_ups", "geraud-2017/table", stated="true"),
        one("flow", "not-relevant", stated="true"),
        one("flow", "excluded", stated="false"),
        one(W, "park-2022/table", kind="not-stated"),
        one("overlaps", "kim-2019/parsai-2019/authors", declared="true"),
    ],
    "what other rows show": [
        one("study_classes", "mills-2021/adc", has_comparison="true"),
        one("study_classes", "park-2022/several", has_comparison="false"),
        one("adjustments", "stumpf-2019/covariates", confounders="not-disclosed-or-unable"),
        one("adjustments", "lebow-2023/covariates", confounders="listed"),
        one("onsets", "khatri-2023/rn", outcome="RN"),
    ],
    "place": [
        one(W, "miller-2017/table", printed_in="text"),
        one("outcomes", "khatri-2023/text", printed_in="table-1"),
        one(S, "kim-2019/concurrent", group="subgroup"),
        one(S, "geraud-2017/total", group="part"),
        one(S, "geraud-2017/subgroup", group="total"),
    ],
    "qualifier": [
        one("half_lives", "parsai-2019/lapatinib", approximate="true"),
        one("half_lives", "lebow-2023/adcs", approximate="false"),
        one("review_facts", "topic-relevant", qualifier="at-least"),
        one("review_facts", "tucatinib-prior", qualifier="approximately"),
    ],
    "a row of another study": [
        one(C, "miller-2017/tki-hazard-ratio", comparison_group="lebow-2023/any-adc-concurrent"),
        one("half_lives", "parsai-2019/lapatinib", window="lebow-2023/table"),
        one(H, "khatri-2023/fsrt", parent="park-2022/fsrt-1"),
        one(N, "park-2022/rn", group="koide-2024/subgroup"),
    ],
    "a cohort, a class, a group without what goes with it": [
        one("studies", "lebow-2023", declared_cohort="same-hospital"),
        one("studies", "lebow-2023", cohort="same-hospital"),
        one("studies", "miller-2017", cohort=""),
        one("studies", "koide-2024", group="several"),
        one("studies", "miller-2016", group="adc"),
        one("overlaps", "miller-2017/kim-2019/authors", study_b="lebow-2023"),
        one(C, "miller-2017/tki-hazard-ratio", includes_wbrt="true"),
        one(C, "koide-2024/total", includes_wbrt="false"),
        one("flow", "excluded", kind="reason"),
        one("flow", "included", kind="removed"),
        one("conclusions", "lapatinib", grouping="outcome-general"),
        one("groupings", "discussion-adc-significant", of="statistics-chi-squared"),
        (("abbreviations", "table-1/rn", {"table": "table-2"}),),
    ],
    "a code whose words are another's": [
        one("eligibility", "lesions", kind="exclusion"),
        one("eligibility", "no-endpoint", kind="inclusion"),
        one("other_reviews", "khan-2020/lapatinib", direction="higher"),
        one("other_reviews", "beddok-2021/adc", hedged="false"),
        one("other_reviews", "salvestrini-2023/adc", kind="review"),
        one("remarks", "khatri-2023/follow-up", kind="limitation"),
        one("remarks", "koide-2024/radiation", kind="strength"),
        one("remarks", "stumpf-2019/mechanism", kind="strength"),
        one("review_facts", "onset-typical", qualifier="at-least"),
        one(S, "parsai-2019/antibody", her2="positive"),
        one("studies", "lebow-2023", centres="multicentre"),
    ],
    "a code left out though its words are there": [
        one("studies", "koide-2024", centres="not-stated"),
        one("review_facts", "metastases-share", qualifier=""),
        one(S, "miller-2017/her2-positive", her2=""),
        one(S, "parsai-2019/subgroup", timing="not-stated"),
        one("other_reviews", "khan-2020/lapatinib", direction="none"),
    ],
    "a code without its figure": [
        one("study_criteria", "park-2022/elsewhere", comparator="<"),
        one("eligibility", "stereotactic", comparator=">="),
        one("risk_factors", "parsai-2019/volume", comparator=">"),
        one(H, "ippolito-2022/fsrt", size_comparator="<="),
        one(H, "miller-2016/srs", per_fraction_statistic="median"),
        one(H, "stumpf-2019/srs", share_unit="lesions"),
    ],
    "a statement of one row that another cell of it denies": [
        one(C, "stumpf-2019/receipt", tested_alternative="more-vs-fewer-drugs"),
        one(C, "geraud-2017/concurrent", occurrence="none"),
        one(C, "miller-2017/antibody-cumulative-incidence", direction_basis="wording"),
        one(S, "lebow-2023/subgroup", qualifier="maximum"),
        one(S, "koide-2024/subgroup", substance="her2-egfr-tki"),
        one("groupings", "abstract-adc-higher", of="abstract-lapatinib"),
        one("overlaps", "miller-2017/miller-2016/authors", kind="one-shared-author"),
        one("overlaps", "kim-2019/miller-2016/authors", study_a="miller-2016"),
        one("study_criteria", "park-2022/elsewhere", kind="inclusion"),
        one("other_reviews", "other-targeted/kim-2017", drug_class="adc"),
        one("analyses", "khatri-2023/none", unit="lesions"),
    ],
    "what a fact, a factor, a term is": [
        one(S, "id-said-2022/total", substance="adcs"),
        one("analyses", "geraud-2017/descriptive", basis="measure"),
        one(C, "kim-2019/cumulative-incidence", occurrence="not-a-risk"),
        one(C, "geraud-2017/concurrent", occurrence="cumulative-incidence"),
        one("review_facts", "follow-up-range", topic="method"),
        one("review_facts", "selection-reviewers", topic="review"),
        one("search_terms", "radiosurgery", concept="outcome"),
        one("search_terms", "pertuzumab", concept="subject-heading"),
        one("risk_factors", "ippolito-2022/size", certainty="reported"),
        one("risk_factors", "general/dose", certainty="ambiguous"),
        one("risk_factors", "id-said-2022/dose", reported="false"),
    ],
}  # fmt: skip

CASES = [
    pytest.param(slip, id=f"{kind}-{number}")
    for kind, slips in KINDS.items()
    for number, slip in enumerate(slips)
]
Check = Callable[[Slip], list[Problem]]


@pytest.fixture(scope="module")
def check() -> Check:
    specs: list[TableSpec]
    specs, _, _ = read_specs(DATA)
    tables: dict[str, Table] = {}
    for spec in specs:
        table, _ = read_file(DATA / spec.path, spec.columns, spec.types)
        assert table is not None
        tables[spec.name] = table
    printed = {k: " ".join(v) for k, v in read_tables(DATA / "published").items()}

    def judge(slip: Slip) -> list[Problem]:
        changed = dict(tables)
        for name, key, cells in slip:
            changed[name] = _with(changed[name], tables[name], key, cells)
        places = Places(changed, {spec.name: spec.foreign_keys for spec in specs}, printed)
        names = {name for name, _, _ in slip}
        own = (slips_of(spec, places) for spec in specs if spec.name in names)
        return (  # the cheapest first: most slips are named in their own table
            [*chain.from_iterable(own)]
            or [*slips(specs, changed, printed)]
            or [*broken(specs, changed, ())]
            or check_tables(specs, changed, printed=printed)
        )

    return judge


def _with(table: Table, original: Table, key: str, cells: dict[str, str]) -> Table:
    known = original.by_key
    assert key in known
    new = {c: known[v[1:]][c] if v[1:] in known else v for c, v in cells.items()}
    assert any(known[key][c] != v for c, v in new.items())
    first = table.columns[0]
    rows = [(n, {**c, **new} if c[first] == key else c) for n, c in table.rows]
    return replace(table, rows=rows)


@pytest.mark.parametrize("slip", CASES)
def test_a_slip_is_named(check: Check, slip: Slip) -> None:
    assert any(problem.row and problem.column for problem in check(slip))


def test_the_data_as_they_are_hold_no_slip(check: Check) -> None:
    assert check(()) == []


SECOND_ARM = (
    "gamma-2004/awake2,gamma-2004,amber,lit-vs-unlit,sleepers,10.5,3,8,38,2,8,25,risk-ratio,1.5,"
    "0.34,6.6,=,0.59,false,higher,review,results,"
    '"3/8 (38%) vs 2/8 (25%), 1.5 (0.34–6.6), p = 0.59, 10.5",review-only,\n'
)


def test_a_figure_that_stands_last_is_not_taken_for_a_swap(fixture_copy: Path) -> None:
    with (fixture_copy / "data/comparisons.csv").open("a", encoding="utf-8") as file:
        file.write(SECOND_ARM)
    assert validate(fixture_copy / "data") == []


def test_two_figures_of_that_row_that_are_exchanged_are_named(fixture_copy: Path) -> None:
    with (fixture_copy / "data/comparisons.csv").open("a", encoding="utf-8") as file:
        file.write(SECOND_ARM.replace(",3,8,38,2,8,25,", ",2,8,25,3,8,38,"))
    found = {problem.code for problem in validate(fixture_copy / "data")}
    assert "slip/order" in found
