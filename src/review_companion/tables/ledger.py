"""The ledger of claims as traced tables, and its findings as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..claims.quotations import NAME
from ..data.numerals import numerals
from ..model import Claim, Result, Verdict
from ..sections import in_words
from ..sentences import span
from ..text import escape_markdown
from ..trace.templates import upper_first
from .traced import Cell, Column, TracedTable

SEVERITIES = ("major", "moderate", "minor")
OPEN = (Verdict.INCONSISTENT, Verdict.AMBIGUOUS)
BEARING = "bearing"
HELD = ("holds", "does not hold")
UNCHECKED = "No statement has been checked yet."
_COLUMNS = (
    Column("statement", "Statement"),
    Column("study", "Study", filter="select", linked=False),
    Column("place", "Place", filter="select", linked=False),
    Column("printed", "Printed"),
    Column("recomputed", "Recomputed"),
    Column("verdict", "Verdict", filter="select"),
    Column("basis", "Basis", filter="select", linked=False),
    Column("severity", "Severity", filter="select", linked=False),
)


def claim_result(claim: Claim) -> Result:
    """The claim as a result: its recomputed value with what it read."""
    return Result(
        value=claim.recomputed,
        read=frozenset(claim.origins),
        membership=claim.membership,
        formula=claim.formula,
    )


def ledger_table(
    claims: Iterable[Claim], subjects: Mapping[str, str] | None = None, name: str = "ledger"
) -> TracedTable:
    """One row per claim, what does not add up first; every cell leads to the claim's own trace."""
    rows = {}
    every = list(claims)
    first = open_findings(every)
    for claim in dict.fromkeys((*first, *every)):
        result = claim_result(claim)
        texts = (
            claim.label,
            (subjects or {}).get(claim.id, ""),
            chapter(claim.section),
            claim.printed,
            claim.recomputed,
            claim.verdict.words,
            claim.basis_words,
            claim.severity,
        )
        rows[claim.id] = tuple(Cell(text, result) for text in texts)
    caption = "Every checkable statement with its verdict"
    return TracedTable(name, caption, _COLUMNS, rows, classes=("filterable",), row_trace="claim")


def counts_table(claims: Sequence[Claim]) -> TracedTable:
    """Number of claims by part of the article (rows) and verdict (columns), with totals."""
    parts = list(dict.fromkeys(chapter(claim.section) for claim in claims))
    columns = (
        Column("part", "Part of the article"),
        *tuple(Column(str(verdict), verdict.words, "right") for verdict in Verdict),
        Column("all", "all", "right"),
    )
    rows = {
        part: _counts(part, [c for c in claims if chapter(c.section) == part]) for part in parts
    }
    if claims:
        rows["all"] = _counts("All parts", claims)
    return TracedTable("verdict-counts", "Verdicts by part of the article", columns, rows)


def verdict_sentence(claims: Sequence[Claim]) -> str:
    """Markdown: how many statements were checked, and how many have which verdict."""
    if not claims:
        return UNCHECKED
    table = counts_table(claims)
    shown = [
        span(cell.text, table.trace_name("all", column))
        for column, cell in zip(table.columns[1:], table.rows["all"][1:], strict=True)
    ]
    parts = [f"{text} {verdict.words}" for text, verdict in zip(shown, Verdict, strict=False)]
    sentence = f"Of {shown[-1]} checkable statements of the article: {', '.join(parts)}."
    found = findings_counts(claims)
    if BEARING not in found.rows:
        return sentence
    bearing = span(found.rows[BEARING][-1].text, found.trace_name(BEARING, found.columns[-1]))
    return (
        f"{sentence} Of those that are inconsistent, {bearing} bear on a figure or a conclusion, "
        "the others on words or citations."
    )


def _counts(label: str, claims: Sequence[Claim]) -> tuple[Cell, ...]:
    groups = [[c for c in claims if c.verdict is verdict] for verdict in Verdict]
    head = Cell(label, Result(value=label, formula="part of the article"))
    return (head, *(_count(group) for group in groups), _count(claims))


def _count(claims: Sequence[Claim]) -> Cell:
    result = Result(
        value=len(claims),
        unit="claims",
        read=frozenset(origin for claim in claims for origin in claim.origins),
        membership=frozenset({"claims"}),
        formula="number of statements",
    )
    return Cell(str(len(claims)), result)


def chapter(section: str) -> str:
    """The part of the article that a section belongs to: "Table 1" for "table-1/…/age"."""
    return in_words(section.split("/")[0])


def findings(
    claims: Iterable[Claim], severity: str = "", subjects: Mapping[str, str] | None = None
) -> str:
    """Markdown: what does not add up, most severe first, a few sentences each.

    Inconsistent before ambiguous within a severity, those of one matter together; the printed and
    the recomputed value are traced to the claim. `subjects` says by the claim's id what it is
    about; else its place does.
    """
    every = list(claims)
    if not every:
        return UNCHECKED
    parts = []
    for matter, told in by_matter(open_findings(every, severity)).items():
        title = f"**{escape_markdown(matter)}**, in several places:" if len(told) > 1 else ""
        for claim in told:
            parts.append(_finding(claim, _heading(claim, subjects), title))
            title = ""
    return "\n\n".join(parts) or "None."


