"""Lengths and points on one axis: windows of time, doses, follow-up."""

from __future__ import annotations

from .canvas import LABEL, LINE, SMALL, TEXT, Canvas, NothingToDraw, width_of, wrap
from .scale import AxisScale, draw_axis, linear_scale
from .table_rows import Row

LEFT, EDGE = 118.0, 12.0
BAND = "#dfe5ea"


def draw(canvas: Canvas, rows: list[Row]) -> None:
    """Columns `low`, `high` and `point`; `mirror` puts low before zero, `limit` cuts the axis.

    `band` names two columns (of any row) between which the sheet is shaded; `dashed` is a column
    with the texts for which a bar is drawn with a broken edge.
    """
    spec = canvas.spec
    every = rows
    rows = [row for row in rows if _given(canvas, row) or spec.get("keep-empty")]
    if not any(_given(canvas, row) for row in rows):
        raise NothingToDraw("no figure is left by the choices made")
    scale = _scale(canvas, rows)
    top = 16.0 if "band" in spec else 4.0
    bottom = _place(canvas, rows, scale, top)
    with canvas.behind():
        if "band" in spec:
            _band(canvas, rows[0], scale, top, bottom)
        draw_axis(canvas, scale, top, bottom, str(spec["axis"]))
        if spec.get("mirror") and not canvas.narrow:
            canvas.line(scale(0), top, scale(0), bottom, color="ink", width=1.2)
    drawn = {row.text(spec["label"]) for row in rows}
    others = dict.fromkeys(row.text(spec["label"]) for row in every)
    _key_and_legend(canvas, rows, bottom + 34, [name for name in others if name not in drawn])


def _ends(canvas: Canvas, row: Row) -> tuple[float | None, float | None, float | None]:
    """Where a row's bar begins and ends, and its point."""
    ends = ("low", "high", "point")
    low, high, point = (row.number(canvas.spec[e]) if e in canvas.spec else None for e in ends)
    return -low if low is not None and canvas.spec.get("mirror") else low, high, point


def _given(canvas: Canvas, row: Row) -> list[float]:
    return [value for value in _ends(canvas, row) if value is not None]


def _scale(canvas: Canvas, rows: list[Row]) -> AxisScale:
    values = [value for row in rows for value in _given(canvas, row)]
    band = [rows[0].number(column) for column in canvas.spec.get("band", ())]
    values += [value for value in band if value is not None]
    if "limit" in canvas.spec:
        limit = float(canvas.spec["limit"])
        values = [min(max(value, -limit), limit) for value in values]
    if canvas.narrow:
        return linear_scale(values, EDGE, canvas.width - EDGE)
    return linear_scale(values, LEFT, canvas.width - float(canvas.spec.get("margin", 72)))


def _band(canvas: Canvas, row: Row, scale: AxisScale, top: float, bottom: float) -> None:
    low, high = (row.number(column) for column in canvas.spec["band"])
    if low is not None and high is not None:
        canvas.box(scale(low), top, scale(high) - scale(low), bottom - top, fill=BAND)
        middle = (scale(low) + scale(high)) / 2
        canvas.note(middle, 8, str(canvas.spec["band-label"]), align="center")


def _place(canvas: Canvas, rows: list[Row], scale: AxisScale, top: float) -> float:
    y, before = top + 2, ""
    for row in rows:
        label = row.text(canvas.spec["label"])
        new = label != before
        if new and before:
            canvas.rule(y - 1)
        place = _narrow_row if canvas.narrow else _wide_row
        y = place(canvas, row, scale, y, label if new else "")
        before = label
    return y + 2


def _wide_row(canvas: Canvas, row: Row, scale: AxisScale, y: float, label: str) -> float:
    notes = row.joined(canvas.spec.get("notes", ()))
    note = wrap(notes, canvas.width - scale.right - 6, SMALL)
    head = wrap(label, LEFT - 8)
    canvas.lines(LABEL, y + 6, head)
    canvas.note(scale.right + 6, y + 6, *note)
    _mark(canvas, row, scale, y + 6)
    return y + max(len(note) * SMALL * 1.25, TEXT * 1.25) + (4 if head else 2)


def _narrow_row(canvas: Canvas, row: Row, scale: AxisScale, y: float, label: str) -> float:
    notes = row.joined(canvas.spec.get("notes", ()))
    note = wrap(notes, canvas.width - width_of(label) - 12, SMALL)
    canvas.ground(LABEL, y, width_of(label), SMALL * LINE)
    canvas.text(LABEL, y + 6, label)
    if note:
        wide = max(width_of(line, SMALL) for line in note)
        canvas.ground(canvas.width - 2 - wide, y, wide, len(note) * SMALL * LINE)
    y = canvas.note(canvas.width - 2, y + 6, *note, align="right")
    if not _given(canvas, row):
        return y - 1.5
    if canvas.spec.get("mirror"):  # in pieces: a whole line would run through the words
        canvas.line(scale(0), y - 5, scale(0), y + 5, color="ink", width=1.2)
    _mark(canvas, row, scale, y)
    return y + 7


def _mark(canvas: Canvas, row: Row, scale: AxisScale, y: float) -> None:
    low, high, point = _ends(canvas, row)
    if low is not None and high is not None:
        _bar(canvas, row, scale, y, low, high)
    if point is not None:
        shape, shapes = "s", canvas.spec.get("shapes")
        if shapes:
            shape = str(shapes.get("marks", {}).get(row.text(shapes["column"]), shape))
        canvas.marker(scale(point), y, shape, "choice", size=6, mark=f"{row.key}/point")


def _bar(canvas: Canvas, row: Row, scale: AxisScale, y: float, low: float, high: float) -> None:
    """A bar, with an arrowhead at an end of the axis that it goes beyond."""
    broken = canvas.spec.get("dashed", {})
    dashed = bool(broken) and row.text(broken["column"]) in broken["texts"]
    fill, length = "white" if dashed else "choice-pale", scale(high) - scale(low)
    place = (scale(low), y - 3, length, 6)
    canvas.box(*place, fill=fill, edge="choice", line=1, dashed=dashed, mark=row.key)
    for value, end, sign in ((low, scale.left, "<"), (high, scale.right, ">")):
        if not scale.low <= value <= scale.high:
            canvas.marker(end, y, sign, "choice", size=6)


def _key_and_legend(canvas: Canvas, rows: list[Row], y: float, others: list[str]) -> None:
    """What marks mean; the `others` have no figure that could be drawn."""
    if shapes := canvas.spec.get("shapes", {}):
        present = {row.text(shapes["column"]) for row in rows}
        entries = (
            (name, {"shape": shape, "color": "choice", "size": 6})
            for name, shape in shapes.get("marks", {}).items()
            if name in present
        )
        canvas.key(LABEL + 4, y, entries, 18)
        y += 12
    canvas.legend(y, more=f" Without a number: {', '.join(others)}." if others else "")
