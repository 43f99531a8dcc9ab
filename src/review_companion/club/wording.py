"""The words of a question: templates over named values, rows and claims, each number traced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import CompanionError
from ..expressions import Evaluator, Reads, RowRef
from ..expressions.templates import TrackedRow, cardinal, escaped, fill, rows_of
from ..expressions.value_text import as_text
from ..model import Claim, Result, Trace
from ..review import Review
from ..sections import in_words
from ..sentences import compose, span
from ..stats.arithmetic import Interval
from ..tables.ledger_tables import claim_result
from ..text import escape_markdown


class Wording:
    """Evaluates and words one question; `values` are its own, beside those of the review.

    Templates know `v(name)`, `w(name)`, `n(name, one, many)` (see `sentences.compose`), `c(id)`
    the printed figure of a claim, `verdict(id)`, `all(resource, …)` and `one(resource, …)`, and
    `row` where a row is in hand. What they show is kept in `traces`.
    """

    def __init__(self, review: Review, name: str, values: Mapping[str, Any]) -> None:
        clash = sorted(set(values) & set(review.values_declared))
        if clash:
            raise CompanionError(f"“{clash[0]}” already names a value of the review")
        self._review, self._name, self._own = review, name, values
        self._definitions = {**review.values_declared, **values}
        self.evaluator = Evaluator(review.package, self._definitions, review.defaults)
        self.traces: dict[str, Trace] = {}

    def result(self, expression: str, row: RowRef | None = None) -> Result:
        """The result of an expression."""
        return self.evaluator.result(expression, here=row)

    def bounds(self, expression: str) -> Interval | None:
        """What the rounding of printed inputs leaves open."""
        return self.evaluator.bounds(expression)

    def rows(self, expression: str) -> tuple[RowRef, ...]:
        """The rows that an expression chooses."""
        return self.evaluator.rows(expression).rows

    def named(self, name: str) -> Result:
        """The result behind a name, or behind a table's cell."""
        return self._review.cell(name).result if "/" in name else self.evaluator.named(name)

    def shown(self, name: str) -> tuple[str, str]:
        """A value as printed, and its trace; the trace is kept."""
        if "/" in name:
            cell = self._review.cell(name)
            return self._keep(name, name, cell.text, cell.result)
        definition = self._definitions.get(name, {})
        result = self.evaluator.named(name)
        text = as_text(result.value, definition.get("places")) + str(definition.get("suffix", ""))
        trace = f"question/{self._name}/{name}" if name in self._own else name
        return self._keep(trace, str(definition.get("label", name)), text, result)

    def answer(self, text: str, result: Result, label: str) -> str:
        """The answer as a traced span."""
        return span(*self._keep(f"question/{self._name}/answer", label, text, result))

    def markdown(self, template: Any, row: RowRef | None = None) -> str:
        """The template as Markdown, every number a traced span."""
        extra = {**escaped(self._rows(row)), "c": self._claim, "verdict": self._verdict}
        return compose(str(template or ""), self.named, self.shown, self._where(), extra)

    def plain(self, template: Any, row: RowRef | None = None, **extra: Any) -> str:
        """The template as plain text."""
        names = {
            **self._rows(row),
            "v": lambda name: self.shown(name)[0],
            "w": lambda name: cardinal(self.named(name).value),
            "c": lambda name: self.claim(name).printed,
            "verdict": self._verdict,
            **extra,
        }
        return " ".join(fill(str(template), names, self._where()).split())

    def claim(self, name: str) -> Claim:
        """A claim of the ledger by its id."""
        for claim in self._review.ledger:
            if claim.id == name:
                return claim
        raise CompanionError(f"no claim is named “{name}”")

    def claim_note(self, name: str) -> str:
        """A claim of the ledger in a line that leads to its trace."""
        claim = self.claim(name)
        figure = self._claim(name) if claim.printed else ""
        place = escape_markdown(in_words(claim.section))
        printed = f", printed {figure}" if figure else ""
        return f"In the ledger: {escape_markdown(claim.label)}{printed} ({place}): {claim.verdict}."

    def _where(self) -> str:
        return f"questions.yml ({self._name})"

    def _keep(self, trace: str, label: str, text: str, result: Result) -> tuple[str, str]:
        self.traces[trace] = Trace(trace, "value", label, text, result)
        return text, trace

    def _claim(self, name: str) -> str:
        claim = self.claim(name)
        trace = f"claim/{name}"
        self.traces[trace] = Trace(trace, "claim", claim.label, claim.printed, claim_result(claim))
        return span(claim.printed, trace)

    def _verdict(self, name: str) -> str:
        return str(self.claim(name).verdict)

    def _rows(self, row: RowRef | None) -> dict[str, Any]:
        reads = Reads()  # what is shown is kept in `traces`
        found: dict[str, Any] = {**rows_of(self.evaluator, reads, row)}
        if row is not None:
            found["row"] = TrackedRow(self.evaluator.package, reads, row)
        return found
