"""Findings by drug class: sentences and figures follow the data and the counting choices."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.edits import with_cells
from tests.figures.sheets import marks, words

from review_companion.model import Claim, Origin
from review_companion.package.package import Package
from review_companion.review import Review
from review_companion.tables.ledger_tables import OPEN, by_matter

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
CLASSES = ("adc", "lapatinib", "tucatinib", "antibody", "several")
CHOSEN_FROM = "effect-direction found-adc reported-effects derived-effects percentages".split()
SENTENCES = [
    name
    for name in yaml.safe_load((ROOT / "data/sentences.yml").read_text("utf-8"))
    if not name.startswith("class-")
]
SWITCHES = (
    *("concurrency_only", "one_reading_only", "symptomatic_only", "without_whole_brain"),
    "figures_only",
)
SPAN = re.compile(r"\[((?:[^\]\\]|\\.)*)\]\{[^}]*\}")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")  # as Markdown writes a mark of punctuation
Rows = list[dict[str, str]]


def plain(text: str) -> str:
    """A sentence as a reader sees it."""
    return ESCAPE.sub(r"\1", SPAN.sub(lambda match: match[1], text))


class Data:
    """The data of the report, edited in memory."""

    def __init__(self, package: Package) -> None:
        self.package = package

    def edit(self, resource: str, change: Callable[[Rows], Rows]) -> None:
        table = self.package[resource]
        rows = {row[table.key]: row for row in change([dict(r) for r in table.rows.values()])}
        resources = {**self.package.resources, resource: replace(table, content=rows)}
        self.package = replace(self.package, resources=resources)

    def remove(self, study: str) -> None:
        sides = {"study", "study_a", "study_b"}
        for table in self.package:
            own = sides & set(table.columns)
            if own:
                self.edit(
                    table.name,
                    lambda rows, own=own: [  # type: ignore[misc]
                        row for row in rows if study not in [row[side] for side in own]
                    ],
                )

    def add(self, like: str, study: str, **changed: str) -> None:
        """A study with the rows of another under its own name, free of that one's cohort."""
        for table in self.package:
            if "study" in table.columns[:3] and table.name != "references":
                self.edit(table.name, lambda rows: rows + _renamed(rows, like, study, changed))

    def direction(self, comparison: str, direction: str) -> None:
        cell = Origin("comparisons", comparison, "direction")
        self.package = with_cells(self.package, {cell: direction})

    def review(self) -> Review:
        return Review(ROOT, self.package)


def _renamed(rows: Rows, like: str, study: str, changed: dict[str, str]) -> Rows:
    def renamed(row: dict[str, str]) -> dict[str, str]:
        own = {key: value.replace(like, study) for key, value in row.items()}
        if "cohort" in own:
            own["cohort"] = ""
        return {**own, **{key: value for key, value in changed.items() if key in own}}

    return [renamed(row) for row in rows if row["study"] == like]


@pytest.fixture
def data(report: Review) -> Data:
    return Data(report.package)


@pytest.fixture(scope="module")
def report(report_review: Review) -> Review:
    return report_review


def test_the_answer_gives_direction_significance_concurrency_and_caveat(report: Review) -> None:
    answer = plain(report.text("answer-adc"))
    assert "All three studies that compared concurrent use found more" in answer
    assert "radionecrosis, two significantly.**" in answer
    assert "Counting other comparisons too, all five did, four significantly" in answer
    assert "the wording of one is ambiguous" in answer
    caveat = (
        "the other studies with a comparison did not compare concurrent with non-concurrent use, "
        "but use after vs before radiosurgery (inferred) or use at any time vs never."
    )
    assert f"Largest caveat: {caveat}" in answer


def test_there_is_one_answer_for_each_class_and_none_without_a_comparison(report: Review) -> None:
    answers = plain(report.text("answers")).split("\n\n")
    assert len(answers) == len(CLASSES)
    assert all(answer.startswith("- ") for answer in answers)
    assert "**The one study compared nothing**, so" in plain(report.text("answer-tucatinib"))


