"""Loads libraries without costly parts that are never used.

jsonschema, which Frictionless and nbformat use, compiles 38 grammars for internationalised
addresses where rfc3987_syntax is installed (a second of processor time); neither a descriptor nor
a notebook has such a field.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

UNUSED = "rfc3987_syntax"


@contextlib.contextmanager
def without_grammars() -> Iterator[None]:
    """A context in which the grammars seem not to be installed, unless they are loaded already."""
    hidden = UNUSED not in sys.modules
    if hidden:
        sys.modules[UNUSED] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[UNUSED]


@cache
def frictionless() -> Any:
    """Frictionless, loaded in half the time."""
    with without_grammars():
        import frictionless as loaded
        from frictionless.platform import platform

        _ = platform.jsonschema_validators  # loads it now, while the grammars are out of sight
    return loaded
