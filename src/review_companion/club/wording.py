"""The words of a question: templates over named values, rows and claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import CompanionError
from ..expressions import Evaluator, Reads, RowRef
from ..expressions.templates import TrackedRow, cardinal, escaped_names, fill, row_functions
from ..model import Claim, Result
from ..package.yaml_files import Node
from ..review import Review
from ..sentences import compose, without_traces
from ..stats.rounding import Interval
from ..text import escape_markdown


class Wording:
    """Evaluates and words one question; `values` are its own, added to the review's.

    Templates know `v(name)`, `w(name)`, `n(name, one, many)` (see `sentences.compose`), `c(id)` the
    printed figure of a claim, `all(resource, …)` and `one(resource, …)`, and `row` where there is
    one.
    """

    def __init__(
        self, review: Review, where: str, values: Mapping[str, Any], file: str = "questions.yml"
    ) -> None:
        clash = sorted(set(values) & set(review.values_declared))
        if clash:
            raise CompanionError(f"“{clash[0]}” already names a value of the review")
        self._where = f"{file} ({where})"
        self._review = Review(review.root, review.package)
        self._review.reuse(review)
        self._review.values_declared = Node({**review.values_declared, **values})
        self.evaluator = Evaluator(review.package, self._review.values_declared, review.defaults)
        self._review.evaluator = self.evaluator

    def result(self, expression: str, row: RowRef | None = None) -> Result:
        """The result of an expression."""
        return self.evaluator.result(expression, here=row)

    def bounds(self, expression: str) -> Interval | None:
        """The interval that the rounding of printed inputs allows."""
        return self.evaluator.bounds(expression)

    def rows(self, expression: str) -> tuple[RowRef, ...]:
        """The rows that an expression chooses."""
        return self.evaluator.rows(expression).rows

    def markdown(self, template: Any, row: RowRef | None = None) -> str:
        """The template as Markdown."""
        extra = {
            **escaped_names(self._rows(row)),
            "c": lambda name: escape_markdown(self.claim(name).printed),
        }
        text = compose(
            str(template or ""), self._review.result, self._review.shown, self._where, extra
        )
        return without_traces(text)

    def plain(self, template: Any, row: RowRef | None = None, **extra: Any) -> str:
        """The template as plain text."""
        names = {
            **self._rows(row),
            "v": lambda name: self._review.shown(name)[0],
            "w": lambda name: cardinal(self._review.result(name).value),
            "c": lambda name: self.claim(name).printed,
            **extra,
        }
        return " ".join(fill(str(template), names, self._where).split())

    def claim(self, name: str) -> Claim:
        """A claim of the ledger by its id."""
        for claim in self._review.ledger:
            if claim.id == name:
                return claim
        raise CompanionError(f"no claim is named “{name}”")

    def _rows(self, row: RowRef | None) -> dict[str, Any]:
        reads = Reads()
        found: dict[str, Any] = {**row_functions(self.evaluator, reads, row)}
        if row is not None:
            found["row"] = TrackedRow(self.evaluator.package, reads, row)
        return found
