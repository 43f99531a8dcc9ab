"""A number that its own locator's fragment does not print is an error, and nothing else is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases import cases
from tests.conftest import ROOT

from review_companion.package.descriptor import TableSpec, read_specs
from review_companion.package.numerals import numbers_printed, plainly_printed
from review_companion.package.printed_places import CODE, unprinted
from review_companion.package.tolerant_csv import Table, read_file
from review_companion.stats.printed import in_words
from review_companion.validate import check_tables, validate

Edit = Callable[[str, str, str], None]
Mutant = tuple[TableSpec, int, str, str]
SAMPLE = 400
FEWEST_FOUND = 0.98


@cases
def test_a_fragment_prints_a_number_in_digits_or_words(text: str, number: str) -> None:
    assert numbers_printed(text)[number]


@pytest.mark.parametrize(
    ("text", "number"),
    [("7.4–20.73", "-20.73"), ("(5)-3", "-3"), ("HER2-positive", "2"), ("17.0", "17"), ("", "0")],
)
def test_what_is_no_number_of_its_own_is_not_read(text: str, number: str) -> None:
    assert not numbers_printed(text)[number]


@given(st.integers(0, 999_999))
def test_every_count_is_read_in_words_and_with_separators(number: int) -> None:
    assert numbers_printed(f"of {in_words(number)} patients")[str(number)]
    assert numbers_printed(f"n={number:,}")[str(number)]


@given(st.decimals(0, 9999, places=2), st.decimals(0, 9999, places=2))
def test_both_limits_of_a_range_are_read(low: object, high: object) -> None:
    printed = numbers_printed(f"({low}–{high})")
    assert printed[str(low)] and printed[str(high)]


@given(st.text("1205.,·-–‑−^ [% )and", max_size=12))
def test_what_is_plainly_printed_is_read_as_printed_too(text: str) -> None:
    assert Counter(plainly_printed(text)) <= numbers_printed(text)


@pytest.mark.parametrize("text", ["−3", "10^3", "2·3", "3·2", "３"])
def test_a_part_of_a_number_is_not_plainly_printed(text: str) -> None:
    assert not {"2", "3", "３"} & {*plainly_printed(text)}


def test_a_slip_is_told_with_row_column_value_and_what_is_printed(folder: Path, edit: Edit) -> None:
    edit("samples.csv", "total,40,", "total,46,")
    (problem,) = [p for p in validate(folder) if p.code == CODE]
    place, _, words = str(problem).replace(f"{folder.parent}/", "").partition(": ")
    assert place == 'data/samples.csv:2 alpha-2001/total number "46"'
    assert words.startswith("warning: expected a number printed in “40”: 40;")
    assert problem.severity == "warning"


def test_a_cell_is_held_against_its_own_locator_rather_than_its_row_s(
    folder: Path, edit: Edit
) -> None:
    edit("locators.csv", "alpha-2001/nights,14,", "alpha-2001/nights,15,")
    assert [p.column for p in validate(folder) if p.code == CODE] == ["nights"]


def test_two_cells_of_a_row_need_a_number_that_is_printed_twice(folder: Path, edit: Edit) -> None:
    edit("comparisons.csv", "14,4,20,20,8,", "14,8,20,20,8,")
    (problem,) = [p for p in validate(folder) if p.code == CODE]
    assert (problem.column, problem.value) == ("unlit_events", "8")
    assert "lit_events of this row holds the 8" in str(problem)


@pytest.mark.parametrize("value", ["13", "31"])
def test_a_corrected_cell_may_hold_what_is_printed_before_or_after(
    folder: Path, edit: Edit, value: str
) -> None:
    edit("ages.csv", ",31,review-only", f",{value},review-only")
    assert validate(folder) == []


def test_a_column_of_our_own_making_is_not_looked_for(folder: Path, edit: Edit) -> None:
    edit("studies.csv", "gamma-2004,3,", "gamma-2004,9,")
    assert validate(folder) == []
    edit("schema.yml", "not printed", "printed: true")
    assert "descriptor" in {p.code for p in validate(folder)}


def test_a_month_is_held_against_its_name() -> None:
    specs, tables = _package()
    spec = next(s for s in specs if s.name == "searches")
    (number, cells), *_ = tables["searches"].rows
    cells |= {"search": "placed by its row", "fragment": "6 databases, May 2024"}
    for month, columns in (("5", []), ("6", ["month"])):
        rows = [(number, {**cells, "month": month})]
        changed = {**tables, "searches": replace(tables["searches"], rows=rows)}
        assert [p.column for p in unprinted([spec], changed, changed)] == columns


def slips(value: str) -> Iterator[str]:
    """The value with one digit changed, or with two neighbouring digits swapped."""
    for place, digit in enumerate(value):
        if not digit.isdigit():
            continue
        for other in set("0123456789") - {digit}:
            yield value[:place] + other + value[place + 1 :]
        following = value[place + 1 : place + 2]
        if following.isdigit() and following != digit:
            yield value[:place] + following + digit + value[place + 2 :]


def _package() -> tuple[list[TableSpec], dict[str, Table]]:
    specs, _, _ = read_specs(ROOT / "data")
    read = {s.name: read_file(ROOT / "data" / s.path, s.columns)[0] for s in specs}
    return specs, {name: table for name, table in read.items() if table is not None}


def mutants() -> Iterator[Mutant]:
    """Spec, index of the row, column and slip, for each printed number of the data."""
    specs, tables = _package()
    for spec in specs:
        printed = [
            f["name"]
            for f in spec.fields
            if f["type"] in ("number", "integer") and f.get("printed", True) is not False
        ]
        for index, (_, cells) in enumerate(tables[spec.name].rows if printed else ()):
            for column in printed:
                yield from ((spec, index, column, slip) for slip in slips(cells[column]))


def survivors(chosen: list[Mutant]) -> list[tuple[str, int, str, str]]:
    """The slips that no check of the tables reports as an error."""
    specs, tables = _package()
    left = []
    for spec, index, column, slip in chosen:
        rows = list(tables[spec.name].rows)
        number, cells = rows[index]
        rows[index] = (number, {**cells, column: slip})
        alone = {**tables, spec.name: replace(tables[spec.name], rows=[rows[index]])}
        if any(unprinted([spec], alone, alone)):
            continue
        whole = {**tables, spec.name: replace(tables[spec.name], rows=rows)}
        if not any(p.severity == "error" for p in check_tables(specs, whole)):
            left.append((spec.name, number, column, slip))
    return left


@pytest.mark.generative
def test_slips_in_the_data_are_found(some: Callable[..., list[Mutant]]) -> None:
    chosen = some(random.Random(1).sample(list(mutants()), SAMPLE), 3)
    assert len(survivors(chosen)) <= (1 - FEWEST_FOUND) * len(chosen)


def test_a_render_is_warned_of_a_slip_and_goes_on(folder: Path, edit: Edit) -> None:
    from review_companion.cache import Cache
    from review_companion.pipeline.inputs import read_inputs
    from review_companion.pipeline.validation import check_data

    def warned() -> int:
        root = folder.parent
        told = check_data(read_inputs(root), Cache(root / "cache", ""))
        return sum("samples.csv:2 alpha-2001/total" in warning for warning in told)

    assert warned() == 0
    edit("samples.csv", "total,40,", "total,46,")
    assert [warned(), warned()] == [1, 1]  # the second time from the cache
