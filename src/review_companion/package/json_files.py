"""Reads JSON that somebody else wrote: within limits, and each fault in one message."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from .files import left_from_a_merge, read_text

DEEPEST = 60


def read_json(path: Path, hint: str | None = None) -> Any:
    """What a JSON file holds; raises CompanionError with file and line."""
    return parse_json(read_text(path, hint), str(path))


def parse_json(text: str, file: str) -> Any:
    """What JSON text holds. Refused beside what is no JSON: NaN and Infinity, a name given twice
    in an object, more than sixty levels, half of a character (a lone surrogate)."""
    if row := left_from_a_merge(text):
        raise CompanionError("left over from a merge", where=f"{file}:{row}", hint="choose one")
    try:
        content = json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        where = f"{file}:{error.lineno}"
        what = f"not readable as JSON: {error.msg}, column {error.colno}"
        raise CompanionError(what, where=where) from None
    except ValueError as error:
        raise CompanionError(f"not readable as JSON: {error}", where=file) from None
    except RecursionError:
        raise CompanionError("nested too deeply", where=file) from None
    _require_sound(content, file)
    return content


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, times in counts.items() if times > 1)
        raise ValueError(f'"{twice}" stands twice in an object')
    return content


def _require_sound(content: Any, file: str) -> None:
    pending = [(content, 1)]
    while pending:
        item, depth = pending.pop()
        if isinstance(item, str):
            _require_whole(item, file)
        elif isinstance(item, dict | list):
            if depth > DEEPEST:
                raise CompanionError("nested too deeply", where=file)
            parts = [*item, *item.values()] if isinstance(item, dict) else item
            pending += [(part, depth + 1) for part in parts]


def _require_whole(text: str, file: str) -> None:
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise CompanionError("holds half of a character (a lone surrogate)", where=file)
