"""Makes the questions of `questions.yml` from the present data.

A builder of a kind of question raises `Unanswerable` where the data do not allow the question: the
answer is missing, all options are right or none is, two items tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any

from ..errors import CompanionError, missing_in
from ..expressions import RowRef
from ..expressions.parse import NotReported
from ..review import Review
from ..tables.traced import TracedTable
from ..text import as_text, escape_markdown
from .question import (
    LETTERS,
    QUESTIONS,
    Body,
    Dropped,
    Kind,
    Option,
    Question,
    Spec,
    Wording,
    roundings,
    salt,
    shuffled,
)
from .session import Session, read_definitions

PLAIN, WORDED = ("title", "goal", "level", "unit"), ("explain", "pitfall", "look")
FEWEST_OPTIONS = 3
ITEMS = 4
TEXT = attrgetter("text")  # of an option
NOTHING_RIGHT = "none of the options is right"


class Unanswerable(Exception):
    """The data do not allow the question; the message says why."""


def numeric(spec: Spec, wording: Wording, salted: str) -> Body:
    """A number at `places`; with `tolerance: printed` all that rounded inputs allow."""
    value = _number(wording.result(spec["answer"]).value)
    if value is None:
        raise Unanswerable("the number asked for cannot be computed from the data")
    places = int(spec.get("places", 0))
    printed = spec.get("tolerance") == "printed"
    bounds = wording.evaluator.bounds(spec["answer"])
    possible = roundings(value, places, bounds)
    accepted = possible if printed else roundings(value, places)
    if "places" in spec and not set(possible) <= set(accepted):
        raise Unanswerable(f"the rounding of what is printed allows {', '.join(sorted(possible))}")
    return Body((accepted,))


def _number(value: Any) -> Fraction | None:
    is_number = isinstance(value, int | Fraction | Decimal) and not isinstance(value, bool)
    return Fraction(value) if is_number else None


def chosen(spec: Spec, wording: Wording, salted: str) -> Body:
    """One right option among several, or every right one (at least one, and not all)."""
    options = _distinct(_options(spec, wording))
    options = _few(options, int(spec.get("take", len(options))), salted)
    right = [option for option in options if option.right]
    if len(options) < FEWEST_OPTIONS:
        raise Unanswerable("the data leave too few options to choose from")
    if not right or (len(right) > 1 and spec["kind"] == Kind.CHOICE):
        raise Unanswerable(f"{len(right)} of the options are right" if right else NOTHING_RIGHT)
    if len(right) == len(options):
        raise Unanswerable("every option is right")
    ordered = options if spec.get("as-listed") else shuffled(options, salted, TEXT)
    letters = ",".join(LETTERS[n] for n, option in enumerate(ordered) if option.right)
    return Body(((letters,),), tuple(ordered))


def _options(spec: Spec, wording: Wording) -> Iterator[Option]:
    """Lines, and statements of the ledger: right are those whose verdict is in `odd`."""
    for entry in spec["options"]:
        if "claim" in entry:
            claim = wording.claim(str(entry["claim"]))
            right = str(claim.verdict) in entry.get("odd", ["inconsistent"])
            yield Option(wording.plain(entry["text"], claim=claim), right, claim.explanation)
        else:
            yield from _text_options(entry, wording)


def _text_options(entry: Spec, wording: Wording) -> Iterator[Option]:
    """A line, or one for each row of a selection; `holds` sees it as `row`."""
    for row in wording.rows(entry["each"]) if "each" in entry else [None]:
        held = wording.result(entry["holds"], row).value if "holds" in entry else False
        if held is not None:
            text = wording.plain(entry["text"], row)
            yield Option(text, bool(held), wording.markdown(entry.get("why", ""), row))


def _distinct(options: Iterable[Option]) -> list[Option]:
    """Options with different texts; the right one where one of equal texts is right."""
    found: dict[str, Option] = {}
    for option in options:
        if option.text not in found or option.right:
            found[option.text] = option
    return list(found.values())


def _few(options: list[Option], most: int, salted: str) -> list[Option]:
    """At most so many options, at least one of them wrong, in their order."""
    if len(options) <= most:
        return options
    by_chance = shuffled(options, salted, TEXT)
    right = [option for option in by_chance if option.right][: most - 1]
    wrong = [option for option in by_chance if not option.right][: most - len(right)]
    return [option for option in options if option in right or option in wrong]


def order(spec: Spec, wording: Wording, salted: str) -> Body:
    """Items by a number, from smallest to largest; no two of them tie."""
    items = spec["items"]
    by_value: dict[Fraction, str] = {}
    for row in wording.rows(items["rows"]):
        value = _number(wording.result(items["by"], row).value)
        if value is not None:
            by_value.setdefault(value, wording.plain(items["text"], row))
    ranked = _spread(sorted(by_value), int(items.get("take", ITEMS)))
    if len(ranked) < FEWEST_OPTIONS:
        raise Unanswerable("fewer than three items differ in what they are ordered by")
    right = [by_value[value] for value in ranked]
    shown = shuffled(right, salted)
    if shown == right:
        shown = shown[1:] + shown[:1]
    answer = tuple((LETTERS[shown.index(text)],) for text in right)
    values = dict(zip(right, ranked, strict=True))
    return Body(answer, tuple(Option(text, why=as_text(values[text])) for text in shown))


def _spread(values: list[Fraction], most: int) -> list[Fraction]:
    """So many of the values, evenly from the smallest to the largest."""
    if len(values) <= most:
        return values
    return [values[round(step * (len(values) - 1) / (most - 1))] for step in range(most)]


def match(spec: Spec, wording: Wording, salted: str) -> Body:
    """Items, each with the one thing that belongs to it; no two share it."""
    items = spec["items"]
    found: dict[str, dict[str, str]] = {}  # left -> right -> the row that says so
    for row in wording.rows(items["rows"]):
        if right := wording.plain(items["right"], row):
            found.setdefault(wording.plain(items["left"], row), {})[right] = row.key
    pairs: dict[str, str] = {}
    for left, rights in found.items():
        right, *others = rights
        if not others and right not in pairs.values():
            pairs[left] = right
    lefts = list(pairs)[: int(items.get("take", ITEMS))]
    if len(lefts) < FEWEST_OPTIONS:
        raise Unanswerable("fewer than three items differ in what they are matched with")
    targets = shuffled((pairs[left] for left in lefts), salted)
    answer = tuple((LETTERS[targets.index(pairs[left])],) for left in lefts)
    keys = tuple(found[left][pairs[left]] for left in lefts)
    return Body(answer, tuple(map(Option, lefts)), tuple(targets), keys)


BUILDERS: dict[Kind, Callable[[Spec, Wording, str], Body]] = {
    Kind.NUMERIC: numeric,
    Kind.CHOICE: chosen,
    Kind.SEVERAL: chosen,
    Kind.ORDER: order,
    Kind.MATCH: match,
    Kind.OPEN: lambda spec, wording, salted: Body(None),
}


@dataclass(frozen=True)
class Questions:
    """The questions of a session in order, and those that the data cannot answer.

    Of those, `wrong` are the errors of templates that no data could answer, by id.
    """

    questions: tuple[Question, ...]
    dropped: tuple[Dropped, ...]
    wrong: Mapping[str, CompanionError] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Question:
        if (question := self.get(name)) is None:
            raise CompanionError(f"no question “{name}”")
        return question

    def get(self, name: str) -> Question | None:
        """The question, or None if it was dropped."""
        return next((question for question in self.questions if question.id == name), None)


def generate(review: Review, session: Session) -> Questions:
    """Every question that the data can answer, numbered: those of the first plan first."""
    specs = read_definitions(review, QUESTIONS)
    kept: list[Question] = []
    dropped: list[Dropped] = []
    wrong: dict[str, CompanionError] = {}
    for name in dict.fromkeys((*session.planned, *specs)):
        spec = specs[name]
        try:
            kept.append(_question(review, name, spec, session.names, len(kept) + 1))
        except Unanswerable as reason:
            dropped.append(Dropped(str(spec["title"]), str(reason)))
        except CompanionError as error:  # of the data: a row that went, a cell not reported
            dropped.append(Dropped(str(spec["title"]), error.what))
            if missing_in(error) != "row" and not isinstance(error, NotReported):
                error.where = error.where if ":" in (error.where or "") else None
                wrong[name] = error
    return Questions(tuple(kept), tuple(dropped), wrong)


def _question(review: Review, name: str, spec: Spec, names: Spec, number: int) -> Question:
    wording = Wording(review, name, spec.get("values") or {})
    if "needs" in spec and wording.result(spec["needs"]).value is not True:
        raise Unanswerable(str(spec.get("otherwise", "the data no longer support it")))
    kind, ask = Kind(spec["kind"]), wording.markdown(spec["ask"])
    body = BUILDERS[kind](spec, wording, salt(name, ask))
    grid = spec.get("grid", ())
    first, last = spec.get("ends", Question.ends)
    texts: dict[str, Any] = {key: str(spec.get(key, "")) for key in PLAIN}
    texts |= {key: wording.markdown(spec.get(key, "")) for key in WORDED}
    return Question(
        **vars(body),
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
