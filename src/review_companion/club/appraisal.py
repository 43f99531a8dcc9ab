"""Worksheets of appraisal: what the data can show for each item, judgements left blank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import require_known
from ..package.files import csv_text
from ..package.yaml_files import read_yaml
from ..review import Review
from .session import record
from .wording import Wording

FILE = "appraisal.yml"
COLUMNS = ("item", "tool", "subject", "domain", "asks", "shows", "judgement", "reason")


@dataclass(frozen=True)
class Item:
    """An item of a tool; `shows` is a template of what the data say."""

    domain: str
    asks: str
    shows: str
    critical: bool = False


@dataclass(frozen=True)
class Appraisal:
    """A worksheet: a published tool (paraphrased), its judgements, its items.

    `each` chooses what is appraised, `label` is a template of its name; `subjects` maps its keys
    to these names, and `shown` to what the data say for each item.
    """

    id: str
    tool: str
    version: str
    link: str
    title: str
    about: str
    each: str
    label: str
    judgements: Sequence[str]
    items: Mapping[str, Item]
    subjects: Mapping[str, str]
    shown: Mapping[str, Mapping[str, str]]

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
    what, wording = f"worksheet {name}", Wording(review, name, {}, FILE)
    items = {key: record(Item, item, what) for key, item in spec["items"].items()}
    rows = wording.rows(spec["each"])
    return record(
        Appraisal,
        spec,
        what,
        id=name,
        items=items,
        subjects={row.key: wording.plain(spec["label"], row) for row in rows},
        shown={
            row.key: {key: wording.plain(item.shows, row) for key, item in items.items()}
            for row in rows
        },
    )


def to_csv(appraisals: Iterable[Appraisal]) -> str:
    """Every item for every subject, judgement and reason blank; keyed tool/subject/item."""
    rows = (
        (f"{one.id}/{key}/{name}", one.tool, subject, item.domain, item.asks,
         one.shown[key][name], "", "")
        for one in appraisals
        for key, subject in one.subjects.items()
        for name, item in one.items.items()
    )  # fmt: skip
    return csv_text([COLUMNS, *rows])
