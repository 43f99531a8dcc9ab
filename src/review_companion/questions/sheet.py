"""A worksheet of appraisal as Markdown: a table whose last columns are left blank."""

from __future__ import annotations

from ..errors import CompanionError
from ..sentences import escape_markdown
from .appraisal import Appraisal, Item
from .parts import BLANK, bulleted, div, heading, pipe_table

HEAD = ("Domain", "The question", "What the data show", "Judgement", "Why")


def sheet(appraisal: Appraisal, subject: str, is_slide: bool) -> str:
    """The worksheet for a subject (the only one, where there is one); on a slide the domains."""
    keys = list(appraisal.subjects)
    chosen = keys[0] if len(keys) == 1 else subject
    if chosen not in appraisal.subjects:
        raise CompanionError(
            f"worksheet {appraisal.id} has no “{chosen}”", hint=f"known: {', '.join(keys)}"
        )
    title = heading(2, appraisal.title, f"appraisal-{appraisal.id}")
    if is_slide:
        domains = bulleted(escape_markdown(item.domain) for item in appraisal.items[chosen])
        return f"{title}\n\n{escape_markdown(appraisal.tool)}\n\n{domains}"
    return "\n\n".join([title, _intro(appraisal, chosen), _table(appraisal, chosen)])


def _intro(appraisal: Appraisal, subject: str) -> str:
    tool = f"[{escape_markdown(appraisal.tool)}]({appraisal.link}), "
    words = escape_markdown(f"{appraisal.version}. {appraisal.about}")
    choices = escape_markdown(", ".join(appraisal.judgements))
    label = escape_markdown(appraisal.subjects[subject])
    return (
        f"**{label}.** {tool}{words} The questions are paraphrased. Judgements: {choices}. "
        "The middle column is what the extracted data can show, and no judgement."
    )


def _table(appraisal: Appraisal, subject: str) -> str:
    rows = [_row(item) for item in appraisal.items[subject]]
    return div(
        pipe_table(HEAD, rows),
        "worksheet",
        tool=appraisal.tool,
        key=f"{appraisal.id}/{subject}",
        subject=appraisal.subjects[subject],
        items=" ".join(item.id for item in appraisal.items[subject]),
        choices="|".join(appraisal.judgements),
    )


def _row(item: Item) -> list[str]:
    domain = escape_markdown(item.domain) + (" (critical)" if item.critical else "")
    return [domain, escape_markdown(item.asks), escape_markdown(item.shows), BLANK, BLANK]
