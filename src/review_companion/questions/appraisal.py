"""Worksheets of appraisal: what the data can show beside each item, judgements left blank.

As a table (CSV) and as Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..claims.declared import check_keys
from ..data.files import csv_text
from ..data.yaml_files import read_yaml
from ..errors import require_known
from ..review import Review
from ..text import escape_markdown
from .parts import BLANK, div, heading
from .wording import Wording

FILE = "appraisal.yml"
COLUMNS = ("item", "tool", "subject", "domain", "asks", "shows", "judgement", "reason")
KEYS = {"tool", "version", "link", "title", "about", "each", "label", "judgements", "items"}
LONG_BLANK = r"[" + r"\_" * 40 + "]{.blank}"
ITEM_KEYS = {"domain", "asks", "shows", "critical"}


@dataclass(frozen=True)
class Item:
    """An item of a tool for one subject; `shows` is what the data say."""

    id: str
    domain: str
    asks: str
    shows: str
    critical: bool = False


@dataclass(frozen=True)
class Appraisal:
    """A worksheet: a published tool (paraphrased), its judgements, its items by subject.

    `subjects` maps the key of what is appraised to its label.
    """

    id: str
    tool: str
    version: str
    link: str
    title: str
    about: str
    judgements: tuple[str, ...]
    subjects: Mapping[str, str]
    items: Mapping[str, tuple[Item, ...]]


def read_appraisal(review: Review) -> tuple[Appraisal, ...]:
    """The worksheets that `appraisal.yml` declares, filled with what the data show."""
    declared = read_yaml(review.package.folder / FILE)
    return tuple(_appraisal(review, name, spec) for name, spec in declared.items())


def _appraisal(review: Review, name: str, spec: Mapping[str, Any]) -> Appraisal:
    for declared, keys in ((spec, KEYS), *((item, ITEM_KEYS) for item in spec["items"].values())):
        check_keys(declared, keys, f"worksheet {name}", getattr(declared, "where", FILE))
    wording = Wording(review, f"appraisal/{name}", {})
    rows = wording.rows(spec["each"])
    return Appraisal(
        id=name,
        tool=str(spec["tool"]),
        version=str(spec["version"]),
        link=str(spec["link"]),
        title=str(spec["title"]),
        about=str(spec["about"]),
        judgements=tuple(str(judgement) for judgement in spec["judgements"]),
        subjects={row.key: wording.plain(spec["label"], row) for row in rows},
        items={
            row.key: tuple(
                _item(name, entry, wording.plain(entry["shows"], row))
                for name, entry in spec["items"].items()
            )
            for row in rows
        },
    )


def _item(name: str, entry: Mapping[str, Any], shows: str) -> Item:
    critical = bool(entry.get("critical", False))
    return Item(name, str(entry["domain"]), str(entry["asks"]), shows, critical)


def to_csv(appraisals: Iterable[Appraisal]) -> str:
    """Every item for every subject, judgement and reason blank; keyed tool/subject/item."""
    rows = (
        (f"{one.id}/{key}/{item.id}", one.tool, subject, item.domain, item.asks, item.shows, "", "")
        for one in appraisals
        for key, subject in one.subjects.items()
        for item in one.items[key]
    )
    return csv_text([COLUMNS, *rows])


def sheet(appraisal: Appraisal, subject: str, is_slide: bool) -> str:
    """The worksheet for a subject (the only one, where there is one); on a slide the domains."""
    keys = list(appraisal.subjects)
    chosen = keys[0] if len(keys) == 1 else subject
    require_known(chosen, keys, f"worksheet {appraisal.id} has no")
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
        "\n\n".join(_item_with_room(item) for item in appraisal.items[subject]),
        "worksheet",
        tool=appraisal.tool,
        key=f"{appraisal.id}/{subject}",
        subject=appraisal.subjects[subject],
        choices="|".join(appraisal.judgements),
    )


def _item_with_room(item: Item) -> str:
    """An item with room for a judgement and a reason."""
    mark = " (critical)" if item.critical else ""
    domain, asks, shows = map(escape_markdown, (item.domain, item.asks, item.shows))
    lines = [
        f"**[{domain}]{{.domain}}{mark}.** [{asks}]{{.asks}}",
        f"*The data show:* [{shows}]{{.shows}}",
        f"Judgement: {BLANK} Why: {LONG_BLANK}",
    ]
    return f'::: {{.item data-item="{item.id}"}}\n\n' + "\n\n".join(lines) + "\n\n:::"