def test_overlapping_studies_count_once_and_the_answer_says_so(report: Review) -> None:
    answer = plain(report.text("answer-lapatinib"))
    assert "three found less radionecrosis and one reports no direction" in answer
    assert "cohort" not in answer  # one cohort: the caveat says as much
    assert "all may be one group of patients" in answer


def test_the_first_messages_say_what_was_found_and_that_a_pause_was_not_studied(
    report: Review,
) -> None:
    conjugates, lapatinib, others, pause = plain(report.text("key-messages")).split("\n\n")
    assert "more radionecrosis with concurrent use** in all three studies" in conjugates
    assert "significantly in two" in conjugates
    assert "Lapatinib: no study found more radionecrosis" in lapatinib
    assert "HER2 antibodies: no significant difference** in either study" in others
    assert "Tucatinib: no answer.**" in others
    assert "No study compared pausing with continuing" in pause


def test_each_drug_says_what_bears_on_it_beside_the_table(report: Review) -> None:
    said = plain(report.text("by-drug"))
    assert "**T-DM1 alone: hardly tested.** [Geraud 2017](#study-geraud-2017) found more" in said
    assert "with concurrent use, 50% vs 28.6% (4 patients treated concurrently), without" in said
    assert "28.6% does not fit the 8 others (2.3 patients)" in said
    assert "**Lapatinib: no sign of more radionecrosis; less is not established.**" in said
    assert "(27.4% vs 7.0%; at least 86 of 149 comparators not HER2-positive, 40.5% of all" in said
    assert all(part.count("- **") == 1 for part in said.split("\n\n"))


def test_what_the_text_adds_to_the_figures_follows_from_cells(report: Review) -> None:
    """Each hedge has the cells that it rests on, and goes where they say otherwise."""
    samples, counts = report.package["samples"].rows, report.package["counts"].rows
    total, positive, treated = (
        int(samples[f"koide-2024/{each}"]["number"])
        for each in ("total", "her2-positive", "subgroup")
    )
    assert report.value("koide-others-not-positive") == total - positive - treated == 86
    others = int(samples["stumpf-2019/total"]["number"]) - int(
        samples["stumpf-2019/subgroup"]["number"]
    )
    events = int(counts["stumpf-2019/csrn"]["number"]) - int(
        counts["stumpf-2019/csrn-concurrent"]["number"]
    )
    share = f"{100 * events / others:.1f}% of all who were not treated concurrently"
    assert share in plain(report.text("by-drug"))
    assert "point either way" in plain(report.text("key-messages"))
    lesions = report.package["outside_facts"].rows["parsai-2019/lesions"]["number"]
    assert lesions == samples["miller-2017/her2-positive"]["number"]
    assert f"may report the same lesions: the one has {lesions}" in plain(report.text("overlap"))
    assert "is a minimum in its abstract" in plain(report.text("follow-up"))
    assert "a condition of entry in its abstract, not a window" in plain(report.text("windows"))


def test_the_same_lesions_are_not_suspected_where_their_numbers_differ(
    report: Review, data: Data
) -> None:
    data.edit(
        "outside_facts",
        lambda rows: [
            {**row, "number": "480"} if row["outside_fact"] == "parsai-2019/lesions" else row
            for row in rows
        ],
    )
    assert "same lesions" not in plain(Review(report.root, data.package).text("overlap"))


def test_the_table_names_every_study_on_concurrent_use_with_its_figures(report: Review) -> None:
    rows = report.table("concurrent-use").rows
    compared = {key.split("/")[0] for key in rows}
    assert len(compared) == report.value("studies-concurrent")
    shown = {key: [cell.text for cell in cells] for key, cells in rows.items()}
    assert shown["koide-2024/adc"][2] == "27.4% vs 7.0%"  # of two results that with a p
    assert "4.01" not in shown["lebow-2023/adc"][2]  # the adjusted estimate alone
    assert shown["lebow-2023/adc"][3] == "▲ more"
    why = {key: cells[4] for key, cells in shown.items()}
    assert why["lebow-2023/adc"] == "p<0.001; adjusted; 42 patients"
    assert "at least 86 of 149 comparators not HER2-positive" in why["koide-2024/adc"]
    assert {cells[1] for cells in shown.values() if "†" in cells[1]} == {
        f"{name}†" for name in ("Miller 2017", "Kim 2019", "Parsai 2019", "Miller 2016")
    }


