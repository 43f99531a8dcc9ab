"""Small traced tables to draw, and what a drawn sheet shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from review_companion.figures.canvas import width_of
from review_companion.model import Result
from review_companion.tables.traced import Cell, Column, TracedTable
from review_companion.text import as_text

TEXT = re.compile(
    r'<text style="([^"]*)" x="([-\d.]+)" y="([-\d.]+)" transform="rotate\(([-\d.]+)[^>]*>([^<]*)<'
)
PIXELS, ANCHOR = re.compile(r"([\d.]+)px"), re.compile(r"text-anchor: (\w+)")
BOLD = "font-weight: 700"
MARK = re.compile(r'id="mark-([^"]*)"')
SIZE = re.compile(
    r'<svg[^>]*?width="([\d.]+)pt"[^>]*?height="([\d.]+)pt"|'
    r'<svg[^>]*?height="([\d.]+)pt"[^>]*?width="([\d.]+)pt"'
)


def table(columns: Sequence[str], rows: Mapping[str, Sequence[Any]]) -> TracedTable:
    """A traced table of plain values: numbers, texts, None."""

    def cell(value: Any) -> Cell:
        exact = Decimal(str(value)) if isinstance(value, float) else value
        return Cell(as_text(value), Result(exact))

    return TracedTable(
        "test",
        "",
        tuple(Column(name, name) for name in columns),
        {key: tuple(cell(value) for value in values) for key, values in rows.items()},
    )


@dataclass(frozen=True)
class Line:
    """A line of text on a sheet, its ends and its middle in points."""

    text: str
    size: float
    left: float
    right: float
    y: float


def lines(svg: str) -> list[Line]:
    """Every line of text; an upright one stands on a point of the axis."""
    found = []
    for style, x, y, angle, raw in TEXT.findall(svg):
        text = raw.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        size = float(PIXELS.findall(style)[0])
        width = 0.0 if abs(float(angle)) == 90 else width_of(text, size, BOLD in style)
        start = {"middle": 0.5, "end": 1.0}.get(ANCHOR.findall(style)[0], 0.0)
        left = float(x) - start * width
        found.append(Line(text, size, left, left + width, float(y)))
    return found


def words(svg: str) -> str:
    """All that is written on a sheet."""
    return " ".join(line.text for line in lines(svg))


def marks(svg: str) -> list[str]:
    """The names of the marks, in the order in which they are drawn."""
    return MARK.findall(svg)


def extent(svg: str) -> tuple[float, float]:
    """Width and height of a sheet in points."""
    groups = SIZE.search(svg)
    assert groups is not None
    one, two, three, four = groups.groups()
    return (float(one), float(two)) if one else (float(four), float(three))
