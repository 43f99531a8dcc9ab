"""Assembled Markdown → body of the page, or Typst source, by pandoc in two steps.

The first reads chapters, and what it gives is kept until a chapter changes. The second numbers and
joins them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..errors import CompanionError
from ..evidence.digests import file_digest
from ..package.problems import did_you_mean
from .config import STEMS, Book
from .metadata import Metadata
from .process import Finished, check, run

# Words in brackets are words, also where they are those of a heading, perhaps of another chapter.
# A cell that begins with `---` has a rule there: no metadata, no table of such lines.
READER = (
    "markdown-auto_identifiers-implicit_header_references-implicit_figures-raw_tex-latex_macros"
    "-yaml_metadata_block-simple_tables-multiline_tables"
)
Document = dict[str, Any]  # in pandoc's JSON
KIND, READ, TRIED = "typeset", "read", "tried"
PARSE = Path(__file__).with_name("parse.lua")
FILTER = Path(__file__).with_name("filter.lua")
FINISH = Path(__file__).with_name("finish.lua")
ROOM = ("+RTS", "-A64m", "-RTS")  # a sixth less processor time than with less memory at a time
WORDS = ("Str", "Space", "SoftBreak")
LINE = re.compile(r" at line (\d+) column \d+")
# Whatever may be a citation: after a letter only an @ that follows another in its word.
CITES = re.compile(r"(?<![^\W_])@(?!(?:tbl|fig|sec)-)|@[^\s@]*@|#refs")
# What would be read otherwise next to other chapters: an address that another chapter may name,
# numbered examples, markup that may be open.
SHARED = re.compile(
    r"^(?:[> ]*\[\^[^\]\n]*\]:)?+[^\n]*\]:|\(@|<(?!https?:|mailto:|!--[^\n]*?-->)[a-z!/?]",
    re.MULTILINE | re.IGNORECASE,
)
CHAPTER = "companion-chapter"
PLACE = "companion-place"
PLACE_FENCE = f"```{{={PLACE}}}"
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')
MISSING = re.compile(r"^companion-missing: (.*)\n", re.MULTILINE)
REFUSED = re.compile(r"^companion-error: (.*)$", re.MULTILINE)
KNOWN = re.compile(r"^companion-known: (.*)$", re.MULTILINE)
BOX = ":::"
Refusal = dict[str, str]  # what, place, hint, and the name it is about: `#label`, `@label`, a key


@dataclass(frozen=True)
class Volume:
    """One volume of a book on its way to files: its chapters in Markdown.

    `work` holds the folders `outputs` and `fonts` and receives what the programs read; `notes`
    receives warnings for the reader.
    """

    name: str
    chapters: tuple[str, ...]
    book: Book
    metadata: Metadata
    work: Path
    notes: list[str]
    cache: Cache

    @property
    def markdown(self) -> str:
        """All of it."""
        return "\n".join(self.chapters)

    @property
    def stem(self) -> str:
        """The name of its files."""
        return STEMS[self.name]

    def outputs_named(self, text: str) -> dict[str, str]:
        """The digest of each output that a text names."""
        outputs = sorted((self.work / "outputs").iterdir())
        return {path.name: file_digest(path) for path in outputs if path.name in text}


def convert(
    volume: Volume,
    to: str,
    template: Path | None = None,
    variables: Mapping[str, str] | None = None,
    without: str = "",
) -> tuple[str, dict[str, list[str]]]:
    """What a volume is converted to, unless it was before, and characters without a glyph by place.

    These are the ones in `without`: each becomes its code, `[U+6F22]`.
    Raises CompanionError for what the filter refuses and for whatever pandoc warns of.
    """
    cites = bool(volume.book.bibliography and CITES.search(volume.markdown))
    options = _options(to, volume.book, volume.work, template, variables or {}, cites)
    options["metadata"]["companion-settings"] |= {"volume": volume.name, "without": without}
    book = volume.book
    read = [
        *([template] if template else []),
        *book.bibliography,
        *([book.csl] if book.csl else []),
    ]
    made_from = {
        "markdown": volume.markdown,
        "options": json.dumps(options).replace(str(volume.work), ""),
        "outputs": volume.outputs_named(volume.markdown),
        "files": list(map(file_digest, read)),
    }
    text, found = volume.cache.once(KIND, made_from, lambda: _converted(volume, to, options))
    return text, {each["place"]: each["characters"] for each in found}


def tried(
    book: Book, chapters: Sequence[str], work: Path, to: str, cache: Cache
) -> tuple[list[Refusal], list[str]]:
    """All that a render would refuse of a book's chapters, as one volume, and what is known there.

    That are labels of sections, tables and figures, and keys of references. Outputs are in the
    folder `outputs` of `work`.
    """
    text = "\n".join(chapters)
    options = _options(to, book, work, None, {}, bool(book.bibliography and CITES.search(text)))
    options |= {"from": READER, "filters": [str(PARSE), *options["filters"]]}
    options["metadata"]["format"] = to
    options["metadata"]["companion-settings"]["tried"] = "yes"
    read = [*book.bibliography, *filter(None, [book.csl]), *sorted((work / "outputs").iterdir())]
    made_from = {
        "text": text,
        "options": json.dumps(options).replace(str(work), ""),
        "files": list(map(file_digest, read)),
    }

    def try_out() -> tuple[list[Refusal], list[str]]:
        finished = _finished(work, to, options, text)
        refused, known = _refusals(finished.stderr)
        said = KNOWN.sub("", finished.stderr).strip()
        if not refused and said.startswith("[WARNING]"):
            error, name = _warned(said, text), BOX if "Div unclosed" in said else ""
            refused = [{"what": error.what, "place": error.where or "", "name": name}]
        if not refused:
            check(finished)
        return refused, known

    return cache.once(TRIED, made_from, try_out)


def error_of(refusal: Refusal) -> CompanionError:
    """A refusal as an error."""
    place, hint = refusal["place"] or None, refusal.get("hint") or None
    return CompanionError(refusal["what"], where=place, hint=hint)


def _converted(volume: Volume, to: str, options: dict[str, Any]) -> tuple[str, list[Any]]:
    """What pandoc gives, and what the filter tells of missing glyphs."""
    chapters = _read(volume, to, options["metadata"]["companion-settings"])
    blocks = [block for chapter in chapters for block in chapter["blocks"]]
    document = json.dumps({**chapters[0], "blocks": blocks})
    finished = _run(volume, f"{volume.stem}-{to}", options, document)
    return finished.stdout, list(map(json.loads, MISSING.findall(finished.stderr)))


def _read(volume: Volume, to: str, settings: Mapping[str, Any]) -> list[Document]:
    """What pandoc reads in the chapters; those that were read before are in the cache."""
    is_whole = SHARED.search(volume.markdown)
    parts = [volume.markdown] if is_whole else list(volume.chapters)
    made_from = [
        {"markdown": text, "to": to, "volume": volume.name, "outputs": volume.outputs_named(text)}
        for text in parts
    ]
    kept = [volume.cache.find(READ, each) for each in made_from]
    read: dict[int, Document] = {at: json.loads(each) for at, each in enumerate(kept) if each}
    new = [at for at in range(len(parts)) if at not in read]
    if new:
        options = {
            "from": READER,
            "to": "json",
            "filters": [str(PARSE)],
            "sandbox": True,
            "metadata": {"companion-settings": settings, "format": to},
            "fail-if-warnings": True,
        }
        text = "\n".join(parts[at] for at in new)
        done = read_json(_run(volume, f"{volume.stem}-{to}-read", options, text).stdout)
        for at, blocks in zip(new, _split(done["blocks"], len(new)), strict=True):
            read[at] = {**done, "meta": {}, "blocks": blocks}
            volume.cache.keep(READ, made_from[at], json.dumps(read[at]).encode())
    return [read[at] for at in range(len(parts))]


def read_json(text: str) -> Document:
    """A document of pandoc's, in which words and the spaces between them are one element.

    Next to a citation they stay apart, since citeproc moves the marks and spaces there. Raises
    CompanionError for elements that lie so deep in others that Python cannot read them.
    """
    try:
        document: Document = json.loads(text, object_hook=_element)
    except RecursionError:
        what, hint = "elements lie too deep in others", "take some of those around them away"
        raise CompanionError(what, where=_place_of_deepest(text), hint=hint) from None
    return document


def _place_of_deepest(text: str) -> str | None:
    """The cell of the deepest brackets; each cell's blocks follow one that names it."""
    place, level, found, deepest = "", 0, "", 0
    for before, token in pairwise(TOKEN.findall(text)):
        place = json.loads(token) if before == f'"{PLACE}"' else place
        level += (token in "[{") - (token in "]}")
        if level > deepest:
            found, deepest = place, level
    return found or None


