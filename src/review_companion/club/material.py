"""The tables of a session: a rebuilt table as a pipe table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..tables.traced import TracedTable
from ..text import escape_markdown

_MARK = re.compile(r"\^(\w)\^$")


def pipe_table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    align: str = "",
    widths: Sequence[int] = (),
) -> str:
    """A pipe table of Markdown cells; `align` has a letter (l, r) for each column.

    `widths` are shares of the line, kept where a row is longer than a line.
    """
    rule = [
        "-" * (widths[n] if widths else 3) + (":" if align[n : n + 1] == "r" else "")
        for n in range(len(head))
    ]
    lines = [head, rule, *rows]
    return "\n".join("| " + " | ".join(cell or " " for cell in line) + " |" for line in lines)


def full_width(table: str, columns: int) -> str:
    """The table as wide as the page, its first column the widest."""
    first = 0.4 if columns < 4 else 0.31
    share = (1 - first) / (columns - 1)
    widths = " ".join(f"{width:.3f}" for width in (first, *[share] * (columns - 1)))
    return f'::: {{.cell widths="{widths}"}}\n\n{table}\n\n:::'


def material_table(found: TracedTable) -> str:
    """A rebuilt table as a pipe table with the notes that its marks call for."""
    align = "".join("r" if column.align == "right" else "l" for column in found.columns)
    head = [_raised(column.header) for column in found.columns]
    rows = [[_raised(cell.text) for cell in cells] for cells in found.rows.values()]
    parts = [full_width(pipe_table(head, rows, align), len(head))]
    if notes := _notes(found, {mark for line in (head, *rows) for mark in _marks(line)}):
        parts += [":::: {.table-notes}", *notes, "::::"]
    return "\n\n".join(parts)


def _notes(found: TracedTable, used: set[str]) -> list[str]:
    marked = [(note[1:2], note[2:].strip()) for note in found.notes if note.startswith("^")]
    return [f"^{mark}^ {escape_markdown(text)}" for mark, text in marked if mark in used]


def _marks(cells: Iterable[str]) -> Iterator[str]:
    for cell in cells:
        if found := _MARK.search(cell):
            yield found[1]


def _raised(text: str) -> str:
    """The text escaped, a footnote mark `^a` as a superscript."""
    base, mark, note = text.rpartition("^")
    if mark and len(note) == 1 and note.isalpha():
        return f"{escape_markdown(base)}^{note}^"
    return escape_markdown(text)
