"""A section id or a row's key in words."""

from __future__ import annotations

import re

_STUDY = re.compile(r"[a-z]+( [a-z]+)* \d{4}")
_CODE = re.compile(r"[a-z][a-z0-9]*([-_/][a-z0-9]+)*")


def in_words(section: str) -> str:
    """ "table-1/alpha-2001/follow-up" -> "Table 1, Alpha 2001, follow up"."""
    text = code_words(section)
    return text[:1].upper() + text[1:]


def code_words(code: str) -> str:
    """ "alpha-2001/any_use" -> "Alpha 2001, any use"; what is no key or code, as it is."""
    if not _CODE.fullmatch(code.lower()):
        return code
    parts = [re.sub("[-_]", " ", part) for part in code.split("/")]
    return ", ".join(part.title() if _STUDY.fullmatch(part) else part for part in parts)
