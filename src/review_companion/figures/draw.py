"""A figure: a traced table, drawn. One module per kind of figure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextvars import copy_context
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import require_known
from ..package.yaml_files import schema_parts
from ..tables.traced import TracedTable
from . import NARROW, ON_A_PHONE, WIDTH
from .table_rows import rows_of

if TYPE_CHECKING:
    from .canvas import Canvas

Pictures = tuple[str, str]  # for a page, and for a phone
NONE: Mapping[str, Pictures] = {}

_DECLARED = "figure: "  # begins the part of the schema that says what a kind takes
FIGURE_KINDS = tuple(
    sorted(part.removeprefix(_DECLARED) for part in schema_parts() if part.startswith(_DECLARED))
)


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
    of = digest(spec, table) if width == WIDTH else f"{digest(spec, table)} {width}"
    pictures = known.get(of) or (
        _sheet(name, spec, table, width).svg(),
        _sheet(name, spec, table, NARROW).svg(),
    )
    return Figure(name, *pictures, _alternative(table, spec), table, of)


def require_drawable(name: str, spec: Mapping[str, Any], table: TracedTable) -> None:
    """Raises CompanionError for what a drawing would, also where there is no row to draw."""
    from .canvas import MEASURED

    columns = [column.id for column in table.columns]
    for named in filter(None, (spec.get("label"), spec.get("group"))):
        require_known(str(named), columns, "the figure's table has no column", "its columns")
    copy_context().run(lambda: (MEASURED.set(False), _sheet(name, spec, table, WIDTH)))
    _alternative(table, spec)


def _sheet(name: str, spec: Mapping[str, Any], table: TracedTable, width: float) -> Canvas:
    """The figure laid out, or why there is nothing to draw."""
    from .canvas import Canvas, NothingToDraw

    kind = str(spec["kind"])
    require_known(kind, FIGURE_KINDS, f"figure “{name}”: no kind")
    canvas = Canvas(width, spec)
    try:
        import_module(f".{kind}", __package__).draw(canvas, rows_of(table, _only(spec)))
    except NothingToDraw as why:
        canvas.nothing(str(why))
    return canvas


def _only(spec: Mapping[str, Any]) -> str:
    return str(spec.get("only", ""))


def _alternative(table: TracedTable, spec: Mapping[str, Any]) -> str:
    """What the figure shows, and the `alt-columns` of each row, so that no number is typed."""
    rows = rows_of(table, _only(spec))
    name, *columns = spec.get("alt-columns", [""])
    described = [f"{row.text(name)}, {text}" for row in rows if (text := row.joined(columns))]
    alt = str(spec.get("alt", ""))
    return f"{alt} {'; '.join(described)}." if described else alt
