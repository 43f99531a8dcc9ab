"""The engine that needs nothing but wheels: pandoc for the page, Typst for the PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from ..temporary import prefix
from .config import AUDIT, STEMS, Book
from .markdown import assemble
from .page import write_page
from .pdf import write_pdf
from .protocol import FORMATS, Format, Metadata, Rendered
from .wheels import copy_fonts

VOLUMES = {AUDIT: "Audit volume"}


class EmbeddedEngine:
    """Sets page and PDF at the same time, each in a folder of its own."""

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
            markdown = assemble(book, executed, work / "outputs")
            if "pdf" in formats:
                copy_fonts(work / "fonts")
            notes: list[str] = []
            writers = {"html": write_page, "pdf": write_pdf}
            with ThreadPoolExecutor(max_workers=2) as pool:
                jobs: dict[str, Future[Path]] = {
                    f"{STEMS[volume]}.{name}": pool.submit(
                        writers[name], markdown, book, _of_volume(metadata, volume), work,
                        out / f"{STEMS[volume]}.{name}", volume, notes,
                    )
                    for volume in book.volumes
                    for name in formats
                }  # fmt: skip
            written = {name: job.result() for name, job in jobs.items()}
        told = tuple(dict.fromkeys(sorted(notes)))
        return Rendered(written.get("companion.html"), written.get("companion.pdf"), told)


def _of_volume(metadata: Metadata, volume: str) -> Metadata:
    """What the report carries, another volume does not; it has a name instead."""
    if not volume:
        return metadata
    return replace(metadata, edition=VOLUMES[volume], payloads=(), attachments=())
