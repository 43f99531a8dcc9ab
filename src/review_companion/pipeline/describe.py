"""A report's title, authors and version, and the engine that typesets it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..cache import Cache
from ..errors import CompanionError
from ..review import Review
from ..typeset.config import Book
from ..typeset.protocol import Engine, Metadata
from .inputs import Inputs
from .settings import Settings


def describe(settings: Settings, book: Book, review: Review, inputs: Inputs) -> Metadata:
    """Release, date and digest of the data, citation, and the one time that reaches a file."""
    descriptor = review.package.descriptor
    created = str(descriptor.get("created", "1980-01-01"))[:10]
    version = str(descriptor.get("version", ""))
    author = ", ".join(book.authors)
    return Metadata(
        version=version,
        data_date=created,
        digest=inputs.data,
        citation=" ".join(
            [
                f"{author} ({created[:4]}).",
                *(_ended(part) for part in (book.title, book.subtitle) if part),
                f"Version {version}, data as of {created}.",
                *(f"Accompanies doi:{doi}." for doi in _reviewed(review)),
            ]
        ),
        licence=_licence(descriptor),
        timestamp=_timestamp(created),
        edition=book.edition,
    )


def _licence(descriptor: Mapping[str, Any]) -> str:
    """The licences that the data package declares, by name, else by title or address."""
    declared = descriptor.get("licenses") or []
    names = (next(filter(None, map(each.get, ("name", "title", "path"))), "") for each in declared)
    return ", ".join(filter(None, map(str, names)))


def _reviewed(review: Review) -> list[str]:
    """The DOI of the review itself, the first of the sources, if it has one."""
    sources = review.package.resources.get("sources")
    rows = [*sources.rows.values()] if sources else []
    return [row["doi"] for row in rows[:1] if row.get("doi")]


def _ended(title: str) -> str:
    """A title as a sentence: one that ends with a mark of its own gets no full stop."""
    return title if title.endswith((".", "?", "!", "…")) else f"{title}."


def _timestamp(created: str) -> int:
    """Seconds since 1970: `SOURCE_DATE_EPOCH`, else the data package's release date."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return int(epoch)
    return int(datetime.fromisoformat(created).replace(tzinfo=UTC).timestamp())


def engine(name: str, cache: Cache | None = None) -> Engine:
    """The engine of that name. Raises CompanionError for an unknown one."""
    if name == "embedded":
        from ..typeset.embedded import EmbeddedEngine

        return EmbeddedEngine(cache)
    if name == "quarto":
        from ..typeset.quarto import QuartoEngine

        return QuartoEngine()
    raise CompanionError(f"there is no engine “{name}”", hint="known: embedded, quarto")
