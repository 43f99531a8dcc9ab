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

GRAMMARS = "rfc3987_syntax"


@contextlib.contextmanager
def without(library: str) -> Iterator[None]:
    """A context in which a library seems not to be installed, unless it is loaded already."""
    hidden = library not in sys.modules
    if hidden:
        sys.modules[library] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[library]


@cache
def frictionless() -> Any:
    """Frictionless, loaded in half the time."""
    with without(GRAMMARS):
        import frictionless as loaded
        from frictionless.platform import platform

        _ = platform.jsonschema_validators  # loads it now, while the grammars are out of sight
    return loaded
