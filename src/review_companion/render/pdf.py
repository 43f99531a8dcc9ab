"""The PDF: Typst source from pandoc, compiled by the `typst` wheel."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from review_companion.errors import CompanionError
from review_companion.render.config import STEMS, Book
from review_companion.render.pandoc import convert
from review_companion.render.process import check, run
from review_companion.render.protocol import Attachment, Metadata
from review_companion.render.wheels import font_folder

PROGRAM = Path(__file__).with_name("compile_typst.py")
REFUSED = 65
TIMEOUT_SECONDS = 180
DIAGNOSIS_WIDTH = 160
MAIN = """#import "{template}": *
#show: book.with(json("{facts}"))

"""


def write_pdf(
    markdown: str, book: Book, metadata: Metadata, work: Path, out: Path, volume: str = ""
) -> Path:
    """Compile a volume; `work` holds its folder `outputs` and is the root that Typst sees.

    Exported with Typst's checks for PDF/UA-1 and PDF/A-3a; only the fonts of the wheels.
    Raises CompanionError with Typst's diagnosis.
    """
    main = _stage(markdown, book, metadata, work, volume)
    _compile(main, out.resolve(), metadata.timestamp)
    return out


def _stage(markdown: str, book: Book, metadata: Metadata, work: Path, volume: str) -> Path:
    template = book.style / "template.typ"
    if not template.is_file():
        raise CompanionError("the style file 'template.typ' is missing", where=str(book.style))
    shutil.copyfile(template, work / template.name)
    for own in _look(book):
        template = shutil.copyfile(own, work / own.name)
    stem = STEMS[volume]
    body = convert(markdown, "typst", book, work, volume=volume)
    main = MAIN.replace("{template}", template.name).replace("{facts}", f"{stem}.json")
    (work / f"{stem}.typ").write_text(main + body, encoding="utf-8")
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
    (work / f"{stem}.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    return work / f"{stem}.typ"


def _look(book: Book) -> list[Path]:
    """Templates of the edition, which import the report's and stand in its place."""
    paths = [book.style / f"{name}.typ" for name in book.look]
    return [path for path in paths if path.is_file()]


def _stage_attachment(attachment: Attachment, work: Path) -> dict[str, str]:
    path = work / "attachments" / attachment.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(attachment.content)
    return {
        "name": attachment.name,
        "mime": attachment.mime,
        "description": attachment.description,
    }


def _compile(main: Path, out: Path, timestamp: int) -> None:
    command = [sys.executable, str(PROGRAM), str(main), str(out), str(font_folder())]
    finished = run([*command, str(timestamp)], timeout_seconds=TIMEOUT_SECONDS)
    if finished.code == REFUSED:
        first = json.loads(finished.stderr.splitlines()[-1])[0]
        raise CompanionError(f"Typst cannot set the PDF: {_shorten(first, main.parent)}")
    if finished.code < 0 or "memory allocation" in finished.stderr:
        hint = "something does not fit a page, such as the header of a table"
        raise CompanionError("Typst cannot set the PDF: it ran out of memory", hint=hint)
    check(command, finished)


def _shorten(diagnosis: str, root: Path) -> str:
    """The first of several diagnoses; its lines cut, the working folder left out."""
    lines = diagnosis.strip().replace(f"{root}/", "").split("\n\n")[0].splitlines()
    return "\n  ".join(line[:DIAGNOSIS_WIDTH] for line in lines)
