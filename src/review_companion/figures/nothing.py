"""What stands where a figure would be empty."""

from __future__ import annotations

from . import WIDTH
from .canvas import QUIET, Canvas, wrap

NO_STUDY = "no study is left by the choices made"


def nothing(what: str = NO_STUDY, width: float = WIDTH) -> Canvas:
    """A small sheet that says why there is nothing to draw."""
    canvas = Canvas(width)
    lines = wrap(f"Nothing to draw: {what}.", canvas.width - 20)
    end = canvas.lines(10, 16, lines, color=QUIET, italic=True)
    canvas.reach(end + 6)
    return canvas
