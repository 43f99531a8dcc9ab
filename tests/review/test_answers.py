"""The right values of what the report concludes, each typed again from the article or an abstract.

Golden values: Grinzinger et al. 2025, doi 10.1007/s00066-025-02416-w; abstracts of Park 2022
(10.3389/fonc.2022.854364) and Parsai 2019 (10.3171/2018.10.JNS182340).
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from review_companion.review import Review

NO_DIRECTION = re.compile(r"not (associated|significant)|no (significant )?effect")
RATINGS = re.compile(r"\b(very )?uncertain\b|\bcertainty\b (?!was rated)", re.IGNORECASE)


def plain(text: str) -> str:
    """The text as a reader sees it: spans and escapes taken away."""
    return re.sub(r"\[([^][]*)\]\{[^}]*\}", r"\1", text).replace("\\", "")


@pytest.fixture(scope="module")
def report(report_review: Review) -> Review:
    return report_review


@pytest.fixture(scope="module")
def short(report: Review) -> str:
    return plain(report.text("key-messages") + report.text("by-drug"))


def test_a_direction_is_read_from_figures_or_words_never_from_significance(report: Review) -> None:
    for row in report.package["comparisons"].rows.values():
        figures = row["exposed_percent"] or row["estimate"]
        assert (row["direction"] == "none-reported") == (row["direction_basis"] == "none")
        if row["direction_basis"] in ("percentages", "estimate"):
            assert figures, row["comparison"]
        if row["direction_basis"] == "wording":
            assert row["comparison"] == "id-said-2022/after"  # “identified as … risk factors”


def test_the_articles_words_without_a_direction_give_none(report: Review) -> None:
    rows = report.package["comparisons"].rows
    silent = {key for key, row in rows.items() if row["direction"] == "none-reported"}
    horizons = {f"parsai-2019/{n}-horizon" for n in ("first", "second", "third")}
    assert silent == {*horizons, "park-2022/any"}


def test_three_of_four_reports_find_less_with_lapatinib_and_none_more(
    report: Review, short: str
) -> None:
    row = "concurrent-counts/lapatinib"
    values = [report.value(f"{row}/{c}") for c in ("compared", "less", "less-significant", "more")]
    assert values == [4, 3, 2, 0]
    assert report.value(f"{row}/without") == 1
    assert report.value("class-summary/lapatinib/agreed") == "lower"
    assert "no study found more" in short
    assert "All may be one group of patients" in short
    assert "mixed" not in short


def test_four_studies_may_share_patients_by_the_cautious_grouping(report: Review) -> None:
    assert report.value("overlap-participants") == 2696
    assert report.shown("overlap-share")[0] == "83.8%"
    assert report.value("studies-overlapping") == 4
    assert report.value("studies-declared-overlap") == 3
    assert (
        report.value("counting-choices/cohorts-as-declared/lapatinib") == "does not hold, 2 lower"
    )


def test_park_s_own_table_points_higher_where_its_result_stands(report: Review) -> None:
    from scipy.stats import chi2_contingency

    p = chi2_contingency([[16, 8], [12, 10]], correction=True).pvalue
    assert round(p, 2) == 0.59
    shown = report.shown("concurrent-use/park-2022/several/result")[0]
    assert shown == "16/24 vs 12/22 (with the abstract’s total)"
    way = report.shown("concurrent-use/park-2022/several/direction")[0]
    assert way == "▲ more"
    found = report.shown("study-answers/park-2022/found")[0]
    assert (
        "16/24 vs 12/22 with radionecrosis (with the total of its abstract): at 12 months" in found
    )


def test_antibodies_show_no_difference_and_t_dxd_alone_has_no_result(short: str) -> None:
    assert "HER2 antibodies: no significant difference** in either study" in short
    assert "T-DXd (trastuzumab deruxtecan) alone: no result.**" in short
    assert "4 of the 48 patients" in short
    assert "6 of 16 patients (37.5%) with concurrent T-DM1, 3 of 7 (43%) with" in short


def test_no_words_of_a_rating_system_stand_for_counts(report: Review) -> None:
    names = ("key-messages", "by-drug", "answers", "key-numbers", "fold", "switches", "counting")
    for name in names:
        assert not RATINGS.search(plain(report.text(name))), name


def test_bounds_are_computed_from_every_row_that_bears_on_them(report: Review) -> None:
    assert report.value("participants-maybe-her2-positive") == 3219 - (1939 - 47) - 105 - (
        547 - 479
    )
    assert (report.value("subgroup-least"), report.value("subgroup-most")) == (200, 452)
    assert "2546" not in plain(report.text("key-numbers"))


def test_reports_and_publications_are_counted_not_analyses(report: Review) -> None:
    assert report.value("comparisons-total") == 20
    assert report.value("lapatinib-reports") == 4
    assert report.value("kinase-lower-publications") == 2


def test_choices_together_leave_one_study_of_conjugates(report: Review) -> None:
    for choice in ("symptomatic-one-reading", "symptomatic-without-whole-brain"):
        row = f"counting-choices/concurrent-{choice}"
        assert report.value(f"{row}/adc") == "does not hold, 1 higher"


def test_what_an_abstract_contradicts_is_marked_where_it_is_shown(report: Review) -> None:
    verified = report.shown("study-answers/parsai-2019/verified")[0]
    assert "1 differs: it counts ten times as many lesions" in verified
    assert report.shown("follow-up/park-2022/table/abstract")[0] == "minimum"


def with_comparisons(report: Review, *studies: str) -> Review:
    """The review with the comparisons of some studies alone."""
    table = report.package["comparisons"]
    kept = {key: row for key, row in table.rows.items() if row["study"] in studies}
    resources = {**report.package.resources, "comparisons": replace(table, content=kept)}
    return Review(report.root, replace(report.package, resources=resources))


def test_sentences_agree_with_no_comparison(report: Review) -> None:
    none = with_comparisons(report)
    assert "No studies made a comparison. No analyses are said" in plain(none.text("key-numbers"))
    assert "; no studies compared concurrent use (" in plain(none.text("own-counting"))


def test_sentences_agree_with_one_study(report: Review) -> None:
    two = with_comparisons(report, "koide-2024", "miller-2016")
    adc, lapatinib = (plain(two.text("class-message", row=row)) for row in ("adc", "lapatinib"))
    assert "in the one study that compared it, significantly; the wording" in adc
    assert "The one study found less, significantly" in lapatinib
    assert "; its wording allows another reading" in plain(two.text("class-answer", row="adc"))
    assert "Two studies made a comparison, both of concurrent" in plain(two.text("key-numbers"))
    assert "; one study compared concurrent use, with a" in plain(two.text("own-counting"))
    one = with_comparisons(report, "stumpf-2019")
    assert "One study made a comparison, not of concurrent" in plain(one.text("key-numbers"))


def with_cells_of(report: Review, name: str, **cells: str) -> Review:
    """The review with the same cells in every row of a table."""
    table = report.package[name]
    changed = {key: {**row, **cells} for key, row in table.rows.items()}
    resources = {**report.package.resources, name: replace(table, content=changed)}
    return Review(report.root, replace(report.package, resources=resources))


def test_what_a_choice_leaves_out_is_not_said_to_be_missing(report: Review) -> None:
    felt = report.under({"symptomatic_only": True})
    messages, by_drug = plain(felt.text("key-messages")), plain(felt.text("by-drug"))
    left = "The choices made leave no study that compared concurrent"
    assert f"Lapatinib: no answer.** {left}" in messages
    assert "Tucatinib: no answer.** No study compared concurrent" in messages
    assert "no comparison of concurrent use among those that the choices leave" in by_drug
    answer = plain(felt.text("class-answer", row="lapatinib"))
    assert "The choices made leave no comparison** of four studies" in answer
    assert "the other did not compare" in plain(felt.text("class-answer", row="adc"))
    assert "leave 7 of 20 analyses" in plain(felt.text("counting"))
    one_class = report.under({"drug_class": "tucatinib"})
    assert "No studies of the chosen class made a" in plain(one_class.text("key-numbers"))
    assert "Other drugs" not in plain(one_class.text("by-drug"))


def test_a_direction_without_significance_is_said_to_have_none(report: Review) -> None:
    weak = with_cells_of(report, "comparisons", significant="false", direction="higher")
    message = plain(weak.text("class-message", row="antibody"))
    assert "in both studies that compared it, neither significantly" in message
    untested = with_comparisons(report, "geraud-2017")
    assert "in the one study that compared it, without a test" in plain(
        untested.text("class-message", row="adc")
    )
    assert "; its result was not tested.**" in plain(untested.text("class-answer", row="adc"))
    doubt = with_cells_of(report, "comparisons", tested_alternative="any-receipt-vs-none")
    studies = r"Geraud 2017\S+ \[Lebow 2023\S+ and \[Koide 2024\S+ is ambiguous"
    assert re.search(studies, plain(doubt.text("class-message", row="adc")))


def test_sentences_agree_with_no_overlap_and_nothing_stated(report: Review) -> None:
    apart = with_cells_of(report, "studies", cohort="", declared_cohort="")
    assert "No studies are known to share patients. At most" in plain(apart.text("key-numbers"))
    assert plain(apart.text("overlap")) == "No studies are known to share patients."
    unread = with_cells_of(report, "locators", status="review-only")
    assert "No figure was compared with the studies themselves" in plain(unread.text("key-numbers"))
    assert plain(unread.text("primary")).endswith("full text; no figure was compared with them.")
    brief = with_cells_of(report, "follow_ups", stated="false")
    assert plain(brief.text("follow-up")).endswith("No study reports its median follow-up.")
    silent = with_cells_of(report, "windows", kind="not-stated")
    assert plain(silent.text("windows")).startswith("No window is reported for 13 studies. The")
    by_lesion = with_cells_of(report, "comparisons", unit="lesions")
    assert "by its text. 20 analyses are in lesions. Les" in plain(
        by_lesion.text("outcome-and-unit")
    )
