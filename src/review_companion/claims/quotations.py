"""Checks that claims quote the article as its index has it, and that notes type no figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import CompanionError, nearest
from ..package.locators import problem
from ..package.numerals import Numeral, numerals
from ..package.published import Published, read_published
from ..package.yaml_nodes import place_of
from .declared import DeclaredClaim

MOST_WORDS = 8
NEEDED = ("sections.csv", "numerals.csv", "keys.csv")
_TAG = re.compile(r"\{[{%#].*?[#%}]\}", re.DOTALL)
NAME = re.compile(r"(\b(Table|Figure|Fig\.) \d+|\b[A-Z]\w+( et al\.)? (19|20)\d\d)$")


def quotation_errors(claims: Iterable[DeclaredClaim], folder: Path) -> Iterator[CompanionError]:
    """What is wrong with fragments and notes, each with file and line.

    `folder` holds what was published; without it only the length of fragments is checked.
    """
    published = None
    if all((folder / name).is_file() for name in NEEDED):
        published = read_published(folder)
    for claim in claims:
        yield from _of_fragment(claim, published)
        for text in claim.sentences:
            yield from _of_note(claim, text)


def _of_fragment(claim: DeclaredClaim, published: Published | None) -> Iterator[CompanionError]:
    if not claim.fragment:
        return
    where = place_of(claim.fragment, claim.where)
    words = len(claim.fragment.split())
    is_cell = claim.section in published.tables if published else claim.section.startswith("table-")
    if words > MOST_WORDS and not is_cell:  # cells of tables are quoted whole
        what = f"claim {claim.id}: the fragment has {words} words; {MOST_WORDS} may be quoted"
        yield CompanionError(what, where=where, hint="keep the figure and the words around it")
    if published is None:
        return
    found = problem(claim.section, claim.fragment, published)
    if found:
        hint = None
        if claim.section not in published.sections:
            hint = nearest(claim.section, sorted(published.sections), "sections")
        what = f"claim {claim.id}: “{claim.fragment}” in {claim.section}: {found}"
        yield CompanionError(what, where=where, hint=hint)


def _of_note(claim: DeclaredClaim, text: str) -> Iterator[CompanionError]:
    bare = _TAG.sub("…", text)
    for numeral in typed_figures(bare):
        what = f"claim {claim.id}: the figure {numeral.text} is typed in a note"
        hint = "name its value: {{ v('…') }}, {{ printed }} or {{ recomputed }}"
        yield CompanionError(what, where=place_of(text, claim.where), hint=hint)
        return


def figures_in_digits(text: str) -> Iterator[Numeral]:
    """The numerals in digits that are data.

    The number of a table and the year after an author's name belong to names.
    """
    for numeral in numerals(text):
        named = NAME.search(text[: numeral.start] + numeral.text)
        if any(c.isdigit() for c in numeral.text) and not named:
            yield numeral


def typed_figures(text: str) -> Iterator[Numeral]:
    """The same without the numbers of citations."""
    return (numeral for numeral in figures_in_digits(text) if not numeral.cited)
