"""Loads libraries without costly parts that are never used.

jsonschema, which Frictionless and nbformat use, loads what checks formats of texts where it is
installed: 38 grammars for internationalised addresses (a second of processor time), durations,
times, addresses, colours (a tenth); no descriptor, notebook or definition is asked for such a one.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

FORMATS = (
    "isoduration",
    "rfc3339_validator",
    "rfc3986_validator",
    "rfc3987_syntax",
    "webcolors",
)


@contextlib.contextmanager
def without(*libraries: str) -> Iterator[None]:
    """A context in which libraries seem not to be installed, but for those that are loaded."""
    hidden = [library for library in libraries if library not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for library in hidden:
            sys.modules.pop(library, None)  # another thread may have been here too


@cache
def frictionless() -> Any:
    """Frictionless, loaded in half the time."""
    with without(*FORMATS):
        import frictionless as loaded
        from frictionless.platform import platform

        _ = platform.jsonschema_validators  # loads it now, while those are out of sight
    return loaded