def test_a_hollow_mark_is_no_comparison_of_concurrent_use(report: Review) -> None:
    hollow = {
        key
        for key in report.table("effect-direction").rows
        if report.value(f"effect-direction/{key}/concurrency") == "no"
    }
    assert hollow == {"id-said-2022/adc", "stumpf-2019/adc", "park-2022/several"}


def test_no_primary_study_was_read_as_long_as_the_data_say_so(report: Review) -> None:
    said = (ROOT / "notebooks/at-a-glance.ipynb").read_text("utf-8")
    status = {
        row["status"]
        for resource in report.package.resources.values()
        for row in resource.rows.values()
        if "status" in resource.columns
    }
    assert ("No primary study was read" in said) == (status == {"review-only"})


def test_studies_by_class_agree_with_the_article_where_it_is_consistent(report: Review) -> None:
    groupings = report.package["groupings"].rows
    assert report.value("class-summary/adc/studies") == int(groupings["summary-adc"]["number"])
    tucatinib = int(groupings["summary-tucatinib"]["number"])
    assert report.value("class-summary/tucatinib/studies") == tucatinib
    of_classes = [report.value(f"class-summary/{name}/studies") for name in CLASSES]
    assert sum(of_classes) == len(report.package["study_classes"].rows)


def test_no_sign_test_below_six_independent_studies(report: Review) -> None:
    assert "no drug class has more than five" in plain(report.text("sign-test"))


def test_a_removed_study_leaves_sentences_and_figures(report: Review, data: Data) -> None:
    before = report
    assert "geraud-2017-adc" in marks(before.figure("effect-direction").svg)
    data.remove("geraud-2017")
    after = data.review()
    answer = plain(after.text("answer-adc"))
    assert "Both studies that compared concurrent use" in answer
    assert "all four did" in answer
    drawn = after.figure("effect-direction").svg
    assert "geraud-2017-adc" not in marks(drawn)
    assert "Geraud" not in words(drawn)
    was, now = (set(marks(r.figure("found-adc").svg)) for r in (before, after))
    assert was - now == {"geraud-2017-adc"}


def test_with_a_sixth_study_the_sign_test_appears(data: Data) -> None:
    data.add("geraud-2017", "nobody-2031", authors="Nobody et al.", year="2031", position="14")
    review = data.review()
    assert "all six did" in plain(review.text("answer-adc"))
    said = plain(review.text("sign-test"))
    assert "for antibody–drug conjugates, p = 0.031 with six independent studies" in said
    drawn = review.figure("effect-direction").svg
    assert "nobody-2031-adc" in marks(drawn)
    assert "Nobody et al. 2031" in words(drawn)
    assert "nobody-2031-table" in marks(review.figure("windows-in-days").svg)


def test_turned_directions_turn_the_sentence_the_mark_and_the_conclusion(data: Data) -> None:
    data.direction("geraud-2017/concurrent", "lower")
    review = data.review()
    answer = plain(review.text("answer-adc"))
    assert "Of five studies with a comparison, four found more radionecrosis and one" in answer
    assert review.value("effect-direction/geraud-2017/adc/direction") == "lower"
    data.direction("stumpf-2019/receipt", "lower")
    review = data.review()
    assert review.value("counting-choices/as-reported/adc").startswith("does not hold")
    assert "antibody–drug conjugates" in plain(review.text("switches")).split("All studies")[0]


