"""The engine that needs nothing but wheels: pandoc for the page, Typst for the PDF."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..cache import Cache
from .config import AUDIT, Book
from .markdown import assemble
from .page import write_page
from .pandoc import Volume
from .pdf import copy_style, write_pdf
from .protocol import FORMATS, Format, Metadata, Rendered
from .resident import Typst
from .skeleton import of_volume
from .wheels import copy_fonts

VOLUMES = {AUDIT: "Audit volume"}


class EmbeddedEngine:
    """Sets page and PDF at the same time; what was set before of the same is in the cache.

    With a `typst` that is kept from render to render, PDFs take less time.
    """

    def __init__(self, cache: Cache | None = None, typst: Typst | None = None) -> None:
        self._cache = cache
        self._typst = typst or Typst()

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
        work = self._typst.folder
        shutil.rmtree(work / "outputs", ignore_errors=True)
        (work / "outputs").mkdir()
        chapters = assemble(book, executed, work / "outputs")
        if "pdf" in formats:
            copy_fonts(work / "fonts")
            copy_style(book, work)
        notes: list[str] = []
        volumes = [
            Volume(
                name,
                of_volume(book, chapters, name),
                book,
                _carried(metadata, name),
                work,
                notes,
                self._cache,
            )
            for name in book.volumes
        ]
        writers: dict[str, Callable[[Volume, Path], Path]] = {
            "html": write_page,
            "pdf": partial(write_pdf, typst=self._typst),
        }
        with ThreadPoolExecutor(max_workers=2) as pool:
            jobs: dict[str, Future[Path]] = {
                file: pool.submit(writers[name], volume, out / file)
                for volume in volumes
                for name in formats
                if (file := f"{volume.stem}.{name}") not in book.without
            }
        written = {name: job.result() for name, job in jobs.items()}
        distinct = tuple(dict.fromkeys(sorted(notes)))
        return Rendered(written.get("companion.html"), written.get("companion.pdf"), distinct)


def _carried(metadata: Metadata, volume: str) -> Metadata:
    """The metadata of a volume: only the report itself carries data; other volumes have a name."""
    if not volume:
        return metadata
    return replace(metadata, edition=VOLUMES[volume], payloads=(), attachments=())
