"""Effect direction plot: which way each study or comparison points (Boon & Thomson 2021).

The place and shape of a mark show its direction. A solid mark answers the question of the review, a
hollow one another question; an open circle means that no direction is reported.
"""

from __future__ import annotations

from .canvas import LABEL, LINE, NO_STUDY, SMALL, TEXT, Canvas, NothingToDraw, Spec, wrap
from .table_rows import Row, grouped

MARKERS = {
    "higher": ("^", "higher"),
    "lower": ("v", "lower"),
    "no difference": ("s", "neither"),
    "conflicting": ("D", "neither"),
}
NOT_COMPARED: Spec = {"shape": "o", "color": "neither", "open": True}
SLOTS, COLUMNS, GAP = (95.0, 111.0, 127.0), 148.0, 7.0
WIDER, EDGE, BESIDE = 0.4, 11.0, 58.0
PLACES, WORDS = {"lower": 0, "higher": 2}, {"lower": "less", "higher": "more"}


def draw(canvas: Canvas, rows: list[Row]) -> None:
    """Rows under their group; `columns` maps a column to its heading.

    The rows of one group alone (`only`) have no heading. `hollow` is a column with the text for
    which a mark is drawn hollow.
    """
    if not rows:
        raise NothingToDraw(NO_STUDY)
    y = _head(canvas)
    by = "" if "only" in canvas.spec else str(canvas.spec.get("group", ""))
    for heading, members in grouped(rows, by):
        if heading:
            lines = wrap(heading, canvas.width, TEXT, bold=True)
            y = canvas.lines(LABEL, y + 11, lines, bold=True) - 4
        for row in members:
            y = _row(canvas, row, y)
    _key_and_legend(canvas, y + 9, rows)


def _places(canvas: Canvas) -> list[tuple[str, str, float, float]]:
    """Each column with its heading, its left end and its width; the first, of results, is wider."""
    columns = list(canvas.spec.get("columns", {}).items())
    if canvas.narrow:
        return [(column, "", BESIDE, canvas.width - BESIDE) for column, _ in columns]
    left = COLUMNS * canvas.growth
    share = (canvas.width - left) / (len(columns) + WIDER)
    places, x = [], left
    for number, (column, heading) in enumerate(columns):
        width = share * (1 if number else 1 + WIDER)
        places.append((column, str(heading), x, width - GAP))
        x += width
    return places


def _slots(canvas: Canvas) -> list[float]:
    """Where the marks for less, neither and more are drawn."""
    return [slot - SLOTS[0] + EDGE if canvas.narrow else slot * canvas.growth for slot in SLOTS]


def _head(canvas: Canvas) -> float:
    less, _, more = _slots(canvas)
    canvas.note(less, 7, "less", align="center")
    canvas.note(more, 7, "more", align="center")
    for _, heading, x, _ in _places(canvas):
        canvas.note(x, 7, heading)
    canvas.line(0, 15, canvas.width, 15, color="ink")
    return 16.0


def _row(canvas: Canvas, row: Row, y: float) -> float:
    room = canvas.width if canvas.narrow else SLOTS[0] * canvas.growth - 10
    label = wrap(row.text(canvas.spec["label"]), room, bold=canvas.narrow)
    first = y + 2.5 + TEXT * LINE / 2
    below = canvas.lines(LABEL, first, label, bold=canvas.narrow)
    middle, end = (below, below) if canvas.narrow else (first, below)
    at = middle
    for column, _, x, width in _places(canvas):
        text = wrap(row.text(column), width, SMALL)
        at = canvas.lines(x, at if canvas.narrow else middle, text, size=SMALL)
        end = max(end, at)
    _mark(canvas, row, middle)
    end += 2 - TEXT * LINE / 2
    canvas.rule(end)
    return end


def _mark(canvas: Canvas, row: Row, y: float) -> None:
    direction = row.text(canvas.spec["direction"])
    slots = _slots(canvas)
    for place in slots:
        canvas.line(place, y - 6, place, y + 6, width=0.5)
    x = slots[PLACES.get(direction, 1)]
    if direction not in MARKERS:
        canvas.marker(x, y, **NOT_COMPARED, size=7, mark=row.key)
        return
    shape, color = MARKERS[direction]
    size = 9 if shape in "^v" else 7
    canvas.marker(x, y, shape, color, size=size, open=row.is_hollow(canvas.spec), mark=row.key)


def _key_and_legend(canvas: Canvas, y: float, rows: list[Row]) -> None:
    """Each direction once, hollow only where all its marks are; the figure's words say what solid
    and hollow mean."""
    hollow: dict[str, bool] = {}
    for row in rows:
        direction = row.text(canvas.spec["direction"])
        hollow[direction] = hollow.get(direction, True) and row.is_hollow(canvas.spec)
    entries: list[tuple[str, Spec]] = [
        (WORDS.get(name, name), {"shape": shape, "color": color, "open": hollow[name]})
        for name, (shape, color) in MARKERS.items()
        if name in hollow
    ]
    if "" in hollow:
        entries.append(("no direction", NOT_COMPARED))
    canvas.key(LABEL + 3, y, entries, 17.5)
    canvas.legend(y + 13, rows)
