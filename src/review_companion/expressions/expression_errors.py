"""Errors of expressions: what is wrong, and at which character."""

from __future__ import annotations

import ast

from ..errors import CompanionError
from ..package.yaml_files import Written

SHOWN = 60


class ExpressionError(CompanionError):
    """An expression that cannot be read or computed; `position` is a line and a column in it."""

    def __init__(
        self,
        what: str,
        *,
        hint: str | None = None,
        position: tuple[int, int] | None = None,
        missing: str = "",
    ) -> None:
        super().__init__(what, hint=hint, missing=missing)
        self.position = position


class NotReported(ExpressionError):
    """A calculation needs a cell that is empty."""


def at(node: ast.AST, text: str) -> tuple[int, int]:
    """The line and column (from 1, in characters) at which a node begins."""
    line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    lines = text.splitlines() or [""]
    before = lines[min(line, len(lines)) - 1].encode()[:offset]
    return line, len(before.decode(errors="ignore")) + 1


def one_line(text: str) -> str:
    """An expression without line breaks, which mean nothing in it."""
    return text.replace("\n", " ")


def error_place(text: str, position: tuple[int, int] | None) -> str:
    """Where an error is: file, line and column, as far as they are known."""
    column = (position or (1, 1))[1]
    before = str(text)[: column - 1]
    line, column = before.count("\n") + 1, column - before.rfind("\n") - 1
    if not isinstance(text, Written) or not text.file:
        return f"“{shortened(text)}”, column {column}"
    if text.column and line == 1:
        return f"{text.file}:{text.line}, column {text.column + column - 1}"
    return f"{text.file}:{text.line + line - 1}, column {column}"


def with_place(error: CompanionError, text: str, label: str = "") -> CompanionError:
    """The error with its place, unless it has one already."""
    if error.where is None:
        error.where = error_place(text, getattr(error, "position", None)) + label
    return error


def shortened(text: str, most: int = SHOWN) -> str:
    """At most so many characters of a text, on one line."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"
