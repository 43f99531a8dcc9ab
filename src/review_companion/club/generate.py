"""Makes the questions of `questions.yml` from the present data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import CompanionError
from ..expressions import RowRef
from ..review import Review
from ..tables.traced import TracedTable
from ..text import escape_markdown
from .kinds import BUILDERS, Unanswerable
from .question import Dropped, Kind, Question, Spec, Wording, salt
from .session import Session, read_definitions

PLAIN, WORDED = ("title", "goal", "level", "unit"), ("explain", "pitfall", "look")
FILE = "questions.yml"


@dataclass(frozen=True)
class Questions:
    """The questions of a session in order, and those that the data cannot answer."""

    questions: tuple[Question, ...]
    dropped: tuple[Dropped, ...]

    def __getitem__(self, name: str) -> Question:
        if (question := self.get(name)) is None:
            raise CompanionError(f"no question “{name}”")
        return question

    def get(self, name: str) -> Question | None:
        """The question, or None if it was dropped."""
        return next((question for question in self.questions if question.id == name), None)


def read_questions(review: Review) -> Mapping[str, Any]:
    """The templates by name, checked. Raises CompanionError with file and line."""
    return read_definitions(review, FILE)


def generate(review: Review, session: Session) -> Questions:
    """Every question that the data can answer, numbered: those of the first plan first."""
    specs = read_questions(review)
    kept: list[Question] = []
    dropped: list[Dropped] = []
    for name in dict.fromkeys((*session.planned, *specs)):
        spec = specs[name]
        try:
            kept.append(_question(review, name, spec, session.names, len(kept) + 1))
        except (Unanswerable, CompanionError) as reason:
            dropped.append(Dropped(str(spec["title"]), getattr(reason, "what", str(reason))))
    return Questions(tuple(kept), tuple(dropped))


def _question(review: Review, name: str, spec: Spec, names: Spec, number: int) -> Question:
    wording = Wording(review, name, spec.get("values") or {})
    if "needs" in spec and wording.result(spec["needs"]).value is not True:
        raise Unanswerable(str(spec.get("otherwise", "the data no longer support it")))
    kind, ask, grid = Kind(spec["kind"]), wording.markdown(spec["ask"]), spec.get("grid", ())
    first, last = spec.get("ends", Question.ends)
    texts: dict[str, Any] = {key: str(spec.get(key, "")) for key in PLAIN}
    texts |= {key: wording.markdown(spec.get(key, "")) for key in WORDED}
    return Question(
        **vars(BUILDERS[kind](spec, wording, salt(name, ask))),
        **texts,
        id=name,
        number=number,
        kind=kind,
        ask=ask,
        minutes=int(spec["minutes"]),
        places=int(spec.get("places", 0)),
        ends=(str(first), str(last)),
        material=_material(review, spec.get("material"), names, wording),
        figure=spec.get("figure", {}),
        grid=_grid(review, grid, wording),
        predicted=isinstance(grid, Mapping),
        slide=tuple(map(wording.markdown, spec.get("slide", ()))),
        notes=tuple(map(wording.claim, spec.get("claims", ()))),
    )


def _grid(review: Review, spec: Any, wording: Wording) -> tuple[tuple[str, ...], ...]:
    """Rows of cells, headings first: as declared, or from a rebuilt table."""
    if not isinstance(spec, Mapping):
        return tuple(tuple(map(wording.markdown, line)) for line in spec)
    table = _selected(review, spec, wording)
    rows = ([cell.text for cell in cells] for cells in table.rows.values())
    lines = ([column.header for column in table.columns], *rows)
    return tuple(tuple(map(escape_markdown, line)) for line in lines)


def _selected(review: Review, spec: Spec, wording: Wording) -> TracedTable:
    """The columns and rows of a rebuilt table that are named."""
    table = review.table(str(spec["table"]))
    if "rows" in spec:
        kept = wording.result(str(spec["rows"])).value
        table = table.only(lambda key: isinstance(kept, tuple) and key in kept)
    every = {column.id for column in table.columns}
    return replace(table.without(every - set(spec.get("columns", every))), row_link="")


def _material(
    review: Review, spec: Spec | None, names: Spec, wording: Wording
) -> TracedTable | None:
    """The part of a rebuilt table that the question needs, its rows by short names.

    The short names are those of the session, where the rows are of that resource.
    """
    if spec is None:
        return None
    table = _selected(review, spec, wording)
    if not names or not set(table.rows) <= set(review.package[names["in"]].rows):
        return table
    resource = review.package[names["in"]]
    rows = {
        key: (replace(cell, text=wording.plain(names["template"], RowRef(resource, key))), *others)
        for key, (cell, *others) in table.rows.items()
    }
    first = replace(table.columns[0], header=names["header"])
    return replace(table, columns=(first, *table.columns[1:]), rows=rows)
