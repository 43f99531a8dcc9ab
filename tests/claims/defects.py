"""Small consistent reports, invented from a seed, and one defect at a time put into them.

A report is what is printed: tables of figures and what a text says of them. `claims` holds all of
it against itself, as a ledger would. Each defect can be found in principle: it goes beyond what
rounding allows, or no integers can give what it prints, which is made sure without the checks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import NormalDist

from review_companion.claims.declared import DeclaredClaim
from review_companion.package.package import Package, Resource

Z = NormalDist().inv_cdf(0.975)
Rows = dict[str, dict[str, str]]
PLACE = {"source": "review", "section": "table", "fragment": "", "status": "review-only"}
TYPES = {
    "studies": {"study": "string", "year": "integer", "reference": "string"},
    "samples": {"sample": "string", "study": "string", "group": "string", "number": "integer"},
    "counts": {"count": "string", "number": "integer", "total": "integer", "percent": "number"},
    "shares": {"share": "string", "study": "string", "parent": "string", "percent": "number"},
    "effects": {
        "effect": "string", "exposed_percent": "number", "comparison_percent": "number",
        "exposed_total": "integer", "comparison_total": "integer", "estimate": "number",
        "low": "number", "high": "number", "p": "number", "p_operator": "string",
    },
    "medians": {"median": "string", "value": "number", "low": "number", "high": "number"},
    "flow": {"step": "string", "parent": "string", "number": "integer"},
}  # fmt: skip


@dataclass
class Report:
    """Printed tables (resource -> rows by key) and the printed words and figures of a text."""

    tables: dict[str, Rows] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)

    def add(self, resource: str, key: str, **cells: object) -> None:
        columns = list(TYPES[resource])
        row = {columns[0]: key, **{c: str(cells.get(c, "")) for c in columns[1:]}, **PLACE}
        self.tables.setdefault(resource, {})[key] = row

    def package(self) -> Package:
        resources = {name: _resource(name, rows) for name, rows in self.tables.items()}
        return Package(Path("invented"), {}, resources)


def _resource(name: str, rows: Rows) -> Resource:
    fields = tuple({"name": c, "type": t} for c, t in TYPES[name].items())
    places = tuple({"name": column, "type": "string"} for column in PLACE)
    return Resource(name, f"{name}.csv", fields + places, {}, (), (), rows)


def printed(value: Fraction | float, places: int, rule: str = ROUND_HALF_UP) -> str:
    exact = Fraction(value)
    number = Decimal(exact.numerator) / Decimal(exact.denominator)
    return f"{number.quantize(Decimal(1).scaleb(-places), rule):f}"


def consistent_report(seed: int) -> Report:
    """A report without a defect: rounding edges, lesions beside patients, nested shares."""
    rng, report = Random(seed), Report()
    rule = ROUND_HALF_EVEN if seed % 5 == 0 else ROUND_HALF_UP
    for number in range(rng.randint(4, 7)):
        _study(report, rng, f"study-{number}", number, rule)
    _flow(report, rng)
    _text(report)
    return report


def _study(report: Report, rng: Random, study: str, number: int, rule: str) -> None:
    exposed, others = rng.randint(12, 60), rng.randint(12, 60)
    reference = str(20 + 3 * number)
    report.add("studies", study, year=rng.randint(2009, 2024), reference=reference)
    report.add("samples", f"{study}/total", study=study, group="total", number=exposed + others)
    report.add("samples", f"{study}/exposed", study=study, group="exposed", number=exposed)
    _counts(report, rng, study, exposed + others, rule)
    _shares(report, rng, study, rule)
    _effect(report, rng, study, exposed, others)
    low = Fraction(rng.randint(10, 90), 10)
    middle = low + Fraction(rng.randint(0, 60), 10)
    high = middle + Fraction(rng.randint(0, 90), 10)
    report.add("medians", study, value=f"{float(middle):.1f}", low=f"{float(low):.1f}",
               high=f"{float(high):.1f}")  # fmt: skip


def _counts(report: Report, rng: Random, study: str, patients: int, rule: str) -> None:
    """A share of patients, one of lesions (more than patients), and one at a rounding edge."""
    lesions = patients * 2 + rng.randint(0, 40)
    edge = rng.choice([8, 16, 40, 80, 200])
    totals = {"patients": (patients, 1), "lesions": (lesions, 0), "edge": (edge, 0)}
    for name, (total, places) in totals.items():
        count = rng.randint(1, total - 1)
        if name == "edge":
            count = next(c for c in range(1, total) if Fraction(1000 * c, total) % 10 == 5)
        share = printed(Fraction(100 * count, total), places, rule)
        report.add("counts", f"{study}/{name}", number=count, total=total, percent=share)


def _shares(report: Report, rng: Random, study: str, rule: str) -> None:
    """Two groups; the first is divided in turn, "other" last; every figure rounded by itself."""
    total = rng.randint(60, 400)
    first = rng.randint(total // 3, total - 10)
    parts = sorted(rng.sample(range(1, first), 2))
    divided = {"a": parts[0], "b": parts[1] - parts[0], "other": first - parts[1]}
    for name, count in {"first": first, "second": total - first}.items():
        share = printed(Fraction(100 * count, total), 1, rule)
        report.add("shares", f"{study}/{name}", study=study, percent=share)
    for name, count in divided.items():
        share = printed(Fraction(100 * count, total), 1, rule)
        parent = f"{study}/first"
        report.add("shares", f"{parent}/{name}", study=study, parent=parent, percent=share)


def _effect(report: Report, rng: Random, study: str, exposed: int, others: int) -> None:
    """A 2×2 table as two percentages, and a ratio with its Wald interval and p."""
    while True:
        a, c = rng.randint(1, exposed - 1), rng.randint(1, others - 1)
        risks = printed(Fraction(100 * a, exposed), 1), printed(Fraction(100 * c, others), 1)
        if risks[0] != risks[1]:
            break
    log, error = rng.uniform(-1.4, 1.4), rng.uniform(0.15, 0.55)
    p = 2 * NormalDist().cdf(-abs(log) / error)
    limits = (printed(math.exp(log + side * Z * error), 2) for side in (0, -1, 1))
    estimate, low, high = limits
    report.add(
        "effects", study, exposed_percent=risks[0], comparison_percent=risks[1],
        exposed_total=exposed, comparison_total=others, estimate=estimate, low=low, high=high,
        p="0.001" if p < 0.001 else printed(p, 3), p_operator="<" if p < 0.001 else "=",
    )  # fmt: skip
    higher = Fraction(a, exposed) > Fraction(c, others)
    report.text[f"{study}/direction"] = "higher" if higher else "lower"
    report.text[f"{study}/table"] = f"{a} {exposed} {c} {others}"


def _flow(report: Report, rng: Random) -> None:
    included = len(report.tables["studies"])
    reasons = {f"reason-{i}": rng.randint(1, 30) for i in range(4)}
    duplicates, excluded = rng.randint(5, 60), sum(reasons.values())
    screened = included + excluded
    for step, number in {
        "found": screened + duplicates,
        "duplicates": duplicates,
        "screened": screened,
        "excluded": excluded,
        "included": included,
    }.items():
        report.add("flow", step, number=number)  # fmt: skip
    for step, number in reasons.items():
        report.add("flow", step, parent="excluded", number=number)


def _text(report: Report) -> None:
    tables, text = report.tables, report.text
    totals = {r["study"]: r["number"] for r in tables["samples"].values() if r["group"] == "total"}
    years = [int(r["year"]) for r in tables["studies"].values()]
    ps = {s: (r["p_operator"] == "<" or Decimal(r["p"]) < Decimal("0.05"))
          for s, r in tables["effects"].items()}  # fmt: skip
    text |= {f"{study}/total": number for study, number in totals.items()}
    text |= {f"{study}/significant": "yes" if below else "no" for study, below in ps.items()}
    text["participants"] = str(sum(map(int, totals.values())))
    text["first-year"], text["last-year"] = str(min(years)), str(max(years))
    text["citation"] = ", ".join(r["reference"] for r in tables["studies"].values())
    text["significant-studies"] = str(sum(ps.values()))
    text["studies"] = str(len(tables["studies"]))
    middles = [r["value"] for r in tables["medians"].values()]
    text["shortest"], text["longest"] = min(middles, key=Decimal), max(middles, key=Decimal)


# What is claimed of a report, in the language of expressions.


def claims(report: Report) -> list[tuple[str, DeclaredClaim]]:
    """Every statement of the text and every table, each held against the rest."""
    found = (claim for part in (_whole, _each_study, _each_row) for claim in part(report))
    return [
        (name, DeclaredClaim(name, "invented", "text", label=name, check=check, printed=printed))
        for name, check, printed in found
    ]


Claims = Iterator[tuple[str, str, str]]


def _whole(report: Report) -> Claims:
    text = report.text
    total = 'samples[group == "total"].number.sum()'
    yield "participants", total, text["participants"]
    yield "first-year", "studies.year.min()", text["first-year"]
    yield "last-year", "studies.year.max()", text["last-year"]
    yield "citation", "set(studies.reference)", text["citation"]
    yield "studies", "count(studies)", text["studies"]
    below = "count(significant(row.p, p_operator=row.p_operator) for row in effects)"
    yield "significant-studies", below, text["significant-studies"]
    yield "shortest", "medians.value.min()", text["shortest"]
    yield "longest", "medians.value.max()", text["longest"]
    step = {name: f'flow["{name}"].number' for name in report.tables["flow"]}
    for name, check in {
        "found": f"{step['found']} == {step['duplicates']} + {step['screened']}",
        "screened": f"{step['screened']} == {step['excluded']} + {step['included']}",
        "reasons": f'{step["excluded"]} == flow[parent == "excluded"].number.sum()',
        "included": f"{step['included']} == count(studies)",
    }.items():
        yield f"flow-{name}", check, ""


def _each_study(report: Report) -> Claims:
    for study in report.tables["studies"]:
        total, exposed = (f'samples["{study}/{g}"].number' for g in ("total", "exposed"))
        yield f"{study}/total", total, report.text[f"{study}/total"]
        yield f"{study}/part", f"{exposed} < {total}", ""
        effect = f'effects["{study}"]'
        arms = f"{effect}.exposed_total + {effect}.comparison_total == {total}"
        yield f"{study}/arms", arms, ""
        own = f'shares[study == "{study}"'
        first = f"{study}/first"
        undivided = f"adds_up({own} and not parent.given].percent, whole=100)"
        yield f"{study}/shares/", undivided, ""
        parts, whole = f'{own} and parent == "{first}"].percent', f'shares["{first}"].percent'
        yield f"{study}/shares/{first}", f"adds_up({parts}, whole={whole})", ""


def _each_row(report: Report) -> Claims:
    for key, row in report.tables["counts"].items():
        share = f'percent(counts["{key}"].number, counts["{key}"].total)'
        yield f"{key}/percent", share, row["percent"]
    for key in report.tables["medians"]:
        row_ = f'medians["{key}"]'
        inside = f"within_range(statistic={row_}.value, low={row_}.low, high={row_}.high)"
        yield f"{key}/median", inside, ""
    for key in report.tables["effects"]:
        yield from _effect_claims(key, report.text)


def _effect_claims(key: str, text: dict[str, str]) -> Claims:
    e = f'effects["{key}"]'
    ratio = f"low={e}.low, high={e}.high"
    p = f"{e}.p, p_operator={e}.p_operator"
    percents = f"{e}.exposed_percent", f"{e}.comparison_percent"
    below = "" if text[f"{key}/significant"] == "yes" else "not "
    tables = (
        f"fitting_tables(exposed_percent={percents[0]}, unexposed_percent={percents[1]},"
        f" exposed_total={e}.exposed_total, unexposed_total={e}.comparison_total)"
    )
    for name, check in {
        "inside": f"within_range(statistic={e}.estimate, {ratio})",
        "symmetric": f"symmetric({e}.estimate, {ratio})",
        "p": f"p_agrees(estimate={e}.estimate, {ratio}, p={p})",
        "significant": f"{below}significant({p})",
        "direction": f'direction({percents[0]}, {percents[1]}) == "{text[f"{key}/direction"]}"',
        "table": f"len({tables}) > 0",
    }.items():
        yield f"{key}/{name}", check, ""


# The defects. Each takes a report that it may change, and chance; False: not possible in this one.

Defect = Callable[[Report, Random], bool]
DEFECTS: dict[str, Defect] = {}


def defect(function: Defect) -> Defect:
    DEFECTS[function.__name__.replace("_", "-")] = function
    return function


def with_defect(name: str, seed: int) -> Report:
    """A report with one defect of a class, from the first seed on in which it is possible."""
    for attempt in range(seed, seed + 1000):
        report = deepcopy(consistent_report(attempt))
        if DEFECTS[name](report, Random(attempt)):
            return report
    raise AssertionError(f"no report takes the defect {name}")


def _any(report: Report, resource: str, rng: Random) -> dict[str, str]:
    return report.tables[resource][rng.choice(sorted(report.tables[resource]))]


def _other_number(text: str, rng: Random) -> str:
    return str(int(text) + rng.choice([-1, 1]) * rng.randint(1, 9))


@defect
def sum_off(report: Report, rng: Random) -> bool:
    report.text["participants"] = _other_number(report.text["participants"], rng)
    return True


@defect
def percentage_inconsistent_with_count(report: Report, rng: Random) -> bool:
    row = _any(report, "counts", rng)
    off = Decimal(row["percent"]) + rng.choice([-1, 1]) * rng.randint(2, 9)
    row["percent"] = f"{off:f}"
    return 0 < off < 100


@defect
def percentages_not_adding_up(report: Report, rng: Random) -> bool:
    study = rng.choice(sorted(report.tables["studies"]))
    row = report.tables["shares"][f"{study}/second"]
    off = Decimal(row["percent"]) + rng.choice([-1, 1]) * rng.randint(1, 5)
    row["percent"] = f"{off:f}"
    return 0 < off < 100


@defect
def nested_percentages_not_adding_up(report: Report, rng: Random) -> bool:
    study = rng.choice(sorted(report.tables["studies"]))
    row = report.tables["shares"][f"{study}/first/other"]
    row["percent"] = f"{Decimal(row['percent']) + rng.randint(1, 5):f}"
    return True


@defect
def estimate_outside_its_interval(report: Report, rng: Random) -> bool:
    row = _any(report, "effects", rng)
    row["estimate"] = f"{Decimal(row['high']) + Decimal(rng.randint(5, 90)) / 100:f}"
    return True


@defect
def interval_asymmetrical(report: Report, rng: Random) -> bool:
    """A limit is moved by a factor of 1.3 to 1.8, the estimate stays inside."""
    row = _any(report, "effects", rng)
    factor = rng.uniform(1.3, 1.8)
    if rng.random() < 0.5:
        row["low"] = printed(float(row["low"]) / factor, 2)
    else:
        row["high"] = printed(float(row["high"]) * factor, 2)
    return Decimal(row["low"]) >= Decimal("0.05")


@defect
def p_not_of_the_interval(report: Report, rng: Random) -> bool:
    """The p is four times the true one, or a quarter of it; the words follow the printed p."""
    study = rng.choice(sorted(report.tables["effects"]))
    row = report.tables["effects"][study]
    if row["p_operator"] == "<" or not Decimal("0.01") < Decimal(row["p"]) < Decimal("0.24"):
        return False
    was = Decimal(row["p"]) < Decimal("0.05")
    row["p"] = printed(Fraction(row["p"]) * rng.choice([Fraction(4), Fraction(1, 4)]), 3)
    now = Decimal(row["p"]) < Decimal("0.05")
    report.text[f"{study}/significant"] = "yes" if now else "no"
    count = int(report.text["significant-studies"]) + now - was
    report.text["significant-studies"] = str(count)
    return True


@defect
def median_out_of_range(report: Report, rng: Random) -> bool:
    row = _any(report, "medians", rng)
    below = Decimal(row["low"]) - Decimal(rng.randint(2, 9)) / 10
    above = Decimal(row["high"]) + Decimal(rng.randint(2, 40)) / 10
    row["value"] = f"{rng.choice([below, above]):f}"
    middles = [Decimal(r["value"]) for r in report.tables["medians"].values()]
    report.text["shortest"], report.text["longest"] = str(min(middles)), str(max(middles))
    return Decimal(row["value"]) > 0


@defect
def part_larger_than_whole(report: Report, rng: Random) -> bool:
    study = rng.choice(sorted(report.tables["studies"]))
    whole = int(report.tables["samples"][f"{study}/total"]["number"])
    report.tables["samples"][f"{study}/exposed"]["number"] = str(whole + rng.randint(1, 30))
    return True


@defect
def n_of_m_off(report: Report, rng: Random) -> bool:
    number = int(report.text["significant-studies"]) + rng.choice([-1, 1])
    report.text["significant-studies"] = str(number)
    return 0 <= number <= int(report.text["studies"])


@defect
def citation_missing_one(report: Report, rng: Random) -> bool:
    numbers = report.text["citation"].split(", ")
    numbers.remove(rng.choice(numbers))
    report.text["citation"] = ", ".join(numbers)
    return True


@defect
def fact_differs_in_two_places(report: Report, rng: Random) -> bool:
    study = rng.choice(sorted(report.tables["studies"]))
    report.text[f"{study}/total"] = _other_number(report.text[f"{study}/total"], rng)
    return True


@defect
def significance_against_p(report: Report, rng: Random) -> bool:
    key = f"{rng.choice(sorted(report.tables['studies']))}/significant"
    report.text[key] = {"yes": "no", "no": "yes"}[report.text[key]]
    return True


@defect
def direction_reversed(report: Report, rng: Random) -> bool:
    key = f"{rng.choice(sorted(report.tables['studies']))}/direction"
    report.text[key] = {"higher": "lower", "lower": "higher"}[report.text[key]]
    return True


@defect
def conditional_reversed(report: Report, rng: Random) -> bool:
    """Shares exposed among those with and without the event, printed as risks."""
    study = rng.choice(sorted(report.tables["studies"]))
    a, exposed, c, others = map(int, report.text[f"{study}/table"].split())
    events, free = a + c, exposed + others - a - c
    shares = Fraction(100 * a, events), Fraction(100 * (exposed - a), free)
    row = report.tables["effects"][study]
    row["exposed_percent"], row["comparison_percent"] = (printed(s, 1) for s in shares)
    report.text[f"{study}/direction"] = "higher" if shares[0] > shares[1] else "lower"
    return not (_possible(row["exposed_percent"], exposed)
                and _possible(row["comparison_percent"], others))  # fmt: skip


def _possible(percent: str, total: int) -> bool:
    shares = (Fraction(100 * count, total) for count in range(total + 1))
    rules = (ROUND_HALF_UP, ROUND_HALF_EVEN)
    return any(percent in {printed(share, 1, rule) for rule in rules} for share in shares)


@defect
def table_impossible(report: Report, rng: Random) -> bool:
    """A percentage that no whole number of the group gives."""
    row = _any(report, "effects", rng)
    off = Decimal(row["comparison_percent"]) + Decimal(rng.choice([-3, -2, 2, 3])) / 10
    row["comparison_percent"] = f"{off:f}"
    apart = (off - Decimal(row["exposed_percent"])) * (
        Decimal(row["comparison_percent"]) - Decimal(row["exposed_percent"])
    )
    return 0 < off < 100 and apart > 0 and not _possible(f"{off:f}", int(row["comparison_total"]))


@defect
def flow_off(report: Report, rng: Random) -> bool:
    row = _any(report, "flow", rng)
    row["number"] = str(int(row["number"]) + rng.randint(1, 5))
    return True


@defect
def years_off(report: Report, rng: Random) -> bool:
    key, by = rng.choice([("first-year", -1), ("first-year", 1), ("last-year", 1)])
    report.text[key] = str(int(report.text[key]) + by * rng.randint(1, 4))
    return True


@defect
def range_of_medians_off(report: Report, rng: Random) -> bool:
    key = rng.choice(["shortest", "longest"])
    report.text[key] = f"{Decimal(report.text[key]) + Decimal(rng.randint(2, 30)) / 10:f}"
    return True