@pytest.mark.parametrize(
    ("direction", "conjugates", "lapatinib", "together"),
    [
        (
            "none-reported",
            "report no direction.**",
            "report no direction; two have",
            "no direction",
        ),
        ("no-difference", "more nor less.**", "nor less; two have", "no difference with"),
        ("lower", "found less radionecrosis, two significantly.**", "two significantly.**", "less"),
        ("higher", "two significantly.**", "found more radionecrosis, two", "more"),
    ],
)
def test_where_all_point_one_way_or_none_the_sentences_say_so(
    data: Data, direction: str, conjugates: str, lapatinib: str, together: str
) -> None:
    data.edit("comparisons", lambda rows: [{**row, "direction": direction} for row in rows])
    review = data.review()
    assert conjugates in plain(review.text("answer-adc"))
    assert lapatinib in plain(review.text("answer-lapatinib"))
    by_drug = plain(review.text("by-drug"))
    assert f"**Conjugates together: {together}" in by_drug
    assert ("in each study.**" in by_drug) is (direction == "higher")
    assert ("found no difference with concurrent" in by_drug) is (direction == "no-difference")
    assert ("found no difference with T-DM1" in by_drug) is (direction == "no-difference")
    assert ("before radiosurgery, inferred: no difference)" in by_drug) is (
        direction == "no-difference"
    )
    assert ("reports no direction" in by_drug) is (direction == "none-reported")


def test_two_of_two_are_both_and_the_drug_is_no_cause_of_what_was_not_compared(data: Data) -> None:
    other = {"geraud-2017/concurrent": "tucatinib"}

    def change(row: dict[str, str]) -> dict[str, str]:
        return {**row, "drug_class": other.get(row["comparison"], row["drug_class"])}

    data.edit("comparisons", lambda rows: [change(row) for row in rows])
    answer = plain(data.review().text("answer-adc"))
    assert "found more radionecrosis, both significantly.**" in answer
    assert "all four did, all significantly" in answer
    data.edit("comparisons", lambda rows: [r for r in rows if r["drug_class"] != "adc"])
    assert "the cause" not in plain(data.review().text("key-messages"))


def test_one_choice_at_a_time_shows_which_conclusion_it_turns(report: Review) -> None:
    said = plain(report.text("switches"))
    assert (
        "A single choice is enough to change the conclusion on lapatinib and on HER2 antibodies."
        in said
    )
    assert "Only choices together change that on antibody–drug conjugates." in said
    assert report.value("counting-choices/cohorts-separately/lapatinib").startswith("does not hold")
    assert report.value("counting-choices/cohorts-separately/adc") == "holds, 5 higher"


def test_the_articles_own_counting_stands_beside_ours(report: Review) -> None:
    row = {
        c: report.shown(f"article-counting/adc/{c}")[0]
        for c in ("article", "higher", "concurrent", "concurrent-significant")
    }
    assert row["article"].startswith("4 of 6: ")
    assert (row["higher"], row["concurrent"], row["concurrent-significant"]) == ("5", "3", "2")


def test_a_printed_number_of_the_selection_that_does_not_fit_is_told(
    report: Review, data: Data
) -> None:
    said = plain(report.text("flow-check"))
    assert "Each box equals the one above it less what was removed" in said
    cell = Origin("flow", "excluded-publication", "number")
    review = Review(ROOT, with_cells(data.package, {cell: "21"}))
    assert "Excluded (36 printed, 35 recomputed)" in plain(review.text("flow-check"))
    assert "≠ 35" in words(review.figure("selection-flow").svg)


MISFITS = re.compile(
    r"\b(?:[Oo]ne|1) (?:studies|comparisons|cohorts|cohorts)\b"
    r"|\b(?:two|three|four|five|[2-9]) (?:study|comparison|cohort|independent cohort)\b"
    r"|None|\bnone of none\b|  |\( |,\.|;\."
)
CHOICES: list[dict[str, Any]] = [
    {**dict.fromkeys(SWITCHES, True), "count_by": "comparison"},
    *({"drug_class": name} for name in CLASSES[:3]),
    {**dict.fromkeys(SWITCHES, True), "drug_class": "several"},
    *({"drug_class": name} for name in CLASSES[3:]),
    {"count_by": "study", "figures_only": True},
    {"count_by": "comparison", "concurrency_only": True},
    {"count_by": "comparison", "drug_class": "antibody"},
    *({switch: True} for switch in SWITCHES),
]


