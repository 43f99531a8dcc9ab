"""Reads JSON that somebody else wrote: within limits, and each fault in one message."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from .files import left_from_a_merge, read_text

DEEPEST = 60
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
INNERMOST = re.compile(r"[\[{][^\[\]{}]*[\]}]")
HALF = re.compile(r"\\u[dD][89a-fA-F]")


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
    _require_sound(content, text, file)
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


def _require_sound(content: Any, text: str, file: str) -> None:
    """Looks at the text: what was read may hold millions of values."""
    if _is_deep(text):
        raise CompanionError("nested too deeply", where=file)
    if HALF.search(text):
        try:
            json.dumps(content, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            what = "holds half of a character (a lone surrogate)"
            raise CompanionError(what, where=file) from None


def _is_deep(text: str) -> bool:
    """Whether brackets are left after the innermost were taken out as often as is allowed."""
    bare = STRING.sub("", text)
    for _ in range(DEEPEST):
        bare, taken = INNERMOST.subn("", bare)
        if not taken:
            return False
    return INNERMOST.search(bare) is not None
