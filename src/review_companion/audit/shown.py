"""The texts in which the report may show a trace: its own, or the same number in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..data.numerals import numerals
from ..model import Claim, Trace, Value
from ..sections import in_words
from ..trace.templates import cardinal, upper_first
from .page import squeeze

NONE = ("no", "none", "zero", "neither")


def texts_of(trace: Trace, claim: Claim | None = None) -> dict[str, None]:
    """Every text that a page may show for this trace, its own first, white space squeezed."""
    found = [trace.text] if claim is None else [claim.verdict.words, *_of_claim(claim)]
    found += _in_words(trace.text, trace.result.value)
    return dict.fromkeys(squeeze(text) for text in found)


def _in_words(text: str, value: Value) -> Iterator[str]:
    number = int(text) if text.isdigit() and len(text) < 4 else _whole(value)
    if number is None:
        return
    for word in NONE if number == 0 else (cardinal(number),):
        yield word
        yield upper_first(word)


def _whole(value: Value) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else None


def _of_claim(claim: Claim) -> Iterator[str]:
    """Its fields, and each single numeral within them."""
    yield from (
        claim.printed,
        claim.recomputed,
        claim.verdict.words,
        claim.basis_words,
        claim.severity,
    )
    yield in_words(claim.section.split("/")[0])
    readings = (text for label, value, _ in claim.readings for text in (label, value))
    texts = (claim.label, claim.explanation, claim.innocent, claim.settle, claim.changes, *readings)
    texts += (claim.locator.fragment, claim.found, claim.matter)
    for text in (*texts, claim.printed, claim.recomputed, in_words(claim.section)):
        yield from (text, upper_first(text))
        yield from (numeral.text for numeral in numerals(text))
