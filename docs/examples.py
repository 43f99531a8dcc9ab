"""Examples of the expression language: each is a row of `docs/expressions.md` and a test.

Small invented tables, an expression, its value, the cells that the value is made of (read), and
those by which rows were chosen (looked at).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review_companion.expressions import Evaluator, RowRef
from review_companion.expressions.aggregates import REPEATED
from review_companion.model import Result
from review_companion.package.package import Package, Resource

TABLES = {
    "studies": """
        study | year | cohort
        ash   | 2019 |
        birch | 2021 | north
        cedar | 2022 | north
    """,
    "samples": """
        sample      | study | group    | unit     | number
        ash/all     | ash   | total    | patients | 45
        ash/drug    | ash   | subgroup | patients | 23
        birch/all   | birch | total    | patients | 60
        birch/drug  | birch | subgroup | lesions  |
    """,
    "comparisons": """
        comparison | study | direction     | exposed | other | estimate | low  | high | p    | sign
        ash/1      | ash   | higher        | 39.1    | 4.5   | 13.5     | 1.5  | 118  | 0.01 | <
        birch/1    | birch | lower         | 5.9     | 7.9   |          |      |      | 0.4  |
        birch/2    | birch | lower         |         |       | 0.50     | 0.25 | 1.00 |      |
        cedar/1    | cedar | no-difference |         |       |          |      |      |      |
    """,
    "stays": """
        stay  | study | long  | months | least | most | text
        ash   | ash   | true  | 11.5   | 2     | 30   | Median follow–up of the Study
        birch | birch | false |        |       |      |
    """,
    "mentions": """
        mention | resource | row       | column | number
        1       | samples  | ash/all   | number | 45
        2       | samples  | birch/all | number | 60
        3       | samples  | birch/all | number | 61
    """,
}
VALUES = {
    "patients-total": 'samples[group == "total"].number.sum()',
    "birch-drug": 'samples["birch/drug"].number',
}
TYPES = {
    "year": "integer",
    "long": "boolean",
    **dict.fromkeys(("months", "least", "most", "exposed", "other", "estimate"), "number"),
    **dict.fromkeys(("low", "high", "p"), "number"),
}
PARAMETERS = {"count_by": "study", "drug": "all", "strict": False}


@dataclass(frozen=True)
class Example:
    """An expression, its value, and the cells that it reads and looks at, where they are told."""

    expression: str
    value: str
    read: str | None = None
    looked: str | None = None
    row: str = ""


def drawn(text: str) -> list[list[str]]:
    """The cells of a drawn table, header first."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def example_package() -> Package:
    """The drawn tables as a data package in memory."""
    resources = {name: _resource(name, *drawn(text)) for name, text in TABLES.items()}
    return Package(Path(), {"resources": []}, resources)


def _resource(name: str, header: list[str], *rows: list[str]) -> Resource:
    whole = {"number": "integer"} if name == "samples" else {"number": "number"}
    fields = tuple({"name": c, "type": {**TYPES, **whole}.get(c, "string")} for c in header)
    links = {"study": "studies"} if "study" in header[1:] else {}
    cells = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    roles = ({word: word for word in REPEATED},) if set(REPEATED) <= set(header) else ()
    return Resource(name, f"{name}.csv", fields, links, (), roles, cells)


def evaluator() -> Evaluator:
    """The evaluator of the examples, with their named values and parameters."""
    values: dict[str, Any] = {name: {"expression": text} for name, text in VALUES.items()}
    return Evaluator(example_package(), values, PARAMETERS)


def result_of(example: Example, evaluator: Evaluator) -> Result:
    """What an example gives, with its row in hand."""
    return evaluator.result(example.expression, row_of(example, evaluator))


def row_of(example: Example, evaluator: Evaluator) -> RowRef | None:
    """The row that an example has in hand, if any."""
    resource, _, key = example.row.partition("/")
    return RowRef(evaluator.package[resource], key) if example.row else None


