"""A rebuilt table beside the transcription of the published one."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..model import Result, Trace
from .traced import TracedTable

_IGNORED = re.compile(r"\s")


@dataclass(frozen=True)
class TableComparison:
    """`equal` of `total` body cells; `differences` holds (row, column, rebuilt, published)."""

    table: TracedTable
    equal: int
    total: int
    differences: tuple[tuple[str, str, str, str], ...]

    @property
    def result(self) -> Result:
        """The count of equal cells, with the origins of every cell of the table."""
        results = [cell.result for cells in self.table.rows.values() for cell in cells]
        return Result(
            value=self.equal,
            unit="cells",
            read=frozenset().union(*(r.read for r in results)),
            looked=frozenset().union(*(r.looked for r in results)),
            membership=frozenset().union(*(r.membership for r in results)),
            formula=f"body cells of {self.table.name} that equal the published text",
        )

    def trace(self) -> Trace:
        """The trace of the count, named `<table>/agreement`."""
        name = f"{self.table.name}/agreement"
        return Trace(name, "value", self.result.formula, str(self.equal), self.result)

    def to_markdown(self) -> str:
        """One sentence, and a list of what differs."""
        trace = f'{{.traced trace="{self.table.name}/agreement"}}'
        lines = [
            f"[{self.equal}]{trace} of [{self.total}]{trace} body cells equal the published text "
            "(white space, and a comma against a semicolon, are not compared)."
        ]
        lines += [
            f"- {row}, {column}: rebuilt “{ours}”, published “{theirs}”"
            for row, column, ours, theirs in self.differences
        ]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/markdown": self.to_markdown(), "text/plain": self.to_markdown()}


def normalised(text: str) -> str:
    """Text as it is compared: no white space, semicolons as commas."""
    return _IGNORED.sub("", text).replace(";", ",")


def compare_published(table: TracedTable, path: Path) -> TableComparison:
    """Holds the table against a CSV transcription, row by row in published order.

    A rebuilt table with other rows than the published one shows its surplus as differences.
    """
    if not path.is_file():
        raise CompanionError("there is no transcription to compare with", where=str(path))
    with path.open(encoding="utf-8", newline="") as handle:
        published = list(csv.reader(handle))[1:]
    differences = []
    total = 0
    for position, (key, cells) in enumerate(table.rows.items()):
        theirs = published[position] if position < len(published) else [""] * len(cells)
        for column, cell, text in zip(table.columns, cells, theirs, strict=True):
            total += 1
            if normalised(cell.text) != normalised(text):
                differences.append((key, column.header, cell.text, text))
    return TableComparison(table, total - len(differences), total, tuple(differences))
