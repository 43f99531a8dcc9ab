"""Standing checks: each on a consistent, an inconsistent, an edge, an idle and an odd input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from review_companion.claims.standing import standing
from review_companion.data.package import load_package
from review_companion.model import Claim

ROOT = Path(__file__).parents[2]
TEXT = ("study", "unit", "part_of", "p_sign", "level", "sides")
FIELDS = ("number", "total", "percent", "estimate", "low", "high", "p", "other_percent",
          "other_total")  # fmt: skip
PERCENT = {"percent": "percent", "events": "number", "total": "total"}
PART = {"count": "number", "unit": "unit", "part of": "part_of"}
PERSONS = {**PART, "each": "unit.per", "alike": ["study"]}
RANGE = {"statistic": "estimate", "limits": ["low", "high"]}
RATIO = {"estimate": "estimate", "limits": ["low", "high"], "scale": "log", "p": "p",
         "p sign": "p_sign", "level": "level", "sides": "sides"}  # fmt: skip
TABLES = {"p": "p", "p sign": "p_sign", "tables": ["percent", "total", "other_percent",
                                                   "other_total"]}  # fmt: skip


def found(tmp_path: Path, role: Mapping[str, Any], *rows: Mapping[str, str]) -> list[Claim]:
    """The standing claims on invented rows of one table."""
    columns = ("row", *TEXT, *FIELDS)
    lines = [",".join(columns)]
    for number, row in enumerate(rows):
        cells = {"row": f"r{number}", "level": "95", "sides": "two", "p_sign": "=", **row}
        lines.append(",".join(cells.get(c, "") for c in columns))
    (tmp_path / "figures.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "units.csv").write_text("unit,per\npeople,\nlamps,people\n", "utf-8")
    types = {**dict.fromkeys(TEXT, "string"), **dict.fromkeys(FIELDS, "number"), "row": "string"}
    schema = {
        "fields": [{"name": c, "type": types[c]} for c in columns],
        "primaryKey": "row",
        "foreignKeys": [
            {"fields": "part_of", "reference": {"resource": "", "fields": "row"}},
            {"fields": "unit", "reference": {"resource": "units", "fields": "unit"}},
        ],
        "roles": [role],
    }
    units = {"fields": [{"name": "unit"}, {"name": "per"}], "primaryKey": "unit"}
    resources = [
        {"name": "units", "path": "units.csv", "schema": units},
        {"name": "figures", "path": "figures.csv", "schema": schema},
    ]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), "utf-8")
    return list(standing(load_package(tmp_path)))


def verdicts(claims: list[Claim]) -> dict[str, str]:
    return {claim.id: str(claim.verdict) for claim in claims}


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ({"number": "132", "total": "487", "percent": "27"}, "reproduced"),
        ({"number": "1", "total": "8", "percent": "13"}, "reproduced"),  # 12.5, half up
        ({"number": "1", "total": "8", "percent": "12"}, "reproduced-by-rounding"),  # half to even
        ({"number": "132", "total": "487", "percent": "29"}, "inconsistent"),
        ({"number": "", "total": "12", "percent": "10"}, "inconsistent"),  # no count of 12 is 10 %
        ({"number": "", "total": "4", "percent": "50"}, None),
        ({"number": "5", "total": "0", "percent": "50"}, None),
        ({"number": "5", "total": "", "percent": "50"}, None),
        ({"number": "many", "total": "12", "percent": "about half"}, None),
    ],
)
def test_a_percentage(tmp_path: Path, row: dict[str, str], verdict: str | None) -> None:
    wanted = {"auto/percentage/r0": verdict} if verdict else {}
    assert verdicts(found(tmp_path, PERCENT, row)) == wanted


def test_what_a_percentage_has_read_is_what_it_rests_on(tmp_path: Path) -> None:
    row = {"number": "132", "total": "487", "percent": "29", "study": "s"}
    (claim,) = found(tmp_path, PERCENT, row)
    assert {origin.column for origin in claim.origins} == {"number", "total", "percent"}
    assert (claim.recomputed, claim.studies, claim.severity) == ("27.1047", ("s",), "moderate")
    assert claim.innocent
    assert claim.settle


@pytest.mark.parametrize(
    ("part", "broken"),
    [
        ({"number": "9", "unit": "people"}, False),
        ({"number": "10", "unit": "people"}, False),
        ({"number": "11", "unit": "people"}, True),
        ({"number": "11", "unit": "lamps"}, False),  # another unit: not compared
        ({"number": "", "unit": "people"}, False),
    ],
)
def test_a_part_and_its_whole(tmp_path: Path, part: dict[str, str], broken: bool) -> None:
    rows = {"number": "10", "unit": "people"}, {**part, "part_of": "r0"}
    assert list(verdicts(found(tmp_path, PART, *rows))) == ["auto/part/r1"] * broken


@pytest.mark.parametrize(
    ("lamps", "broken"),
    [
        ({"number": "47", "unit": "lamps", "study": "a"}, True),
        ({"number": "126", "unit": "lamps", "study": "a"}, False),
        ({"number": "47", "unit": "lamps", "study": "b"}, False),  # another group
        ({"number": "47", "unit": "lamps", "study": "a", "part_of": "r0"}, False),
        ({"number": "47", "unit": "people", "study": "a"}, False),
    ],
)
def test_persons_that_cannot_be(tmp_path: Path, lamps: dict[str, str], broken: bool) -> None:
    rows = {"number": "126", "unit": "people", "study": "a"}, lamps
    claims = [c for c in found(tmp_path, PERSONS, *rows) if "/persons/" in c.id]
    assert [c.id for c in claims] == ["auto/persons/r1"] * broken
    assert all(("figures", "r0") in {(o.resource, o.row) for o in c.origins} for c in claims)


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        (("9.5", "7.4", "20.73"), False),
        (("8.2", "2", "8"), False),  # 8.2 beside an 8 that may be 8.4
        (("21", "7.4", "20.73"), False),  # may be 20.5
        (("23", "7.4", "20.73"), True),
        (("9.5", "20.73", "7.4"), True),
        (("9.5", "", "20.73"), False),
    ],
)
def test_a_median_and_its_range(tmp_path: Path, row: tuple[str, ...], broken: bool) -> None:
    figures = dict(zip(("estimate", "low", "high"), row, strict=True))
    assert list(verdicts(found(tmp_path, RANGE, figures))) == ["auto/range/r0"] * broken


@pytest.mark.parametrize(
    ("row", "middle", "p"),
    [
        (("0.23", "0.07", "0.78", "0.02"), "reproduced", "reproduced"),
        (("4.01", "1.79", "9.01", "0.0008"), "reproduced-by-rounding", "reproduced"),
        (("0.50", "0.07", "0.78", "0.02"), "ambiguous", "ambiguous"),  # another kind of interval?
        (("0.90", "0.07", "0.78", "0.02"), "inconsistent", "ambiguous"),  # outside its interval
        (("0.23", "0.07", "0.78", "0.30"), "reproduced", "inconsistent"),
        (("1.40", "1.00", "1.96", "0.08"), "reproduced", "ambiguous"),  # 1.00 may be 0.996
    ],
)
def test_an_estimate_its_interval_and_p(
    tmp_path: Path, row: tuple[str, ...], middle: str, p: str
) -> None:
    figures = dict(zip(("estimate", "low", "high", "p"), row, strict=True))
    wanted = {"auto/middle/r0": middle, "auto/p-interval/r0": p}
    assert verdicts(found(tmp_path, RATIO, figures)) == wanted


@pytest.mark.parametrize(
    ("change", "role", "why"),
    [
        ({"level": "90"}, {}, "level is 90 %"),
        ({"level": ""}, {}, "level of the interval is not given"),
        ({"sides": "one"}, {}, "one-sided"),
        ({}, {"scale": "identity"}, "no ratio"),
    ],
)
def test_what_is_no_two_sided_p_at_95_is_not_judged(
    tmp_path: Path, change: dict[str, str], role: dict[str, str], why: str
) -> None:
    figures = {"estimate": "0.23", "low": "0.07", "high": "0.78", "p": "0.30", **change}
    claim = next(c for c in found(tmp_path, {**RATIO, **role}, figures) if "/p-" in c.id)
    assert str(claim.verdict) == "not-computable"
    assert why in claim.explanation
    assert claim.severity == ""


@pytest.mark.parametrize(
    ("p", "sign", "verdict"),
    [
        ("0.30", "=", "reproduced"),  # Fisher: 4/20 against 8/20
        ("0.17", "=", "reproduced"),  # χ²
        ("0.60", "=", "ambiguous"),
        ("0.60", "<", None),
        ("", "=", None),
    ],
)
def test_a_p_and_its_table(tmp_path: Path, p: str, sign: str, verdict: str | None) -> None:
    row = {"percent": "20", "total": "20", "other_percent": "40", "other_total": "20", "p": p,
           "p_sign": sign}  # fmt: skip
    wanted = {"auto/p-table/r0": verdict} if verdict else {}
    assert verdicts(found(tmp_path, TABLES, row)) == wanted


def test_this_review_has_one_finding_that_holds_and_no_false_one() -> None:
    claims = list(standing(load_package(ROOT / "data")))
    against = [c.id for c in claims if str(c.verdict) in ("inconsistent", "ambiguous")]
    assert against == ["auto/persons/parsai-2019/lesions"]
    assert len(claims) == len({c.id for c in claims}) >= 8


def test_the_invented_review_is_checked_for_nothing() -> None:
    claims = list(standing(load_package(ROOT / "tests/fixture_review/data")))
    assert {c.id.split("/")[1] for c in claims} == {"percentage", "middle", "p-interval", "p-table"}
    assert not [c for c in claims if str(c.verdict) == "inconsistent"]
