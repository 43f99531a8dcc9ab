"""What the notebooks of the journal club ask.

from review_companion.club.pages import open_club
club = open_club("participant")
club.questions("reading")
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from ..errors import require_known
from ..model import Trace
from ..review import Markdown, Review, open_review
from .appraisal import Appraisal, read_appraisal
from .generate import Questions, declared, generate
from .material import shared_material
from .question import Question
from .session import Session, Step, check, read_session
from .session_markup import shown

EDITIONS = ("participant", "facilitator", "slides")
SESSION = "session"


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
        return shown(SESSION, "welcome", self)

    def about_appraisal(self) -> Markdown:
        """How the worksheets are used."""
        return shown(SESSION, "about_appraisal", self)

    def extraction(self) -> Markdown:
        """How to extract the study in focus, and compare."""
        return shown(SESSION, "extraction", self)

    def goals(self) -> Markdown:
        """What participants can do afterwards; for the facilitator with the questions."""
        return shown(SESSION, "goals", self)

    def plans(self) -> Markdown:
        """The plans with their timings, for the facilitator; on a slide, the first of them."""
        return shown(SESSION, "plans", self)

    def materials(self) -> Markdown:
        """What to bring and what to send, for the facilitator."""
        return shown(SESSION, "materials", self)

    def questions(self, *blocks: str) -> Markdown:
        """The questions of these blocks (of all, where none is named), each under a heading."""
        known = {block.id: block for block in self.session.blocks}
        found = [
            (block, questions, shared_material(questions))
            for block in ([known[name] for name in blocks] or known.values())
            if (questions := [q for q in self.generated.questions if q.block == block.id])
        ]
        return shown(SESSION, "questions", self, found)

    def dropped(self) -> Markdown:
        """Which questions make no sense with the data at hand, and why; for the facilitator."""
        return shown(SESSION, "dropped", self)

    def appraisal(self, name: str, subject: str = "") -> Markdown:
        """A worksheet for one subject (by default the session's focus), judgements blank."""
        found = {one.id: one for one in self.appraisals}
        require_known(name, found, "no worksheet")
        chosen = found[name].subject(subject or self.session.focus)
        return shown(SESSION, "appraisal", self, found[name], chosen)

    def traces(self) -> Iterable[Trace]:
        """Every trace that the facilitator's answers lead to, once."""
        known: dict[str, Trace] = {}
        for question in self.generated.questions:
            known.update({trace.name: trace for trace in question.traces})
        return tuple(known.values())

    def kept(self, step: Step) -> list[Question]:
        """The questions of a step that the data give."""
        return [q for name in step.questions if (q := self.generated.get(name)) is not None]

    @property
    def spare(self) -> list[Question]:
        """The questions that no plan uses."""
        steps = [step for plan in self.session.plans for step in plan.steps]
        used = {name for step in steps for name in step.questions}
        return [question for question in self.generated.questions if question.id not in used]


def open_club(edition: str, root: str | os.PathLike[str] | None = None, **parameters: Any) -> Club:
    """The journal club of the review at or above a folder, for one edition."""
    return Club(open_review(root, **parameters), edition)
