"""In a kernel: a value of an inline expression as its text, not as Python would write it."""

from __future__ import annotations

from typing import Any

from review_companion.text import escape_markdown

CALL = '__import__("review_companion.notebook.shown", fromlist=["shown"]).shown(({code}\n))'
_RICH = ("_repr_markdown_", "_repr_html_", "_repr_latex_", "_repr_mimebundle_")


class Shown:
    """Text that a kernel gives as Markdown which shows it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text

    def _repr_markdown_(self) -> str:
        return escape_markdown(self._text)


def shown(value: Any) -> Any:
    """The value itself where it knows how it is displayed, else its text.

    Raises TypeError for an object that has no text of its own.
    """
    if any(hasattr(value, name) for name in _RICH):
        return value
    kind: Any = type(value)
    if kind.__str__ is object.__str__ and kind.__repr__ is object.__repr__:
        raise TypeError(f"an object of type {kind.__name__} has no text")
    return Shown(str(_plain(value)))


def _plain(value: Any) -> Any:
    """Scalars of numpy as Python's own, also within a list."""
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value)) if type(value) in (list, tuple) else value
    if hasattr(value, "dtype") and getattr(value, "ndim", None) == 0:
        return value.item()
    return value
