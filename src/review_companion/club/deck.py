"""The slides of a plan: one for the patient, two for each question, each with its minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .question import Question
from .session import Plan, Step


@dataclass(frozen=True)
class Slot:
    """What a stretch of a session is for: a question, or (None) what its step says.

    `opens` is the first slot of a step; `first` is the number of its first slide, the title's
    being 1.
    """

    first: int
    start: int
    end: int
    step: Step
    question: Question | None
    opens: bool

    @property
    def clock(self) -> str:
        """Its minutes: “8–11 min”."""
        return f"{self.start}–{self.end} min"

    @property
    def slides(self) -> int:
        """A question and its answer are two slides."""
        return 2 if self.question else 1


def slots(plan: Plan, get: Callable[[str], Question | None]) -> Iterator[Slot]:
    """The slots of a plan; the last question of a step has what is left of its minutes."""
    number, start = 2, 0
    for step in plan.steps:
        end = start + step.minutes
        found = [question for name in step.questions if (question := get(name)) is not None]
        ends = [start + sum(q.minutes for q in found[:n]) for n in range(1, len(found))] + [end]
        for question, until in zip(found or (None,), ends, strict=True):
            slot = Slot(number, start, until, step, question, found[:1] in ([], [question]))
            yield slot
            number, start = number + slot.slides, until
