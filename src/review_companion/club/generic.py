"""Questions for a review that declares none: what its values and its ledger alone can ask."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..claims.declared import PREFIX
from ..expressions.evaluator import identifier
from ..model import Claim, Verdict
from ..review import Review

MOST_VALUES, MOST_FITTING = 6, 3
FITS = (Verdict.REPRODUCED, Verdict.BY_ROUNDING)
Template = dict[str, Any]


def templates(review: Review) -> dict[str, Template]:
    """Templates by id, as `questions.yml` would declare them."""
    return {**dict(_values(review)), **dict(_readings(review)), **dict(_odd_ones(review))}


def _values(review: Review) -> Iterator[tuple[str, Template]]:
    """A number to compute for each of the first named values that is one."""
    numbers = [name for name in review.values_declared if _is_number(review.value(name))]
    for name in numbers[:MOST_VALUES]:
        declared = review.values_declared[name]
        label = str(declared.get("label", name))
        yield f"value-{name}", _template(
            "numeric", "numbers", label[:1].upper() + label[1:], "How many, or how much?",
            answer=identifier(name), places=int(declared.get("places", 0)),
            unit=str(declared.get("suffix") or declared.get("unit", "")),
        )  # fmt: skip


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Fraction | Decimal) and not isinstance(value, bool)


def _readings(review: Review) -> Iterator[tuple[str, Template]]:
    """For each statement with several readings, which of them fit."""
    for claim in review.ledger:
        if claim.readings and claim.printed:
            ask = f"The article prints {{{{ c('{claim.id}') }}}}. Which readings give that?"
            yield f"readings-{claim.id}", _template(
                "several", "consistency", claim.label, ask,
                options=[{"readings": claim.id}], claims=[claim.id],
            )  # fmt: skip


def _odd_ones(review: Review) -> Iterator[tuple[str, Template]]:
    """Each inconsistent statement among some that fit, those of its own section first.

    What a standing check asks of a row is no statement that a reader could choose by its words.
    """
    claims = [c for c in review.ledger if c.printed and not c.id.startswith(PREFIX)]
    for odd in claims:
        if odd.verdict is Verdict.INCONSISTENT:
            fitting = sorted(
                (claim for claim in claims if claim.verdict in FITS),
                key=lambda claim, at=odd.section: claim.section != at,  # type: ignore[misc]
            )
            yield f"odd-{odd.id}", _find(odd, fitting[:MOST_FITTING])


def _find(odd: Claim, fitting: list[Claim]) -> Template:
    entry = {
        "claims": [claim.id for claim in (odd, *fitting)],
        "text": "{{ claim.label }}: {{ claim.printed }}",
    }
    ask = "One of these statements does not agree with the rest of the article. Which?"
    title = f"Find what does not add up: {odd.section.replace('/', ', ')}"
    return _template("choice", "consistency", title, ask, options=[entry], claims=[odd.id])


def _template(kind: str, goal: str, title: str, ask: str, **rest: Any) -> Template:
    common = {"topic": goal, "goal": goal, "block": goal, "minutes": 2}
    return {"kind": kind, "title": title, "ask": ask, **common, **rest}
