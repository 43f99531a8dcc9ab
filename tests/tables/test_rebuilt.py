"""The article's two tables, rebuilt from atomic fields, equal the published text."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from tests.edits import with_cells

from review_companion.model import Origin
from review_companion.package.yaml_files import read_yaml
from review_companion.review import Review
from review_companion.tables.build import compare_published

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def review(report_review: Review) -> Review:
    return report_review


@pytest.mark.parametrize(("name", "cells"), [("table-1", 117), ("table-2", 52)])
def test_every_body_cell_equals_the_published_text(review: Review, name: str, cells: int) -> None:
    comparison = review.comparison(name)
    assert comparison.differences == ()
    assert (comparison.equal, comparison.total) == (cells, cells)


@pytest.mark.parametrize("name", ["table-1", "table-2"])
def test_header_row_is_as_published(review: Review, root: Path, name: str) -> None:
    with (root / "data" / "published" / f"{name}.csv").open(encoding="utf-8") as handle:
        published = next(csv.reader(handle))
    assert review.table(name).to_csv().splitlines()[0] == ",".join(published)


@pytest.mark.parametrize("name", ["table-1", "table-2"])
def test_notes_stand_under_the_table(review: Review, root: Path, name: str) -> None:
    path = root / "data" / "published" / f"{name}-notes.csv"
    with path.open(encoding="utf-8") as handle:
        published = {row["mark"]: row["text"] for row in csv.DictReader(handle)}
    notes = review.table(name).notes
    assert notes[0] == published.pop("abbreviations")
    published.pop("caption")
    marks = [f"^{mark} {text}" if mark != "note" else text for mark, text in published.items()]
    assert list(notes[1:]) == marks


def test_a_changed_field_changes_its_cell_and_shows_as_a_difference(review: Review) -> None:
    cell = Origin("follow_ups", "kim-2019/table", "months")
    changed = Review(review.root, with_cells(review.package, {cell: "8.3"}))
    found = changed.comparison("table-1").differences
    assert [d[:1] + d[2:] for d in found] == [("kim-2019", "8.3", "8.2")]


def test_a_row_that_was_not_published_is_named_once(review: Review, root: Path) -> None:
    table = review.table("table-1")
    rows = {**table.rows, "doe-2026": table.rows["kim-2019"]}
    path = root / "data" / "published" / "table-1.csv"
    found = compare_published(replace(table, rows=rows), path)
    assert (found.equal, found.total, found.differences) == (117, 126, ())
    assert "\n\nThe published table lacks doe\\-2026.\n" in found.to_markdown()


def test_each_cell_reads_the_field_that_it_shows(review: Review) -> None:
    traces = {trace.name: trace for trace in review.table("table-1").traces()}
    read = {str(origin) for origin in traces["table-1/stumpf-2019/total"].result.read}
    assert read == {"samples[stumpf-2019/total].number"}
    label = traces["table-1/stumpf-2019/subgroup"].label
    assert label == "Subgroup sample size, Stumpf 2019"  # without its footnote's mark


def test_columns_are_specified_once(root: Path) -> None:
    for name, spec in read_yaml(root / "data" / "tables.yml").items():
        ids = [column["id"] for column in spec["columns"]]
        assert len(ids) == len(set(ids)), name


def test_a_cell_with_a_finding_says_its_verdict_and_leads_to_it(review: Review) -> None:
    table = review.table("table-1")
    page = table.to_html()
    mark = '<span class="traced" data-trace="claim/t1-stumpf-2019-results">ambiguous</span>'
    results = page[page.index("table-1/stumpf-2019/results") :]
    assert mark in results[: results.index("</td>")]
    assert "ambiguous" not in table.to_csv()
    assert {c.severity for c in table.flags.values()} <= {"major", "moderate"}


def test_a_comparison_shows_what_differs_as_text(review: Review) -> None:
    found = review.comparison("table-1")
    hostile = ("doe", "Results", "[x](javascript:alert(1))", "<script>alert(1)</script>")
    said = replace(found, differences=(hostile,)).to_markdown()
    assert "\n\n::: {.differences}\n\n- doe, Results: rebuilt" in said
    assert "[x](" not in said
    assert "<script>" not in said


def test_of_two_findings_about_a_cell_the_more_severe_is_shown(review: Review) -> None:
    from review_companion.tables.ledger_tables import flags

    [worst] = [c for c in review.ledger if c.id == "t1-stumpf-2019-results"]
    less = replace(worst, id="less", severity="moderate")
    for told in ([worst, less], [less, worst]):
        assert flags(told, "table-1") == {"stumpf-2019/results": worst}
