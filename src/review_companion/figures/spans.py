"""Lengths and points on one axis: windows of time, doses, follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tables.traced import TracedTable
from . import WIDTH
from .canvas import (
    CHOICE,
    CHOICE_PALE,
    INK,
    LABEL,
    LINE,
    RULE,
    SMALL,
    TEXT,
    Canvas,
    nothing,
    width_of,
    wrap,
)
from .scale import AxisScale, draw_axis, linear_scale
from .table_rows import Row, rows_of

LEFT, EDGE = 118.0, 12.0
BAND = "#dfe5ea"


def draw(table: TracedTable, spec: Mapping[str, Any], width: float = WIDTH) -> Canvas:
    """Columns `low`, `high` and `point`; `mirror` puts low before zero, `limit` cuts the axis.

    `band` names two columns (of any row) between which the sheet is shaded; `dashed` is a column
    with the texts for which a bar is drawn with a broken edge.
    """
    rows = [row for row in rows_of(table) if _drawable(row, spec) or spec.get("keep-empty")]
    if not any(_drawable(row, spec) for row in rows):
        return nothing("no figure is left by the choices made", width)
    canvas = Canvas(width)
    margin = float(spec.get("margin", 72))
    left, right = (EDGE, canvas.width - EDGE) if canvas.narrow else (LEFT, canvas.width - margin)
    scale = _scale(rows, spec, left, right)
    top = 16.0 if "band" in spec else 4.0
    bottom = _place(canvas, rows, spec, scale, top)
    with canvas.behind():
        if "band" in spec:
            _band(canvas, rows[0], spec, scale, (top, bottom))
        draw_axis(canvas, scale, top, bottom, str(spec["axis"]))
        if spec.get("mirror") and not canvas.narrow:
            canvas.line(scale(0), top, scale(0), bottom, color=INK, width=1.2)
    _legend(canvas, rows, spec, bottom + 34)
    return canvas


def _ends(row: Row, spec: Mapping[str, Any]) -> tuple[float | None, float | None]:
    low = row.number(spec["low"]) if "low" in spec else None
    high = row.number(spec["high"]) if "high" in spec else None
    return (-low if low is not None and spec.get("mirror") else low), high


def _point(row: Row, spec: Mapping[str, Any]) -> float | None:
    return row.number(spec["point"]) if "point" in spec else None


def _drawable(row: Row, spec: Mapping[str, Any]) -> bool:
    return any(value is not None for value in (*_ends(row, spec), _point(row, spec)))


def _scale(rows: list[Row], spec: Mapping[str, Any], left: float, right: float) -> AxisScale:
    values = [v for row in rows for v in (*_ends(row, spec), _point(row, spec)) if v is not None]
    values += [v for c in spec.get("band", ()) for r in rows[:1] if (v := r.number(c)) is not None]
    if "limit" in spec:
        limit = float(spec["limit"])
        values = [min(max(value, -limit), limit) for value in values]
    return linear_scale(values, left, right)


def _band(
    canvas: Canvas, row: Row, spec: Mapping[str, Any], scale: AxisScale, ends: tuple[float, float]
) -> None:
    low, high = (row.number(column) for column in spec["band"])
    if low is None or high is None:
        return
    top, bottom = ends
    canvas.box(scale(low), top, scale(high) - scale(low), bottom - top, fill=BAND)
    canvas.note((scale(low) + scale(high)) / 2, 8, str(spec["band-label"]), align="center")


def _place(
    canvas: Canvas, rows: list[Row], spec: Mapping[str, Any], scale: AxisScale, top: float
) -> float:
    y, before = top + 2, ""
    for row in rows:
        label = row.text(spec["label"])
        new = label != before
        if new and before:
            canvas.line(0, y - 1, canvas.width, y - 1, color=RULE, width=0.5)
        place = _narrow_row if canvas.narrow else _wide_row
        y = place(canvas, row, spec, scale, (y, label if new else ""))
        before = label
    return y + 2


def _wide_row(
    canvas: Canvas, row: Row, spec: Mapping[str, Any], scale: AxisScale, place: tuple[float, str]
) -> float:
    (y, label), notes = place, row.joined(spec.get("notes", ()))
    note = wrap(notes, canvas.width - scale.right - 6, SMALL)
    head = wrap(label, LEFT - 8)
    canvas.lines(LABEL, y + 6, head)
    canvas.note(scale.right + 6, y + 6, *note)
    _mark(canvas, row, spec, scale, y + 6)
    return y + max(len(note) * SMALL * 1.25, TEXT * 1.25) + (4 if head else 2)


def _narrow_row(
    canvas: Canvas, row: Row, spec: Mapping[str, Any], scale: AxisScale, place: tuple[float, str]
) -> float:
    (y, label), notes = place, row.joined(spec.get("notes", ()))
    note = wrap(notes, canvas.width - width_of(label) - 12, SMALL)
    canvas.ground(LABEL, y, width_of(label), SMALL * LINE)
    canvas.text(LABEL, y + 6, label)
    if note:
        wide = max(width_of(line, SMALL) for line in note)
        canvas.ground(canvas.width - 2 - wide, y, wide, len(note) * SMALL * LINE)
    y = canvas.note(canvas.width - 2, y + 6, *note, align="right")
    if not _drawable(row, spec):
        return y - 1.5
    if spec.get("mirror"):  # in pieces: a whole line would run through the words
        canvas.line(scale(0), y - 5, scale(0), y + 5, color=INK, width=1.2)
    _mark(canvas, row, spec, scale, y)
    return y + 7


def _shape(row: Row, spec: Mapping[str, Any]) -> str:
    shapes = spec.get("shapes", {})
    return str(shapes.get("marks", {}).get(row.text(shapes["column"]), "s")) if shapes else "s"


def _mark(canvas: Canvas, row: Row, spec: Mapping[str, Any], scale: AxisScale, y: float) -> None:
    (low, high), point = _ends(row, spec), _point(row, spec)
    dashed = "dashed" in spec and row.text(spec["dashed"]["column"]) in spec["dashed"]["texts"]
    if low is not None and high is not None:
        fill = "white" if dashed else CHOICE_PALE
        length, place = scale(high) - scale(low), (scale(low), y - 3)
        look: dict[str, Any] = {"fill": fill, "edge": CHOICE, "line": 1, "dashed": dashed}
        canvas.box(*place, length, 6, **look, mark=row.key)
        for value, end, sign in ((low, scale.left, -1), (high, scale.right, 1)):
            if not scale.low <= value <= scale.high:
                canvas.marker(end, y, "<" if sign < 0 else ">", CHOICE, size=6)
    if point is not None:
        canvas.marker(scale(point), y, _shape(row, spec), CHOICE, size=6, mark=f"{row.key}/point")


def _legend(canvas: Canvas, rows: list[Row], spec: Mapping[str, Any], y: float) -> None:
    if shapes := spec.get("shapes", {}):
        present = {row.text(shapes["column"]) for row in rows}
        entries = (
            (name, {"shape": shape, "color": CHOICE, "size": 6})
            for name, shape in shapes.get("marks", {}).items()
            if name in present
        )
        canvas.key(LABEL + 4, y, entries, 18)
        y += 12
    canvas.caption(y, spec)
