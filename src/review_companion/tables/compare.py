"""A rebuilt table beside the transcription of the published one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..model import Result, Trace
from ..package.files import read_rows
from ..text import escape_markdown
from .traced import TracedTable

_IGNORED = re.compile(r"\s")


@dataclass(frozen=True)
class TableComparison:
    """`equal` of `total` body cells; `differences` holds (row, column, rebuilt, published).

    `variant` is that of a cell, for the whole table.
    """

    table: TracedTable
    equal: int
    total: int
    differences: tuple[tuple[str, str, str, str], ...]
    variant: str = ""

    @property
    def result(self) -> Result:
        """The count of equal cells, with the origins of every cell of the table."""
        results = [cell.result for cells in self.table.rows.values() for cell in cells]
        what = f"body cells of {self.table.name} that equal the published text"
        parts: dict[str, Any] = {
            part: frozenset().union(*(getattr(result, part) for result in results))
            for part in ("read", "looked", "membership", "parameters")
        }
        return Result(self.equal, "cells", formula=what, **parts)

    def traces(self) -> Iterator[Trace]:
        """The traces of the two counts, `<table>/agreement` and `<table>/cells`."""
        name, result = f"{self.table.name}{self.variant}", self.result
        yield Trace(f"{name}/agreement", "value", result.formula, str(self.equal), result)
        label = f"body cells of {self.table.name}"
        every = replace(result, value=self.total, formula=label)
        yield Trace(f"{name}/cells", "value", label, str(self.total), every)

    def to_markdown(self) -> str:
        """One sentence, and a list of what differs."""
        equal, total = (
            f'[{number}]{{.traced trace="{self.table.name}{self.variant}/{part}"}}'
            for number, part in ((self.equal, "agreement"), (self.total, "cells"))
        )
        said = (
            f"{equal} of {total} cells read as published. "
            "Not compared: white space, and a comma against a semicolon."
        )
        lines = [
            "- {}, {}: rebuilt “{}”, published “{}”".format(*map(escape_markdown, difference))
            for difference in self.differences
        ]
        listed = ["::: {.differences}", "\n".join(lines), ":::"] if lines else []
        return "\n\n".join([said, *listed])

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
    published = read_rows(path)[1:]
    differences = []
    total = 0
    for position, (key, cells) in enumerate(table.rows.items()):
        if position < len(published) and len(published[position]) != len(cells):
            raise CompanionError(
                f"has {len(published[position])} cells where table “{table.name}” has {len(cells)}",
                where=f"{path}:{position + 2}",
            )
        theirs = published[position] if position < len(published) else [""] * len(cells)
        for column, cell, text in zip(table.columns, cells, theirs, strict=True):
            total += 1
            if normalised(cell.text) != normalised(text):
                differences.append((key, column.header, cell.text, text))
    return TableComparison(table, total - len(differences), total, tuple(differences))
