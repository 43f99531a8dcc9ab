"""The engine that needs nothing but wheels: pandoc for the page, Typst for the PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from ..cache import Cache
from ..temporary import prefix
from .config import AUDIT, Book
from .markdown import assemble
from .page import write_page
from .pandoc import Volume
from .pdf import write_pdf
from .protocol import FORMATS, Format, Metadata, Rendered
from .skeleton import of_volume
from .wheels import copy_fonts

VOLUMES = {AUDIT: "Audit volume"}
WRITERS = {"html": write_page, "pdf": write_pdf}


class EmbeddedEngine:
    """Sets page and PDF at the same time; what was set before of the same is in the cache."""

    def __init__(self, cache: Cache | None = None) -> None:
        self._cache = cache

    def require_ready(self) -> None:
        """Nothing to ask for: its programs are wheels."""

    def render(
        self,
        book: Book,
        executed: Mapping[str, Path],
        out: Path,
        metadata: Metadata,
        formats: tuple[Format, ...] = FORMATS,
    ) -> Rendered:
        """Typeset the book into `out/companion.html` and `out/companion.pdf`.

        `executed` maps each notebook of the book to its executed copy. The same inputs give the
        same bytes. Raises CompanionError with notebook, cell and line for what is not supported.
        """
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
            work = Path(folder)
            (work / "outputs").mkdir()
            chapters = assemble(book, executed, work / "outputs")
            if "pdf" in formats:
                copy_fonts(work / "fonts")
            notes: list[str] = []
            volumes = [
                Volume(
                    name, of_volume(book, chapters, name), book, _carried(metadata, name), work,
                    notes, self._cache,
                )
                for name in book.volumes
            ]  # fmt: skip
            with ThreadPoolExecutor(max_workers=2) as pool:
                jobs: dict[str, Future[Path]] = {
                    f"{volume.stem}.{name}": pool.submit(
                        WRITERS[name], volume, out / f"{volume.stem}.{name}"
                    )
                    for volume in volumes
                    for name in formats
                }
            written = {name: job.result() for name, job in jobs.items()}
        told = tuple(dict.fromkeys(sorted(notes)))
        return Rendered(written.get("companion.html"), written.get("companion.pdf"), told)


def _carried(metadata: Metadata, volume: str) -> Metadata:
    """What the report carries, another volume does not; it has a name instead."""
    if not volume:
        return metadata
    return replace(metadata, edition=VOLUMES[volume], payloads=(), attachments=())
