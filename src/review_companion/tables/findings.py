"""What does not add up, as Markdown: a card for each matter, and every finding in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..claims.declared import PREFIX
from ..claims.quotations import NAME
from ..expressions.templates import upper_first
from ..model import Claim
from ..package.numerals import numerals
from ..sections import in_words
from ..sentences import span
from ..text import escape_markdown
from .ledger_tables import (
    CARDS,
    SEVERITIES,
    UNCHECKED,
    by_matter,
    chapter,
    findings_counts,
    has_card,
    open_findings,
    severity_of,
)

ALL_FITS = "Everything adds up."
RULES_FIT = "What the rules check adds up; no statement is declared yet."
HELD = ("holds", "does not hold")
PLACES = 3
Subjects = Mapping[str, str]


def findings_summary(claims: Sequence[Claim]) -> str:
    """How many findings have which severity, and how many cards tell of them.

    Where nothing was checked it says so: no finding is then no good news.
    """
    if not claims:
        return UNCHECKED
    table = findings_counts(claims)
    if not table.rows:
        return ALL_FITS if any(not c.id.startswith(PREFIX) for c in claims) else RULES_FIT
    column = table.columns[-1]
    shown = {
        key: span(row[-1].text, table.trace_name(key, column)) for key, row in table.rows.items()
    }
    parts = [f"{shown[key]} {key}" for key in SEVERITIES if key in shown]
    sentence = f"Of {shown['all']} findings, by severity: {', '.join(parts)}."
    if CARDS not in shown:
        return sentence
    return (
        f"{sentence} Those that bear on a figure or a conclusion, the minor ones left out, "
        f"make {shown[CARDS]} cards, one for each matter, the worst first."
    )


def cards(claims: Iterable[Claim], subjects: Subjects, severity: str = "") -> str:
    """A card for each matter that bears on a figure or a conclusion, the worst first.

    A matter counts under its worst severity; minor ones have no card. The claim that says what
    the matter changes speaks for it, else its worst one.
    """
    every = list(claims)
    if not every:
        return UNCHECKED
    chosen = [
        told
        for told in by_matter(open_findings(every)).values()
        if has_card(told[0]) and severity in ("", severity_of(told[0]))
    ]
    return "\n\n".join(_card(told, subjects) for told in chosen) or "None."


def findings(claims: Iterable[Claim], subjects: Subjects, severity: str = "") -> str:
    """Every finding in full, most severe first, those of one matter together.

    `subjects` says by the claim's id what it is about; else its place does.
    """
    every = list(claims)
    if not every:
        return UNCHECKED
    matters = by_matter(open_findings(every, severity))
    told = [_finding(claim, subjects) for claims in matters.values() for claim in claims]
    return "\n\n".join(told) or "None."


def _card(told: Sequence[Claim], subjects: Subjects) -> str:
    lead = next((claim for claim in told if claim.changes), told[0])
    heading = escape_markdown(lead.matter) if lead.matter else _heading(lead, subjects)
    verdict = f"[{_span(lead.verdict.words, lead)}]{{.verdict .{lead.verdict}}}"
    parts = {
        "The article says": f"{_quoted(lead)} ({_places(lead, told)})",
        "The figures say": f"{traced_numbers(lead.explanation, lead)} {verdict}",
        "Innocent explanation": traced_numbers(lead.innocent, lead),
        "What it changes for you": traced_numbers(lead.changes, lead),
        "What would settle it": traced_numbers(lead.settle, lead),
    }
    said = [f"{title}\n:   {text}\n" for title, text in parts.items() if text]
    return "\n".join(
        [
            "::::: {.finding .matter}",
            f"### {heading} {{#matter-{_name(lead)} .unnumbered .unlisted rank=1}}\n",
            *said,
            ':::: {.content-visible when-format="html"}',
            f"[In full](#finding-{_name(lead)})",
            "::::\n:::::",
        ]
    )


def _quoted(claim: Claim) -> str:
    """The statement as it is printed, its figure leading to the claim."""
    before, found, after = claim.locator.fragment.partition(claim.printed)
    if not found:
        words = (
            f"{traced_numbers(claim.locator.fragment, claim)} … " if claim.locator.fragment else ""
        )
        return f"“{words}{_span(claim.printed, claim)}”"
    return f"“{traced_numbers(before, claim)}{_span(found, claim)}{traced_numbers(after, claim)}”"


def _places(lead: Claim, told: Sequence[Claim]) -> str:
    places = list(dict.fromkeys(in_words(claim.section) for claim in (lead, *told)))
    first, *others = map(escape_markdown, places)
    shown = "; ".join(others[:PLACES]) + ("; and others" if len(others) > PLACES else "")
    return f"{first}; also in {shown}" if others else first


def _name(claim: Claim) -> str:
    """The claim's name within an anchor, which has no slash in Markdown."""
    return claim.id.replace("/", "-")


def _heading(claim: Claim, subjects: Subjects) -> str:
    """What the finding is about and what it says, without a trace."""
    subject = subjects.get(claim.id) or upper_first(chapter(claim.section))
    return escape_markdown(f"{subject}: {claim.found or claim.label}")


def _finding(claim: Claim, subjects: Subjects) -> str:
    """One finding as a block that stays whole."""
    place = escape_markdown(in_words(claim.section))
    kind = f"[{_span(claim.verdict.words, claim)}]{{.verdict .{claim.verdict}}}"
    title = f"[**{_heading(claim, subjects)}.**]{{#finding-{_name(claim)}}}"
    lines = [f"{title} {kind} {traced_numbers(claim.explanation, claim)}", ""]
    if claim.printed:
        lines.append(f"- Printed: {_span(claim.printed, claim)} ({place})")
    if claim.readings:
        lines += [f"- {_reading(*reading, claim)}" for reading in claim.readings]
    elif claim.recomputed not in ("", *HELD):
        lines.append(f"- Recomputed: {_span(claim.recomputed, claim)}")
    if claim.innocent:
        lines.append(f"- Most innocent explanation: {traced_numbers(claim.innocent, claim)}")
    if claim.settle:
        lines.append(f"- What would settle it: {traced_numbers(claim.settle, claim)}")
    return "\n".join(["::: {.finding}", *lines, ":::"])


def _reading(label: str, value: str, fits: bool, claim: Claim) -> str:
    shown = "" if value in HELD else f"{_span(value, claim)} – "
    return f"Reading “{traced_numbers(label, claim)}”: {shown}{'fits' if fits else 'does not fit'}"


def _span(text: str, claim: Claim) -> str:
    return span(text, f"claim/{claim.id}")


def traced_numbers(text: str, claim: Claim) -> str:
    """The text as Markdown, each number in digits leading to the claim's trace."""
    return "".join(
        _span(piece, claim) if is_number else escape_markdown(piece)
        for piece, is_number in parted(text)
    )


def parted(text: str) -> Iterator[tuple[str, bool]]:
    """The text piece by piece, and whether a piece is a number in digits.

    The number of a table and the year after an author's name are names, no data.
    """
    end = 0
    for numeral in numerals(text):
        named = NAME.search(text[: numeral.start] + numeral.text)
        if not named and any(character.isdigit() for character in numeral.text):
            yield text[end : numeral.start], False
            yield numeral.text, True
            end = numeral.end
    yield text[end:], False
