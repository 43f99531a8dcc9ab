"""Values that a spreadsheet program writes in a way of its own, read as they are certainly meant.

TRUE is true in a column of truth values, in the languages of common programs. A decimal comma is
a point where cells are separated by semicolons, as programs with a decimal comma do, unless
the same column holds points, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

TRUE = frozenset(("true", "wahr", "vrai", "verdadero", "vero", "waar"))
FALSE = frozenset(("false", "falsch", "faux", "falso", "onwaar"))
COMMA = re.compile(r"[+-]?\d{1,18},\d{1,18}", re.ASCII)
POINT = re.compile(r"[+-]?\d+\.\d+", re.ASCII)

Rows = list[tuple[int, dict[str, str]]]


def as_meant(rows: Rows, types: Mapping[str, str], delimiter: str = ",") -> Rows:
    """The rows, with such values in them as the package keeps them."""
    truths = [column for column, kind in types.items() if kind == "boolean"]
    numbers = [column for column, kind in types.items() if kind == "number"]
    rows = _changed(rows, truths, _truth)
    if delimiter != ";":
        return rows
    certain = [c for c in numbers if not any(POINT.fullmatch(r.get(c, "")) for _, r in rows)]
    return _changed(rows, certain, _with_point)


def _truth(value: str) -> str:
    folded = value.strip().casefold()
    return "true" if folded in TRUE else "false" if folded in FALSE else value


def _with_point(value: str) -> str:
    return value.replace(",", ".") if COMMA.fullmatch(value) else value


def _changed(rows: Rows, columns: Sequence[str], change: Callable[[str], str]) -> Rows:
    for _, cells in rows:
        for column in columns:
            if column in cells:
                cells[column] = change(cells[column])
    return rows
