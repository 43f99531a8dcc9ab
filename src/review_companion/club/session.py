"""The plan of a session: timings that add up, goals that questions serve, slides with minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, TypeVar

from ..errors import CompanionError
from ..package.yaml_files import read_yaml, require_allowed
from ..package.yaml_nodes import Node
from ..review import Review
from .question import QUESTIONS, Question

FILE = "session.yml"
SCHEMA = Path(__file__).with_name("club.schema.json")
RecordType = TypeVar("RecordType")


@dataclass(frozen=True)
class Step:
    """A part of a session; `questions` are ids, `minutes` its length.

    `do` is for the facilitator, `show` for a slide; with `patient` the patient is presented.
    """

    title: str
    minutes: int
    do: str = ""
    questions: Sequence[str] = ()
    show: str = ""
    patient: bool = False


@dataclass(frozen=True)
class Slot:
    """A stretch of a session for one question, or (None) for what its step says.

    `opens` marks the first slot of a step; `first` is the number of its first slide (the title's is
    1). A question and its answer are two slides.
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
    def last(self) -> int:
        """The number of its last slide."""
        return self.first + 1 if self.question else self.first


@dataclass(frozen=True)
class Plan:
    """A session of so many minutes."""

    id: str
    title: str
    minutes: int
    steps: Sequence[Step]

    @property
    def timed(self) -> list[tuple[Step, str]]:
        """Its steps, each with its minutes: “15–25”."""
        ends = list(accumulate((step.minutes for step in self.steps), initial=0))
        times = [f"{start}–{end}" for start, end in pairwise(ends)]
        return list(zip(self.steps, times, strict=True))

    def slots(self, get: Callable[[str], Question | None]) -> Iterator[Slot]:
        """Its slots; the last question of a step gets the rest of the step's minutes."""
        slide, start = 2, 0
        for step in self.steps:
            end = start + step.minutes
            questions = [question for name in step.questions if (question := get(name)) is not None]
            for place, question in enumerate(questions or (None,)):
                until = end
                if question is not None and place < len(questions) - 1:
                    until = start + question.minutes
                slot = Slot(slide, start, until, step, question, opens=place == 0)
                yield slot
                slide, start = slot.last + 1, until


@dataclass(frozen=True)
class Session:
    """Goals by id, materials, and plans.

    `names` says how the rows of tables are named in material: `in` (their resource), `header`,
    `template`. `article` is a template that says where the article is, `focus` the key of the study
    that is appraised, `editions` are those of `_quarto.yml` that `companion club` renders.
    `patient` has a `title`, `values` of its own, and templates: its story, question, and that it is
    invented.
    """

    plans: Sequence[Plan]
    title: str = "A session on this review"
    goals: Mapping[str, str] = field(default_factory=dict)
    materials: Sequence[str] = ()
    before: str = ""
    editions: Sequence[str] = ()
    article: str = ""
    focus: str = ""
    patient: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def planned(self) -> list[str]:
        """The questions of its plans, those of the first plan first."""
        return [name for plan in self.plans for step in plan.steps for name in step.questions]


def read_definitions(review: Review, file: str) -> Node:
    """A file of the session; raises CompanionError for what `club.schema.json` does not allow."""
    spec = read_yaml(review.package.folder / file)
    require_allowed(spec, file, file=SCHEMA)
    return spec


def read_session(review: Review) -> Session:
    """The session that `session.yml` declares. Raises CompanionError where there is none."""
    spec = read_definitions(review, FILE)
    plans = [
        record(Plan, plan, id=name, steps=[record(Step, step) for step in plan["steps"]])
        for name, plan in (spec.get("plans") or {}).items()
    ]
    if not plans:
        hint = "docs/journal-club.md says what it holds"
        raise CompanionError("there is no session with a plan", where=FILE, hint=hint)
    return record(Session, spec, plans=plans)


def record(kind: type[RecordType], spec: Mapping[str, Any], **made: Any) -> RecordType:
    """A dataclass from a mapping that was checked; `made` are fields made already."""
    texts = {name for name, annotation in kind.__annotations__.items() if annotation == "str"}
    given = {
        key: str(value) if key in texts and not isinstance(value, str) else value
        for key, value in spec.items()
    }
    return kind(**{**given, **made})


def session_problems(session: Session, questions: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a session's timings and goals; `questions` are the templates by id."""
    for plan in session.plans:
        yield from _timing(plan, questions)
    for name, spec in questions.items():
        if spec["goal"] not in session.goals:
            yield f"question {name} serves the goal “{spec['goal']}”, which is not declared"
    served = {spec["goal"] for spec in questions.values()}
    for goal in session.goals:
        if goal not in served:
            yield f"no question serves the goal “{goal}”"


def _timing(plan: Plan, questions: Mapping[str, Any]) -> Iterator[str]:
    total = sum(step.minutes for step in plan.steps)
    if total != plan.minutes:
        yield f"plan {plan.id}: its steps take {total} minutes, not {plan.minutes}"
    for step in plan.steps:
        place = f"plan {plan.id}, “{step.title}”"
        unknown = [name for name in step.questions if name not in questions]
        needed = sum(int(questions[name]["minutes"]) for name in step.questions if not unknown)
        if unknown:
            yield f"{place}: no question “{unknown[0]}”"
        elif needed > step.minutes:
            yield f"{place}: its questions need {needed} minutes, it has {step.minutes}"


def require_sound(session: Session, questions: Mapping[str, Any]) -> None:
    """Raises CompanionError with every problem of the session."""
    if found := list(session_problems(session, questions)):
        raise CompanionError("\n".join(found), where=f"{FILE}, {QUESTIONS}")
