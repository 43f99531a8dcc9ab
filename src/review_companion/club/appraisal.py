"""Worksheets of appraisal: what the data can show for each item, judgements left blank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import require_known
from ..package.files import csv_text
from ..package.yaml_files import read_yaml
from ..package.yaml_nodes import check_keys
from ..review import Review
from .wording import Wording

FILE = "appraisal.yml"
COLUMNS = ("item", "tool", "subject", "domain", "asks", "shows", "judgement", "reason")
KEYS = {"tool", "version", "link", "title", "about", "each", "label", "judgements", "items"}
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

    def subject(self, key: str) -> str:
        """The key of the only subject, or this one; raises CompanionError for an unknown one."""
        chosen = next(iter(self.subjects)) if len(self.subjects) == 1 else key
        require_known(chosen, self.subjects, f"worksheet {self.id} has no")
        return chosen


def read_appraisal(review: Review) -> tuple[Appraisal, ...]:
    """The worksheets that `appraisal.yml` declares, filled with what the data show."""
    declared = read_yaml(review.package.folder / FILE)
    return tuple(_appraisal(review, name, spec) for name, spec in declared.items())


def _appraisal(review: Review, name: str, spec: Mapping[str, Any]) -> Appraisal:
    for declared, keys in ((spec, KEYS), *((item, ITEM_KEYS) for item in spec["items"].values())):
        check_keys(declared, keys, f"worksheet {name}", getattr(declared, "where", FILE))
    wording = Wording(review, name, {}, FILE)
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