FORMS: dict[str, tuple[Example, ...]] = {
    "A cell: the resource, the row’s key, the column": (
        Example('samples["ash/all"].number', "45", "samples[ash/all].number", ""),
        Example('samples["ash/all"].study.year', "2019",
                "samples[ash/all].study, studies[ash].year", ""),
        Example('samples["birch/drug"].number', "not reported", "samples[birch/drug].number", ""),
        Example('samples["birch/drug"].number.given', "false", "samples[birch/drug].number", ""),
    ),
    "Rows that meet a condition: in brackets a bare name is a column": (
        Example("count(studies)", "3",
                "studies[ash].study, studies[birch].study, studies[cedar].study", ""),
        Example("studies[year > 2020].study.list()", "{birch, cedar}",
                "studies[birch].study, studies[cedar].study",
                "studies[ash].year, studies[birch].year, studies[cedar].year"),
        Example('samples[group == "total" and number > 50].study.list()', "{birch}",
                "samples[birch/all].study",
                "samples[ash/all].group, samples[ash/all].number, samples[ash/drug].group, "
                "samples[birch/all].group, samples[birch/all].number, samples[birch/drug].group"),
        Example('studies[study in ["ash", "cedar"]].year.list()', "{2019, 2022}"),
        Example('studies[study not in ["ash", "cedar"]].year.list()', "{2021}"),
        Example('studies[study != "ash"].year.list()', "{2021, 2022}"),
        Example("studies[cohort.given].study.list()", "{birch, cedar}"),
        Example("studies[not cohort.given].study.list()", "{ash}"),
        Example("samples[study.year >= 2020].sample.list()", "{birch/all, birch/drug}"),
        Example("stays[long].study.list()", "{ash}"),
        Example("stays[not long].study.list()", "{birch}"),
        Example('studies[cohort == "north" or year < 2020].study.list()', "{ash, birch, cedar}"),
        Example('studies[param.drug in ["all", study]].study.list()', "{ash, birch, cedar}",
                "studies[ash].study, studies[birch].study, studies[cedar].study", ""),
        Example("studies[not param.strict or cohort.given].study.list()", "{ash, birch, cedar}"),
    ),
    "A row in hand is `row`; within brackets it is the row around them": (
        Example("row.exposed - row.other", "173/5",
                "comparisons[ash/1].exposed, comparisons[ash/1].other", "", "comparisons/ash/1"),
        Example("row.low", "not reported", row="comparisons/birch/1"),
        Example("row.high - row.low", "not reported", row="comparisons/birch/1"),
        Example('samples[study == row.study and group == "total"].number.only()', "45",
                "samples[ash/all].number", None, "comparisons/ash/1"),
        Example('studies[any(c.direction == "lower" for c in comparisons[study == row.study])]'
                ".study.list()", "{birch}"),
    ),
    "An empty cell is not reported: what is asked of it is open, neither true nor false": (
        Example('samples["birch/drug"].number > 5', "open"),
        Example('not samples["birch/drug"].number > 5', "open"),
        Example('samples["birch/drug"].number > 5 or count(studies) == 3', "true"),
        Example('samples["birch/drug"].number > 5 and count(studies) == 2', "false"),
        Example("samples[number <= 60].sample.list()", "{ash/all, ash/drug, birch/all}"),
        Example("samples[not number > 60].sample.list()", "{ash/all, ash/drug, birch/all}"),
    ),
    "Calculating is exact; named values and parameters are names": (
        Example("patients_total - 5", "100"),
        Example("patients_total / 2 * 3 + 1", "317/2"),
        Example("-patients_total", "-105"),
        Example('param.count_by == "study"', "true", "", ""),
        Example("2018 < min(studies.year) <= 2019", "true"),
        Example("0.10 == 1 / 10", "true"),
    ),
    "Sets: | either, & both, - without, <= part of; == asks for the same members": (
        Example('studies.study.set() - {"ash"}', "{birch, cedar}"),
        Example('studies[year > 2020].study.set() & {"ash", "birch"}', "{birch}"),
        Example('stays.study.set() | {"oak"}', "{ash, birch, oak}"),
        Example('{"ash"} <= stays.study.set()', "true"),
        Example('stays.study.set() == {"birch", "ash"}', "true"),
        Example('"oak" in studies.study', "false"),
    ),
}  # fmt: skip

