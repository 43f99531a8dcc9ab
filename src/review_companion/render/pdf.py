"""The PDF: Typst source from pandoc, compiled by the `typst` wheel."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Literal

from review_companion.errors import CompanionError
from review_companion.render.config import Book
from review_companion.render.pandoc import convert
from review_companion.render.protocol import Attachment, Metadata
from review_companion.render.wheels import font_folder

STANDARDS: list[Literal["ua-1", "a-3a"]] = ["ua-1", "a-3a"]
MAIN = """#import "template.typ": *
#show: book.with(json("book.json"))

"""


def write_pdf(markdown: str, book: Book, metadata: Metadata, work: Path, out: Path) -> Path:
    """Compile the book; `work` holds its folder `images` and is the root that Typst sees.

    Exported with Typst's checks for PDF/UA-1 and PDF/A-3a; only the fonts of the wheels.
    Raises CompanionError with Typst's diagnosis.
    """
    _stage(markdown, book, metadata, work)
    out.write_bytes(_compile(work / "main.typ", work, metadata.timestamp))
    return out


def _stage(markdown: str, book: Book, metadata: Metadata, work: Path) -> None:
    template = book.style / "template.typ"
    if not template.is_file():
        raise CompanionError("the style file 'template.typ' is missing", where=str(book.style))
    shutil.copyfile(template, work / "template.typ")
    body = convert(markdown, "typst", book, work)
    (work / "main.typ").write_text(MAIN + body, encoding="utf-8")
    attachments = [_stage_attachment(a, work) for a in metadata.attachments]
    facts = {
        "title": book.title,
        "subtitle": book.subtitle,
        "description": book.description,
        "authors": list(book.authors),
        "version": metadata.version,
        "edition": metadata.edition,
        "data-date": metadata.data_date,
        "digest": metadata.digest,
        "citation": metadata.citation,
        "licence": metadata.licence,
        "lang": book.lang,
        "toc": book.toc,
        "toc-depth": book.toc_depth,
        "attachments": attachments,
    }
    (work / "book.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _stage_attachment(attachment: Attachment, work: Path) -> dict[str, str]:
    path = work / "attachments" / attachment.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(attachment.content)
    return {
        "name": attachment.name,
        "mime": attachment.mime,
        "description": attachment.description,
    }


def _compile(main: Path, root: Path, timestamp: int) -> bytes:
    import typst  # here: it costs time, and the page does without it

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[font_folder()],
    )
    try:
        compiler = typst.Compiler(main, root=root, font_paths=fonts)
        compiled, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=list(STANDARDS), timestamp=timestamp
        )
    except typst.TypstError as problem:
        raise CompanionError(_diagnosis(problem, main)) from None
    if warnings:
        raise CompanionError(f"Typst warns: {warnings[0].diagnostic}")
    assert isinstance(compiled, bytes)
    return compiled


def _diagnosis(problem: Exception, main: Path) -> str:
    text = str(getattr(problem, "diagnostic", problem)).replace(f"{main.parent}/", "")
    return f"Typst cannot set the PDF: {text}"
