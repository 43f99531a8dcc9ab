"""A small package to damage, as the tests of the data have it."""

from __future__ import annotations

from tests.package.conftest import edit, folder

__all__ = ["edit", "folder"]
