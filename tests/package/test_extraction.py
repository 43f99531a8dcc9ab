"""The committed extraction against what is published.

Golden values: Grinzinger et al. 2025, doi 10.1007/s00066-025-02416-w, typed again from the text.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.cases import rows

from review_companion.model import Origin
from review_companion.package.package import Package, Resource, load_package

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT.parent / "shared" / "source" / "article.txt"
NAMES = re.compile(r"HER-?2|T-DM1|RTOG 90–05")
NUMBER_WORDS = "quarter one two doubled three four five six ten seventeen".split()


@pytest.fixture(scope="module")
def package() -> Package:
    return load_package(ROOT / "data")


def column(resource: Resource, name: str, **where: str) -> dict[str, str]:
    chosen = ((k, r) for k, r in resource.rows.items() if all(r[c] == v for c, v in where.items()))
    return {key: row[name] for key, row in chosen}


def extracted(package: Package) -> Iterator[Resource]:
    return (r for r in package if "fragment" in r.columns)


@pytest.mark.integration
def test_the_stock_validator_accepts_the_package() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package as StockPackage

        report = StockPackage(str(ROOT / "data/datapackage.json")).validate()
    assert report.valid, report.to_summary()


def test_every_extracted_row_has_a_place_and_a_status(package: Package) -> None:
    for resource in extracted(package):
        for key, row in resource.rows.items():
            assert all(row[c] for c in ("source", "section", "fragment", "status")), key


def test_fragments_of_prose_have_at_most_eight_words(package: Package) -> None:
    fragments = [
        row["fragment"]
        for resource in extracted(package)
        for row in resource.rows.values()
        if not row["section"].startswith("table-")
    ]
    assert len(fragments) > 300
    assert [f for f in fragments if len(f.split()) > 8] == []


def texts(package: Package) -> Iterator[tuple[Origin, str]]:
    """Cells of free text: no key (`contrast` is one), no link, nothing that quotes print."""
    quoting = {"fragment", "section", "note", "printed", "references", "printed_in", "contrast"}
    for resource in extracted(package):
        if resource.name in ("references", "locators"):
            continue
        links = {*resource.foreign_keys, resource.key, "row", "column", "resource"}
        for field in resource.fields:
            free = field["type"] == "string" and "enum" not in field.get("constraints", {})
            if free and field["name"] not in quoting | links:
                for key, row in resource.rows.items():
                    yield Origin(resource.name, key, field["name"]), row[field["name"]]


def test_text_fields_hold_no_figures(package: Package) -> None:
    found = [f"{o}: {text}" for o, text in texts(package) if re.search(r"\d", NAMES.sub("", text))]
    assert found == []


def test_text_fields_hold_no_number_words(package: Package) -> None:
    words = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
    assert [f"{o}: {text}" for o, text in texts(package) if words.search(text)] == []


TOTALS = (67, 16, 45, 49, 547, 84, 12, 98, 22, 126, 1939, 46, 168)
SUBGROUPS = (29, 19, 16, 10, 193, 18, 4, 35, 17, 24, 47, 24, 19)


def test_sizes_of_table_1(package: Package) -> None:
    samples = package["samples"]
    assert tuple(map(int, column(samples, "number", group="total").values())) == TOTALS
    assert tuple(map(int, column(samples, "number", group="subgroup").values())) == SUBGROUPS
    units = Counter(column(samples, "unit", group="subgroup").values())
    assert units == {"patients": 10, "lesions": 2, "sessions": 1}
    assert column(samples, "qualifier", qualifier="maximum") == {"id-said-2022/subgroup": "maximum"}


def test_ages_and_follow_up_of_table_1(package: Package) -> None:
    ages = column(package["ages"], "years").values()
    assert " ".join(ages) == "53.6 56 45 57 54 52 46 55 50.7 54 58 60 53.3 50.4 57"
    means = column(package["ages"], "years", statistic="mean")
    assert list(means.values()) == ["53.6", "46", "54", "53.3", "50.4"]
    months = column(package["follow_ups"], "months", stated="true").values()
    assert " ".join(months) == "15.6 13.2 18.3 10.1 8.2 12.4 20.8 17.1 12 12 31"
    unstated = column(package["follow_ups"], "study", stated="false")
    assert list(unstated.values()) == ["stumpf-2019", "geraud-2017"]


def test_windows_of_table_1(package: Package) -> None:
    rows = [r for r in package["windows"].rows.values() if r["printed_in"] == "table-1"]
    printed = [
        f"{r['value'] or r['days_before'] + '/' + r['days_after']} {r['unit']}" for r in rows
    ]
    assert printed == [
        "/ ", "6 month", "4 week", "21 day", "5 half-life", "5 half-life", "1 month", "7/21 day",
        "/ ", "5 half-life", "30 day", "4 week", "4 week",
    ]  # fmt: skip


def test_shares_of_table_2(package: Package) -> None:
    top = [
        f"{r['modality']} {r['share_percent']}"
        for r in package["schedules"].rows.values()
        if r["share_percent"] and not r["parent"]
    ]
    assert top == [
        "SRS 78", "FSRT 22", "SRS 60", "FSRT 40", "FSRT 100", "SRS 100", "SRS 100", "SRS 100",
        "SRS 73.85", "FSRT 26.05", "SRS 72", "FSRT 28", "SRS 100", "SRS 60.9", "FSRT 39.1",
        "SRS 27.4", "FSRT 32.1", "WBI 40.5",
    ]  # fmt: skip


def as_typed(row: Mapping[str, str]) -> str:
    names = ("exposed_percent", "comparison_percent", "estimate", "ci_low", "ci_high")
    cells = [*(row[n] for n in names), row["p_operator"] + row["p"], row["horizon"]]
    return " ".join(cell or "-" for cell in cells)


def test_every_comparison_as_printed(package: Package) -> None:
    held = {key: as_typed(row) for key, row in package["comparisons"].rows.items()}
    assert held == rows(__file__, "results_of_comparisons")


def test_the_review_counts_its_groups_as_the_data_do(package: Package) -> None:
    groups = Counter(column(package["studies"], "group").values())
    assert groups == {"adc": 6, "lapatinib": 2, "tucatinib": 1, "several": 4}
    for group in groups:
        cited = column(package["grouping_members"], "reference", grouping=f"summary-{group}")
        held = column(package["studies"], "reference", group=group)
        assert set(cited.values()) == set(held.values()), group


def test_a_cohort_is_the_declared_overlap_and_who_shares_several_authors(package: Package) -> None:
    held = column(package["studies"], "reference", declared_cohort="same-hospital")
    assert sorted(held.values()) == ["13", "14", "28"]
    cautious = column(package["studies"], "reference", cohort="same-hospital")
    assert sorted(cautious.values()) == ["13", "14", "24", "28"]
    pairs = column(package["overlaps"], "study_a", kind="same-hospital")
    assert len(pairs) == 3


def test_shared_authors_are_those_of_the_reference_list(package: Package) -> None:
    authors = {
        row["study"]: row["authors"].split("; ")
        for row in package["references"].rows.values()
        if row["study"]
    }
    declared = {
        (row["study_a"], row["study_b"]): row["shared"].split("; ")
        for row in package["overlaps"].rows.values()
        if row["kind"] in ("shared-authors", "one-shared-author")
    }
    studies = list(package["studies"].rows)
    found = {
        (a, b): [name for name in authors[a] if name in authors[b]]
        for i, a in enumerate(studies)
        for b in studies[i + 1 :]
        if set(authors[a]) & set(authors[b])
    }
    assert declared == found
    for row in package["overlaps"].rows.values():
        if row["kind"] != "same-hospital":
            assert (row["kind"] == "one-shared-author") == (";" not in row["shared"])


def test_the_reference_list_is_complete(package: Package) -> None:
    rows = package["references"].rows
    assert list(rows) == [str(number) for number in range(1, 44)]
    assert [key for key, row in rows.items() if not row["doi"]] == ["1", "16", "33", "35"]
    tables = ("citations", "grouping_members")
    cited = {reference for t in tables for reference in column(package[t], "reference").values()}
    assert cited == set(rows)


def test_studies_and_references_name_each_other(package: Package) -> None:
    for key, row in package["studies"].rows.items():
        reference = package["references"].rows[row["reference"]]
        assert reference["study"] == key
        assert reference["year"] == row["year"]


def test_mentions_name_cells_and_repeat_their_figure(package: Package) -> None:
    for key, row in package["mentions"].rows.items():
        cell = package.cell(Origin(row["resource"], row["row"], row["column"]))
        assert row["number"] == cell, key


def test_no_percentage_has_a_guessed_denominator(package: Package) -> None:
    samples = column(package["samples"], "percent_of", percent_of="")
    undeclared = [k for k, r in package["samples"].rows.items() if r["percent"] and k in samples]
    assert undeclared == ["miller-2017/antibody", "miller-2017/tki"]
    assert package["counts"].rows["mills-2021/rn"]["percent_of"] == ""
