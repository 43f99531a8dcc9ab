"""A name that means nothing where it stands, and what was most likely meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from .expression_errors import ExpressionError, at, nearest
from .functions import FUNCTIONS
from .reads import RowRef


def unknown(
    node: ast.Name, text: str, known: Iterable[str], rows: Mapping[str, RowRef]
) -> ExpressionError:
    """The error for a name of a text that means nothing here, with what was most likely meant.

    `known` are the names that mean something, `rows` those in hand by name.
    """
    in_hand = [n for n, row in rows.items() if node.id in row.resource.columns]
    known = [*known, *rows]
    position = at(node, text)
    hint: str | None = None
    if hyphened := _with_hyphens(text, position, {*known}):
        hint = f"did you mean “{hyphened}”? names are written with _ for -"
    if hint is None and in_hand:
        hint = f"a column of the row in hand is {in_hand[0]}.{node.id}"
    if hint is None and node.id in FUNCTIONS:
        hint = f"a function is called: {FUNCTIONS[node.id].form}"
    hint = hint or nearest(node.id, known, "names here")
    return ExpressionError(f"nothing is named “{node.id}”", hint=hint, position=position)


def _with_hyphens(text: str, position: tuple[int, int], known: set[str]) -> str:
    """The known name that was written with hyphens around this place, or ""."""
    for found in re.finditer(r"[\w.]+(?:-\w+)+", text):
        name = found.group().replace("-", "_")
        if found.start() < position[1] <= found.end() and name in known:
            return name
    return ""
