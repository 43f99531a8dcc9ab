"""A figure: a traced table, drawn. One module per kind of figure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import CompanionError
from ..tables.traced import TracedTable
from . import NARROW, ON_A_PHONE, WIDTH
from .table_rows import rows_of

if TYPE_CHECKING:
    from .canvas import Canvas

Pictures = tuple[str, str]  # for a page, and for a phone
NONE: Mapping[str, Pictures] = {}

Draw = Callable[[TracedTable, Mapping[str, Any], float], "Canvas"]
FIGURE_KINDS = ("direction", "dumbbell", "flow", "grid", "pairs", "ratios", "spans")


@dataclass(frozen=True)
class Figure:
    """A drawn figure: `svg`, `narrow` for a phone, the text alternative `alt`, and its table."""

    name: str
    svg: str
    narrow: str
    alt: str
    table: TracedTable
    of: str

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, str]]:
        """The picture, and of what it is, so that whoever has it need not draw it again."""
        drawn = {"image/svg+xml": self.svg, ON_A_PHONE: self.narrow, "text/plain": self.alt}
        return drawn, {"of": self.of}


def digest(spec: Mapping[str, Any], table: TracedTable) -> str:
    """SHA-256 of all that a figure is drawn from."""
    cells = [(cell.text, cell.result.value) for row in table.rows.values() for cell in row]
    drawn_from = f"{dict(spec)!r}\n{table.columns!r}\n{list(table.rows)!r}\n{cells!r}"
    return hashlib.sha256(drawn_from.encode()).hexdigest()


def draw(
    name: str,
    spec: Mapping[str, Any],
    table: TracedTable,
    width: float = WIDTH,
    known: Mapping[str, Pictures] = NONE,
) -> Figure:
    """Draws a figure's table, unless it is among the known pictures, by `digest`.

    Raises CompanionError for an unknown kind.
    """
    function = _of_kind(name, str(spec["kind"]))
    of = digest(spec, table) if width == WIDTH else f"{digest(spec, table)} {width}"
    pictures = known.get(of) or (
        function(table, spec, width).svg(),
        function(table, spec, NARROW).svg(),
    )
    return Figure(name, *pictures, _alternative(table, spec), table, of)


def require_drawable(name: str, spec: Mapping[str, Any], table: TracedTable) -> None:
    """Raises CompanionError for what a figure's drawing would."""
    _of_kind(name, str(spec["kind"]))(table, spec, WIDTH)
    _alternative(table, spec)


def _of_kind(name: str, kind: str) -> Draw:
    if kind not in FIGURE_KINDS:
        raise CompanionError(
            f"figure “{name}”: no kind “{kind}”", hint=f"known: {', '.join(FIGURE_KINDS)}"
        )
    function: Draw = import_module(f".{kind}", __package__).draw
    return function


def _alternative(table: TracedTable, spec: Mapping[str, Any]) -> str:
    """What the figure shows, and the `alt-columns` of each row, so that no number is typed."""
    rows = rows_of(table, str(spec.get("only", "")))
    name, *columns = spec.get("alt-columns", [""])
    described = [f"{row.text(name)}, {text}" for row in rows if (text := row.joined(columns))]
    alt = str(spec.get("alt", ""))
    return f"{alt} {'; '.join(described)}." if described else alt
