"""A sheet measured in points, y downwards, on which the kinds of figure draw."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from . import WIDTH

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

    from .table_rows import Row

LABEL = 2.0
TEXT, SMALL = 9.5, 8.75
LINE = 1.2
# Colours by the names that `figures.yml` may use. Those of directions are of Okabe & Ito 2008:
# distinct for any colour vision; in grey, shapes distinguish them. "choice" is anything else.
COLORS = {
    "ink": "#1b2530",
    "quiet": "#4f5b66",
    "rule": "#c9d1d8",
    "pale": "#eef1f4",
    "higher": "#b84a00",
    "lower": "#0065a3",
    "neither": "#5f6b76",
    "choice": "#00735c",
    "choice-pale": "#d5ece4",
}
NO_STUDY = "no study is left by the choices made"
BOXES, GROUND, LINES, WORDS = 1.0, 1.75, 2.0, 3.0  # what is higher is drawn over the others
Align = Literal["left", "center", "right"]
Spec = Mapping[str, Any]  # what an entry of figures.yml says


class NothingToDraw(Exception):
    """No row is left to draw; the message says why."""


@lru_cache(maxsize=2)
def _font(bold: bool) -> FT2Font:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return get_font(
        findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
    )


MEASURED = ContextVar("MEASURED", default=True)
"""Whether widths are those of the font; else they are estimated, and no font is loaded."""


def width_of(text: str, size: float = TEXT, bold: bool = False) -> float:
    """How wide a line of text is, in points."""
    return _measured(text, size, bold) if MEASURED.get() else len(text) * size / 2


@lru_cache(maxsize=4096)
def _measured(text: str, size: float, bold: bool) -> float:
    font = _font(bold)
    font.set_size(size, 72)
    with warnings.catch_warnings():  # of a letter that the font lacks: a browser has another
        warnings.simplefilter("ignore", UserWarning)
        font.set_text(text)
    return float(font.get_width_height()[0]) / 64


def wrap(text: str, width: float, size: float = TEXT, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width` points, broken at spaces that may break."""
    lines: list[str] = []
    for word in filter(None, text.split(" ")):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class Canvas:
    """Draws in points from the top left corner; the sheet is as high as what is on it.

    `spec` says what to draw and how. Only `svg` loads what matplotlib draws with: a figure can be
    laid out without.
    """

    def __init__(self, width: float = WIDTH, spec: Spec | None = None) -> None:
        self.width = width
        self.spec: Spec = spec or {}
        self.height = 0.0
        self._lowered = 0.0
        self._drawn: list[tuple[float, str, tuple[Any, ...]]] = []

    @property
    def narrow(self) -> bool:
        """Whether labels belong above their marks: on a phone there is no room next to them."""
        return self.width < WIDTH

    @property
    def growth(self) -> float:
        """How much more room than usual there is."""
        return self.width / WIDTH

    def reach(self, y: float) -> None:
        """Makes the sheet at least this high."""
        self.height = max(self.height, y)

    @contextmanager
    def behind(self) -> Iterator[None]:
        """A context in which everything is drawn below all other things of its kind."""
        self._lowered = 0.5
        yield
        self._lowered = 0.0

    def _add(self, above: float, what: str, *how: Any) -> None:
        """Notes for `svg` what a pen is asked for."""
        self._drawn.append((above - self._lowered, what, how))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = TEXT,
        color: str = "ink",
        align: Align = "left",
        bold: bool = False,
        italic: bool = False,
        upright: bool = False,
    ) -> None:
        """A line of text whose middle is at `y`; `upright` text ends at `y` and reads upwards."""
        self.reach(y + size * 0.7)
        x, y = (x + size * 0.36, y) if upright else (x, y + size * 0.36)
        align = "left" if upright else align
        look = (size, COLORS.get(color, color), align, bold, italic, upright)
        self._add(WORDS, "text", x, y, text, *look)

    def lines(self, x: float, y: float, lines: list[str], **how: Any) -> float:
        """Lines of text below each other, the first in the middle of `y`; where they end."""
        size: float = how.get("size", TEXT)
        for number, line in enumerate(lines):
            self.text(x, y + number * size * LINE, line, **how)
        return y + len(lines) * size * LINE

    def note(self, x: float, y: float, *lines: str, **how: Any) -> float:
        """Small, quiet lines of text; where they end."""
        return self.lines(x, y, list(lines), size=SMALL, color="quiet", **how)

    def legend(self, y: float, rows: Iterable[Row] = (), more: str = "") -> None:
        """The words of a figure's `legend`, and more.

        A legend of hollow marks is left out where none of the rows has one.
        """
        words = str(self.spec.get("legend", "")) + more
        if "hollow" in self.spec and not any(row.is_hollow(self.spec) for row in rows):
            return
        self.note(LABEL, y, *wrap(words, self.width - 4, SMALL))

    def key(
        self, x: float, y: float, entries: Iterable[tuple[str, Mapping[str, Any]]], gap: float
    ) -> None:
        """Symbols next to each other, each with its meaning; `gap` is between two of them."""
        for name, symbol in entries:
            self.marker(x, y, **{"size": 7, **symbol})
            self.text(x + 8, y, name, size=SMALL)
            x += gap + width_of(name, SMALL)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        color: str = "rule",
        width: float = 0.8,
        dashed: bool = False,
    ) -> None:
        """A straight line."""
        self.reach(max(y1, y2) + width)
        look = (COLORS.get(color, color), width, dashed)
        self._add(LINES, "line", (x1, y1), (x2, y2), *look)

    def rule(self, y: float) -> None:
        """A fine line from edge to edge, between two rows."""
        self.line(0, y, self.width, y, width=0.5)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        edge: str = "none",
        line: float = 0.8,
        dashed: bool = False,
        mark: str = "",
    ) -> None:
        """A rectangle by its top left corner."""
        self.reach(y + height + line)
        look = (COLORS.get(fill, fill), COLORS.get(edge, edge), line, dashed)
        self._add(BOXES, "box", x, y, width, height, *look, identifier(mark))

    def ground(self, x: float, y: float, width: float, height: float) -> None:
        """White under words: the lines of an axis end at them."""
        self._add(GROUND, "box", x, y, width, height, "white")

    def marker(
        self,
        x: float,
        y: float,
        shape: str,
        color: str,
        *,
        size: float = 8.0,
        open: bool = False,
        half: bool = False,
        mark: str = "",
    ) -> None:
        """A symbol (a matplotlib marker), filled, open or half filled; `mark` names its row."""
        self.reach(y + size / 2)
        color = COLORS.get(color, color)
        look = (color, "white" if open else color, half)
        self._add(LINES, "marker", (x, y), shape, size, *look, identifier(mark))

    def nothing(self, why: str) -> None:
        """Says why there is nothing to draw."""
        lines = wrap(f"Nothing to draw: {why}.", self.width - 20)
        self.reach(self.lines(10, 16, lines, color="quiet", italic=True) + 6)

    def svg(self) -> str:
        """The drawing: the same bytes for the same marks."""
        from .pen import Pen, drawing

        with drawing():
            pen = Pen(self.width, self.height + 4)
            for _, what, how in sorted(self._drawn, key=lambda each: each[0]):
                getattr(pen, what)(*how)
            return pen.finished()


def identifier(mark: str) -> str:
    """The id of a row's mark in the drawing, by which a page finds it."""
    return "mark-" + re.sub(r"[^A-Za-z0-9_-]", "-", mark) if mark else ""
