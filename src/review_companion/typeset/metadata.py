"""What a report says about itself, and the files that it carries."""

from __future__ import annotations

from dataclasses import dataclass

from .config import Book


@dataclass(frozen=True)
class Payload:
    """JSON text carried inside the page, in `<script type="application/json" id="…">`."""

    id: str
    json: str


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the PDF (PDF/A-3)."""

    name: str
    content: bytes
    mime: str
    description: str


@dataclass(frozen=True)
class Metadata:
    """What the report says about itself: release, data, digest, citation, licence.

    `digest` is the SHA-256 of the inputs in hexadecimal; `timestamp` (seconds since 1970, UTC) is
    the only time that reaches a file.
    """

    version: str
    data_date: str
    digest: str
    citation: str
    licence: str
    timestamp: int
    edition: str = ""
    payloads: tuple[Payload, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def facts(self, book: Book) -> dict[str, str]:
        """The facts at the beginning and the end of a volume, by the templates' names."""
        own = ("version", "edition", "digest", "citation", "licence")
        of_book = ("title", "subtitle", "description", "lang")
        found = {n: getattr(of, n) for of, names in ((book, of_book), (self, own)) for n in names}
        return {**found, "data-date": self.data_date}
