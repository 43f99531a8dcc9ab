"""Flow of records into a review, after the PRISMA 2020 diagram (Page et al. 2021)."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import CompanionError
from .canvas import SMALL, TEXT, Canvas, NothingToDraw, width_of, wrap
from .table_rows import Row

BAND, KEPT, PAD = 15.0, 21.0, 4.5
BOX, GAP = 0.42, 0.07  # of the room next to the bands


class BoxLine(NamedTuple):
    """A line in a box; a `fault` is a number that disagrees with the others."""

    text: str
    bold: bool = False
    fault: bool = False


def draw(canvas: Canvas, rows: list[Row]) -> None:
    """Kept rows are drawn below each other, removed ones to their right, with reasons inside.

    A number that is not printed is shown as worked out from the others; one that disagrees with
    what remains of its source, or with the sum of its reasons, is marked. `bands` maps the box with
    which a phase begins to the phase's name.

    Raises CompanionError for a phase that begins with no kept step.
    """
    kept = [row for row in rows if row.text("kind") == "kept"]
    if not kept:
        raise NothingToDraw("no record is counted")
    y, tops, width = 2.0, {}, BOX * (canvas.width - KEPT)
    for row in kept:
        tops[row.key] = y
        end = _box(canvas, KEPT, y, width, _box_lines(row, width), row.key)
        if row is not kept[-1]:
            y = _branch(canvas, rows, row, end)
    phases = canvas.spec.get("bands", {})
    for key in phases:
        if key not in tops:
            what = f"`bands` names “{key}”, which is not a kept step of the flow"
            raise CompanionError(what, hint=f"kept steps: {', '.join(tops)}")
    if phases:
        _bands(canvas, [(tops[key], name) for key, name in phases.items()])


def _bands(canvas: Canvas, bands: list[tuple[float, str]]) -> None:
    """The phases of PRISMA 2020 at the left edge, each down to where the next begins."""
    ends = [top - 4 for top, _ in bands[1:]] + [canvas.height]
    for (top, name), end in zip(bands, ends, strict=True):
        length = width_of(name, SMALL, bold=True)
        height = max(end - top, length + 6)
        canvas.box(0, top, BAND, height, fill="choice-pale")
        foot = top + (height + length) / 2
        canvas.text(BAND / 2, foot, name, size=SMALL, bold=True, upright=True)


def _branch(canvas: Canvas, rows: list[Row], row: Row, y: float) -> float:
    """The arrow down, and what leaves to the right of it; where the next box begins."""
    x = KEPT + BOX / 2 * (canvas.width - KEPT)
    aside = KEPT + (BOX + GAP) * (canvas.width - KEPT)
    width, top, below = canvas.width - aside - 1, y + 6, y + 13
    for removed in _below(rows, "removed", row):
        lines = _box_lines(removed, width)
        for reason in _below(rows, "reason", removed):
            lines += _reason_lines(reason, width)
        end = _box(canvas, aside, top, width, lines, removed.key)
        middle = top + min(14.0, (end - top) / 2)
        _arrow(canvas, x, middle, aside, middle)
        top, below = end + 5, max(below, end + 6)
    _arrow(canvas, x, y, x, below)
    return below


def _below(rows: list[Row], kind: str, row: Row) -> list[Row]:
    return [r for r in rows if r.text("kind") == kind and r.text("parent") == row.key]


def _box_lines(row: Row, width: float) -> list[BoxLine]:
    """What a step is, its number, and where this disagrees with the others."""
    number, is_remarked, remark = f"n = {_number(row)}".partition(" (")
    lines = [BoxLine(text) for text in _wrapped(row.text("step"), width)]
    lines.append(BoxLine(number, bold=True))
    if is_remarked:
        lines.append(BoxLine(f"({remark}"))
    return lines + [BoxLine(text, fault=True) for text in _wrapped(_disagreement(row), width)]


def _reason_lines(row: Row, width: float) -> list[BoxLine]:
    """A reason and its number, as an item of a list."""
    first, *others = _wrapped(f"{row.text('step')}:\u00a0{_number(row)}", width - 8)
    return [BoxLine(f"– {first}"), *(BoxLine(f"   {text}") for text in others)]


def _wrapped(text: str, width: float) -> list[str]:
    return wrap(text, width - 2 * PAD, SMALL)


def _number(row: Row) -> str:
    if row.text("printed"):
        return row.text("printed")
    worked_out = row.text("recomputed")
    return f"{worked_out} (not in the text)" if worked_out else "not reported"


def _disagreement(row: Row) -> str:
    printed = row.number("printed")
    for column in ("recomputed", "reasons"):
        other = row.number(column)
        if None not in (printed, other) and printed != other:
            return f"≠ {row.text(column)}, from the other numbers"
    return ""


def _box(
    canvas: Canvas, x: float, y: float, width: float, lines: list[BoxLine], mark: str
) -> float:
    fault = any(line.fault for line in lines)
    height = len(lines) * SMALL * 1.3 + 2 * PAD
    edge, thick = ("ink", 2.0) if fault else ("quiet", 0.8)
    canvas.box(x, y, width, height, fill="pale", edge=edge, line=thick, mark=mark)
    for number, line in enumerate(lines):
        middle = y + PAD + (number + 0.5) * SMALL * 1.3
        canvas.text(x + PAD, middle, line.text, size=TEXT if line.bold else SMALL, bold=line.bold)
    return y + height


def _arrow(canvas: Canvas, x1: float, y1: float, x2: float, y2: float) -> None:
    canvas.line(x1, y1, x2, y2, color="ink", width=1)
    if y2 > y1:
        canvas.marker(x2, y2 - 3, "v", "ink", size=5)
    else:
        canvas.marker(x2 - 3, y2, ">", "ink", size=5)
