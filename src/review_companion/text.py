"""Values, keys and texts as a reader sees them, and the one place that escapes Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, SupportsIndex

ABSENT = "–"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_STUDY = re.compile(r"[a-z]+( [a-z]+)* \d{4}")
_CODE = re.compile(r"[a-z][a-z0-9]*([-_/][a-z0-9]+)*")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is: every mark of ASCII punctuation escaped."""
    return _PUNCTUATION.sub(r"\\\1", text)


def unprintable(text: str) -> str:
    """The first character that no file of a report may contain, as “U+0000”, or "".

    Control characters, halves of surrogate pairs, and code points that are not characters.
    """
    found = _UNPRINTABLE.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


class MarkdownText(str):
    """A cell's text in a template of Markdown: compared as it is, written escaped."""

    def __str__(self) -> str:
        return escape_markdown(str.__str__(self))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __getitem__(self, key: SupportsIndex | slice) -> MarkdownText:
        return MarkdownText(super().__getitem__(key))

    def __add__(self, other: str) -> str:
        return f"{self}{other}"

    def __radd__(self, other: str) -> str:
        return f"{other}{self}"

    def split(self, *args: Any, **kwargs: Any) -> list[Any]:
        return list(map(MarkdownText, super().split(*args, **kwargs)))


def _kept(name: str) -> Callable[..., MarkdownText]:
    def method(self: MarkdownText, *args: Any, **kwargs: Any) -> MarkdownText:
        return MarkdownText(getattr(str, name)(self, *args, **kwargs))

    return method


for _name in (
    "capitalize casefold lower lstrip removeprefix removesuffix replace rstrip strip swapcase"
    " title upper".split()
):
    setattr(MarkdownText, _name, _kept(_name))


def as_texts(value: Any) -> Any:
    """A value for templates of Markdown: its texts are escaped when they are written."""
    if isinstance(value, str):
        return MarkdownText(value)
    if isinstance(value, tuple | list):
        return type(value)(map(as_texts, value))
    return value


def as_plain(value: Any) -> Any:
    """The value as it was before `as_texts`."""
    if isinstance(value, MarkdownText):
        return str.__str__(value)
    if isinstance(value, tuple | list):
        return type(value)(map(as_plain, value))
    return value


def rounded(value: Fraction | Decimal | int, places: int) -> Decimal:
    """Rounded half up to so many places."""
    exact = Fraction(value)
    scaled = exact * 10**places
    whole = int(abs(scaled) + Fraction(1, 2))
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)


def as_text(value: Any, places: int | None = None) -> str:
    """Numbers half up to `places` (1 for quotients by default), sets joined, booleans as words."""
    if value is None or value == "":
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(as_text(item, places) for item in value) or "none"
    if isinstance(value, Fraction) and places is None:
        places = int(value.denominator > 1)
    if isinstance(value, Fraction | Decimal | int) and places is not None:
        return f"{rounded(value, places):f}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def section_in_words(section: str) -> str:
    """ "table-1/alpha-2001/follow-up" -> "Table 1, Alpha 2001, follow up"."""
    text = code_words(section)
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=4096)
def code_words(code: str) -> str:
    """ "alpha-2001/any_use" -> "Alpha 2001, any use"; any other text unchanged."""
    if not _CODE.fullmatch(code.lower()):
        return code
    parts = [re.sub("[-_]", " ", part) for part in code.split("/")]
    return ", ".join(part.title() if _STUDY.fullmatch(part) else part for part in parts)
