"""Text where it enters Markdown: the one place that escapes it."""

from __future__ import annotations

import re

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
