"""Worksheets of appraisal: what the data can show for each item, judgements left blank.

Two that were filled in are compared item by item.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import CompanionError, require_known
from ..package.files import csv_text, read_text, reading
from ..package.yaml_files import read_yaml
from ..package.yaml_nodes import check_keys
from ..review import Review
from ..stats.agreement import Agreement, agreement
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


Rows = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Judgement:
    """An item as two people judged it."""

    domain: str
    first: str
    second: str

    @property
    def same(self) -> bool:
        return self.first == self.second


@dataclass(frozen=True)
class WorksheetComparison:
    """Judgements of both by tool; items that only one has judged stand apart, by their key."""

    judgements: Mapping[str, tuple[Judgement, ...]]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]

    def agreement(self, tool: str) -> Agreement:
        """Agreement of the judgements of a tool; κ from ten items on."""
        found = self.judgements[tool]
        return agreement([j.first for j in found], [j.second for j in found])


def is_worksheet(path: Path) -> bool:
    """Whether a file is a worksheet saved as CSV; CompanionError for one that cannot be read."""
    if path.suffix.lower() != ".csv":
        return False
    with reading(path):
        return tuple(next(csv.reader(read_text(path).splitlines()), ())) == COLUMNS


def compare_worksheets(first: Path, second: Path) -> WorksheetComparison:
    """Raises CompanionError for a file that is no worksheet, and where no item is in both."""
    one, two = _read(first), _read(second)
    grouped: dict[str, list[Judgement]] = {}
    for key, row in one.items():
        if key in two:
            judged = Judgement(row["domain"], row["judgement"], two[key]["judgement"])
            grouped.setdefault(row["tool"], []).append(judged)
    if not grouped:
        raise CompanionError("no item is judged in both worksheets", where=f"{first}, {second}")
    return WorksheetComparison(
        {tool: tuple(found) for tool, found in grouped.items()},
        tuple(key for key in one if key not in two),
        tuple(key for key in two if key not in one),
    )


def _read(path: Path) -> Rows:
    """The judged rows by key."""
    if not is_worksheet(path):
        raise CompanionError(
            "is not a worksheet", where=str(path), hint=f"its columns are: {', '.join(COLUMNS)}"
        )
    lines = io.StringIO(read_text(path), newline="")
    rows = [
        {k: (v or "").strip() for k, v in row.items() if k in COLUMNS}
        for row in csv.DictReader(lines)
    ]
    return {row["item"]: row for row in rows if row["judgement"]}


def report(comparison: WorksheetComparison, first: str, second: str) -> str:
    """Agreement by tool and every item on which the two differ, as plain text."""
    from tabulate import tabulate

    parts = [f"{first} and {second}"]
    for tool, found in comparison.judgements.items():
        parts.append(_summary(tool, comparison.agreement(tool)))
        rows = [[j.domain, j.first, j.second] for j in found if not j.same]
        if rows:
            parts.append(tabulate(rows, ["domain", first, second], disable_numparse=True))
    alone = ((first, comparison.only_first), (second, comparison.only_second))
    parts += [f"judged only in {name}: {', '.join(keys)}" for name, keys in alone if keys]
    return "\n\n".join(parts) + "\n"


def _summary(tool: str, found: Agreement) -> str:
    line = f"{tool}: {found.same} of {found.items} judged the same"
    if found.kappa is None:
        return line
    kappa = found.kappa
    return f"{line}, κ {kappa.value:.2f} (95% CI {kappa.low:.2f} to {kappa.high:.2f})"
