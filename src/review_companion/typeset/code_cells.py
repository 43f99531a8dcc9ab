"""Code cells: their `#|` options, checked by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..errors import CompanionError
from ..package.definition_schema import keys
from ..package.yaml_files import parse_yaml
from ..text import unprintable

OPTION = re.compile(r"^#\|\s?(.*)$")
LABEL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


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
    heads = [match.group(1) for match in map(OPTION.match, lines) if match]
    count = len(heads)
    if any(OPTION.match(line) is None for line in lines[:count]):
        stray = next(n for n, line in enumerate(lines[:count], 1) if not OPTION.match(line))
        raise place.error("option lines must be at the top of a cell", stray)
    values = _load(heads, place)
    _refuse_unknown(values, heads, place)
    options = CellOptions(
        code="\n".join(lines[count:]).strip("\n"),
        label=_text(values, "label", place),
        caption=_text(values, "tbl-cap", place) or _text(values, "fig-cap", place),
        caption_kind=_caption_kind(values, place),
        alt=_text(values, "fig-alt", place),
        widths=_widths(values.get("tbl-colwidths"), place),
        echo=_flag(values, "echo", echo, place),
        include=_flag(values, "include", True, place),
        output=_output(values.get("output", True), place),
        warning=_flag(values, "warning", warning, place),
        classes=_classes(values.get("classes"), place),
    )
    _require_captions(options, values, place)
    return options


def _load(heads: list[str], place: CellPlace) -> Mapping[str, Any]:
    try:
        values = parse_yaml("\n".join(heads), "option") or {}
    except CompanionError as error:
        line = int((error.where or "").rpartition(":")[2] or 1)
        raise place.error(f"cell option: {error.what}", line, error.hint) from None
    if not isinstance(values, dict):
        raise place.error("options are written as `#| name: value`", 1)
    return values


def _refuse_unknown(values: Mapping[str, Any], heads: list[str], place: CellPlace) -> None:
    for name in values:
        if name not in keys("cell"):
            line = next((n for n, h in enumerate(heads, 1) if h.startswith(f"{name}:")), 1)
            hint = f"supported here: {', '.join(keys('cell'))}"
            raise place.error(f"cell option '{name}' is not supported", line, hint)


def _caption_kind(values: Mapping[str, Any], place: CellPlace) -> str:
    kinds = [kind for kind in ("fig", "tbl") if f"{kind}-cap" in values]
    if len(kinds) > 1:
        raise place.error("a cell has one caption: 'fig-cap' or 'tbl-cap'")
    return kinds[0] if kinds else ""


def _require_captions(options: CellOptions, values: Mapping[str, Any], place: CellPlace) -> None:
    if options.label and not LABEL.fullmatch(options.label):
        raise place.error(f"label '{options.label}' has characters other than letters, digits, -")
    kind = options.float_kind
    if kind and f"{kind}-cap" not in values:
        raise place.error(f"'{options.label}' needs the option '{kind}-cap'")
    if kind == "fig" and not options.alt:
        raise place.error(f"'{options.label}' needs the option 'fig-alt'")


def _text(values: Mapping[str, Any], name: str, place: CellPlace) -> str:
    value = values.get(name, "")
    if isinstance(value, (dict, list)):
        raise place.error(f"cell option '{name}' must be text")
    return " ".join(str(value).split())


def _flag(values: Mapping[str, Any], name: str, default: bool, place: CellPlace) -> bool:
    value = values.get(name, default)
    if not isinstance(value, bool):
        raise place.error(f"cell option '{name}' must be true or false, not '{value}'")
    return value


def _output(value: object, place: CellPlace) -> bool | str:
    if isinstance(value, bool):
        return value
    if value == "asis":
        return "asis"
    raise place.error(f"cell option 'output' must be true, false or asis, not '{value}'")


def _classes(value: object, place: CellPlace) -> tuple[str, ...]:
    names = value.split() if isinstance(value, str) else value or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise place.error("cell option 'classes' must be text or a list of names")
    return tuple(name.lstrip(".") for name in names)


def _widths(value: object, place: CellPlace) -> tuple[float, ...]:
    if value in (None, "auto"):
        return ()
    if not isinstance(value, list) or not all(isinstance(part, int | Decimal) for part in value):
        raise place.error("cell option 'tbl-colwidths' must be a list of numbers")
    return tuple(float(part / sum(value)) for part in value)
