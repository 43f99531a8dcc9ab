"""A section id in words."""

from __future__ import annotations


def in_words(section: str) -> str:
    """ "table-1/alpha-2001/follow-up" -> "Table 1, alpha 2001, follow up"."""
    parts = [part.replace("-", " ") for part in section.split("/") if part]
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]
