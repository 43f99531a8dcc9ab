"""Code cells: their `#|` options, checked by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from ..errors import CompanionError
from ..package.yaml_files import require_allowed
from ..package.yaml_nodes import parse_yaml, without_empty
from ..text import unprintable

OPTION = re.compile(r"^#\|\s?(.*)$")


@dataclass(frozen=True)
class CellPlace:
    """A place in a notebook: notebook, cell (counted from 1), line within the cell."""

    source: str
    cell: int = 0
    line: int = 0

    def __str__(self) -> str:
        cell = f", cell {self.cell}" if self.cell else ""
        return f"{self.source}{cell}" + (f", line {self.line}" if self.line else "")

    def error(self, what: str, line: int = 0, hint: str | None = None) -> CompanionError:
        """An error that names this place, or another line of the same cell."""
        where = str(CellPlace(self.source, self.cell, line or self.line))
        return CompanionError(what, where=where, hint=hint)


def require_printable(text: str, place: CellPlace) -> None:
    """Raises CompanionError for a character that no file of a report may hold."""
    for number, line in enumerate(text.split("\n"), 1):
        found = unprintable(line)
        if found:
            raise place.error(f"the character {found} cannot be shown", number, "take it out")


@dataclass(frozen=True)
class CellOptions:
    """What a code cell asks of its rendering; `code` is the cell without its option lines.

    `caption_kind` is `fig` or `tbl` where there is a caption.
    """

    code: str
    label: str = ""
    caption: str = ""
    alt: str = ""
    widths: tuple[float, ...] = ()
    echo: bool = True
    include: bool = True
    output: bool | str = True
    warning: bool = True
    classes: tuple[str, ...] = ()
    caption_kind: str = ""

    @property
    def named(self) -> str:
        """What a message calls the cell's output."""
        return f"'{self.label}'" if self.label else f"the {self.caption_kind} with a caption"

    @property
    def float_kind(self) -> str:
        """`fig` or `tbl` where the cell's output is a numbered float, else empty."""
        kind = self.label.partition("-")[0]
        return kind if kind in {"fig", "tbl"} and "-" in self.label else ""


def read_options(source: str, place: CellPlace, *, echo: bool, warning: bool) -> CellOptions:
    """Parse the option lines at the head of a code cell.

    `echo` and `warning` are the book's defaults. Raises CompanionError with notebook, cell and
    line for malformed YAML, an unknown option, a value of the wrong kind, and a float without
    caption or (for figures) without alternative text.
    """
    lines = source.splitlines()
    heads = [match[1] for match in takewhile(bool, map(OPTION.match, lines)) if match]
    for number, line in enumerate(lines[len(heads) :], len(heads) + 1):
        if OPTION.match(line):
            raise place.error("option lines must be at the top of a cell", number)
    values = _values(heads, place)
    texts = {name: " ".join(str(value).split()) for name, value in values.items()}
    classes = values.get("classes", ())
    names = classes.split() if isinstance(classes, str) else map(str, classes)
    widths = values.get("tbl-colwidths", "auto")
    options = CellOptions(
        code="\n".join(lines[len(heads) :]).strip("\n"),
        label=texts.get("label", ""),
        caption=texts.get("tbl-cap") or texts.get("fig-cap", ""),
        caption_kind="".join(kind for kind in ("fig", "tbl") if f"{kind}-cap" in values),
        alt=texts.get("fig-alt", ""),
        widths=() if widths == "auto" else tuple(float(w / sum(widths)) for w in widths),
        echo=values.get("echo", echo),
        include=values.get("include", True),
        output=values.get("output", True),
        warning=values.get("warning", warning),
        classes=tuple(name.lstrip(".") for name in names),
    )
    _require_captions(options, values, place)
    return options


def _values(heads: list[str], place: CellPlace) -> Mapping[str, Any]:
    try:
        values = without_empty(parse_yaml("\n".join(heads), "option") or {})
        if isinstance(values, dict):
            require_allowed(values, "cell")
    except CompanionError as error:
        line = int((error.where or "").rpartition(":")[2] or 1)
        raise place.error(f"cell option: {error.what}", line, error.hint) from None
    if not isinstance(values, dict):
        raise place.error("options are written as `#| name: value`", 1)
    return values


def _require_captions(options: CellOptions, values: Mapping[str, Any], place: CellPlace) -> None:
    kind = options.float_kind
    if options.caption_kind == "figtbl":
        raise place.error("a cell has one caption: 'fig-cap' or 'tbl-cap'")
    if kind and f"{kind}-cap" not in values:
        raise place.error(f"'{options.label}' needs the option '{kind}-cap'")
    if kind == "fig" and not options.alt:
        raise place.error(f"'{options.label}' needs the option 'fig-alt'")
