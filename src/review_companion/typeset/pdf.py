"""The PDF: Typst source from pandoc, compiled by the `typst` wheel."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from ..errors import CompanionError
from ..evidence.digests import file_digest
from .config import Book
from .pandoc import Volume, convert
from .resident import Typst

KIND, STYLE = "pdf", "template.typ"
DIAGNOSIS_WIDTH = 160
MOST_NAMED = 5
UNSHOWN = re.compile(r'(?:the text|contains the codepoint) `"(.*?)"`')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
OF_THE_STYLE = re.compile("(unexpected|missing) argument|unknown variable|unresolved import")
OLD_STYLE = (
    "is the folder of the style another version’s? copy report/style of this program over it"
)
MAIN = """#import "{template}": *
#let facts = json("{facts}")
#show: book.with(facts)

"""


def copy_style(book: Book, work: Path) -> None:
    """Puts the style next to the sources, once: two volumes read it at the same time."""
    for path in _style(book):
        shutil.copyfile(path, work / path.name)


def _style(book: Book) -> list[Path]:
    """The report's file, then an edition's own, which import it and stand in its place."""
    return [book.style_file(STYLE), *book.looks("typ")]


def write_pdf(volume: Volume, out: Path, typst: Typst) -> None:
    """Compile a volume, in its folder `work`, which is the root that Typst sees and has the style.

    Exported with Typst's checks for PDF/UA-1 and PDF/A-3a; only the fonts of the wheels. A
    character that they lack is shown as its code, and `volume.notes` says where.
    Raises CompanionError with Typst's diagnosis.
    """
    without = ""
    while True:
        main, places = _stage(volume, without)
        missing = _compile_once(volume, typst, main, out.resolve())
        if not missing:
            break
        if not set(missing).difference(without):
            raise _in_drawing(missing, volume.work / "outputs")
        without += "".join(c for c in missing if c not in without)
    elsewhere = set(without).difference(*places.values())
    places |= {"title page or lists": sorted(elsewhere)} if elsewhere else {}
    volume.notes.extend(_shown_as_codes(place, found) for place, found in places.items())


def _shown_as_codes(place: str, characters: list[str]) -> str:
    number = len(characters) - MOST_NAMED
    more = f" and {number} more" if number > 0 else ""
    named = _named(characters[:MOST_NAMED])
    return f"{place}: the fonts of the PDF have no glyph for {named}{more}: it shows the code"


def _named(characters: Iterable[str]) -> str:
    return ", ".join(f"{each} (U+{ord(each):04X})" for each in characters)


def _in_drawing(characters: str, outputs: Path) -> CompanionError:
    """Characters in a drawing, whose texts cannot be replaced."""
    drawings = [
        path.stem
        for path in sorted(outputs.glob("*.svg"))
        if any(character in path.read_text("utf-8") for character in characters)
    ]
    what = f"the fonts of the PDF have no glyph for {_named(characters)}"
    where = f"drawing {', '.join(drawings)}" if drawings else None
    return CompanionError(what, where=where, hint="write it in other letters")


def _stage(volume: Volume, without: str) -> tuple[Path, dict[str, list[str]]]:
    """The source, whose characters `without` a glyph are codes, and these by their places."""
    book, metadata, work, stem = volume.book, volume.metadata, volume.work, volume.stem
    body, places = convert(volume, "typst", without=without)
    main = MAIN.replace("{template}", _style(book)[-1].name).replace("{facts}", f"{stem}.json")
    (work / f"{stem}.typ").write_text(main + body, encoding="utf-8")
    (work / "attachments").mkdir(exist_ok=True)
    for attached in metadata.attachments:
        (work / "attachments" / attached.name).write_bytes(attached.content)
    facts = {
        **metadata.facts(book),
        "authors": list(book.authors),
        "toc": book.toc,
        "toc-depth": book.toc_depth,
        "attachments": [
            {"name": each.name, "mime": each.mime, "description": each.description}
            for each in metadata.attachments
        ],
    }
    (work / f"{stem}.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    codes = {ord(c): f"[U+{ord(c):04X}]" for c in without}
    for path in (work / f"{stem}.json", *(work / "outputs").glob("*.json")) if without else ():
        part = path.with_suffix(f".{stem}")
        part.write_text(path.read_text("utf-8").translate(codes), "utf-8")
        part.replace(path)
    return work / f"{stem}.typ", places


def _compile_once(volume: Volume, typst: Typst, main: Path, out: Path) -> str:
    """Compiles what `_stage` wrote, unless the same was compiled before.

    Gives the characters for which no font has a glyph; where there are any, nothing is written.
    """
    styles = [volume.work / path.name for path in _style(volume.book)]
    attached = [volume.work / "attachments" / each.name for each in volume.metadata.attachments]
    read = [main, main.with_suffix(".json"), *styles, *attached]
    made_from = {
        "files": {path.name: file_digest(path) for path in read},
        "outputs": volume.outputs_named(main.read_text("utf-8")),
        "timestamp": volume.metadata.timestamp,
    }
    kept = volume.cache.find(KIND, made_from)
    if kept:
        out.write_bytes(kept)
        return ""
    diagnoses = typst.compile(main, out, volume.metadata.timestamp)
    if diagnoses and (missing := _without_glyph(diagnoses[0])):
        return missing
    if diagnoses:
        what = f"Typst cannot set the PDF: {_shorten(diagnoses[0], main.parent)}"
        raise CompanionError(what, hint=OLD_STYLE if OF_THE_STYLE.search(diagnoses[0]) else None)
    volume.cache.keep(KIND, made_from, out.read_bytes())
    return ""


def _without_glyph(diagnosis: str) -> str:
    """The characters that Typst says it cannot display, once each."""
    said = "".join(UNSHOWN.findall(diagnosis))
    text = ESCAPED.sub(lambda m: chr(int(m.group(1), 16)), said)
    return "".join(dict.fromkeys(character for character in text if not character.isascii()))


def _shorten(diagnosis: str, root: Path) -> str:
    """The first of several diagnoses; its lines cut, the working folder left out."""
    lines = diagnosis.strip().replace(f"{root}/", "").split("\n\n")[0].splitlines()
    return "\n  ".join(line[:DIAGNOSIS_WIDTH] for line in lines)
