"""Text where it enters Markdown: the one place that escapes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, SupportsIndex

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is: every mark of ASCII punctuation escaped."""
    return _PUNCTUATION.sub(r"\\\1", text)


def unprintable(text: str) -> str:
    """The first character of the text that no file of a report may hold, as “U+0000”, or nothing.

    Control characters, halves of surrogate pairs, and code points that are no characters.
    """
    found = _UNPRINTABLE.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


class Text(str):
    """A cell's text in a template of Markdown: compared as it is, written escaped."""

    def __str__(self) -> str:
        return escape_markdown(str.__str__(self))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __getitem__(self, key: SupportsIndex | slice) -> Text:
        return Text(super().__getitem__(key))

    def __add__(self, other: str) -> str:
        return f"{self}{other}"

    def __radd__(self, other: str) -> str:
        return f"{other}{self}"

    def split(self, *args: Any, **kwargs: Any) -> list[Any]:
        return list(map(Text, super().split(*args, **kwargs)))


def _kept(name: str) -> Callable[..., Text]:
    def method(self: Text, *args: Any, **kwargs: Any) -> Text:
        return Text(getattr(str, name)(self, *args, **kwargs))

    return method


for _name in (
    "capitalize casefold lower lstrip removeprefix removesuffix replace rstrip strip swapcase"
    " title upper".split()
):
    setattr(Text, _name, _kept(_name))


def as_texts(value: Any) -> Any:
    """The value as templates of Markdown take it: every text of it is one that is escaped."""
    if isinstance(value, str):
        return Text(value)
    if isinstance(value, tuple | list):
        return type(value)(map(as_texts, value))
    return value


def as_plain(value: Any) -> Any:
    """The value as it was before `as_texts`."""
    if isinstance(value, Text):
        return str.__str__(value)
    if isinstance(value, tuple | list):
        return type(value)(map(as_plain, value))
    return value
