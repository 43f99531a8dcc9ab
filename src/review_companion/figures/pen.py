"""Writes the marks of a sheet with matplotlib's SVG renderer, in points, y downwards.

Without matplotlib's figures, axes and artists, which lay out each of some hundred marks once more.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

import matplotlib
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
FAMILY = "'DejaVu Sans', Verdana, Arial, sans-serif"
DASHES = (3, 2)
OUTLINE = 1.2
Point = tuple[float, float]
LINE = "line2d"  # as matplotlib calls the group of a line, and of a marker

_font = cache(FontProperties)
_marker = cache(MarkerStyle)


def drawing() -> AbstractContextManager[None]:
    """A context in which texts stay text, and the same marks give the same bytes."""
    return matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "review-companion"})


class Pen:
    """Writes on a white sheet of this size."""

    def __init__(self, width: float, height: float) -> None:
        self._out = io.StringIO()
        renderer: Any = RendererSVG  # whose methods have no types
        self._renderer = renderer(width, height, self._out, metadata=NO_METADATA)
        self._place: Any = Affine2D().scale(1, -1).translate(0, height)  # renderers measure upwards
        self._renderer.open_group("figure")
        self.box(0, height, width, -height, "white")
        self._renderer.open_group("axes")

    def finished(self) -> str:
        """The drawing, without a prologue, with fonts to fall back on; nothing is added to it."""
        self._renderer.close_group("axes")
        self._renderer.close_group("figure")
        self._renderer.finalize()
        svg = self._out.getvalue()
        return re.sub(r"font-family: [^;\"]*", f"font-family: {FAMILY}", svg[svg.index("<svg") :])

    def line(self, begin: Point, end: Point, color: str, width: float, dashed: bool) -> None:
        """A straight line."""
        context = self._context(color, width, dashed)
        context.set_capstyle("butt" if dashed else "projecting")
        with self._group(LINE):
            self._renderer.draw_path(context, Path([begin, end]), self._place)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        edge: str = "none",
        line: float = 0.0,
        dashed: bool = False,
        id: str = "",
    ) -> None:
        """A rectangle by its top left corner."""
        context = self._context(edge, 0.0 if edge == "none" else line, dashed)
        context.set_joinstyle("miter")
        place = Affine2D().scale(width, height).translate(x, y) + self._place
        face = None if fill == "none" else to_rgba(fill)
        with self._group("patch", id):
            self._renderer.draw_path(context, Path.unit_rectangle(), place, face)

    def marker(
        self, at: Point, shape: str, size: float, color: str, fill: str, half: bool, id: str
    ) -> None:
        """A symbol; of one that is half filled, the right half is white."""
        style: Any = _marker(shape, "left" if half else "full")
        context = self._context(color, OUTLINE)
        context.set_joinstyle(style.get_joinstyle())
        context.set_capstyle(style.get_capstyle())
        parts = [(style.get_path(), style.get_transform(), fill)]
        if half and style.get_alt_path() is not None:  # a cross has no halves
            parts.append((style.get_alt_path(), style.get_alt_transform(), "white"))
        with self._group(LINE, id):
            for path, turned, face in parts:
                scaled, places = turned.scale(size), Path([at])
                self._renderer.draw_markers(
                    context, path, scaled, places, self._place, to_rgba(face)
                )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        color: str,
        align: str,
        bold: bool,
        italic: bool,
        upright: bool,
    ) -> None:
        """A line of text by the place on its baseline where it begins, ends or has its middle."""
        if not text:
            return
        style, weight = "italic" if italic else "normal", "bold" if bold else "normal"
        font = _font(style=style, weight=weight, size=size)
        words = Text(x, y, text, ha=align, rotation_mode="anchor", transform=self._place)
        angle = 90.0 if upright else 0.0
        with self._group("text"):
            self._renderer.draw_text(self._context(color), x, y, text, font, angle, mtext=words)

    def _context(self, color: str, width: float = 1.0, dashed: bool = False) -> GraphicsContextBase:
        context: GraphicsContextBase = self._renderer.new_gc()
        context.set_foreground(to_rgba(color), isRGBA=True)
        context.set_linewidth(width)
        if dashed:
            context.set_dashes(0, [width * length for length in DASHES])
        return context

    @contextmanager
    def _group(self, kind: str, id: str = "") -> Iterator[None]:
        self._renderer.open_group(kind, id)
        yield
        self._renderer.close_group(kind)
