"""The engine that needs nothing but wheels: pandoc for the page, Typst for the PDF."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from importlib.metadata import distribution
from pathlib import Path

from ..cache import Cache
from ..notebooks.notebook_files import Notebook
from .config import AUDIT, Book
from .markdown import assemble
from .metadata import Metadata
from .page import write_page
from .pandoc import Volume
from .pdf import copy_style, write_pdf
from .resident import Typst
from .skeleton import of_volume

VOLUMES = {AUDIT: "Audit volume"}


def typeset(
    book: Book,
    executed: Mapping[str, Notebook],
    out: Path,
    metadata: Metadata,
    cache: Cache,
    typst: Typst,
) -> tuple[str, ...]:
    """Sets page and PDF of each volume into `out`, at the same time; the notes that say what was
    left out and why.

    `executed` are the executed notebooks of the book. What was set before of the same is in the
    cache; with a `typst` that is kept from render to render, PDFs take less time. The same inputs
    give the same bytes. Raises CompanionError with notebook, cell and line for what is not
    supported.
    """
    out.mkdir(parents=True, exist_ok=True)
    work = typst.folder
    shutil.rmtree(work / "outputs", ignore_errors=True)
    (work / "outputs").mkdir()
    chapters = assemble(book, executed, work / "outputs")
    if "pdf" in book.formats:
        _copy_fonts(work / "fonts")
        copy_style(book, work)
    notes: list[str] = []
    writers: dict[str, Callable[[Volume, Path], None]] = {
        "html": write_page,
        "pdf": partial(write_pdf, typst=typst),
    }
    with ThreadPoolExecutor(max_workers=2) as pool:
        jobs = []
        for name in book.volumes:
            own, said = of_volume(book, chapters, name), _carried(metadata, name)
            volume = Volume(name, own, book, said, work, notes, cache)
            for form in book.formats:
                if (file := f"{volume.stem}.{form}") not in book.without:
                    jobs.append(pool.submit(writers[form], volume, out / file))
    for job in jobs:
        job.result()
    return tuple(sorted(set(notes)))


def _copy_fonts(folder: Path) -> None:
    """matplotlib's DejaVu fonts for Typst, whose own wheel brings Libertinus.

    Its last-resort font stays out: it has a box for every character, and would hide that a
    character has no glyph.
    """
    fonts = Path(str(distribution("matplotlib").locate_file("matplotlib/mpl-data/fonts/ttf")))
    folder.mkdir(exist_ok=True)
    for path in fonts.iterdir():  # one by one: `copytree` tells of each that it has no room for
        there, size = folder / path.name, path.stat().st_size
        is_whole = there.is_file() and there.stat().st_size == size
        if not (is_whole or path.name.startswith("LastResort")):
            shutil.copy(path, there)


def _carried(metadata: Metadata, volume: str) -> Metadata:
    """The metadata of a volume: only the report itself carries data; other volumes have a name."""
    if not volume:
        return metadata
    return replace(metadata, edition=VOLUMES[volume], payloads=(), attachments=())
