"""Frictionless, loaded in half the time."""

from __future__ import annotations

from ..imports import without_grammars

with without_grammars():
    from frictionless import Field, FrictionlessException, Package, Schema
    from frictionless.platform import platform

    _ = platform.jsonschema_validators  # loads it now, while the grammars are out of sight

__all__ = ["Field", "FrictionlessException", "Package", "Schema"]