@pytest.mark.generative
def test_no_choice_leaves_an_empty_figure_or_a_sentence_that_does_not_fit(
    report: Review, some: Callable[..., list[dict[str, Any]]]
) -> None:
    for choices in some(CHOICES, 8):
        review = Review(ROOT, report.package, choices)
        for name in CHOSEN_FROM:
            drawn = review.figure(name).svg
            assert marks(drawn) or "Nothing to draw" in words(drawn), (choices, name)
        for name in SENTENCES:
            said = plain(review.text(name))
            assert said, (choices, name)
            assert not MISFITS.search(said), (choices, name, said)


def test_a_report_without_any_comparison_still_says_so(data: Data) -> None:
    data.edit("comparisons", lambda rows: [])
    review = data.review()
    assert "**Nothing was compared** in six studies" in plain(review.text("answer-adc"))
    assert "no drug class has any" in plain(review.text("sign-test"))
    assert "Nothing to draw" in words(review.figure("percentages").svg)
    for spec in review.figures_declared.values():
        assert review.table(spec["table"]).columns


def test_findings_are_counted_by_severity(report: Review) -> None:
    found = [c for c in report.ledger if c.severity in ("major", "moderate", "minor")]
    major = [c for c in found if c.severity == "major"]
    said = plain(report.findings_summary())
    assert f"{len(found)} findings: {len(major)} major, " in said
    worst = re.findall(r"\(#matter-([^)]+)\)", said)
    assert worst == re.findall(r"#matter-(\S+)", plain(report.cards("major")))


def anchor(claim: Claim) -> str:
    return claim.id.replace("/", "-")


def test_every_matter_that_bears_on_a_figure_has_one_card_and_says_what_it_changes(
    report: Review,
) -> None:
    weighty = [c for c in report.ledger if c.severity in ("major", "moderate") and not c.concerns]
    matters = by_matter(c for c in weighty if c.verdict in OPEN)
    cards = report.cards().split("::::: {.finding .matter}")[1:]
    assert len(cards) == len(matters)
    assert report.cards() == "\n\n".join((report.cards("major"), report.cards("moderate")))
    for told in matters.values():
        leads = [f"(#finding-{anchor(claim)})" for claim in told]
        [card] = [card for card in cards if any(lead in card for lead in leads)]
        by_rule = all(claim.id.startswith("auto/") for claim in told)
        assert by_rule or re.findall(r"^(.+)\n:   ", card, re.MULTILINE) == [
            "The article says",
            "The figures say",
            "Innocent explanation",
            "What it changes for you",
            "What would settle it",
        ]


def test_cards_and_study_pages_stay_short(report: Review) -> None:
    def words(text: str) -> int:
        return len(re.sub(r"<[^>]+>|{[^}]*}", " ", text).split())

    cards = re.sub(r":::: {.content-visible.*?^::::$", "", report.cards(), flags=re.S | re.M)
    said = [page.to_html().split("<table")[0] for page in report.dossiers("studies").items]
    assert words(cards) < 2_000
    assert sum(map(words, said)) < 2_000


def test_a_card_is_headed_by_what_was_found(report: Review) -> None:
    said = report.cards("major").replace("\\", "")
    assert "### The percentages of Park 2022 cannot be risks of radionecrosis {#matter-" in said
    headings = re.findall(r"^### (.+?) {", said, re.MULTILINE)
    assert not [heading for heading in headings if heading.startswith(("Whether", "What", "How"))]


def test_a_finding_names_its_study_and_what_is_at_issue(report: Review) -> None:
    said = report.findings("major").replace("\\", "")
    assert "**Park et al. 2022 [29]: the percentages cannot be risks" in said
    assert "{#finding-bas-park-2022-risk}" in said
    assert "**Abstract: other reports find significantly less radionecrosis" in said
    assert "does not hold" not in said
    headings = re.findall(r"\*\*(.+?)\.\*\*", said)
    assert len(set(headings)) == len(headings)


