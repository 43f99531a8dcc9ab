"""Executed notebooks → pandoc Markdown, chapter by chapter.

pandoc never reads a notebook: it would parse each cell by itself and escape what belongs to the
book. Cell outputs become files, named in raw fences of our own (`companion-html`,
`companion-image`), which `filter.lua` reads; `companion-place` tells it where it is. An output
with trace lists goes into the page unparsed (`companion-verbatim`), and its lists into the PDF
(`companion-lists`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..notebooks.notebook_files import Cell, CellPlace, Notebook
from ..notebooks.notebook_files import place as cell_place
from .code_cells import CellOptions, bundle, fenced, read_options, read_picture
from .config import Book, Chapter
from .pandoc import PLACE
from .prose import Footnotes, prose, require_printable


@dataclass(frozen=True)
class Assembly:
    """One chapter on its way to Markdown: its place in the book and where outputs go."""

    book: Book
    chapter: Chapter
    number: int
    outputs: Path
    notes: Footnotes


def assemble(book: Book, executed: Mapping[str, Notebook], outputs: Path) -> list[str]:
    """Each chapter of the book as Markdown; images and HTML go into the folder `outputs`.

    `executed` are the executed notebooks of the book. Raises CompanionError with notebook, cell
    and line for what the embedded engine does not support.
    """
    chapters: list[str] = []
    for number, chapter in enumerate(book.chapters, 1):
        work = Assembly(book, chapter, number, outputs, Footnotes(number))
        chapters.append(chapter_text(work, executed))
    return chapters


def chapter_text(work: Assembly, executed: Mapping[str, Notebook]) -> str:
    """One of them."""
    marker = fenced(json.dumps(vars(work.chapter)), "=companion-chapter")
    text = "\n\n".join([marker, *_chapter(work, executed)]) + "\n"
    work.notes.require_whole()
    return text


def _chapter(work: Assembly, executed: Mapping[str, Notebook]) -> Iterator[str]:
    source = work.chapter.source
    if not work.chapter.is_notebook:
        text = (work.book.root / source).read_text(encoding="utf-8")
        if re.match(r"---\s*\n", text):
            hint = "begin the chapter with its heading, `# Title {#sec-…}`"
            raise CellPlace(source).error("front matter is not supported", 1, hint)
        yield _place(CellPlace(source))
        yield _prose(text, (), work, CellPlace(source))
        return
    notebook = executed[source]
    for cell in notebook["cells"]:
        place = cell_place(notebook, cell, source)
        if cell["cell_type"] == "markdown" and cell["source"].strip():
            yield _place(place)
            results = cell["metadata"].get("user_expressions", ())
            yield _prose(cell["source"], results, work, place)
        elif cell["cell_type"] == "code":
            yield from _code(cell, work, place)
        elif cell["cell_type"] == "raw":
            raise place.error("raw cells are not supported")


def _prose(
    text: str, results: Sequence[Mapping[str, Any]], work: Assembly, place: CellPlace
) -> str:
    """Markdown, in which a line with a picture is replaced by the picture's file."""

    def picture(alt: str, file: str, here: CellPlace) -> str:
        data, options = read_picture(work.book.root, file, alt, here)
        stem = work.outputs / f"chapter-{work.number}-picture-{here.cell}-{here.line}"
        return bundle(data, options, work.notes, stem, here)

    return prose(text, work.notes, place, results, picture)


def _place(place: CellPlace) -> str:
    return fenced(str(place), f"={PLACE}")


def _code(cell: Cell, work: Assembly, place: CellPlace) -> Iterator[str]:
    options = read_options(cell["source"], place, echo=work.book.echo, warning=work.book.warning)
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            raise place.error(f"{output.get('ename')}: {output.get('evalue')}")
    if not options.include:
        return
    outputs = list(_outputs(cell, options, work, place)) if options.output else []
    shown = [fenced(options.code, ".python")] if options.echo and options.code.strip() else []
    if options.caption_kind and not outputs:
        raise place.error(f"{options.named} has no output to show")
    if shown or outputs:
        yield _place(place)
        yield from shown
        yield from _cell_div(outputs, options, work, place) if outputs else ()


def _cell_div(
    outputs: list[str], options: CellOptions, work: Assembly, place: CellPlace
) -> Iterator[str]:
    is_bare = not (options.label or options.classes or options.caption_kind)
    if options.output == "asis" and is_bare:
        yield from outputs
        return
    attributes = [f"#{options.label}"] if options.label else []
    if options.caption_kind and not options.float_kind:
        attributes.append(f".captioned-{options.caption_kind}")
    attributes += [".cell", *(f".{name}" for name in options.classes)]
    if options.widths:
        attributes.append(f'widths="{" ".join(f"{width:.4f}" for width in options.widths)}"')
    yield f"::::::::: {{{' '.join(attributes)}}}"
    yield from outputs
    if options.caption_kind:
        yield f"[]{{.float-caption}}{prose(options.caption, work.notes, place)}"
    yield ":::::::::"


def _outputs(cell: Cell, options: CellOptions, work: Assembly, place: CellPlace) -> Iterator[str]:
    for number, output in enumerate(cell["outputs"], 1):
        if output["output_type"] == "stream":
            if output["name"] == "stdout" or options.warning:
                yield _stream(output, options, work, place)
            continue
        stem = options.label or f"chapter-{work.number}-cell-{place.cell}"
        stem = stem if number == 1 else f"{stem}+{number}"
        yield bundle(output["data"], options, work.notes, work.outputs / stem, place)


def _stream(output: Cell, options: CellOptions, work: Assembly, place: CellPlace) -> str:
    text = output["text"].rstrip("\n")
    if options.output == "asis":
        return prose(text, work.notes, place)
    require_printable(text, place)
    return fenced(text, f".cell-output .{output['name']}")
