"""One line for each class: a symbol for every study that points one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tables.traced import TracedTable
from .canvas import INK, MARKERS, NEITHER, NOT_COMPARED, RULE, SMALL, Canvas, wrap
from .nothing import nothing
from .rows import Row, rows_of

LEFT, MIDDLE, STEP, FITS = 118.0, 214.0, 12.0, 6


def draw(table: TracedTable, spec: Mapping[str, Any]) -> str:
    """Columns named by `label`, `lower`, `higher`, `neither` (a list) and `without`."""
    rows = rows_of(table)
    if not rows:
        return nothing()
    canvas = Canvas()
    for x, text in ((MIDDLE - 58, "lower"), (MIDDLE, "neither"), (MIDDLE + 58, "higher")):
        canvas.note(x, 7, text, align="center")
    canvas.line(0, 16, canvas.width, 16, color=INK)
    y = 17.0
    for row in rows:
        y = _row(canvas, row, spec, y)
    entries = [(name, {"shape": s, "color": c}) for name, (s, c) in MARKERS.items()]
    canvas.key(5, y + 9, [*entries, NOT_COMPARED], 17.5)
    return canvas.svg()


def _row(canvas: Canvas, row: Row, spec: Mapping[str, Any], y: float) -> float:
    label = wrap(row.text(spec["label"]), LEFT - 8, bold=True)
    note = wrap(_note(row, spec), canvas.width - LEFT, SMALL)
    height = max(len(label) * 11.5 + 8, 24 + len(note) * 10)
    canvas.lines(2, y + 10, label, bold=True)
    canvas.line(MIDDLE - 20, y + 2, MIDDLE - 20, y + 19, width=0.6)
    canvas.line(MIDDLE + 20, y + 2, MIDDLE + 20, y + 19, width=0.6)
    _symbols(canvas, row, spec, y + 10.5)
    canvas.note(LEFT, y + 25, *note)
    canvas.line(0, y + height, canvas.width, y + height, color=RULE, width=0.5)
    return y + height


def _note(row: Row, spec: Mapping[str, Any]) -> str:
    notes = spec.get("notes", {}).items()
    return "; ".join(str(phrase).replace("#", row.text(column)) for phrase, column in notes)


def _symbols(canvas: Canvas, row: Row, spec: Mapping[str, Any], y: float) -> None:
    _series(canvas, row, str(spec["lower"]), "lower", MIDDLE - 28, -1, y)
    _series(canvas, row, str(spec["higher"]), "higher", MIDDLE + 28, 1, y)
    middle = [
        name
        for column, name in zip(spec["neither"], ("no difference", "conflicting"), strict=True)
        for _ in range(int(row.number(column) or 0))
    ]
    without = int(row.number(spec["studies"]) or 0) if not row.number(spec["compared"]) else 0
    start = MIDDLE - (len(middle) + bool(without) - 1) * STEP / 2
    for number, name in enumerate(middle[:FITS]):
        shape, color = MARKERS[name]
        canvas.marker(
            start + number * STEP, y, shape, color, size=7, mark=f"{row.key}/{name}/{number}"
        )
    if without:
        canvas.marker(MIDDLE, y, "o", NEITHER, size=7, open=True, mark=f"{row.key}/none")


def _series(
    canvas: Canvas, row: Row, column: str, name: str, start: float, sign: int, y: float
) -> None:
    count = int(row.number(column) or 0)
    shape, color = MARKERS[name]
    for number in range(min(count, FITS)):
        canvas.marker(
            start + sign * number * STEP, y, shape, color, size=9, mark=f"{row.key}/{name}/{number}"
        )
    if count:
        at = start + sign * (min(count, FITS) - 1) * STEP + sign * 9
        canvas.text(at, y, str(count), size=SMALL, align="left" if sign > 0 else "right")
