"""A matrix of pairs: which studies may share patients, and on what ground."""

from __future__ import annotations

from .canvas import SMALL, Canvas, NothingToDraw
from .table_rows import Row

LEFT, CELL = 112.0, 34.0
SIDES = ("first", "second")


def draw(canvas: Canvas, rows: list[Row]) -> None:
    """Rows are pairs (`first`, `second`) on a `ground`; `kinds` lists the stronger ground first."""
    if not rows:
        raise NothingToDraw("no two studies are declared to overlap")
    names = _names(canvas, rows)
    cell = min(CELL, (canvas.width - LEFT) / len(names))
    foot = 14 + len(names) * cell
    for number, name in enumerate(names):
        top = 6 + number * cell
        canvas.text(LEFT - 6, top + cell / 2, name, align="right")
        canvas.note(LEFT + (number + 0.5) * cell, foot, str(number + 1), align="center")
        canvas.note(2, top + cell / 2, str(number + 1))
        for other in range(number):
            canvas.box(LEFT + other * cell, top, cell, cell, edge="rule", line=0.6)
        canvas.box(LEFT + number * cell, top, cell, cell, fill="rule", edge="rule")
    for row in rows:
        _mark(canvas, row, names, cell)
    _key_and_legend(canvas, foot + 16)


def _names(canvas: Canvas, rows: list[Row]) -> list[str]:
    """Studies in pairs, those with most pairs together at the top."""
    found = [row.text(canvas.spec[side]) for row in rows for side in SIDES]
    return sorted(set(found), key=lambda name: (-found.count(name), name))


def _mark(canvas: Canvas, row: Row, names: list[str], cell: float) -> None:
    one, other = sorted(names.index(row.text(canvas.spec[side])) for side in SIDES)
    x, y = LEFT + (one + 0.5) * cell, 6 + (other + 0.5) * cell
    if [row.text(canvas.spec["ground"])] == canvas.spec["kinds"][:1]:
        canvas.marker(x - cell / 5, y, "s", "ink", size=9, mark=row.key)
    else:
        canvas.marker(x + cell / 5, y, "o", "choice", size=12, open=True, mark=row.key)
        if shared := row.text(canvas.spec["shared"]):
            count = len(shared.split(";"))
            canvas.text(x + cell / 5, y, str(count), size=SMALL, align="center")


def _key_and_legend(canvas: Canvas, y: float) -> None:
    for number, kind in enumerate(canvas.spec["kinds"]):
        shape, color = ("o", "choice") if number else ("s", "ink")
        canvas.marker(8, y, shape, color, size=8, open=number > 0)
        canvas.text(18, y, kind, size=SMALL)
        y += 13
    canvas.legend(y)
