"""Traces are true: what is no origin changes nothing, and every origin can change something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.model import Origin, Row
from review_companion.package.package import Package, load_package
from review_companion.review import Review
from review_companion.tables.build import build_table
from review_companion.tables.traced import TracedTable

pytestmark = pytest.mark.generative

FIXTURE = Path(__file__).resolve().parents[1] / "fixture_review"
FAILS = "cannot be evaluated"

State = Mapping[str, object]
Some = Callable[..., list[Origin]]


@pytest.fixture(scope="module")
def package() -> Package:
    return load_package(FIXTURE / "data")


def state(package: Package) -> dict[str, object]:
    """Every value, table cell and claim with what a reader sees of it; rows that went included."""
    review = Review(FIXTURE, package)
    found: dict[str, object] = {}
    for name in review.values_declared:
        found[name] = _attempt(lambda name=name: review.result(name).value)
    for name in review.tables_declared:
        found |= _table(review, name)
    for name, claim in review.ledger.attempted():
        failed = isinstance(claim, CompanionError)
        found[f"claim/{name}"] = FAILS if failed else (claim.recomputed, str(claim.verdict))
    return found


def _table(review: Review, name: str) -> dict[str, object]:
    """The cells' texts, each evaluated by itself, so that one that fails hides no other."""
    spec = review.tables_declared[name]
    found: dict[str, object] = {}
    for column in spec["columns"]:
        alone = {**spec, "columns": [column]}
        resource = review.package[spec["rows"].partition(".")[0]]
        for key in resource.rows:
            one = {**alone, "rows": f'{resource.name}[{resource.key} == "{key}"]'}
            text = _attempt(lambda one=one: build_table(name, one, review.evaluator))
            if isinstance(text, TracedTable):
                found |= {trace.name: trace.text for trace in text.traces()}
            else:
                found[f"{name}/{key}/{column['id']}"] = text
    return found


def _attempt(evaluate: object) -> object:
    try:
        return evaluate()  # type: ignore[operator]
    except (CompanionError, KeyError):
        return FAILS


def changed(package: Package, name: str, rows: Mapping[str, Row]) -> Package:
    resource = replace(package[name], content=rows)
    return replace(package, resources={**package.resources, name: resource})


def other_texts(package: Package, origin: Origin) -> Iterator[str]:
    """Other contents of a cell: those of its column, another number, nothing, something new."""
    rows = package[origin.resource].rows
    now = rows[origin.row][origin.column]
    column = dict.fromkeys(row[origin.column] for row in rows.values())
    kind = package[origin.resource].field(origin.column).get("type", "string")
    fresh = {"integer": ["7", "1"], "number": ["7.5", "0.5"], "boolean": ["true", "false"]}
    options = [*list(column)[:4], *fresh.get(kind, ["something new"]), ""]
    return (text for text in dict.fromkeys(options) if text != now)


def edited(package: Package, origin: Origin) -> Iterator[Package]:
    rows = package[origin.resource].rows
    for text in other_texts(package, origin):
        row = {**rows[origin.row], origin.column: text}
        yield changed(package, origin.resource, {**rows, origin.row: row})


def with_other_rows(package: Package, origin: Origin) -> Iterator[Package]:
    """The row removed, doubled, or in its place another one whose cell holds something else.

    A filter that looks at several cells of a row may need all of them changed.
    """
    rows, key = package[origin.resource].rows, package[origin.resource].key
    others = {k: v for k, v in rows.items() if k != origin.row}
    yield changed(package, origin.resource, others)
    copy = {**rows[origin.row], key: "another/row"}
    yield changed(package, origin.resource, {**rows, "another/row": copy})
    for other in others.values():
        if other[origin.column] != rows[origin.row][origin.column]:
            row = {**other, key: origin.row}
            yield changed(package, origin.resource, {**rows, origin.row: row})


def in_company(package: Package, origin: Origin) -> Iterator[tuple[Package, Package]]:
    """The row with the other cells of another row: with its own cell, and with the other's.

    What one cell of a row rules out already, another of its cells cannot change alone.
    """
    rows, key = package[origin.resource].rows, package[origin.resource].key
    for other in rows.values():
        row = {**other, key: origin.row}
        kept = {**row, origin.column: rows[origin.row][origin.column]}
        yield (
            changed(package, origin.resource, {**rows, origin.row: kept}),
            changed(package, origin.resource, {**rows, origin.row: row}),
        )


@pytest.fixture(scope="module")
def origins(package: Package) -> dict[str, frozenset[Origin]]:
    """Trace -> all its origins, at the data as they are."""
    review = Review(FIXTURE, package)
    found = {trace.name: frozenset(trace.result.origins) for trace in review.traces()}
    known = state(package)
    return {name: cells for name, cells in found.items() if name in known}


@pytest.fixture(scope="module")
def reach(package: Package, some: Some) -> dict[Origin, set[str]]:
    """Cell -> the traces that some other content of it changes."""
    before = state(package)
    cells = [
        Origin(resource.name, row, column)
        for resource in package
        for row in resource.rows
        for column in resource.columns[1:]
    ]
    return {
        origin: set().union(*(differing(before, state(o)) for o in edited(package, origin)))
        for origin in some(cells, 60)
    }


def differing(before: State, after: State) -> set[str]:
    return {name for name, value in before.items() if after.get(name, FAILS) != value}


def test_a_cell_that_is_no_origin_never_changes_a_result(
    reach: Mapping[Origin, set[str]], origins: Mapping[str, frozenset[Origin]]
) -> None:
    wrong = [
        f"{origin} changes {name}"
        for origin, names in reach.items()
        for name in names
        if name in origins and origin not in origins[name]
    ]
    assert wrong == [], "\n".join(wrong[:20])


def test_every_origin_has_a_change_that_changes_the_result(
    package: Package, reach: Mapping[Origin, set[str]], origins: Mapping[str, frozenset[Origin]]
) -> None:
    before = state(package)
    idle = []
    for name, cells in origins.items():
        for origin in cells & set(reach):
            if name in reach[origin]:
                continue
            others = with_other_rows(package, origin)
            if any(name in differing(before, state(other)) for other in others):
                continue
            if not any(
                name in differing(state(a), state(b)) for a, b in in_company(package, origin)
            ):
                idle.append(f"{name}: {origin}")
    assert idle == [], "\n".join(idle[:20])


def test_an_added_row_changes_only_what_names_its_resource(
    package: Package, origins: Mapping[str, frozenset[Origin]], some: Callable[..., list[Row]]
) -> None:
    """The set of rows matters to what says so (`membership`), and to nothing else."""
    before, named, moved = state(package), membership(package), set()
    wrong = []
    for resource in package:
        for text in some(resource.rows.values(), 3):
            row = {**text, resource.key: "another/row"}
            after = state(changed(package, resource.name, {**resource.rows, "another/row": row}))
            for name in differing(before, after) & set(origins):
                moved.add(name)
                if resource.name not in named[name]:
                    wrong.append(f"a row of {resource.name} changes {name}")
    assert sorted(set(wrong)) == []
    assert moved


def membership(package: Package) -> dict[str, frozenset[str]]:
    """Trace -> the resources whose set of rows matters to it."""
    return {trace.name: trace.result.membership for trace in Review(FIXTURE, package).traces()}
