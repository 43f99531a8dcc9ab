"""A study's page: what is said of it, its facts, and what does not add up; nothing twice."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from review_companion.expressions.templates import upper_first
from review_companion.model import Result
from review_companion.review import Review
from review_companion.tables.dossier import Dossiers, subjects_of
from review_companion.tables.dossier import dossiers as pages
from review_companion.tables.traced import Cell, Column, TracedTable


@pytest.fixture(scope="module")
def review(report_review: Review) -> Review:
    return report_review


@pytest.fixture(scope="module")
def dossiers(review: Review) -> Dossiers:
    return review.dossiers("studies")


def only(dossiers: Dossiers, key: str) -> str:
    [found] = [dossier for dossier in dossiers.items if dossier.key == key]
    return found.to_html()


@pytest.mark.parametrize("name", ["study-answers", "table-1", "study-methods"])
def test_every_study_has_its_row_of_every_table_that_is_named(
    review: Review, dossiers: Dossiers, name: str
) -> None:
    for key in review.table(name).rows:
        assert f'data-trace="{name}/{key}/' in only(dossiers, key)


def test_columns_that_repeat_what_is_said_are_left_out(dossiers: Dossiers) -> None:
    for each in dossiers.items:
        text = each.to_html()
        for column in ("table-1/{}/study", "table-1/{}/total", "study-methods/{}/outcome"):
            assert column.format(each.key) not in text
        assert f"table-1/{each.key}/concurrent" in text


def test_what_is_empty_is_no_link(dossiers: Dossiers) -> None:
    text = "".join(dossier.to_html() for dossier in dossiers.items)
    assert "<td>–" not in text.replace("<caption>", "")
    assert ">–</span>" not in text


def test_a_finding_about_one_study_stands_on_its_page_with_the_reason(
    review: Review, dossiers: Dossiers
) -> None:
    text = only(dossiers, "park-2022")
    [claim] = [c for c in review.ledger if c.id == "bas-park-2022-risk"]
    assert f"<strong>{upper_first(claim.found)}.</strong>" in text
    for said in plain(claim.explanation).split(". ")[:2]:
        assert said in plain(text)


def test_a_finding_about_several_studies_is_named_on_each_page_by_its_matter(
    review: Review, dossiers: Dossiers
) -> None:
    [claim] = [c for c in review.ledger if c.id == "abs-adc-higher"]
    for key in claim.studies:
        text = only(dossiers, key)
        assert text.count(claim.matter) == 1
        assert plain(claim.explanation) not in plain(text)


def test_several_rows_are_a_table_under_what_is_said(review: Review) -> None:
    comparisons = review.table("percentages")
    [lebow] = pages({"lebow-2023": "Lebow"}, None, [comparisons], [], ["study"]).items
    text = lebow.to_html()
    assert text.count("<tr>") == 1 + sum(
        "lebow-2023" in subjects_of(key) for key in comparisons.rows
    )
    assert "<caption>" in text


def test_of_several_rows_a_dash_is_no_link_and_the_table_no_second_of_its_name() -> None:
    columns = (Column("dose", "Dose"), Column("note", "Note <1>"))
    rows = {
        f"a/{n}": (Cell(dose, Result(dose)), Cell("x", Result("x")))
        for n, dose in enumerate(("–", "5 mg"))
    }
    table = TracedTable("doses", "Doses & more", columns, rows)
    [page] = pages({"a": "A"}, None, [table], []).items
    text = page.to_html()
    assert ">–</th>" in text
    assert 'data-trace="doses/a/1/dose"' in text and "doses/a/0/dose" not in text
    assert "<caption>Doses &amp; more</caption>" in text and "Note &lt;1&gt;" in text
    assert 'data-table="doses"' in table.to_html() and "data-table" not in text


def test_a_footnote_of_a_fact_is_told_with_it() -> None:
    notes = ("FU follow-up", "^a <median>", "^b mean")
    cells = (Cell("12^a", Result(12)), Cell("5", Result(5)))
    columns = (Column("months", "Months^b"), Column("years", "Years"))
    table = TracedTable("times", "Times", columns, {"a": cells, "b": cells[1:] * 2}, notes=notes)
    [first, second] = pages({"a": "A", "b": "B"}, None, [table], []).items
    assert '<p class="table-note"><sup>a</sup> &lt;median&gt;</p>' in first.to_html()
    assert first.to_html().count("table-note") == 2  # the note and the block of them
    assert "table-note" not in second.to_html()


def test_a_matter_on_a_page_begins_with_a_capital(review: Review) -> None:
    [claim] = [c for c in review.ledger if c.id == "abs-adc-higher"]
    small = replace(claim, matter="higher doses, <i>two</i> studies")
    text = pages({"a": "A"}, None, [], [replace(small, studies=("a", "b"))]).items[0].to_html()
    assert "Higher doses, &lt;i&gt;two&lt;/i&gt; studies" in text


def plain(text: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", text))
