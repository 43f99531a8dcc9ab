"""A section id or a row's key in words."""

from __future__ import annotations

import re

_STUDY = re.compile(r"[a-z]+( [a-z]+)* \d{4}")


def in_words(section: str) -> str:
    """ "table-1/alpha-2001/follow-up" -> "Table 1, Alpha 2001, follow up"."""
    parts = [part.replace("-", " ") for part in section.split("/") if part]
    text = ", ".join(part.title() if _STUDY.fullmatch(part) else part for part in parts)
    return text[:1].upper() + text[1:]
