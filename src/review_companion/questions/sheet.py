"""A worksheet of appraisal as Markdown: items with what the data show, judgements left blank."""

from __future__ import annotations

from ..errors import CompanionError
from ..sentences import escape_markdown
from .appraisal import Appraisal, Item
from .parts import BLANK, div, heading

LONG_BLANK = r"[" + r"\_" * 40 + "]{.blank}"


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
        domains = " · ".join(escape_markdown(item.domain) for item in appraisal.items[chosen])
        return f"{title}\n\n**{escape_markdown(appraisal.tool)}**\n\n{domains}"
    return "\n\n".join([title, _intro(appraisal, chosen), _items(appraisal, chosen)])


def _intro(appraisal: Appraisal, subject: str) -> str:
    tool = f"[{escape_markdown(appraisal.tool)}]({appraisal.link}), "
    words = escape_markdown(f"{appraisal.version}. {appraisal.about}")
    choices = escape_markdown(", ".join(appraisal.judgements))
    label = escape_markdown(appraisal.subjects[subject])
    return (
        f"**{label}.** {tool}{words} The questions are paraphrased. Judgements: {choices}. "
        "What the data show is what was extracted, and no judgement."
    )


def _items(appraisal: Appraisal, subject: str) -> str:
    return div(
        "\n\n".join(_item(item) for item in appraisal.items[subject]),
        "worksheet",
        tool=appraisal.tool,
        key=f"{appraisal.id}/{subject}",
        subject=appraisal.subjects[subject],
        choices="|".join(appraisal.judgements),
    )


def _item(item: Item) -> str:
    """An item with room for a judgement and a reason."""
    mark = " (critical)" if item.critical else ""
    domain, asks, shows = map(escape_markdown, (item.domain, item.asks, item.shows))
    lines = [
        f"**[{domain}]{{.domain}}{mark}.** [{asks}]{{.asks}}",
        f"*The data show:* [{shows}]{{.shows}}",
        f"Judgement: {BLANK} Why: {LONG_BLANK}",
    ]
    return f'::: {{.item data-item="{item.id}"}}\n\n' + "\n\n".join(lines) + "\n\n:::"
