"""A matrix of pairs: which studies may share patients, and on what ground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tables.traced import TracedTable
from . import WIDTH
from .canvas import CHOICE, INK, RULE, SMALL, Canvas, nothing
from .table_rows import Row, rows_of

LEFT, CELL = 112.0, 34.0


def draw(table: TracedTable, spec: Mapping[str, Any], width: float = WIDTH) -> Canvas:
    """Rows are pairs (`first`, `second`) on a `ground`; `kinds` lists the stronger ground first."""
    rows = rows_of(table)
    if not rows:
        return nothing("no two studies are declared to overlap", width)
    names = _names(rows, spec)
    kinds = list(spec["kinds"])
    canvas = Canvas(width)
    cell = min(CELL, (canvas.width - LEFT) / len(names))
    for number, name in enumerate(names):
        y = 6 + (number + 0.5) * cell
        canvas.text(LEFT - 6, y, name, align="right")
        below = 14 + len(names) * cell
        canvas.note(LEFT + (number + 0.5) * cell, below, str(number + 1), align="center")
        canvas.note(2, y, str(number + 1))
        for other in range(number):
            canvas.box(LEFT + other * cell, 6 + number * cell, cell, cell, edge=RULE, line=0.6)
        canvas.box(LEFT + number * cell, 6 + number * cell, cell, cell, fill=RULE, edge=RULE)
    _marks(canvas, rows, spec, (names, kinds, cell))
    _legend(canvas, spec, kinds, 30 + len(names) * cell)
    return canvas


def _names(rows: list[Row], spec: Mapping[str, Any]) -> list[str]:
    """Studies in pairs, those with most pairs together at the top."""
    found = [row.text(spec[side]) for row in rows for side in ("first", "second")]
    return sorted(set(found), key=lambda name: (-found.count(name), name))


def _marks(
    canvas: Canvas,
    rows: list[Row],
    spec: Mapping[str, Any],
    place: tuple[list[str], list[str], float],
) -> None:
    names, kinds, cell = place
    for row in rows:
        one, other = sorted(names.index(row.text(spec[side])) for side in ("first", "second"))
        kind = kinds.index(row.text(spec["ground"])) if row.text(spec["ground"]) in kinds else -1
        x, y = LEFT + (one + 0.5) * cell, 6 + (other + 0.5) * cell
        if kind == 0:
            canvas.marker(x - cell / 5, y, "s", INK, size=9, mark=row.key)
        else:
            shared = len(row.text(spec["shared"]).split(";"))
            canvas.marker(x + cell / 5, y, "o", CHOICE, size=8, open=True, mark=row.key)
            canvas.text(x + cell / 5, y, str(shared), size=SMALL, align="center")


def _legend(canvas: Canvas, spec: Mapping[str, Any], kinds: list[str], y: float) -> None:
    for number, kind in enumerate(kinds):
        if number == 0:
            canvas.marker(8, y, "s", INK, size=8)
        else:
            canvas.marker(8, y + number * 13, "o", CHOICE, size=8, open=True)
        canvas.text(18, y + number * 13, kind, size=SMALL)
    canvas.caption(y + len(kinds) * 13, spec)
