"""The engine that needs nothing but wheels: pandoc for the page, Typst for the PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from review_companion.render.config import Book
from review_companion.render.markdown import assemble
from review_companion.render.page import write_page
from review_companion.render.pdf import write_pdf
from review_companion.render.protocol import FORMATS, Format, Metadata, Rendered


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
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            (work / "outputs").mkdir()
            markdown = assemble(book, executed, work / "outputs")
            writers = {"html": write_page, "pdf": write_pdf}
            with ThreadPoolExecutor(max_workers=2) as pool:
                jobs: dict[str, Future[Path]] = {
                    name: pool.submit(
                        writers[name], markdown, book, metadata, work, out / f"companion.{name}"
                    )
                    for name in formats
                }
            written = {name: job.result() for name, job in jobs.items()}
        return Rendered(written.get("html"), written.get("pdf"))