def _element(fields: dict[str, Any]) -> dict[str, Any]:
    if "c" in fields and fields["t"] != "Cite":
        fields["c"] = _joined(fields["c"])
    return fields


def _joined(part: Any) -> Any:
    """A list, and the lists in it, with each run of words as one; elements in it are done."""
    if not isinstance(part, list):
        return part
    joined: list[Any] = []
    is_cited = any(isinstance(each, dict) and each.get("t") == "Cite" for each in part)
    for are_words, some in groupby(part, _is_word):
        if are_words and not is_cited:
            joined.append({"t": "Str", "c": "".join(each.get("c", " ") for each in some)})
        else:
            joined.extend(map(_joined, some))
    return joined


def _is_word(part: Any) -> bool:
    return isinstance(part, dict) and part.get("t") in WORDS


def _split(blocks: list[Any], number: int) -> list[list[Any]]:
    """The blocks of each chapter, all of which begin with their marker."""
    if number == 1:
        return [blocks]
    starts = [
        at for at, each in enumerate(blocks) if each["t"] == "RawBlock" and each["c"][0] == CHAPTER
    ]
    ends = [*starts[1:], len(blocks)]
    return [blocks[start:end] for start, end in zip(starts, ends, strict=True)]


def _finished(work: Path, name: str, options: Mapping[str, Any], text: str) -> Finished:
    defaults = work / f"pandoc-{name}.json"
    defaults.write_text(json.dumps(options), encoding="utf-8")
    command = [str(pandoc_path()), *ROOM, "--defaults", str(defaults)]
    return run(command, cwd=work, stdin=text)


