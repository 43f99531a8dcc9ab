"""A name that means nothing where it stands, and what was most likely meant."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .expression_errors import ExpressionError, at, nearest
from .functions import FUNCTIONS

if TYPE_CHECKING:
    from .walk import Walk


def unknown(walk: Walk, node: ast.Name) -> ExpressionError:
    """The error for a name that means nothing here, with what was most likely meant."""
    own = list(walk.chosen.resource.columns) if walk.chosen else []
    in_hand = [n for n, row in walk.rows.items() if node.id in row.resource.columns]
    known = [*own, *walk.names.values, *walk.names.resources, *walk.rows]
    position = at(node, walk.text)
    hint: str | None = None
    if hyphened := _with_hyphens(walk.text, position, {*known}):
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