def by_matter(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """The claims of each matter, in the order of the first; a claim without one is its own."""
    matters: dict[str, list[Claim]] = {}
    for claim in claims:
        matters.setdefault(claim.matter or claim.id, []).append(claim)
    return matters


def open_findings(claims: Iterable[Claim], severity: str = "") -> list[Claim]:
    """The claims that do not add up or depend on the reading, most severe first; no notes."""
    chosen = [
        c
        for c in claims
        if c.verdict in OPEN and _severity(c) in SEVERITIES and severity in ("", _severity(c))
    ]
    order = {str(verdict): place for place, verdict in enumerate(OPEN)}
    return sorted(chosen, key=lambda c: (SEVERITIES.index(_severity(c)), order[c.verdict]))


def flags(claims: Iterable[Claim], table: str) -> dict[str, Claim]:
    """Major and moderate findings about single cells of a table, by "row/column"."""
    told = [c for c in open_findings(claims) if _severity(c) != SEVERITIES[-1]]
    prefix = f"{table}/"
    about: dict[str, Claim] = {}
    for claim in told:  # the most severe first
        place = claim.section.removeprefix(prefix)
        if place != claim.section and "/" in place:
            about.setdefault(place, claim)
    return about


def findings_summary(claims: Sequence[Claim], subjects: Mapping[str, str] | None = None) -> str:
    """Markdown: how many findings have which severity, and one line for each of the most severe.

    Where nothing was checked it says so: no finding is then no good news.
    """
    if not claims:
        return UNCHECKED
    table = findings_counts(claims)
    if not table.rows:
        return "Everything adds up."
    column = table.columns[-1]
    shown = {
        key: span(row[-1].text, table.trace_name(key, column)) for key, row in table.rows.items()
    }
    parts = [f"{text} {key}" for key, text in shown.items() if key in SEVERITIES]
    worst = next(key for key in SEVERITIES if key in table.rows)
    matters = by_matter(open_findings(claims, worst))
    lines = [_line(matter, told, subjects) for matter, told in matters.items()]
    sentence = (
        f"Of {shown['all']} findings, by severity: {', '.join(parts)}. The {worst} ones, by matter:"
    )
    return "\n\n".join([sentence, "\n".join(lines)])


def _line(matter: str, told: Sequence[Claim], subjects: Mapping[str, str] | None) -> str:
    """One matter: what it is, and each place that tells it."""
    if len(told) == 1:
        claim = told[0]
        printed = f" (printed: {_span(claim.printed, claim)})" if claim.printed else ""
        return f"- [{_heading(claim, subjects)}](#finding-{claim.id}){printed}"
    places = [
        f"[{escape_markdown(in_words(claim.section))}](#finding-{claim.id})"
        + (f" ({_span(claim.printed, claim)})" if claim.printed else "")
        for claim in told
    ]
    return f"- {escape_markdown(matter)}: {', '.join(places)}"


def findings_counts(claims: Sequence[Claim]) -> TracedTable:
    """Number of findings by severity (rows), those that occur, with the total."""
    columns = (Column("severity", "Severity"), Column("findings", "Findings", "right"))
    rows = {}
    for severity in ("", *SEVERITIES):
        found = open_findings(claims, severity)
        label = severity or "all"
        if found:
            head = Cell(label, Result(value=label, formula="severity of a finding"))
            rows[label] = (head, _count(found))
    bearing = [
        c for c in open_findings(claims) if c.verdict is Verdict.INCONSISTENT and not c.concerns
    ]
    if bearing:
        label = "inconsistent, on a figure or a conclusion"
        head = Cell(label, Result(value=label, formula="what a finding bears on"))
        rows[BEARING] = (head, _count(bearing))
    return TracedTable("finding-counts", "Findings by severity", columns, rows)


def _severity(claim: Claim) -> str:
    return claim.severity or SEVERITIES[-1]


def _heading(claim: Claim, subjects: Mapping[str, str] | None) -> str:
    """What the finding is about and what it says, without a trace."""
    subject = (subjects or {}).get(claim.id) or upper_first(chapter(claim.section))
    return escape_markdown(f"{subject}: {claim.found or claim.label}")


def _finding(claim: Claim, heading: str, above: str = "") -> str:
    """One finding as a block that stays whole, with the line that stands above it."""
    place = escape_markdown(in_words(claim.section))
    kind = f"[{_span(claim.verdict.words, claim)}]{{.verdict .{claim.verdict}}}"
    title = f"[**{heading}.**]{{#finding-{claim.id}}}"
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
    return "\n".join(["::: {.finding}", *([above, ""] if above else []), *lines, ":::"])


def _reading(label: str, value: str, fits: bool, claim: Claim) -> str:
    shown = "" if value in HELD else f"{_span(value, claim)} – "
    return f"Reading “{traced_numbers(label, claim)}”: {shown}{'fits' if fits else 'does not fit'}"


def _span(text: str, claim: Claim) -> str:
    return span(text, f"claim/{claim.id}")


def traced_numbers(text: str, claim: Claim) -> str:
    """The text as Markdown, each number in digits leading to the claim's trace.

    The number of a table and the year after an author's name are names, no data.
    """
    parts, end = [], 0
    for numeral in numerals(text):
        named = NAME.search(text[: numeral.start] + numeral.text)
        if not named and any(character.isdigit() for character in numeral.text):
            parts += [escape_markdown(text[end : numeral.start]), _span(numeral.text, claim)]
            end = numeral.end
    return "".join([*parts, escape_markdown(text[end:])])
