"""A question of a session, as it is for the data at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..tables.traced import TracedTable
from .hashes import digests, salt

LEVELS = ("recall", "reasoning", "judgement")


class Kind(StrEnum):
    """How a question is answered; an open one does not check itself."""

    NUMERIC = "numeric"
    CHOICE = "choice"
    SEVERAL = "several"
    ORDER = "order"
    MATCH = "match"
    OPEN = "open"


@dataclass(frozen=True)
class Answer:
    """What is shown and what is accepted.

    `parts` holds, for each part of the answer (each item of an order or match, otherwise one),
    the canonical answers that are accepted: letters, or numbers at `places`.
    """

    shown: str
    parts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Option:
    """A line to choose, order or match; `why` is for the facilitator only."""

    text: str
    right: bool = False
    why: str = ""


@dataclass(frozen=True)
class Body:
    """What the data make of a question's kind; there is no answer to an open question.

    `options` are in the order in which they are shown (A, B, …), `targets` are what the options
    of a match are matched with, `rows` the keys of what is matched.
    """

    answer: Answer | None
    options: tuple[Option, ...] = ()
    targets: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question(Body):
    """A question for the data at hand; texts are Markdown with traced spans.

    `level` is what it asks of a reader. To the answer belong `figure` (one to `draw`, with what
    differs here) and `grid` (a table of Markdown cells, its head first), which is shown row by row
    to those who `predicted` it. `slide` is the explanation in the words of a slide; `notes` are
    claims of the ledger, a line each.
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
    figure: Mapping[str, Any] = field(default_factory=dict)
    grid: tuple[tuple[str, ...], ...] = ()
    predicted: bool = False
    slide: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def salt(self) -> str:
        """What the hashes of its answers are salted with."""
        return salt(self.id, self.ask, *(option.text for option in self.options))

    @property
    def check(self) -> str:
        """The hashes by which a page knows a right answer."""
        return digests(self.salt, self.answer.parts) if self.answer else ""


@dataclass(frozen=True)
class Dropped:
    """A question that makes no sense with the data at hand, and why."""

    id: str
    title: str
    reason: str
