"""Questions from `questions.yml`, for the data at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import CompanionError
from ..expressions import RowRef
from ..package.yaml_files import read_yaml
from ..package.yaml_nodes import check_keys
from ..review import Review
from ..tables.traced import TracedTable
from ..text import escape_markdown
from .hashes import salt
from .kinds import BUILDERS, NoSense
from .question import Dropped, Kind, Level, Question
from .session import Session
from .wording import Wording

REQUIRED = ("kind", "title", "topic", "goal", "level", "minutes", "ask")
KEYS = {
    *REQUIRED, "values", "needs", "otherwise", "answer", "places", "unit", "tolerance", "options",
    "take", "as-listed", "items", "ends", "explain", "pitfall", "look", "material", "figure",
    "grid", "slide", "claims",
}  # fmt: skip
FILE = "questions.yml"


@dataclass(frozen=True)
class Questions:
    """The questions of a session in its order, and those that the data leave no sense."""

    questions: tuple[Question, ...]
    dropped: tuple[Dropped, ...]

    def __getitem__(self, name: str) -> Question:
        for question in self.questions:
            if question.id == name:
                return question
        raise CompanionError(f"no question “{name}”")

    def get(self, name: str) -> Question | None:
        """The question, or None where it dropped out."""
        return next((question for question in self.questions if question.id == name), None)


def declared(review: Review) -> Mapping[str, Any]:
    """The templates, keys checked. Raises CompanionError with file and line."""
    specs: Mapping[str, Any] = read_yaml(review.package.folder / FILE)
    for name, spec in specs.items():
        _check_keys(name, spec)
    return specs


def generate(review: Review, session: Session) -> Questions:
    """Every question that the data give, numbered: those of the first plan, then the others."""
    specs = declared(review)
    planned = [name for plan in session.plans for step in plan.steps for name in step.questions]
    order = [*dict.fromkeys(planned), *(name for name in specs if name not in planned)]
    kept: list[Question] = []
    dropped: list[Dropped] = []
    for name in order:
        spec = specs[name]
        try:
            kept.append(_question(review, name, spec, session.names, len(kept) + 1))
        except NoSense as reason:
            dropped.append(Dropped(name, str(spec["title"]), str(reason)))
        except CompanionError as error:
            dropped.append(Dropped(name, str(spec["title"]), error.what))
    return Questions(tuple(kept), tuple(dropped))


def _check_keys(name: str, spec: Any) -> None:
    where = getattr(spec, "where", FILE)
    if not isinstance(spec, Mapping):
        raise CompanionError(f"question {name} is no mapping", where=where)
    check_keys(spec, KEYS, "a question", where)
    missing = [key for key in REQUIRED if key not in spec]
    if missing:
        raise CompanionError(f"question {name} needs “{missing[0]}”", where=where)
    for key, known in (("kind", Kind), ("level", Level)):
        if spec[key] not in list(known):
            what = f"question {name}: no {key} “{spec[key]}”"
            raise CompanionError(what, where=where, hint=", ".join(known))


def _question(
    review: Review, name: str, spec: Mapping[str, Any], names: Mapping[str, str], number: int
) -> Question:
    wording = Wording(review, name, spec.get("values") or {})
    if "needs" in spec and wording.result(spec["needs"]).value is not True:
        raise NoSense(str(spec.get("otherwise", "what it rests on is no longer so")))
    first, last = spec.get("ends", ("first", "last"))
    kind = Kind(spec["kind"])
    ask = wording.markdown(spec["ask"])
    body = BUILDERS[kind](spec, wording, salt(name, ask))
    return Question(
        id=name,
        number=number,
        kind=kind,
        title=str(spec["title"]),
        topic=str(spec["topic"]),
        goal=str(spec["goal"]),
        level=str(spec["level"]),
        minutes=int(spec["minutes"]),
        ask=ask,
        answer=body.answer,
        explain=wording.markdown(spec.get("explain", "")),
        pitfall=wording.markdown(spec.get("pitfall", "")),
        look=wording.markdown(spec.get("look", "")),
        options=body.options,
        targets=body.targets,
        places=int(spec.get("places", 0)),
        unit=str(spec.get("unit", "")),
        ends=(str(first), str(last)),
        material=_material(review, spec.get("material"), names, wording),
        figure=spec.get("figure", {}),
        rows=body.rows,
        grid=_grid(review, spec.get("grid", ()), wording),
        predicted=isinstance(spec.get("grid"), Mapping),
        slide=tuple(map(wording.markdown, spec.get("slide", ()))),
        notes=tuple(wording.claim_note(claim) for claim in spec.get("claims", ())),
    )


def _grid(review: Review, spec: Any, wording: Wording) -> tuple[tuple[str, ...], ...]:
    """Lines of cells, its head first: as declared, or those of a rebuilt table."""
    if not isinstance(spec, Mapping):
        return tuple(tuple(map(wording.markdown, line)) for line in spec)
    table = _selected(review, spec, wording)
    lines = ([column.header for column in table.columns], *_texts(table))
    return tuple(tuple(map(escape_markdown, line)) for line in lines)


def _texts(table: TracedTable) -> Iterator[list[str]]:
    for cells in table.rows.values():
        yield [cell.text for cell in cells]


def _material(
    review: Review, spec: Mapping[str, Any] | None, names: Mapping[str, str], wording: Wording
) -> TracedTable | None:
    """A rebuilt table's columns (and rows) that the question needs, its rows by their names."""
    if spec is None:
        return None
    chosen = _selected(review, spec, wording)
    return _named(chosen, review, names, wording) if names else chosen


def _selected(review: Review, spec: Mapping[str, Any], wording: Wording) -> TracedTable:
    """The columns and rows of a rebuilt table that are named."""
    table = review.table(str(spec["table"]))
    if "rows" in spec:
        kept = wording.result(str(spec["rows"])).value
        table = table.only(lambda key: isinstance(kept, tuple) and key in kept)
    every = {column.id for column in table.columns}
    return replace(table.without(every - set(spec.get("columns", every))), row_link="")


def _named(
    table: TracedTable, review: Review, names: Mapping[str, str], wording: Wording
) -> TracedTable:
    """The table with short names in its first column, where its rows are of that resource."""
    resource = review.package[names["in"]]
    if not set(table.rows) <= set(resource.rows):
        return table
    rows = {
        key: (replace(cell, text=wording.plain(names["template"], RowRef(resource, key))), *others)
        for key, (cell, *others) in table.rows.items()
    }
    first = replace(table.columns[0], header=names["header"])
    return replace(table, columns=(first, *table.columns[1:]), rows=rows)
