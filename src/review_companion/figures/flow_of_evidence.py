"""The way from a printed figure to a number of the report, and back, as one drawing."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

STEPS = (
    ("Article", ("a figure,", "as it is printed")),
    ("Cell of data", ("the figure, its unit,", "and its place")),
    ("Formula", ("reads cells and", "notes which")),
    ("Number", ("with its trace,", "or a verdict")),
    ("Page and PDF", ("every number", "leads back")),
)
BACK = "each number names its cells, each cell its printed place"
WIDTH, HEIGHT, GAP, MARGIN = 140, 88, 28, 8


@dataclass(frozen=True)
class Drawing:
    """An SVG drawing."""

    svg: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": "flow of evidence"}


def flow_of_evidence() -> Drawing:
    """Boxes from left to right, one per step (name, lines), and an arrow back to the first."""
    width = 2 * MARGIN + len(STEPS) * WIDTH + (len(STEPS) - 1) * GAP
    height = HEIGHT + 76
    parts = [part for number, step in enumerate(STEPS) for part in _box(number, *step)]
    parts += [_arrow(_left(number) - GAP + 3, _left(number) - 3) for number in range(1, len(STEPS))]
    parts += _return(len(STEPS) - 2, BACK)
    return Drawing(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="DejaVu Sans, sans-serif" '
        f'fill="currentColor" text-anchor="middle">{"".join(parts)}</svg>'
    )


def _left(number: int) -> int:
    return MARGIN + number * (WIDTH + GAP)


def _box(number: int, name: str, lines: Sequence[str]) -> Iterator[str]:
    middle = _left(number) + WIDTH // 2
    yield (
        f'<rect x="{_left(number)}" y="{MARGIN}" width="{WIDTH}" height="{HEIGHT}" rx="6" '
        'fill="none" stroke="currentColor" stroke-width="1.2"/>'
    )
    yield _text(middle, MARGIN + 28, name, 'font-size="14" font-weight="bold"')
    for place, line in enumerate(lines):
        yield _text(middle, MARGIN + 50 + 17 * place, line, 'font-size="11.5"')


def _text(x: int, y: int, text: str, style: str) -> str:
    return f'<text x="{x}" y="{y}" {style}>{html.escape(text)}</text>'


def _arrow(start: int, end: int) -> str:
    y = MARGIN + HEIGHT // 2
    return (
        f'<path d="M{start} {y}H{end}m-6 -4l6 4l-6 4" fill="none" stroke="currentColor" '
        'stroke-width="1.4"/>'
    )


def _return(source: int, label: str) -> Iterator[str]:
    start, end = _left(source) + WIDTH // 2, _left(0) + WIDTH // 2
    top, bottom = MARGIN + HEIGHT + 3, MARGIN + HEIGHT + 34
    yield (
        f'<path d="M{start} {top}V{bottom}H{end}V{top}m-4 6l4 -6l4 6" fill="none" '
        'stroke="currentColor" stroke-width="1.2" stroke-dasharray="5 3"/>'
    )
    yield _text((start + end) // 2, bottom + 20, label, 'font-size="11.5"')
