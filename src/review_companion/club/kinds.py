"""How each kind of question makes its options and its answer from the data.

A builder raises `Unanswerable` where the data do not allow the question: the answer is missing, all
options are right or none is, two items tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any

from ..text import as_text
from .question import Body, Kind, Option, Spec, Wording, letter, roundings, shuffled

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
    bounds = wording.bounds(spec["answer"])
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
    letters = ",".join(letter(n) for n, option in enumerate(ordered) if option.right)
    return Body(((letters,),), tuple(ordered))


def _options(spec: Spec, wording: Wording) -> list[Option]:
    found: list[Option] = []
    for entry in spec["options"]:
        found += (_claim_option if "claim" in entry else _text_options)(entry, wording)
    return found


def _text_options(entry: Spec, wording: Wording) -> Iterator[Option]:
    """A line, or one for each row of a selection; `holds` sees it as `row`."""
    for row in wording.rows(entry["each"]) if "each" in entry else [None]:
        held = wording.result(entry["holds"], row).value if "holds" in entry else False
        if held is not None:
            text = wording.plain(entry["text"], row)
            yield Option(text, bool(held), wording.markdown(entry.get("why", ""), row))


def _claim_option(entry: Spec, wording: Wording) -> Iterator[Option]:
    """A statement of the ledger; right if its verdict is in `odd`."""
    claim = wording.claim(str(entry["claim"]))
    text = wording.plain(entry["text"], claim=claim)
    yield Option(text, str(claim.verdict) in entry.get("odd", ["inconsistent"]), claim.explanation)


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
    answer = tuple((letter(shown.index(text)),) for text in right)
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
    found: dict[str, dict[str, str]] = {}
    for row in wording.rows(items["rows"]):
        if right := wording.plain(items["right"], row):
            found.setdefault(wording.plain(items["left"], row), {})[right] = row.key
    pairs: dict[str, str] = {}
    for left, rights in found.items():
        if len(rights) == 1 and not rights.keys() & set(pairs.values()):
            pairs[left] = next(iter(rights))
    lefts = list(pairs)[: int(items.get("take", ITEMS))]
    if len(lefts) < FEWEST_OPTIONS:
        raise Unanswerable("fewer than three items differ in what they are matched with")
    targets = shuffled((pairs[left] for left in lefts), salted)
    answer = tuple((letter(targets.index(pairs[left])),) for left in lefts)
    keys = tuple(found[left][pairs[left]] for left in lefts)
    return Body(answer, tuple(map(Option, lefts)), tuple(targets), keys)


Builder = Callable[[Spec, Wording, str], Body]
BUILDERS: dict[Kind, Builder] = {
    Kind.NUMERIC: numeric,
    Kind.CHOICE: chosen,
    Kind.SEVERAL: chosen,
    Kind.ORDER: order,
    Kind.MATCH: match,
    Kind.OPEN: lambda spec, wording, salted: Body(None),
}
