"""A question with its data, its words, and the hashes of its answers.

With salted hashes a page can check answers without containing them. This only keeps them from a
glance at the source: there are few answers to try.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from ..errors import CompanionError
from ..evidence.digests import sha256
from ..expressions import Reads, RowRef
from ..expressions.templates import cardinal, escaped_names, fill, row_names
from ..model import Claim, Result
from ..package.yaml_nodes import place_of
from ..review import Review
from ..sentences import compose, plain_name, without_traces
from ..stats.rounding import Interval
from ..tables.traced import TracedTable
from ..text import escape_markdown, rounded

Item = TypeVar("Item")
Spec = Mapping[str, Any]  # an entry of questions.yml, or a part of it
QUESTIONS = "questions.yml"
MOST_ROUNDINGS = 60
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def salt(*parts: str) -> str:
    """Sixteen hexadecimal digits that change with any part."""
    return sha256("\0".join(parts).encode())[:16]


def answer_hashes(salted: str, parts: Sequence[Iterable[str]]) -> str:
    """Of every accepted answer to each part (from 0) 32 hexadecimal digits of SHA-256.

    Parts are separated by ";", alternatives by a space, sorted.
    """
    hashes = (
        sorted(sha256(f"{salted}\n{number}\n{answer}".encode())[:32] for answer in accepted)
        for number, accepted in enumerate(parts)
    )
    return ";".join(map(" ".join, hashes))


def shuffled(items: Iterable[Item], salted: str, text: Callable[[Item], str] = str) -> list[Item]:
    """The items in an order that the salt and their texts decide."""
    # by hash, not by a seeded generator: one more item leaves the others in their order
    return sorted(items, key=lambda item: sha256(f"{salted}{text(item)}".encode()))


def roundings(value: Fraction, places: int, bounds: Interval | None = None) -> tuple[str, ...]:
    """Every number at `places` that the value may be rounded to, as text.

    Half up and half to even; where printed inputs are themselves rounded, everything between
    the `bounds` that their rounding allows. Sorted, the usual rounding first.
    """
    usual = rounded(value, places)
    half_even = Decimal(round(value * 10**places)).scaleb(-places)
    found = {usual, half_even}
    if bounds is not None and bounds.low is not None and bounds.high is not None:
        ends = (bounds.low, bounds.high)
        first, last = (math.floor(end * 10**places + Fraction(1, 2)) for end in ends)
        if last - first <= MOST_ROUNDINGS:
            found |= {Decimal(step).scaleb(-places) for step in range(first, last + 1)}
    others = sorted(found - {usual})
    return tuple(f"{number:f}" for number in (usual, *others))


class Kind(StrEnum):
    """How a question is answered; an open one does not check itself."""

    NUMERIC = "numeric"
    CHOICE = "choice"
    SEVERAL = "several"
    ORDER = "order"
    MATCH = "match"
    OPEN = "open"


class Option(NamedTuple):
    """A line to choose, order or match; `why` is only for facilitators."""

    text: str
    right: bool = False
    why: str = ""


@dataclass(frozen=True)
class Body:
    """The part of a question that the data make; an open question has no answer.

    `answer` holds for each part (each item of an order or match, otherwise one) what is accepted:
    letters, or numbers at `places`. `options` are in the order in which they are shown (A, B, …),
    `targets` are what the options of a match are matched with, `rows` the keys of what is matched.
    """

    answer: tuple[tuple[str, ...], ...] | None
    options: tuple[Option, ...] = ()
    targets: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question(Body):
    """A question with its data; texts are Markdown with traced spans.

    `level` is what it asks of a reader. To the answer belong `figure` (one to `draw`, with what
    differs here) and `grid` (a table of Markdown cells, its headings first), which is shown row by
    row to those who `predicted` it. `slide` is the explanation in the words of a slide; `notes` are
    claims of the ledger.
    """

    id: str
    number: int
    kind: Kind
    title: str
    goal: str
    level: str
    minutes: int
    ask: str
    explain: str
    pitfall: str
    look: str
    places: int = 0
    unit: str = ""
    ends: tuple[str, str] = ("first", "last")
    material: TracedTable | None = None
    figure: Spec = field(default_factory=dict)
    grid: tuple[tuple[str, ...], ...] = ()
    predicted: bool = False
    slide: tuple[str, ...] = ()
    notes: tuple[Claim, ...] = ()

    @property
    def salt(self) -> str:
        """The salt of its answers' hashes."""
        return salt(self.id, self.ask, *(option.text for option in self.options))

    @property
    def check(self) -> str:
        """The hashes of the right answers, for the page."""
        return answer_hashes(self.salt, self.answer) if self.answer else ""


class Dropped(NamedTuple):
    """A question that the data do not allow, and why."""

    title: str
    reason: str


class Wording:
    """Evaluates and words one question; `values` are its own, added to the review's.

    Templates know `v(name)`, `w(name)`, `n(name, one, many)` (see `sentences.compose`), `c(id)` the
    printed figure of a claim, `all(resource, …)` and `one(resource, …)`, and `row` where there is
    one.
    """

    def __init__(self, review: Review, where: str, values: Spec, file: str = QUESTIONS) -> None:
        self._where = f"{file} ({where})"
        self._review = review.with_values(values)
        self.evaluator = self._review.evaluator

    def result(self, expression: str, row: RowRef | None = None) -> Result:
        """The result of an expression."""
        return self.evaluator.result(expression, here=row)

    def rows(self, expression: str) -> tuple[RowRef, ...]:
        """The rows that an expression chooses."""
        return self.evaluator.rows(expression).rows

    def markdown(self, template: Any, row: RowRef | None = None) -> str:
        """The template as Markdown."""
        review, names = self._review, escaped_names(row_names(self.evaluator, Reads(), row))
        names["c"] = lambda name: escape_markdown(self.claim(plain_name(name)).printed)
        where = place_of(template, self._where)
        text = compose(str(template or ""), review.result, review.shown, where, names)
        return without_traces(text)

    def plain(self, template: Any, row: RowRef | None = None, **extra: Any) -> str:
        """The template as plain text."""
        names = {
            **row_names(self.evaluator, Reads(), row),
            "v": lambda name: self._review.shown(name)[0],
            "w": lambda name: cardinal(self._review.result(name).value),
            "c": lambda name: self.claim(name).printed,
            **extra,
        }
        return " ".join(fill(str(template), names, place_of(template, self._where)).split())

    def claim(self, name: str) -> Claim:
        """A claim of the ledger by its id."""
        for claim in self._review.ledger:
            if claim.id == name:
                return claim
        raise CompanionError(f"no claim is named “{name}”")
