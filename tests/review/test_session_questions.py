"""The session that the project ships: every answer recomputed here, from the CSV files alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import yaml

from review_companion.club.generate import Questions
from review_companion.club.pages import Club
from review_companion.club.question import QUESTIONS, Kind, Question
from review_companion.club.session import read_definitions, session_problems
from review_companion.review import Review

pytestmark = pytest.mark.integration

TAG = re.compile(r"\{[{%#].*?[#%}]\}", re.DOTALL)
Rows = dict[str, dict[str, str]]
NAMES = re.compile(r"T-DM1|HER2|Table \d|\b[A-Za-z]+ (?:et al\. )?20\d\d\b|AMSTAR 2")
FREE = (
    "article", "tells", "asks", "invented", "show", "ask", "explain", "pitfall", "look", "text",
    "left", "right", "why", "title", "do",
)  # fmt: skip


@pytest.fixture(scope="module")
def data(root: Path) -> Callable[[str], Rows]:
    def read(name: str) -> Rows:
        with (root / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {next(iter(row.values())): row for row in rows}

    return read


@pytest.fixture(scope="module")
def questions(club: Club) -> Questions:
    return club.generated


def chosen(question: Question) -> set[str]:
    assert question.answer is not None
    letters = question.answer[0][0].split(",")
    return {question.options[ord(at) - ord("A")].text for at in letters}


def paired(question: Question) -> dict[str, str]:
    assert question.answer is not None
    return {
        option.text: question.targets[ord(at) - ord("A")]
        for option, (at,) in zip(question.options, question.answer, strict=True)
    }


def ordered(question: Question) -> list[str]:
    assert question.answer is not None
    return [question.options[ord(at) - ord("A")].text for (at,) in question.answer]


def number(question: Question) -> str:
    assert question.answer is not None
    return question.answer[0][0]


def half_up(value: Decimal, places: str = "1") -> str:
    return str(value.quantize(Decimal(places), ROUND_HALF_UP))


def name_of(studies: Rows, key: str) -> str:
    return f"{studies[key]['authors']} {studies[key]['year']}"


def test_there_are_enough_questions_that_check_themselves(questions: Questions) -> None:
    assert sum(question.answer is not None for question in questions.questions) >= 12
    assert {question.kind for question in questions.questions} == set(Kind)


def test_no_question_drops_out_with_these_data(questions: Questions) -> None:
    assert questions.dropped == ()


def windows_match(question: Question, data: Callable[[str], Rows]) -> bool:
    studies, windows = data("studies"), data("windows")
    shown = {
        name_of(studies, row["study"]): f"{row['value']} biological half-lives"
        if row["unit"] == "half-life"
        else f"{row['value']}-{row['unit']} window"
        for row in windows.values()
        if row["printed_in"] == "table-1" and row["value"]
    }
    return all(shown[left] == right for left, right in paired(question).items())


def follow_up_order(question: Question, data: Callable[[str], Rows]) -> bool:
    studies = data("studies")
    months = {
        name_of(studies, row["study"]): Decimal(row["months"])
        for row in data("follow_ups").values()
        if row["months"]
    }
    found = [months[name] for name in ordered(question)]
    return found == sorted(set(found)) and max(months.values()) == found[-1]


def follow_up_late(question: Question, data: Callable[[str], Rows]) -> bool:
    end = Decimal(data("review_facts")["onset-typical"]["high"])
    months = [Decimal(r["months"]) for r in data("follow_ups").values() if r["months"]]
    return number(question) == str(sum(value >= end for value in months))


def subgroups(data: Callable[[str], Rows]) -> list[dict[str, str]]:
    return [row for row in data("samples").values() if row["group"] == "subgroup"]


def units_rows(question: Question, data: Callable[[str], Rows]) -> bool:
    studies = data("studies")
    others = {name_of(studies, r["study"]) for r in subgroups(data) if r["unit"] != "patients"}
    shown = {option.text for option in question.options}
    return chosen(question) == others & shown


def units_sum(question: Question, data: Callable[[str], Rows]) -> bool:
    found = sum(int(r["number"]) for r in subgroups(data) if r["unit"] == "patients")
    return number(question) == str(found)


def overlap_share(question: Question, data: Callable[[str], Rows]) -> bool:
    studies = data("studies")
    totals = [row for row in data("samples").values() if row["group"] == "total"]
    shared = sum(int(r["number"]) for r in totals if studies[r["study"]]["declared_cohort"])
    share = Decimal(100 * shared) / sum(int(r["number"]) for r in totals)
    return number(question) == half_up(share)


def rounding(question: Question, data: Callable[[str], Rows]) -> bool:
    printed = data("counts")["mills-2021/rn"]
    numbers = [r for r in data("samples").values() if r["study"] == "mills-2021"]
    fitting = {
        f"{row['number']} ({row['label']})"
        for row in numbers
        if half_up(Decimal(100 * int(printed["number"])) / int(row["number"])) == printed["percent"]
    }
    return chosen(question) == fitting


def risk_ratio(question: Question, data: Callable[[str], Rows]) -> bool:
    row = data("comparisons")["stumpf-2019/receipt"]
    exposed, other = (Decimal(row[f"{side}_percent"]) for side in ("exposed", "comparison"))
    half = Decimal("0.05")
    low, high = (exposed - half) / (other + half), (exposed + half) / (other - half)
    assert question.answer is not None
    steps = [Decimal(n) / 10 for n in range(1000) if low <= Decimal(n) / 10 <= high]
    accepted = {half_up(exposed / other, "0.1")} | {half_up(s, "0.1") for s in (low, high, *steps)}
    return set(question.answer[0]) == accepted


def fold_measure(question: Question, data: Callable[[str], Rows]) -> bool:
    row = data("comparisons")["stumpf-2019/receipt"]
    cases = int(data("counts")["stumpf-2019/csrn"]["number"])
    total = int(data("samples")["stumpf-2019/total"]["number"])
    a = int(row["exposed_events"])
    exposed = next(
        n for n in range(a, total)
        if half_up(Decimal(100 * a) / n, "0.1") == row["exposed_percent"]
    )  # fmt: skip
    c, others = cases - a, total - exposed
    odds_ratio = Decimal(a * (others - c)) / ((exposed - a) * c)
    return half_up(odds_ratio, "0.1") == row["estimate"] and chosen(question) == {"the odds ratio"}


def fixed_time(question: Question, data: Callable[[str], Rows]) -> bool:
    studies = data("studies")
    outcomes = data("outcomes").values()
    fixed = {name_of(studies, r["study"]) for r in outcomes if r["fixed_months"]}
    return chosen(question) == fixed


def conditional(question: Question, data: Callable[[str], Rows]) -> bool:
    both = int(data("counts")["stumpf-2019/csrn-concurrent"]["number"])
    exposed = int(data("samples")["stumpf-2019/subgroup"]["number"])
    return number(question) == half_up(Decimal(100 * both) / exposed)


def direction_significance(question: Question, data: Callable[[str], Rows]) -> bool:
    told = {"true": "significant", "false": "not significant", "not-tested": "not tested"}
    studies, shown = data("studies"), {}
    for row in data("comparisons").values():
        if row["exposed_percent"] and row["significant"] in told:
            start = f"{name_of(studies, row['study'])}: {row['exposed_percent']}% "
            higher = Decimal(row["exposed_percent"]) > Decimal(row["comparison_percent"])
            way = "higher" if higher else "lower"
            shown[start] = f"{way} risk, {told[row['significant']]}"
    return all(
        right == next(text for start, text in shown.items() if left.startswith(start))
        for left, right in paired(question).items()
    )


def concurrent_tested(question: Question, data: Callable[[str], Rows]) -> bool:
    studies = data("studies")
    tested = {
        f"{name_of(studies, row['study'])}: {row['exposed']}"
        for row in data("comparisons").values()
        if row["drug_class"] == "adc" and row["tested"] == "concurrent-vs-not"
    }
    shown = {option.text for option in question.options}
    return chosen(question) == tested & shown


def vote_count(question: Question, data: Callable[[str], Rows]) -> bool:
    printed = data("groupings")["abstract-adc-higher"]["number"]
    told = [row["statement"] for row in data("results").values()]
    by_table = sum(t.startswith("Higher risk for concurrent") for t in told)
    rows = [r for r in data("comparisons").values() if r["drug_class"] == "adc"]
    significant = {r["study"] for r in rows if r["significant"] == "true"}
    concurrent = {r["study"] for r in rows if r["tested"] == "concurrent-vs-not"}
    counts = {
        "Table 1 says higher risk for concurrent use": by_table,
        "Table 1 says higher risk, whenever the drug was given":
            sum(t.startswith("Higher risk") for t in told),
        "a significant result, whatever was compared": len(significant),
        "more radionecrosis where concurrent use was compared with other use or none":
            len(concurrent),
        "the same, and significant": len(concurrent & significant),
    }  # fmt: skip
    assert {option.text for option in question.options} == set(counts)
    return chosen(question) == {text for text, found in counts.items() if str(found) == printed}


def generalise(question: Question, data: Callable[[str], Rows]) -> bool:
    samples = data("samples")
    part, whole = (int(samples[f"koide-2024/{key}"]["number"]) for key in ("t-dxd", "any-adc"))
    return number(question) == half_up(Decimal(100 * part) / whole)


def find_number(question: Question, data: Callable[[str], Rows]) -> bool:
    samples = data("samples")
    patients, lesions = (samples[f"parsai-2019/{key}"]["number"] for key in ("total", "lesions"))
    assert int(lesions) < int(patients)
    (text,) = chosen(question)
    return patients in text and lesions in text and text.startswith("Parsai")


def find_table(question: Question, data: Callable[[str], Rows]) -> bool:
    results, rows = data("results"), data("comparisons").values()
    silent = {r["study"] for r in results.values() if r["statement"] == "No significant effect"}
    against = {r["study"] for r in rows if r["study"] in silent and r["significant"] == "true"}
    (text,) = chosen(question)
    return {name_of(data("studies"), key) for key in against} == {text.split(":")[0]}


RECOMPUTED: dict[str, Callable[[Question, Callable[[str], Rows]], bool]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        windows_match, follow_up_order, follow_up_late, units_rows, units_sum, overlap_share,
        rounding, risk_ratio, fold_measure, fixed_time, conditional, direction_significance,
        concurrent_tested, vote_count, generalise, find_number, find_table,
    )
}  # fmt: skip


def test_every_answer_has_a_second_computation(questions: Questions) -> None:
    checking = {question.id for question in questions.questions if question.answer is not None}
    assert checking == set(RECOMPUTED)


@pytest.mark.parametrize("name", RECOMPUTED)
def test_an_answer_is_what_the_cells_give(
    name: str, questions: Questions, data: Callable[[str], Rows]
) -> None:
    assert RECOMPUTED[name](questions[name], data)


def test_open_questions_have_model_answers_with_numbers(questions: Questions) -> None:
    found = [question for question in questions.questions if question.kind is Kind.OPEN]
    assert found
    for question in found:
        assert re.search(r"\d", question.explain)


def test_every_question_says_where_to_look_and_what_goes_wrong(questions: Questions) -> None:
    for question in questions.questions:
        assert question.look
        assert question.pitfall
        assert question.explain


def test_timings_add_up_and_goals_are_served(club: Club, review: Review) -> None:
    session = club.session
    assert list(session_problems(session, read_definitions(review, QUESTIONS))) == []
    assert {plan.minutes for plan in session.plans} == {45, 20}


def test_no_number_is_typed_in_the_templates(root: Path) -> None:
    for name in ("questions", "session", "appraisal", "extraction"):
        content = yaml.safe_load((root / "data" / f"{name}.yml").read_text("utf-8"))
        for text in texts(content):
            for part in TAG.split(text):
                assert not re.search(r"\d", NAMES.sub("", part)), f"{name}.yml: {text}"


def texts(node: object, key: str = "") -> list[str]:
    if isinstance(node, dict):
        return [text for name, value in node.items() for text in texts(value, str(name))]
    if isinstance(node, list):
        return [text for value in node for text in texts(value, key)]
    return [node] if isinstance(node, str) and key in FREE else []
