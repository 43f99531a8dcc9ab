"""What was meant by a name that means nothing, or a word that a column cannot hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import nearest
from ..package.cell_checks import NUMBERS
from ..package.package import Package, Resource
from .frames import end_of
from .functions import FUNCTIONS
from .parse import ExpressionError, at, called
from .walk import Term

_HELD = ("set", "list", "only")


def check_compared(package: Package, one: Term, other: Term, text: str, *, held: bool) -> None:
    """Raises ExpressionError for a literal that the column on the other side cannot equal.

    That is a word that it does not declare; with `held`, where it declares none, also one that it
    does not hold.
    """
    for side, against in ((one, other), (other, one)):
        displayed = isinstance(against.node, ast.List | ast.Tuple | ast.Set)
        for item in against.parts if displayed else (against,):
            found = _column_of(package, side) if isinstance(item.node, ast.Constant) else None
            if found and isinstance(item.node, ast.Constant):
                resource, name, many = found
                wrong = _wrong(package, resource, name, item.node.value, held and not many)
                if wrong:
                    wrong.position = at(item.node, text)
                    raise wrong


def _column_of(package: Package, term: Term) -> tuple[Resource, str, bool] | None:
    """The column that a term stands for, and whether for many of its cells."""
    if isinstance(term.node, ast.Call) and called(term.node)[0] in _HELD and term.parts:
        found = _column_of(package, term.parts[0])
        return (*found[:2], True) if found else None
    if term.resource is None or not term.path:
        return None
    return (*end_of(package, term.resource, term.path), False)


def unknown(
    name: str, position: int, text: str, known: Iterable[str], rows: Mapping[str, Resource]
) -> ExpressionError:
    """The error for a name that is none of the known, with what was most likely meant.

    `rows` are the resources of the rows in hand, by their names.
    """
    if name == "row":
        return ExpressionError("there is no row in hand here")
    hint = nearest(name, known, "names here")
    in_hand = [row for row, resource in rows.items() if name in resource.columns]
    if hyphened := _with_hyphens(text, position, {*known}):
        hint = f"did you mean “{hyphened}”? names are written with _ for -"
    elif in_hand:
        hint = f"a column of the row in hand is {in_hand[0]}.{name}"
    elif name in FUNCTIONS:
        hint = f"a function is called: {FUNCTIONS[name].form}"
    return ExpressionError(f"nothing is named “{name}”", hint=hint, missing="value")


def _with_hyphens(text: str, position: int, known: set[str]) -> str:
    """The known name that was written with hyphens around this place, or ""."""
    for found in re.finditer(r"[\w.]+(?:-\w+)+", text):
        name = found.group().replace("-", "_")
        if found.start() < position <= found.end() and name in known:
            return name
    return ""


def require_allowed(
    package: Package, resource: Resource, path: Sequence[str], texts: Iterable[str]
) -> None:
    """Raises ExpressionError for a text that a column does not declare among its values."""
    end, name = end_of(package, resource, path)
    for text in filter(None, texts):
        if wrong := _not_allowed(package, end, name, text, held=False):
            raise wrong


def _wrong(
    package: Package, resource: Resource, name: str, value: Any, held: bool
) -> ExpressionError | None:
    kind = resource.field(name).get("type", "string")
    label = f"{resource.name}.{name}"
    is_word, is_truth = isinstance(value, str), isinstance(value, bool)
    if kind == "boolean":
        hint = f"write {name}, or not {name}"
        return None if is_truth else ExpressionError(f"{label} is true or false", hint=hint)
    if kind in NUMBERS:
        if is_word or is_truth:
            what = f"{label} is a number, and “{value}” is not"
            return ExpressionError(what, hint="write the number without quotes")
        return None
    if not is_word:
        text = str(value).lower() if is_truth else str(value)
        what = f"{label} holds words, and {text} is not one"
        return ExpressionError(what, hint=f'write "{text}"')
    if not value:
        return ExpressionError("an empty cell equals nothing", hint=f"write not {name}.given")
    return _not_allowed(package, resource, name, value, held)


def _not_allowed(
    package: Package, resource: Resource, name: str, value: str, held: bool
) -> ExpressionError | None:
    allowed = resource.field(name).get("constraints", {}).get("enum")
    verb = "allows"
    if not allowed and (target := resource.foreign_keys.get(name)):
        allowed = list(package[target].rows)
    if not allowed and held:
        verb = "holds"
        allowed = sorted({row[name] for row in resource.rows.values()} - {""})
    if not allowed or value in allowed:
        return None
    near = nearest(value, allowed, f"it {verb}")
    listed = f"it {verb}: {', '.join(list(allowed)[:20])}"
    hint = f"{near} {listed}" if near and not near.startswith("it ") else near
    return ExpressionError(f"{resource.name}.{name} {verb} no “{value}”", hint=hint)
