"""Compares two filled-in worksheets of appraisal, item by item."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..data.files import read_text, reading
from ..errors import CompanionError
from ..stats.agreement import Agreement, agreement
from .appraisal import COLUMNS

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
