"""The plan of a session: timings that add up, goals that questions serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any

from ..errors import CompanionError
from ..package.yaml_files import read_yaml
from ..package.yaml_nodes import check_keys
from ..review import Review

FILE = "session.yml"
KEYS = {
    "title", "article", "editions", "patient", "goals", "materials", "before", "plans", "focus",
    "names",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A part of a session; `questions` are ids, `minutes` its length.

    `do` is for the facilitator, `show` for a slide; `patient` is where the patient is told.
    """

    title: str
    minutes: int
    do: str
    questions: tuple[str, ...] = ()
    show: str = ""
    patient: bool = False


@dataclass(frozen=True)
class Plan:
    """A session of so many minutes."""

    id: str
    title: str
    minutes: int
    steps: tuple[Step, ...]

    @property
    def timed(self) -> list[tuple[Step, str]]:
        """Its steps, each with the minutes that it takes: “15–25”."""
        ends = list(accumulate((step.minutes for step in self.steps), initial=0))
        times = [f"{start}–{end}" for start, end in pairwise(ends)]
        return list(zip(self.steps, times, strict=True))


@dataclass(frozen=True)
class Session:
    """Goals by id, materials, and plans.

    `names` says how the rows of tables are named in material: `in` (their resource), `header`,
    `template`. `article` is a template that says where it is, `focus` the key of the study that
    is appraised, `editions` are those of `_quarto.yml` that `companion club` renders. `patient` has
    a `title`, `values` of its own, and templates: what is told, asked, and that it is invented.
    """

    title: str
    goals: dict[str, str]
    materials: tuple[str, ...]
    before: str
    plans: tuple[Plan, ...]
    editions: tuple[str, ...] = ()
    article: str = ""
    focus: str = ""
    patient: Mapping[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def read_session(review: Review) -> Session:
    """The session that `session.yml` declares. Raises CompanionError where there is none."""
    spec = read_yaml(review.package.folder / FILE)
    check_keys(spec, KEYS, "a session", FILE)
    if not spec.get("plans"):
        hint = "docs/journal-club.md says what it holds"
        raise CompanionError("there is no session with a plan", where=FILE, hint=hint)
    return Session(
        title=str(spec.get("title", "A session on this review")),
        goals={name: str(text) for name, text in (spec.get("goals") or {}).items()},
        materials=tuple(str(item) for item in spec.get("materials", ())),
        before=str(spec.get("before", "")),
        plans=tuple(_plan(name, plan) for name, plan in spec["plans"].items()),
        editions=tuple(map(str, spec.get("editions", ()))),
        article=str(spec.get("article", "")),
        focus=str(spec.get("focus", "")),
        patient=dict(spec.get("patient") or {}),
        names=dict(spec.get("names") or {}),
    )


def _plan(name: str, spec: Mapping[str, Any]) -> Plan:
    steps = tuple(
        Step(
            str(step["title"]),
            int(step["minutes"]),
            str(step.get("do", "")),
            tuple(step.get("questions", ())),
            str(step.get("show", "")),
            bool(step.get("patient", False)),
        )
        for step in spec["steps"]
    )
    return Plan(name, str(spec["title"]), int(spec["minutes"]), steps)


def problems(session: Session, questions: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a session; `questions` are the declared templates by id.

    Timings that do not add up, questions too long for their step, unknown or unserved goals.
    """
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
        unknown = [name for name in step.questions if name not in questions]
        if unknown:
            yield f"plan {plan.id}, “{step.title}”: no question “{unknown[0]}”"
            continue
        needed = sum(int(questions[name]["minutes"]) for name in step.questions)
        if needed > step.minutes:
            yield (
                f"plan {plan.id}, “{step.title}”: its questions need {needed} minutes, "
                f"it has {step.minutes}"
            )


def check(session: Session, questions: Mapping[str, Any]) -> None:
    """Raises CompanionError with every problem of the session."""
    found = list(problems(session, questions))
    if found:
        raise CompanionError("\n".join(found), where=f"{FILE}, questions.yml")
