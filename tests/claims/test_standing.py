"""Standing checks: each on a consistent, an inconsistent, an edge, an idle and an odd input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.cases import cases

from review_companion.claims.declared import read_claims
from review_companion.claims.ledger import Ledger
from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator
from review_companion.model import Claim
from review_companion.package.package import Package, load_package
from review_companion.review import Review

ROOT = Path(__file__).parents[2]
TEXT = ("study", "unit", "part_of", "p_sign", "level", "sides", "words", "basis")
FIELDS = ("number", "total", "percent", "estimate", "low", "high", "p", "other_percent",
          "other_total")  # fmt: skip
PERCENT = {"percent": "percent", "events": "number", "total": "total"}
PART = {"count": "number", "unit": "unit", "part of": "part_of"}
PERSONS = {**PART, "each": "unit.per", "alike": ["study"]}
SUM = {"count": "percent", "adds up to": "part_of"}
SHARED = {"shared group": ["number", "total", "estimate", "low"], "alike": ["study"]}
RANGE = {"average": "estimate", "limits": ["low", "high"]}
LIMITS = {"percent": "percent", "limits": ["low", "high"]}
RATIO = {"estimate": "estimate", "limits": ["low", "high"], "scale": "log", "p": "p",
         "p sign": "p_sign", "level": "level", "sides": "sides"}  # fmt: skip
TABLES = {"p": "p", "p sign": "p_sign", "tables": ["percent", "total", "other_percent",
                                                   "other_total"]}  # fmt: skip
DIRECTION = {"direction": "words", "direction basis": "basis",
             "arms": ["percent", "other_percent"]}  # fmt: skip
MENTION = {"resource": "study", "row": "unit", "column": "part_of", "number": "number"}


Role = Mapping[str, Any]


def found(tmp_path: Path, role: Role | list[Role], *rows: Mapping[str, str]) -> list[Claim]:
    """The standing claims on invented rows of one table, each cell with a place of its own."""
    return list(Ledger(Evaluator(package(tmp_path, role, *rows), {}), read_claims(tmp_path)))


def package(tmp_path: Path, role: Role | list[Role], *rows: Mapping[str, str]) -> Package:
    columns = ("figure", *TEXT, *FIELDS, "section", "fragment")
    usual = {"level": "95", "sides": "two", "p_sign": "=", "section": "results", "fragment": "7 or"}
    lines, places = [",".join(columns)], ["locator,resource,row,column,section,fragment"]
    for number, row in enumerate(rows):
        cells = {"figure": f"r{number}", **usual, **row}
        lines.append(",".join(cells.get(c, "") for c in columns))
        key = cells["figure"]
        places += [f"{key}/{c},figures,{key},{c},results,{c} {number}" for c in FIELDS]
    (tmp_path / "figures.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "locators.csv").write_text("\n".join(places) + "\n", "utf-8")
    (tmp_path / "units.csv").write_text("unit,per\npeople,\nlamps,people\n", "utf-8")
    types = {**dict.fromkeys(columns, "string"), **dict.fromkeys(FIELDS, "number")}
    types |= {"number": "integer", "total": "integer"}
    schema = {
        "fields": [{"name": c, "type": types[c]} for c in columns],
        "primaryKey": "figure",
        "foreignKeys": [
            {"fields": "part_of", "reference": {"resource": "", "fields": "figure"}},
            {"fields": "unit", "reference": {"resource": "units", "fields": "unit"}},
        ],
        "roles": role if isinstance(role, list) else [role],
    }
    if role is MENTION:
        del schema["foreignKeys"]
    units = {"fields": [{"name": "unit"}, {"name": "per"}], "primaryKey": "unit"}
    fields = [{"name": c, "type": "string"} for c in places[0].split(",")]
    resources = [
        {"name": "units", "path": "units.csv", "schema": units},
        {"name": "figures", "path": "figures.csv", "schema": schema},
        {"name": "locators", "path": "locators.csv", "schema": {"fields": fields}},
    ]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), "utf-8")
    return load_package(tmp_path)


def verdicts(claims: list[Claim]) -> dict[str, str]:
    return {claim.id: str(claim.verdict) for claim in claims}


ROLES = {
    "percent": PERCENT, "part": PART, "persons": PERSONS, "shared": SHARED, "range": RANGE,
    "ratio": RATIO, "tables": TABLES, "sum": SUM, "limits": LIMITS,
}  # fmt: skip


@cases
def test_a_standing_check_finds_what_is_wrong_and_nothing_else(
    tmp_path: Path, role: str, rows: list[dict[str, str]], verdicts: dict[str, str]
) -> None:
    """A group that serves two comparisons is counted once: Cochrane Handbook, 23.3.4."""
    claims = found(tmp_path, ROLES[role], *rows)
    assert {c.id.removeprefix("auto/"): str(c.verdict) for c in claims} == verdicts


def test_a_rule_that_checks_several_columns_of_a_row_names_them(tmp_path: Path) -> None:
    arms = ["number", "total"], ["estimate", "low"]
    roles: list[Role] = [
        {"shared group": [*group, *against], "alike": ["study"]}
        for group, against in (arms, arms[::-1])
    ]
    cells = ("2", "8", "6", "8"), ("2", "8", "3", "8"), ("5", "8", "6", "8")
    rows = [dict(zip(("number", "total", "estimate", "low"), row, strict=True)) for row in cells]
    claims = found(tmp_path, roles, *rows)
    assert {claim.id.removeprefix("auto/shared/") for claim in claims} == {
        "r0/total", "r1/total", "r0/low", "r2/low",
    }  # fmt: skip


def test_persons_that_cannot_be_rest_on_the_row_of_persons(tmp_path: Path) -> None:
    rows = [{"number": n, "unit": u, "study": "a"} for n, u in (("126", "people"), ("47", "lamps"))]
    (claim,) = [c for c in found(tmp_path, PERSONS, *rows) if "/persons/" in c.id]
    assert ("figures", "r0") in {(o.resource, o.row) for o in claim.origins}


def test_a_key_with_a_backslash_is_shown_as_it_is(tmp_path: Path) -> None:
    row = {"figure": r"a\d", "number": "132", "total": "487", "percent": "29"}
    (claim,) = found(tmp_path, PERCENT, row)
    assert claim.formula == r'percent(figures["a\d"].number, figures["a\d"].total)'


def test_a_cell_is_found_again_whatever_its_key_holds(tmp_path: Path) -> None:
    key = r"a\n"
    cell = {"figure": key, "total": "10"}
    mention = {"figure": r"b\n", "study": "figures", "unit": key, "part_of": "total"}
    rows = cell, {**mention, "number": "11"}
    assert verdicts(found(tmp_path, MENTION, *rows)) == {r"auto/same/b\n": "inconsistent"}


def test_what_a_percentage_has_read_is_what_it_rests_on(tmp_path: Path) -> None:
    row = {"number": "132", "total": "487", "percent": "29", "study": "s"}
    (claim,) = found(tmp_path, PERCENT, row)
    assert {o.column for o in claim.origins} == {"number", "total", "percent", "section", "figure"}
    assert (claim.recomputed, claim.severity) == ("27.1047", "moderate")
    assert "denominator" in claim.innocent
    assert claim.found
    assert claim.settle


@cases
def test_what_is_no_two_sided_p_at_95_is_not_judged(
    tmp_path: Path, change: dict[str, str], role: dict[str, str]
) -> None:
    figures = {"estimate": "0.23", "low": "0.07", "high": "0.78", "p": "0.30", **change}
    other = {**figures, "level": "95", "sides": "two", "estimate": "0.23", "p": ""}
    claims = found(tmp_path, {**RATIO, **role}, figures, other)
    assert not [c for c in claims if "/p-" in c.id]


def test_a_p_beside_an_estimate_is_that_of_its_model(tmp_path: Path) -> None:
    row = {"percent": "20", "total": "20", "other_percent": "40", "other_total": "20", "p": "0.60",
           "estimate": "0.5"}  # fmt: skip
    other = {**row, "estimate": ""}
    claims = found(tmp_path, {**TABLES, "estimate": "estimate"}, row, other)
    assert list(verdicts(claims)) == ["auto/p-table/r1"]


@cases
def test_a_figure_in_two_places(tmp_path: Path, cells: dict[str, str], verdict: str | None) -> None:
    mention = {"study": "figures", "unit": "r0", "part_of": "total", **cells}
    claims = [c for c in found(tmp_path, MENTION, {"total": "10"}, mention) if "r1" in c.id]
    assert verdicts(claims) == ({"auto/same/r1": verdict} if verdict else {})


@cases
def test_words_and_percentages(
    tmp_path: Path, words: str, basis: str, figures: tuple[str, str], broken: bool
) -> None:
    row = {"words": words, "basis": basis, "percent": figures[0], "other_percent": figures[1]}
    other = {"words": "lower", "basis": "wording", "percent": "1", "other_percent": "2"}
    asked = found(tmp_path, DIRECTION, row, other, {**other, "words": "higher"})
    assert [c.id for c in asked if "/r0" in c.id] == ["auto/direction/r0"] * broken


def test_a_figure_beside_nothing_but_itself_is_not_reproduced(tmp_path: Path) -> None:
    row = {"number": "132", "total": "487", "percent": "27"}
    package(tmp_path, PERCENT, row)
    header = (tmp_path / "locators.csv").read_text("utf-8").split("\n")[0]
    (tmp_path / "locators.csv").write_text(f"{header}\n", "utf-8")
    assert list(Ledger(Evaluator(load_package(tmp_path), {}), ())) == []


COMMENT = """\
standing:
  auto/percentage/r0:
    found: another share
    innocent: A slip of the pen.
    severity: note
