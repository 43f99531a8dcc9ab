"""What does not add up, as Markdown: a card for each matter, and every finding in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..claims.declared import figures_in_digits, is_standing
from ..expressions.templates import upper_first
from ..markup import part, templates, tidied
from ..model import Claim, Verdict
from ..sentences import span
from ..text import escape_markdown, section_in_words
from .ledger_tables import (
    BEARING,
    SEVERITIES,
    STANDING,
    by_matter,
    chapter,
    counts_table,
    findings_counts,
    has_card,
    open_findings,
    severity_of,
)
from .traced import FOLDER

ALL_FITS = "Everything adds up."
COMPUTED_FIT = "What can be computed adds up."
NONE_COMPUTED = "No statement can be computed."
RULES_FIT = "What the rules check adds up; no statement is declared yet."
HELD = ("holds", "does not hold")
PLACES = 3
SENTENCE_END = re.compile(r"(?<=[.])(?<!al\.)(?<!vs\.) (?=[A-Z0-9“])")
Subjects = Mapping[str, str]


def unchecked(silent: int) -> str:
    """What to say where there are no claims: how many standing checks ran without a finding."""
    return part(_TEMPLATES, "summary.md", "unchecked", findings_counts((), silent))


def verdict_sentence(claims: Sequence[Claim]) -> str:
    """How many statements were checked, and how many have which verdict."""
    inconsistent = sum(claim.verdict is Verdict.INCONSISTENT for claim in claims)
    tables = counts_table(claims), findings_counts(claims)
    return part(_TEMPLATES, "summary.md", "verdicts", *tables, inconsistent)


def findings_summary(claims: Sequence[Claim]) -> str:
    """How many findings have which severity, how many cards follow, what the gravest changes."""
    table = findings_counts(claims)
    if not table.rows:
        if all(is_standing(claim.id) for claim in claims):
            return RULES_FIT
        computed = [claim.verdict is not Verdict.NOT_COMPUTABLE for claim in claims]
        if all(computed):
            return ALL_FITS
        return COMPUTED_FIT if any(computed) else NONE_COMPUTED
    leads = [card.lead for card in _cards(claims, SEVERITIES[0])]
    gravest = [lead for lead in leads if lead.matter and lead.changes]
    return part(_TEMPLATES, "summary.md", "severities", table, gravest)


class Card(NamedTuple):
    """A matter, and the claim that stands for it: the one that says what it changes, or the worst.

    A matter has the severity of its worst claim, which is its first.
    """

    lead: Claim
    matter: Sequence[Claim]


def cards(claims: Iterable[Claim], subjects: Subjects, severity: str = "") -> str:
    """A card for each matter that bears on a figure or a conclusion, the worst first.

    Minor ones have none.
    """
    return _rendered(subjects, cards=_cards(claims, severity))


def _cards(claims: Iterable[Claim], severity: str) -> list[Card]:
    found = []
    for matter in by_matter(open_findings(claims)).values():
        worst = matter[0]
        if has_card(worst) and severity in ("", severity_of(worst)):
            lead = next((claim for claim in matter if claim.changes), worst)
            found.append(Card(lead, matter))
    return found


def findings(claims: Iterable[Claim], subjects: Subjects, severity: str = "") -> str:
    """Every finding in full, most severe first, those of one matter together.

    `subjects` says by the claim's id what it is about; else its place does.
    """
    matters = by_matter(open_findings(claims, severity)).values()
    return _rendered(subjects, findings=[claim for matter in matters for claim in matter])


def _rendered(
    subjects: Subjects, cards: Sequence[Card] = (), findings: Sequence[Claim] = ()
) -> str:
    template = _TEMPLATES.get_template("findings.md")
    filled = template.render(subjects=subjects, cards=cards, findings=findings)
    return tidied(filled) or "None."


def heading(claim: Claim, subjects: Subjects) -> str:
    """What the finding is about and what it says, without a trace."""
    subject = subjects.get(claim.id) or upper_first(chapter(claim.section))
    return escape_markdown(f"{subject}: {claim.found or claim.label}")


def quoted_statement(claim: Claim) -> str:
    """The statement as it is printed, its figure leading to the claim."""
    before, found, after = claim.locator.fragment.partition(claim.printed)
    if not found and before:
        before, found = f"{before} … ", claim.printed
    figure = linked_figure(found or claim.printed, claim)
    return f"“{traced(before, claim)}{figure}{traced(after, claim)}”"


def places(lead: Claim, matter: Sequence[Claim]) -> str:
    """Where the matter is printed, the card's own place first."""
    first, *others = dict.fromkeys(map(place_in_words, (lead, *matter)))
    shown = "; ".join(others[:PLACES]) + ("; and others" if len(others) > PLACES else "")
    return f"{first}; also in {shown}" if others else first


def place_in_words(claim: Claim) -> str:
    """Where a claim is printed, in words."""
    return escape_markdown(section_in_words(claim.section))


def claim_anchor(claim: Claim) -> str:
    """The claim's name within an anchor, which has no slash in Markdown."""
    return claim.id.replace("/", "-")


def linked_figure(text: str, claim: Claim) -> str:
    """A text that links to the claim's trace."""
    return span(text, f"claim/{claim.id}")


def traced(text: str, claim: Claim) -> str:
    """The text as Markdown, in which each number in digits links to the claim's trace."""
    return "".join(
        linked_figure(piece, claim) if is_number else escape_markdown(piece)
        for piece, is_number in split_sentence(text)
    )


def beginning(text: str, sentences: int = 2) -> str:
    """The first sentences of a finding: the figures, and what they show."""
    return " ".join(SENTENCE_END.split(text)[:sentences])


def split_sentence(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether each is a number in digits that is data."""
    end = 0
    for numeral in figures_in_digits(text):
        yield text[end : numeral.start], False
        yield numeral.text, True
        end = numeral.end
    yield text[end:], False


_KNOWN = (
    *(beginning, claim_anchor, heading, linked_figure, place_in_words, places),
    *(quoted_statement, span, traced, upper_first),
)
_TEMPLATES = templates(FOLDER, **{function.__name__: function for function in _KNOWN})
_TEMPLATES.globals.update(BEARING=BEARING, HELD=HELD, SEVERITIES=SEVERITIES, STANDING=STANDING)
