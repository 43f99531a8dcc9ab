"""Frictionless, loaded in half the time.

jsonschema, which it uses, compiles 38 grammars for internationalised addresses where
rfc3987_syntax is installed (a second of processor time); no descriptor has such a field.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

UNUSED = "rfc3987_syntax"


@contextlib.contextmanager
def _without(module: str) -> Iterator[None]:
    """As if the module were not installed, unless it is loaded already."""
    hidden = module not in sys.modules
    if hidden:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[module]


with _without(UNUSED):
    from frictionless import Field, FrictionlessException, Package, Schema
    from frictionless.platform import platform

    _ = platform.jsonschema_validators  # loads it now, while the grammars are out of sight

__all__ = ["Field", "FrictionlessException", "Package", "Schema"]