"""


def test_a_comment_says_more_of_a_standing_check(tmp_path: Path) -> None:
    (tmp_path / "claims.yml").write_text(COMMENT, "utf-8")
    row = {"number": "132", "total": "487", "percent": "29"}
    (claim,) = found(tmp_path, PERCENT, row)
    said = claim.found, claim.innocent, claim.severity, claim.settle
    assert said == (
        "another share", "A slip of the pen.", "note", "The denominator of the percentage.",
    )  # fmt: skip


def test_a_standing_check_is_silenced_with_a_reason(tmp_path: Path) -> None:
    silent = "standing:\n  auto/percentage/r0:\n    because: It is a share of another group.\n"
    (tmp_path / "claims.yml").write_text(silent, "utf-8")
    row = {"number": "132", "total": "487", "percent": "29"}
    (claim,) = found(tmp_path, PERCENT, row)
    assert (str(claim.verdict), claim.severity) == ("not-computable", "")
    assert claim.explanation == "It is a share of another group."


@cases
def test_what_is_wrong_with_a_comment(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "claims.yml").write_text(text, "utf-8")
    row = {"number": "132", "total": "487", "percent": "29"}
    with pytest.raises(CompanionError) as error:
        found(tmp_path, PERCENT, row)
    assert said in str(error.value)
    assert "claims.yml:" in str(error.value)


def test_a_comment_on_a_check_that_finds_nothing_is_told(tmp_path: Path) -> None:
    text = COMMENT.replace("percentage", "part").replace("r0", "r1")
    (tmp_path / "claims.yml").write_text(text, "utf-8")
    rows = {"number": "10", "unit": "people"}, {"number": "9", "unit": "people", "part_of": "r0"}
    with pytest.raises(CompanionError, match="finds nothing"):
        found(tmp_path, PART, *rows)


def test_a_name_of_a_standing_check_is_no_name_of_a_claim(tmp_path: Path) -> None:
    line = "claim,section,fragment,label,check\nauto/part/r0,results,*7* or,A part,\n"
    (tmp_path / "claims.csv").write_text(line, "utf-8")
    with pytest.raises(CompanionError, match="is a name of a standing check"):
        found(tmp_path, PART, {"number": "10", "unit": "people"})


def of_standing(folder: Path) -> list[Claim]:
    ledger = Review(folder.parent, load_package(folder)).ledger
    return [claim for claim in ledger if claim.id.startswith("auto/")]


@pytest.mark.integration
def test_this_review_has_one_finding_that_holds_and_no_false_one() -> None:
    claims = of_standing(ROOT / "data")
    against = [c.id for c in claims if str(c.verdict) in ("inconsistent", "ambiguous")]
    assert against == ["auto/persons/parsai-2019/lesions"]
    assert {c.id.split("/")[1] for c in claims} == {
        "percentage", "persons", "p-interval", "same", "sum",
    }  # fmt: skip


def test_a_second_review_is_checked_for_nothing(fixture_copy: Path) -> None:
    data = fixture_copy / "data"
    for name in ("claims.csv", "claims.yml"):
        (data / name).write_text("", "utf-8")
    (data / "claims.csv").unlink()
    claims = of_standing(data)
    assert {c.id.split("/")[1] for c in claims} >= {"percentage"}
    assert {str(c.verdict) for c in claims} == {"reproduced"}
