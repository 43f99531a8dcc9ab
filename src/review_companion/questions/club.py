"""What the notebooks of the journal club ask.

from review_companion.questions.club import open_club
club = open_club("participant")
club.questions("reading")
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from ..errors import require_known
from ..model import Trace
from ..review import Markdown, Review, open_review
from ..sections import in_words
from ..text import escape_markdown
from . import guidance
from .appraisal import Appraisal, read_appraisal, sheet
from .asking import fitted, for_facilitator, for_participant, for_slides
from .generate import Questions, declared, generate
from .model import Block, Question, Session, Step
from .parts import bulleted, heading, pipe_table, shared_material, sized, table
from .session import check, read_session

PARTICIPANT, FACILITATOR, SLIDES = EDITIONS = ("participant", "facilitator", "slides")
SHOW = {PARTICIPANT: for_participant, FACILITATOR: for_facilitator, SLIDES: for_slides}
TABLE_SIZE, PLAN_SIZE = 13, 22
NONE = Markdown("")


class Club:
    """A session on a review, as one edition shows it; everything is Markdown."""

    def __init__(self, review: Review, edition: str) -> None:
        require_known(edition, EDITIONS, "there is no edition")
        self.review, self.edition = review, edition

    @cached_property
    def session(self) -> Session:
        """The session, checked."""
        session = read_session(self.review)
        check(session, declared(self.review))
        return session

    @cached_property
    def generated(self) -> Questions:
        """The questions that the data give."""
        return generate(self.review, self.session)

    @cached_property
    def appraisals(self) -> tuple[Appraisal, ...]:
        """The worksheets of `appraisal.yml`."""
        return read_appraisal(self.review)

    def welcome(self) -> Markdown:
        """The opening lines of the edition."""
        return Markdown(guidance.welcome(self.edition))

    def about_appraisal(self) -> Markdown:
        """How the worksheets are used."""
        return Markdown(guidance.about_appraisal(self.edition, self.appraisals))

    def extraction(self) -> Markdown:
        """How to extract the study in focus, and compare."""
        return Markdown(guidance.extraction(self.edition, self.session.focus or "ID"))

    def goals(self) -> Markdown:
        """What participants can do afterwards; for the facilitator with the questions."""
        if self.edition != FACILITATOR:
            lines = bulleted(map(escape_markdown, self.session.goals.values()))
            shown = fitted(f"Afterwards we can\n\n{lines}") if self.edition == SLIDES else lines
            return self._titled("What we practise", "goals", shown)
        rows = [
            [
                escape_markdown(text),
                self._links(q for q in self.generated.questions if q.goal == goal),
            ]
            for goal, text in self.session.goals.items()
        ]
        found = pipe_table(["Afterwards, participants can", "Questions"], rows, widths=(60, 18))
        return self._titled("Learning goals", "goals", found)

    def plans(self) -> Markdown:
        """The plans with their timings, for the facilitator; on a slide, the first of them."""
        if self.edition == PARTICIPANT or not self.session.plans:
            return NONE
        if self.edition == SLIDES:
            first = self.session.plans[0]
            rows = [[_from_to(at), escape_markdown(s.title)] for s, at in _timed(first.steps)]
            found = sized(pipe_table(["Minutes", "Part"], rows), PLAN_SIZE)
            return self._titled("The plan", "plan", found)
        parts = []
        for plan in self.session.plans:
            rows = [self._step(step, at) for step, at in _timed(plan.steps)]
            head = ["Minutes", "Part", "What to do", "Questions"]
            found = pipe_table(head, rows, widths=(9, 20, 50, 12))
            parts.append(self._titled(f"Plan: {plan.title}", f"plan-{plan.id}", found))
        return Markdown("\n\n".join([*parts, self._spare()]))

    def materials(self) -> Markdown:
        """What to bring and what to send, for the facilitator."""
        if self.edition != FACILITATOR or not self.session.materials:
            return NONE
        lines = bulleted(map(escape_markdown, self.session.materials))
        before = escape_markdown(self.session.before)
        return self._titled("Before the session", "materials", f"{before}\n\n{lines}")

    def questions(self, *blocks: str) -> Markdown:
        """The questions of these blocks (all of them unless told), each block under a heading."""
        known = {block.id: block for block in self.session.blocks}
        chosen = [known[name] for name in blocks] if blocks else list(known.values())
        return Markdown("\n\n".join(part for block in chosen for part in self._block(block)))

    def dropped(self) -> Markdown:
        """Which questions make no sense with the data at hand, and why; for the facilitator."""
        found = self.generated.dropped
        if self.edition != FACILITATOR or not found:
            return NONE
        lines = bulleted(
            f"**{escape_markdown(one.title)}**: {escape_markdown(one.reason)}." for one in found
        )
        intro = "The data as they are leave these questions no sense; use their time to talk."
        return self._titled("Questions left out", "dropped", f"{intro}\n\n{lines}")

    def appraisal(self, name: str, subject: str = "") -> Markdown:
        """A worksheet for one subject (the session's focus unless told), judgements blank."""
        found = {one.id: one for one in self.appraisals}
        require_known(name, found, "no worksheet")
        chosen = found[name]
        return Markdown(sheet(chosen, subject or self.session.focus, self.edition == SLIDES))

    def traces(self) -> Iterable[Trace]:
        """Every trace that the facilitator's answers lead to, once."""
        known: dict[str, Trace] = {}
        for question in self.generated.questions:
            known.update({trace.name: trace for trace in question.traces})
        return tuple(known.values())

    def _block(self, block: Block) -> Iterator[str]:
        questions = [q for q in self.generated.questions if q.block == block.id]
        if not questions:
            return
        intro = escape_markdown(block.intro)
        yield f"{heading(2, block.title, f'block-{block.id}')}\n\n{intro}"
        for material in shared_material(questions):
            place = escape_markdown(in_words(material.name))
            shown = table(material)
            yield (
                sized(shown, TABLE_SIZE) if self.edition == SLIDES else f"From {place}:\n\n{shown}"
            )
        yield from (SHOW[self.edition](question) for question in questions)

    def _links(self, questions: Iterable[Question]) -> str:
        return ", ".join(f"[{q.number}](#q-{q.id})" for q in questions)

    def _step(self, step: Step, at: tuple[int, int]) -> list[str]:
        kept = [q for name in step.questions if (q := self.generated.get(name)) is not None]
        do = escape_markdown(step.do)
        if len(kept) < len(step.questions):
            do += " (A question was left out: use its time to talk.)"
        return [_from_to(at), escape_markdown(step.title), do, self._links(kept)]

    def _spare(self) -> str:
        steps = [step for plan in self.session.plans for step in plan.steps]
        used = {name for step in steps for name in step.questions}
        spare = [question for question in self.generated.questions if question.id not in used]
        if not spare:
            return ""
        return f"Not in a plan, for a longer session or for home: {self._links(spare)}."

    def _titled(self, title: str, name: str, content: str) -> Markdown:
        return Markdown(f"{heading(2, title, f'club-{name}')}\n\n{content}")


def _timed(steps: Iterable[Step]) -> Iterator[tuple[Step, tuple[int, int]]]:
    at = 0
    for step in steps:
        yield step, (at, at + step.minutes)
        at += step.minutes


def _from_to(at: tuple[int, int]) -> str:
    return f"{at[0]}–{at[1]}"


def open_club(edition: str, root: str | os.PathLike[str] | None = None, **parameters: Any) -> Club:
    """The journal club of the review at or above a folder, for one edition."""
    review = open_review(root, **parameters)
    return Club(review, edition)