FUNCTIONS: tuple[Example, ...] = (
    Example('count(samples[group == "total"])', "2",
            "samples[ash/all].sample, samples[birch/all].sample"),
    Example("count(row.number > 40 for row in samples[number.given])", "2"),
    Example('samples[group == "total"].number.sum()', "105",
            "samples[ash/all].number, samples[birch/all].number",
            "samples[ash/all].group, samples[ash/all].unit, samples[ash/drug].group, "
            "samples[birch/all].group, samples[birch/all].unit, samples[birch/drug].group"),
    Example("sum(row.exposed * 2 for row in comparisons)", "90"),
    Example('samples[unit == "patients"].number.total()', "128"),
    Example('samples[unit == "lesions"].number.total()', "not reported"),
    Example('rest(60, samples[study == "ash" and group == "subgroup"].number)', "37"),
    Example("comparisons.exposed.min()", "5.9"),
    Example("min(patients_total, 7)", "7"),
    Example("studies.year.max()", "2022"),
    Example('studies[cohort == "north" and year < 2022].study.only()', "birch"),
    Example("count(studies.once_per(cohort))", "2"),
    Example("samples[number.given].sort(number).sample.list()", "{ash/drug, ash/all, birch/all}"),
    Example("comparisons.direction.list()", "{higher, lower, lower, no-difference}"),
    Example("comparisons.direction.set()", "{higher, lower, no-difference}"),
    Example("len(comparisons.direction.set())", "3"),
    Example('tally(comparisons.direction, "lower", "higher")', "3"),
    Example('citations("20–22, 25")', "{20, 21, 22, 25}"),
    Example("percent(9, 23)", "900/23"),
    Example('rounds_to(percent(9, 23), comparisons["ash/1"].exposed)', "true"),
    Example('adds_up(comparisons[direction == "lower" and p.given].exposed, whole=5.94)', "true"),
    Example("adds_up([45, 60], whole=106)", "false"),
    Example("first_given(birch_drug, patients_total)", "105"),
    Example("all(row.exposed > 5 for row in comparisons[exposed.given])", "true"),
    Example("all(row.p < 0.5 for row in comparisons)", "open"),
    Example("any(row.p < 0.5 for row in comparisons)", "true"),
    Example('under("count_by", "cohort", param.count_by)', "cohort", "", ""),
    Example('says(stays["ash"].text, "follow-up", "STUDY")', "true"),
    Example('same_words("Follow–up", "follow-up")', "true"),
    Example('mentioned(samples["ash/all"].number)', "45"),
    Example('mentioned(samples["birch/all"].number)', "{60, 61}"),
    Example('samples["birch/all"].number == mentioned(samples["birch/all"].number)', "false"),
    Example('significant(comparisons["birch/1"].p)', "false"),
    Example('significant(0.01, p_operator=comparisons["ash/1"].sign)', "true"),
    Example("p_agrees(estimate=2.0, low=1.1, high=3.6, p=0.02)", "true"),
    Example('implied_p(estimate=2.0, low=1.1, high=3.6) < 0.05', "true"),
    Example('symmetric(0.50, low=0.25, high=1.00, scale="log")', "true"),
    Example("symmetric_scales(estimate=10.0, low=5.0, high=15.0)", "{identity}"),
    Example("within_range(statistic=11.5, low=2, high=30)", "true"),
    Example('direction(comparisons["birch/1"].exposed, comparisons["birch/1"].other)', "lower"),
    Example('in_days(4, "week")', "28"),
    Example("feasible_counts(percent=39.1, total=23)", "{9}"),
    Example("feasible_totals(percent=39.1, count=9, up_to=40)", "{23}"),
    Example("fitting_tables(exposed_percent=39.1, unexposed_percent=4.5, total=45)",
            "{9/23 vs 1/22}"),
    Example("recognised(exposed_percent=39.1, unexposed_percent=4.5, total=45, fold=13.5)",
            "{odds ratio}"),
    Example('measure("odds ratio", exposed_events=9, exposed=23, events=1, unexposed=22)', "27/2"),
    Example('implied("risk-ratio", exposed_percent=39.1, unexposed_percent=4.5, total=45)',
            "198/23"),
    Example("comparisons.directions(per=param.count_by)", "{higher, lower, no difference}"),
    Example('comparisons.directions(per="cohort")', "{higher, conflicting}"),
    Example('rule("share")', "70"),
    Example('agreed(comparisons[study == "birch"].directions())', "lower"),
    Example('stands("lower", comparisons.directions(per="comparison"))',
            "does not hold, 1 higher and 2 lower and 1 no difference"),
    Example('sign_test(comparisons.directions(per="comparison"))', "not reported"),
)  # fmt: skip
