"""Reproducible companion reports for systematic reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .review import Review, open_review

__version__ = "0.2.0"

__all__ = ["Review", "open_review"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import review

        return getattr(review, name)
    raise AttributeError(name)