def test_percentages_that_cannot_be_risks_give_no_risk_ratio(report: Review) -> None:
    row = "derived-effects/park-2022/number-of-drugs"
    assert report.value(f"{row}/risk-ratio") is None
    assert report.value(f"{row}/odds-ratio") is not None
    said = plain(report.text("derived"))
    assert "Park et al. 2022 [cannot be risks]" in said
    assert "park-2022/number-of-drugs" not in report.table("percentages").rows
    [claim] = [c for c in report.ledger if c.id == "bas-park-2022-risk"]
    assert claim.verdict == "inconsistent"


def test_the_fold_increase_stands_in_one_place_with_all_that_bears_on_it(report: Review) -> None:
    said = plain(report.text("fold"))
    assert "9/23 vs 1/22 patients with radionecrosis, 10 events in all" in said
    assert "the odds ratio of these counts: 13.5 (95% confidence interval 1.5 to 118.7)" in said
    assert "risk ratio is 8.6 (1.2 to 62.4)" in said
    assert "no test of concurrent use" in said


def test_windows_in_half_lives_count_studies_as_the_table_shows_them(report: Review) -> None:
    shown = [cells[-1].text for cells in report.table("windows-in-days").rows.values()]
    half_lives = [text for text in shown if text.startswith("half-lives")]
    assert report.value("windows-half-lives") == len(half_lives)


def test_what_is_not_reported_is_not_shown_as_a_no_or_a_zero(report: Review) -> None:
    assert report.value("study-features/koide-2024/adjusted") == "not reported"
    assert report.value("study-features/khatri-2023/window") == "not reported"
    assert report.value("study-methods/kim-2019/covariates") == "not reported"
    assert report.value("study-methods/geraud-2017/covariates") == "none"


def test_the_references_of_the_included_studies_are_listed_with_their_numbers(
    report: Review,
) -> None:
    items = plain(report.text("references")).split("\n\n")
    assert len(items) == report.value("studies-total")
    assert "Stumpf PK et al. Clin Cancer Res 2019;25(13):3946–3953" in items[2]
    assert "https://doi.org/10.1158/1078-0432.Ccr-18-2851" in items[2]


def test_counts_say_whether_they_are_of_cohorts_or_of_studies(report: Review) -> None:
    headers = [column.header for column in report.table("article-counting").columns]
    assert "Lower (studies)" in headers


def test_what_is_said_of_each_drug_is_computed(report: Review, data: Data) -> None:
    """A p-value that can be reproduced, a percentage of whole patients, and T-DXd alone."""
    row = "concurrent-use/miller-2016/lapatinib/why"
    assert report.shown(row)[0].startswith("p<0.01 (not reproducible from its patients)")
    said = {name: report.text(name) for name in ("by-drug", "answer-lapatinib", "key-messages")}
    gone = (
        ("by-drug", "cannot be reproduced"),
        ("answer-lapatinib", "cannot be reproduced"),
        ("by-drug", "does not fit the"),
        ("key-messages", "No study gives a result for T-DXd alone"),
        ("by-drug", "(trastuzumab deruxtecan) alone: no result"),
    )
    assert [words for name, words in gone if words not in said[name]] == []
    cells = {("miller-2016/lapatinib", "p"): "0.9",
             ("geraud-2017/concurrent", "comparison_percent"): "25"}  # fmt: skip
    data.package = with_cells(
        data.package, {Origin("comparisons", *place): text for place, text in cells.items()}
    )
    data.edit(
        "study_substances",
        lambda rows: [r for r in rows if (r["study"], r["substance"]) != ("koide-2024", "t-dm1")],
    )
    review = data.review()
    assert review.value("miller-2016-tests")
    assert review.value("t-dxd-alone") == ("koide-2024",)
    assert "reproducible" not in review.shown(row)[0]
    assert [words for name, words in gone if words in review.text(name)] == []
