"""Seeded slips on the data of this review: the cells that a person gets wrong, kind by kind.

The data as they are hold none; each case is one slip, made in memory, and must be named.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from review_companion.expressions.rules import broken
from review_companion.package.descriptor import TableSpec, read_specs
from review_companion.package.printed_places import PrintedTables
from review_companion.package.problems import Problem
from review_companion.package.published import read_tables
from review_companion.package.slips import slips, slips_of
from review_companion.package.tolerant_csv import Table, read_file
from review_companion.validate import check_tables, validate

pytestmark = pytest.mark.integration

DATA = Path(__file__).parents[2] / "data"

# (table, row, {column: value}), …; several rows where a slip swaps the cells of two of them
Slip = tuple[tuple[str, str, dict[str, str]], ...]


def seeded() -> Iterator[Any]:
    """The slips of `slips.csv`: a line for each cell, "=row" for the cell of another row."""
    with Path(__file__).with_name("slips.csv").open(encoding="utf-8", newline="") as file:
        for (kind, number), lines in groupby(csv.DictReader(file), itemgetter("kind", "slip")):
            cells: dict[tuple[str, str], dict[str, str]] = {}
            for line in lines:
                cells.setdefault((line["table"], line["row"]), {})[line["column"]] = line["value"]
            slip = tuple((table, row, changed) for (table, row), changed in cells.items())
            yield pytest.param(slip, id=f"{kind}-{number}")


Check = Callable[[Slip], list[Problem]]


@pytest.fixture(scope="module")
def check() -> Check:
    specs: list[TableSpec]
    specs, _, _ = read_specs(DATA)
    tables: dict[str, Table] = {}
    for spec in specs:
        table, _ = read_file(DATA / spec.path, spec.columns, spec.types)
        assert table is not None
        tables[spec.name] = table
    printed = {k: " ".join(v) for k, v in read_tables(DATA / "published").items()}

    def judge(slip: Slip) -> list[Problem]:
        changed = dict(tables)
        for name, key, cells in slip:
            changed[name] = _with(changed[name], tables[name], key, cells)
        places = PrintedTables(specs, changed, printed)
        names = {name for name, _, _ in slip}
        own_first = sorted(specs, key=lambda spec: spec.name not in names)
        found = chain(  # the cheapest first: most slips are named in their own table
            *(slips_of(spec, places) for spec in specs if spec.name in names),
            slips(specs, changed, printed),
            broken(own_first, changed, ()),
        )
        return [*islice(found, 1)] or check_tables(specs, changed, printed=printed)

    return judge


def _with(table: Table, original: Table, key: str, cells: dict[str, str]) -> Table:
    known = original.by_key
    assert key in known
    new = {c: known[v[1:]][c] if v[1:] in known else v for c, v in cells.items()}
    assert any(known[key][c] != v for c, v in new.items())
    first = table.columns[0]
    rows = [(n, {**c, **new} if c[first] == key else c) for n, c in table.rows]
    return replace(table, rows=rows)


@pytest.mark.parametrize("slip", list(seeded()))
def test_a_slip_is_named(check: Check, slip: Slip) -> None:
    assert any(problem.row and problem.column for problem in check(slip))


def test_the_data_as_they_are_hold_no_slip(check: Check) -> None:
    assert check(()) == []


WATCHED = {"watched": "", "study": "key of: studies, ", "number": "integer, ", "unit": ""}
SECOND_ARM = (
    "gamma-2004/awake2,gamma-2004,amber,lit-vs-unlit,sleepers,10.5,3,8,38,2,8,25,risk-ratio,1.5,"
    "0.34,6.6,=,0.59,false,higher,review,results,"
    '"3/8 (38%) vs 2/8 (25%), 1.5 (0.34–6.6), p = 0.59, 10.5",review-only,\n'
)


def test_a_figure_that_stands_last_is_not_taken_for_a_swap(fixture_copy: Path) -> None:
    with (fixture_copy / "data/comparisons.csv").open("a", encoding="utf-8") as file:
        file.write(SECOND_ARM)
    assert validate(fixture_copy / "data") == []


@pytest.mark.parametrize(
    ("number", "unit", "named"), [(6, "weeks", 0), (42, "days", 0), (7, "weeks", 1)]
)
def test_a_duration_is_held_against_that_of_the_same_thing_in_other_units(
    fixture_copy: Path, number: int, unit: str, named: int
) -> None:
    data = fixture_copy / "data"
    role = "    roles:\n      - {duration: number, unit: unit, of: study}\n"
    columns = "".join(f"      {c}: {{{w}about: x.}}\n" for c, w in WATCHED.items())
    schema = data / "schema.yml"
    schema.write_text(f"{schema.read_text()}\n  watched:\n    columns:\n{columns}{role}")
    rows = f"watched,study,number,unit\na,alpha-2001,6,weeks\nb,alpha-2001,{number},{unit}\n"
    (data / "watched.csv").write_text(rows)
    assert [p.code for p in validate(data)] == ["slip/twice"] * named


@pytest.mark.parametrize(("note", "named"), [("beta-2003/awake is alike", 0), ("beta-2003/x", 1)])
def test_a_note_in_words_may_begin_with_another_row(
    fixture_copy: Path, note: str, named: int
) -> None:
    path = fixture_copy / "data/ages.csv"
    text = path.read_text("utf-8").replace(",34.0,review-only,", f",34.0,review-only,{note}")
    path.write_text(text, "utf-8")
    assert [p.code for p in validate(fixture_copy / "data")] == ["owner"] * named


def test_two_figures_of_that_row_that_are_exchanged_are_named(fixture_copy: Path) -> None:
    with (fixture_copy / "data/comparisons.csv").open("a", encoding="utf-8") as file:
        file.write(SECOND_ARM.replace(",3,8,38,2,8,25,", ",2,8,25,3,8,38,"))
    found = {problem.code for problem in validate(fixture_copy / "data")}
    assert "slip/order" in found
