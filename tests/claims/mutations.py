"""Changes one numeric cell and evaluates again only what says that it depends on that cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from tests.edits import with_cells

from review_companion.claims.declared import PREFIX, DeclaredClaim, read_claims
from review_companion.claims.for_each import MadeClaim, claims_of
from review_companion.claims.ledger import Ledger
from review_companion.claims.standing import standing_checks
from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator
from review_companion.model import Origin
from review_companion.package.package import Package
from review_companion.review import Review
from review_companion.tables.build import build_table

FAILED = "cannot be evaluated"
NUMERIC = ("integer", "number")


@dataclass(frozen=True)
class State:
    """A package with evaluators that keep the named values which a changed cell leaves alone."""

    review: Review
    package: Package
    evaluator: Evaluator
    ledger: Ledger

    @classmethod
    def of(cls, review: Review, package: Package | None = None) -> State:
        package = package or review.package
        evaluator = Evaluator(package, review.values_declared, review.parameters)
        return cls(review, package, evaluator, Ledger(evaluator, ()))

    def changed(self, cell: Origin, text: str) -> State:
        """The same with another text in one cell."""
        state = State.of(self.review, with_cells(self.package, {cell: text}))
        state.evaluator._values._known.update(
            (key, (found, touched))
            for key, (found, touched) in self.evaluator._values._known.items()
            if cell not in found[1].read and cell not in found[1].looked
        )
        return state


@dataclass(frozen=True)
class Item:
    """A value, a table's order, a table cell or a verdict, and the cells it says it depends on."""

    name: str
    outcome: str
    origins: frozenset[Origin]
    evaluate: Callable[[State], tuple[str, frozenset[Origin]]]

    def outcome_in(self, state: State) -> str:
        try:
            return self.evaluate(state)[0]
        except CompanionError:
            return FAILED


def items(state: State) -> list[Item]:
    """Everything that a reader sees and that is computed from the data."""
    made = []
    for name, evaluate in _evaluations(state.review):
        outcome, origins = evaluate(state)
        made.append(Item(name, outcome, origins, evaluate))
    return made


def _evaluations(
    review: Review,
) -> Iterator[tuple[str, Callable[[State], tuple[str, frozenset[Origin]]]]]:
    for name, spec in review.tables_declared.items():
        yield f"table {name}: order", partial(_order, spec)
        for row in review.table(name).rows:
            for column in spec["columns"]:
                cell = f"table {name}: {row}/{column['id']}"
                yield cell, partial(_cell, name, spec, row, column)
    for name in review.values_declared:
        yield f"value {name}", partial(_value, name)
    own = [d for name, d in read_claims(review.package.folder) if not name.startswith(PREFIX)]
    shown = {claim.id for claim in review.ledger}
    for declared in [*own, *standing_checks(review.package)]:
        assert isinstance(declared, DeclaredClaim), declared
        made = claims_of(declared, review.evaluator) if declared.each else ()
        for each in [m.claim.id for m in made] or [declared.id]:
            if each in shown:
                yield f"claim {each}", partial(_verdict, declared, each)


def _order(spec: Mapping[str, Any], state: State) -> tuple[str, frozenset[Origin]]:
    chosen = state.evaluator.rows(spec["rows"])
    order = ", ".join(row.key for row in chosen.rows)
    return order, frozenset(chosen.reads.read | chosen.reads.looked)


def _cell(
    name: str, spec: Mapping[str, Any], row: str, column: Mapping[str, Any], state: State
) -> tuple[str, frozenset[Origin]]:
    resource = re.split(r"\W", spec["rows"])[0]
    rows = f'{resource}[{state.package[resource].key} == "{row}"]'
    alone = {**spec, "rows": rows, "columns": [column], "notes": []}
    cell = build_table(name, alone, state.evaluator).cell(row, column["id"])
    return cell.text, frozenset(cell.result.origins)


def _value(name: str, state: State) -> tuple[str, frozenset[Origin]]:
    result = state.evaluator.named(name)
    return str(result.value), frozenset(result.origins)


def _verdict(declared: DeclaredClaim, name: str, state: State) -> tuple[str, frozenset[Origin]]:
    made = MadeClaim(declared)
    if declared.each:
        rows = list(claims_of(declared, state.ledger._evaluator))
        if not rows:
            raise CompanionError("no row")
        made = next((m for m in rows if m.claim.id == name), rows[0])
    judged = state.ledger._build(made)
    return f"{judged.verdict}: {judged.printed}", frozenset(judged.origins)


def numeric_cells(package: Package) -> list[Origin]:
    """Every cell of a column of numbers that holds one."""
    return [
        Origin(resource.name, key, column)
        for resource in package
        for column in resource.columns
        if resource.field(column).get("type") in NUMERIC
        for key, row in resource.rows.items()
        if row[column]
    ]


def mutations(text: str) -> list[str]:
    """Other numbers for a cell: a last digit up or down, twice as much, far more, nought."""
    number = Decimal(text)
    step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    found = (number + step, number - step, number * 2 + step, number + 1000, number * 0)
    return [f"{other:f}" for other in dict.fromkeys(found) if other >= 0 and other != number]
