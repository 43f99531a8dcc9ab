"""What the notebooks of the journal club ask.

from review_companion.club.pages import open_club
club = open_club()
club.questions()
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import require_known
from ..figures.draw import Figure, draw
from ..markup import part as filled_part
from ..markup import templates
from ..review import Markdown, Review, open_review
from ..text import section_in_words
from .generate import Questions, generate
from .question import LETTERS, QUESTIONS, Question, Wording
from .session import Plan, Session, Slot, Step, read_definitions, read_session, require_sound
from .worksheets import CHOICES, Appraisal, read_appraisal, read_extraction

SESSION, QUESTION, SLIDES = "session", "question", "slides"
SLIDE_WIDTH = 460.0  # points: on a slide, a figure’s letters are nearly as large as its text
SPARE = "spare"
_TEMPLATES = templates(Path(__file__).parent / "templates", in_words=section_in_words)
_TEMPLATES.globals.update(choices=CHOICES, letters=LETTERS)


def render_part(page: str, part: str, *subjects: Any) -> Markdown:
    """A part (a macro) of a page (a template), rendered with these arguments."""
    return Markdown(filled_part(_TEMPLATES, f"{page}.md", part, *subjects))


class Club:
    """A session on a review."""

    def __init__(self, review: Review) -> None:
        self.review = review

    @cached_property
    def session(self) -> Session:
        """The session, checked."""
        session = read_session(self.review)
        require_sound(session, read_definitions(self.review, QUESTIONS))
        return session

    @cached_property
    def generated(self) -> Questions:
        """The questions that the data give, those of the first plan first."""
        return generate(self.review, self.session)

    @cached_property
    def appraisals(self) -> tuple[Appraisal, ...]:
        """The worksheets of `appraisal.yml`."""
        return read_appraisal(self.review)

    @cached_property
    def patient(self) -> Mapping[str, str]:
        """Its title; as Markdown story, question and that it is invented; empty without one."""
        spec = self.session.patient
        if not spec:
            return {}
        parts = ("tells", "asks", "invented")
        texts = {name: self._worded(str(spec.get(name, ""))) for name in parts}
        return {"title": str(spec["title"]), **texts}

    @property
    def article(self) -> str:
        """Where to find the article."""
        return self._worded(self.session.article)

    def _worded(self, template: str) -> str:
        values = self.session.patient.get("values") or {}
        return Wording(self.review, "patient", values, "session.yml").markdown(template)

    def plan(self, name: str = "") -> Plan:
        """A plan by its name; by default the first."""
        plans = {plan.id: plan for plan in self.session.plans}
        name = name or self.session.plans[0].id
        require_known(name, plans, "there is no plan")
        return plans[name]

    def opening(self) -> Markdown:
        """The patient with whom the session opens."""
        return render_part(SESSION, "patient", self)

    def goals(self) -> Markdown:
        """What participants learn, and with which questions."""
        return render_part(SESSION, "goals", self)

    def plans(self) -> Markdown:
        """The plans with their timings."""
        return render_part(SESSION, "plans", self)

    def materials(self) -> Markdown:
        """What to bring and what to send."""
        return render_part(SESSION, "materials", self)

    def dropped(self) -> Markdown:
        """The questions that the data do not allow, and why."""
        return render_part(SESSION, "dropped", self)

    def questions(self, plan: str = "") -> Markdown:
        """The questions of a plan by step, or those in no plan (“spare”), with room to write."""
        return render_part(QUESTION, "asked", self._parts(plan))

    def answers(self, plan: str = "") -> Markdown:
        """The same questions, each with its answer."""
        return render_part(QUESTION, "answered", self._parts(plan))

    def _parts(self, plan: str) -> list[tuple[str, list[Question]]]:
        if plan == SPARE:
            return [("", self.spare)]
        parts = [(step.title, self.kept(step)) for step in self.plan(plan).steps]
        return [(title, found) for title, found in parts if found]

    def kept(self, step: Step) -> list[Question]:
        """The questions of a step that the data allow."""
        return [q for name in step.questions if (q := self.generated.get(name)) is not None]

    @property
    def spare(self) -> list[Question]:
        """The questions that no plan uses."""
        used = self.session.planned
        return [question for question in self.generated.questions if question.id not in used]

    def slides(self, plan: str = "") -> list[Markdown | Figure]:
        """The slides of a plan: each question, then its answer."""
        parts: list[Markdown | Figure] = []
        for slot in self.slots(plan):
            names = ("ask", "tell") if slot.question else ("say",)
            parts += [render_part(SLIDES, part, self, slot) for part in names]
            if slot.question and slot.question.figure:
                parts.append(self._figure(slot.question))
        return parts

    def _figure(self, question: Question) -> Figure:
        """The figure of an answer, as wide as a slide; only rows asked about, if it has them."""
        name, declared = question.figure["draw"], self.review.figures_declared
        require_known(name, declared, "no figure is named")
        spec = {**declared[name], **question.figure}
        table = self.review.table(spec["table"])
        if question.rows and set(question.rows) <= set(table.rows):
            table = table.only(lambda key: key in question.rows)
        return draw(name, spec, table, SLIDE_WIDTH)

    def notes(self, plan: str = "") -> Markdown:
        """What to do and to say while the slides of a plan are shown."""
        return render_part(SLIDES, "notes", self.slots(plan))

    def slots(self, plan: str = "") -> list[Slot]:
        """The slots of a plan."""
        return list(self.plan(plan).slots(self.generated.get))

    def about_appraisal(self) -> Markdown:
        """How the worksheets are used."""
        return render_part(SESSION, "about_appraisal", self)

    def appraisal(self, name: str, subject: str = "") -> Markdown:
        """A worksheet for one subject (by default the session's focus), judgements blank."""
        found = {one.id: one for one in self.appraisals}
        require_known(name, found, "no worksheet")
        chosen = found[name].subject(subject or self.session.focus)
        return render_part(SESSION, "appraisal", found[name], chosen)

    def extraction(self) -> Markdown:
        """The form with which participants extract a study again."""
        return render_part("extraction", "form", read_extraction(self.review))

    def extracted(self) -> Markdown:
        """What the review extracted for each field of the form, with its place."""
        return render_part("extraction", "key", read_extraction(self.review))


def open_club(root: str | os.PathLike[str] | None = None) -> Club:
    """The journal club of the review at or above a folder."""
    return Club(open_review(root))