def _refusals(stderr: str) -> tuple[list[Refusal], list[str]]:
    """What the filter refuses, and the names that it knows instead."""
    found = KNOWN.search(stderr)
    known: list[str] = json.loads(found[1]) if found else []
    refused: list[Refusal] = list(map(json.loads, REFUSED.findall(stderr)))
    for each in refused:
        each["hint"] = did_you_mean(each.get("name", "").lstrip("@#"), known)
    return refused, known


def _run(volume: Volume, name: str, options: Mapping[str, Any], text: str) -> Finished:
    """One run of pandoc. Raises CompanionError for what it refuses or warns of."""
    finished = _finished(volume.work, name, options, text)
    for refusal in _refusals(finished.stderr)[0]:
        raise error_of(refusal)
    said = MISSING.sub("", finished.stderr).strip()
    if said.startswith("[WARNING]"):
        raise _warned(said, text)
    return check(finished)


def pandoc_path() -> Path:
    """The pandoc of the `pypandoc-binary` wheel, never another on the machine."""
    try:
        return Path(str(distribution("pypandoc-binary").locate_file("pypandoc/files/pandoc")))
    except PackageNotFoundError:
        hint = "install the wheel 'pypandoc-binary'"
        raise CompanionError("pandoc is not installed", hint=hint) from None


def _warned(said: str, markdown: str) -> CompanionError:
    """What pandoc warns of, with the cell in whose lines it is."""
    line = LINE.search(said)
    before = markdown.split("\n")[: int(line.group(1))] if line else []
    marks = [at for at, text in enumerate(before[:-1]) if text == PLACE_FENCE]
    where = before[marks[-1] + 1] if marks else None
    said = said.removesuffix("Failing because there were warnings.")
    what = LINE.sub("", said.replace("[WARNING] ", "")).split("\n[")[0]
    if what.startswith("Div unclosed"):
        what = "“:::” opens a block, and no “:::” on a line of its own closes it"
    return CompanionError(" ".join(what.split()), where=where)


def _options(
    to: str,
    book: Book,
    work: Path,
    template: Path | None,
    variables: Mapping[str, str],
    cites: bool,
) -> dict[str, Any]:
    settings = {
        "lang": book.lang.split("-")[0],
        "number-sections": "yes" if book.number_sections else "no",
        "toc-depth": str(book.toc_depth),
        "outputs": str(work / "outputs"),
        "files": {name or "report": f"{STEMS[name]}.html" for name in book.volumes},
    }
    options: dict[str, Any] = {
        "from": "json",
        "to": to,
        "wrap": "none",
        "filters": [str(FILTER), *(["citeproc"] if cites else []), str(FINISH)],
        "sandbox": True,
        "metadata": {
            "companion-settings": settings,
            "lang": book.lang,
            "link-citations": True,
            "suppress-bibliography": False,
        },
        "fail-if-warnings": True,
        "standalone": template is not None,
        "syntax-highlighting": "none",
        "variables": dict(variables),
    }
    if template is not None:
        options["template"] = str(template)
        options["metadata"]["pagetitle"] = book.title
    if book.bibliography:
        options["bibliography"] = [str(path) for path in book.bibliography]
    if book.csl is not None:
        options["csl"] = str(book.csl)
    return options
