"""A question of a session, as it is for the data at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..tables.traced import TracedTable
from ..text import escape_markdown
from .hashes import digests, place, salt


class Level(StrEnum):
    """What a question asks of a reader."""

    RECALL = "recall"
    REASONING = "reasoning"
    JUDGEMENT = "judgement"


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
class Question:
    """A question for the data at hand; texts are Markdown with traced spans.

    `level` is what it asks of a reader. To the answer belong `figure` (one to `draw`, with what
    differs here) and `grid` (a table of Markdown cells, its head first), which is shown row by row
    to those who `predicted` it. `slide` is the explanation in the words of a slide, `rows` are the
    keys of the rows that a match asks about.

    `options` are in the order in which they are shown (A, B, …); `targets` are what the options
    of a match are matched with. `answer` is None for an open question. `notes` are claims of the
    ledger, a line each.
    """

    id: str
    number: int
    kind: Kind
    title: str
    topic: str
    goal: str
    level: str
    minutes: int
    ask: str
    answer: Answer | None
    explain: str
    pitfall: str
    look: str
    options: tuple[Option, ...] = ()
    targets: tuple[str, ...] = ()
    places: int = 0
    unit: str = ""
    ends: tuple[str, str] = ("", "")
    material: TracedTable | None = None
    figure: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    grid: tuple[tuple[str, ...], ...] = ()
    predicted: bool = False
    slide: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def texts(self) -> list[str]:
        """The options as Markdown."""
        return [escape_markdown(option.text) for option in self.options]

    @property
    def accepted(self) -> tuple[tuple[str, ...], ...]:
        """The answers accepted for each part; none of an open question."""
        return self.answer.parts if self.answer else ()

    @property
    def salt(self) -> str:
        """What the hashes of its answers are salted with."""
        return salt(self.id, self.ask, *(option.text for option in self.options))

    @property
    def check(self) -> str:
        """The hashes by which a page knows a right answer."""
        return digests(self.salt, self.accepted)

    @property
    def marked(self) -> list[str]:
        """The options as Markdown, the right ones bold, each with its reason."""
        texts = zip(self.texts, self.options, strict=True)
        return [
            (f"**{text}**" if option.right else text) + (f" ({option.why})" if option.why else "")
            for text, option in texts
        ]

    @property
    def answer_lines(self) -> list[str]:
        """The answer to a match or an order, a line for each part."""
        if self.kind is Kind.MATCH:
            return [
                f"{left}: **{at}**, {escape_markdown(self.targets[place(at)])}"
                for left, (at,) in zip(self.texts, self.accepted, strict=True)
            ]
        if self.kind is Kind.ORDER:
            return [
                f"**{at}** {self.texts[place(at)]} ({escape_markdown(self.options[place(at)].why)})"
                for (at,) in self.accepted
            ]
        return []


@dataclass(frozen=True)
class Dropped:
    """A question that makes no sense with the data at hand, and why."""

    id: str
    title: str
    reason: str
