"""What a session is made of: questions, what was left out, goals and plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ..model import Trace
from ..tables.traced import TracedTable


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
    """A question as it stands for the data at hand; texts are Markdown with traced spans.

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
    block: str
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
    notes: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Dropped:
    """A question that makes no sense with the data at hand, and why."""

    id: str
    title: str
    reason: str


@dataclass(frozen=True)
class Step:
    """A part of a session; `questions` are ids, `minutes` its length."""

    title: str
    minutes: int
    do: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A session of so many minutes."""

    id: str
    title: str
    minutes: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Block:
    """Questions that belong together, with a line that opens them."""

    id: str
    title: str
    intro: str


@dataclass(frozen=True)
class Session:
    """Goals by id, materials, blocks of questions in order, and plans.

    `names` says how the rows of tables are named in material: `in` (their resource), `header`,
    `template`. `focus` is the key of the study that is appraised and extracted.
    """

    title: str
    goals: dict[str, str]
    materials: tuple[str, ...]
    before: str
    blocks: tuple[Block, ...]
    plans: tuple[Plan, ...]
    focus: str = ""
    names: dict[str, str] = field(default_factory=dict)
