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
KEYS = {"title", "goals", "materials", "before", "blocks", "plans", "focus", "names"}


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

    @property
    def timed(self) -> list[tuple[Step, str]]:
        """Its steps, each with the minutes that it takes: “15–25”."""
        ends = list(accumulate((step.minutes for step in self.steps), initial=0))
        times = [f"{start}–{end}" for start, end in pairwise(ends)]
        return list(zip(self.steps, times, strict=True))


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


SESSION = Session(
    title="A session on this review",
    goals={
        "numbers": "Find a number where it is printed, and compute it again.",
        "consistency": "Check a published review against itself.",
    },
    materials=(),
    before="",
    blocks=(
        Block("numbers", "Numbers", "Compute these from the tables."),
        Block("consistency", "Does it add up?", "Hold statements of the article against the rest."),
    ),
    plans=(),
)


def read_session(review: Review) -> Session:
    """The session that `session.yml` declares; without a file, one for any review, unplanned."""
    spec = read_yaml(review.package.folder / FILE)
    if not spec:
        return SESSION
    check_keys(spec, KEYS, "a session", FILE)
    return Session(
        title=str(spec.get("title", "A session on this review")),
        goals={name: str(text) for name, text in (spec.get("goals") or {}).items()},
        materials=tuple(str(item) for item in spec.get("materials", ())),
        before=str(spec.get("before", "")),
        blocks=tuple(
            Block(name, str(block["title"]), str(block.get("intro", "")))
            for name, block in (spec.get("blocks") or {}).items()
        ),
        plans=tuple(_plan(name, plan) for name, plan in (spec.get("plans") or {}).items()),
        focus=str(spec.get("focus", "")),
        names=dict(spec.get("names") or {}),
    )


def _plan(name: str, spec: Mapping[str, Any]) -> Plan:
    steps = tuple(
        Step(
            str(step["title"]),
            int(step["minutes"]),
            str(step.get("do", "")),
            tuple(step.get("questions", ())),
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
