"""Inline `{python}` expressions of Markdown cells, read as Quarto does.

The pattern is that of Quarto 1.9 (`execute-inline.ts`), so that both engines show the same text.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from ..text import escape_markdown
from .notebook_files import UNREADABLE

INLINE = re.compile(r"(?<!`)`\{python\}[ \t]([^`]+)`")


@dataclass(frozen=True)
class Expression:
    """One inline expression and the line (from 1) of the cell in which it begins."""

    code: str
    line: int

    @property
    def is_one_line(self) -> bool:
        """Whether it is on one line: Quarto substitutes line by line and ignores longer ones."""
        return "\n" not in self.code


def find_expressions(source: str) -> list[Expression]:
    """The inline expressions of a Markdown text, in order."""
    return [
        Expression(match[1].strip(), source.count("\n", 0, match.start()) + 1)
        for match in INLINE.finditer(source)
    ]


def text_of(plain: str) -> str:
    """The text of a value as a kernel prints it: of a string what is within its quotes."""
    try:
        value = ast.literal_eval(plain)
    except UNREADABLE:
        return plain
    return value if isinstance(value, str) else plain


CALL = '__import__("review_companion.notebooks.inline", fromlist=["inline_result"]).inline_result(({code}\n))'
_RICH = ("_repr_markdown_", "_repr_html_", "_repr_latex_", "_repr_mimebundle_")


class InlineResult:
    """Text of an inline expression, which a kernel gives as Markdown that shows it as it is."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text

    def _repr_markdown_(self) -> str:
        return escape_markdown(self._text)


def inline_result(value: Any) -> Any:
    """The value itself where it knows how it is displayed, else its text.

    Raises TypeError for an object that has no text of its own.
    """
    if any(hasattr(value, name) for name in _RICH):
        return value
    kind: Any = type(value)
    if kind.__str__ is object.__str__ and kind.__repr__ is object.__repr__:
        raise TypeError(f"an object of type {kind.__name__} has no text")
    return InlineResult(str(_plain(value)))


def _plain(value: Any) -> Any:
    """Scalars of numpy as Python's own, also within a list."""
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value)) if type(value) in (list, tuple) else value
    if hasattr(value, "dtype") and getattr(value, "ndim", None) == 0:
        return value.item()
    return value
