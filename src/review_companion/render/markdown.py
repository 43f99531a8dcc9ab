"""Executed notebooks → one pandoc Markdown text for the whole book.

pandoc never reads a notebook: it would parse each cell by itself and escape what belongs to the
book. Cell outputs become files, named in raw fences of our own (`companion-html`,
`companion-image`), which `filter.lua` reads; `companion-place` tells it where it is. An output
with trace lists goes into the page unparsed (`companion-verbatim`), and its lists into the PDF
(`companion-lists`).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review_companion.errors import CompanionError
from review_companion.render.cells import Options, Place, read_options
from review_companion.render.config import Book, Chapter
from review_companion.render.images import write_svg

INLINE = re.compile(r"`\{python\}\s+([^`]+)`")
FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
FENCE = re.compile(r"^\s*(`{3,}|~{3,})(.*)$")
CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
LISTS = "application/vnd.companion.trace-lists+json"
PREFERRED = ("text/markdown", "image/svg+xml", "image/png", "text/html", "text/plain")

Cell = Mapping[str, Any]


@dataclass(frozen=True)
class Assembly:
    """One chapter on its way to Markdown: its place in the book and where outputs go."""

    book: Book
    chapter: Chapter
    number: int
    outputs: Path


def assemble(book: Book, executed: Mapping[str, Path], outputs: Path) -> str:
    """The whole book as Markdown; images and HTML go into the folder `outputs`.

    `executed` maps each notebook of the book to its executed copy. Raises CompanionError with
    notebook, cell and line for what the embedded engine does not support.
    """
    parts: list[str] = []
    for number, chapter in enumerate(book.chapters, 1):
        work = Assembly(book, chapter, number, outputs)
        marker = {
            "source": chapter.source,
            "part": chapter.part,
            "appendix": chapter.appendix,
            "volume": chapter.volume,
        }
        parts.append(raw("companion-chapter", json.dumps(marker)))
        parts += _chapter(work, executed)
    return "\n\n".join(parts) + "\n"


def raw(kind: str, text: str) -> str:
    """A raw fence longer than any run of backticks within the text."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{={kind}}}\n{text}\n{fence}"


def escape(text: str) -> str:
    """Text whose every punctuation character pandoc takes literally."""
    return PUNCTUATION.sub(r"\\\1", text)


def _chapter(work: Assembly, executed: Mapping[str, Path]) -> Iterator[str]:
    source = work.chapter.source
    if not work.chapter.is_notebook:
        text = (work.book.root / source).read_text(encoding="utf-8")
        yield _place(Place(source))
        yield _prose(_without_front_matter(text, source), {}, work, Place(source))
        return
    if source not in executed:
        raise CompanionError("the notebook was not executed", where=source)
    for number, cell in enumerate(_read_cells(executed[source], source), 1):
        place = Place(source, number)
        text = "".join(cell.get("source", ""))
        if cell["cell_type"] == "markdown" and text.strip():
            yield _place(place)
            yield _prose(text, cell.get("metadata", {}), work, place)
        elif cell["cell_type"] == "code":
            yield from _code(text, cell, work, place)
        elif cell["cell_type"] == "raw":
            raise place.error("raw cells are not supported")


def _read_cells(path: Path, source: str) -> list[Cell]:
    try:
        cells: list[Cell] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError) as problem:
        raise CompanionError(f"not a readable notebook ({problem})", where=source) from None
    return cells


def _without_front_matter(text: str, source: str) -> str:
    if re.match(r"---\s*\n", text):
        hint = "begin the chapter with its heading, `# Title {#sec-…}`"
        raise CompanionError("front matter is not supported", where=f"{source}, line 1", hint=hint)
    return text


def _place(place: Place) -> str:
    return raw("companion-place", str(place))


def _prose(text: str, metadata: Mapping[str, Any], work: Assembly, place: Place) -> str:
    results = iter(metadata.get("user_expressions", []))
    lines: list[str] = []
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        here = Place(place.source, place.cell, number)
        opening = FENCE.match(line)
        if opening and not fence:
            _refuse_executable(opening.group(2), here)
            fence = opening.group(1)
        elif opening and opening.group(1).startswith(fence) and not opening.group(2).strip():
            fence = ""
        elif not fence:
            line = _line(line, results, work.number, here)
        lines.append(line)
    return "\n".join(lines)


def _refuse_executable(info: str, place: Place) -> None:
    info = info.strip()
    if info.startswith("{=") or re.match(r"\{\w", info):
        what = "raw markup" if info.startswith("{=") else "an executable block in prose"
        raise place.error(f"{what} ('{info}') is not supported", hint="use a code cell")


def _line(line: str, results: Iterator[Any], chapter: int, place: Place) -> str:
    line = INLINE.sub(lambda m: _inline_value(m.group(1).strip(), results, place), line)
    pieces: list[str] = []
    last = 0
    for span in CODE_SPAN.finditer(line):
        pieces += [_plain(line[last : span.start()], chapter, place), span.group()]
        last = span.end()
    return "".join([*pieces, _plain(line[last:], chapter, place)])


def _plain(text: str, chapter: int, place: Place) -> str:
    found = SHORTCODE.search(text)
    if found:
        raise place.error(f"the shortcode {found.group()} is not supported")
    return FOOTNOTE.sub(rf"[^{chapter}-\1]", text)


def _inline_value(expression: str, results: Iterator[Any], place: Place) -> str:
    entry: dict[str, Any] = next(results, {})
    result = entry.get("result", {})
    if entry.get("expression", "").strip() != expression or result.get("status") != "ok":
        said = result.get("evalue") or "no value was stored when the notebook was executed"
        raise place.error(f"`{{python}} {expression}`: {said}")
    data = result["data"]
    if "text/markdown" in data:
        return "".join(data["text/markdown"])
    plain = "".join(data.get("text/plain", ""))
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"":
        plain = plain[1:-1]
    return escape(plain)


def _code(text: str, cell: Cell, work: Assembly, place: Place) -> Iterator[str]:
    options = read_options(text, place, echo=work.book.echo, warning=work.book.warning)
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            raise place.error(f"{output.get('ename')}: {output.get('evalue')}")
    if not options.include:
        return
    outputs = list(_outputs(cell, options, work, place)) if options.output else []
    shown = [_fence(options.code, ".python")] if options.echo and options.code.strip() else []
    if options.float_kind and not outputs:
        raise place.error(f"'{options.label}' has no output to show")
    if shown or outputs:
        yield _place(place)
        yield from shown
        yield from _cell_div(outputs, options) if outputs else ()


def _fence(text: str, attributes: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence} {{{attributes}}}\n{text}\n{fence}"


def _cell_div(outputs: list[str], options: Options) -> Iterator[str]:
    if options.output == "asis" and not options.label and not options.classes:
        yield from outputs
        return
    attributes = [f"#{options.label}"] if options.label else []
    attributes += [".cell", *(f".{name}" for name in options.classes)]
    if options.widths:
        attributes.append(f'widths="{" ".join(f"{width:.4f}" for width in options.widths)}"')
    yield f"::::::::: {{{' '.join(attributes)}}}"
    yield from outputs
    if options.float_kind:
        yield f"[]{{.float-caption}}{options.caption}"
    yield ":::::::::"


def _outputs(cell: Cell, options: Options, work: Assembly, place: Place) -> Iterator[str]:
    for number, output in enumerate(cell.get("outputs", []), 1):
        if output["output_type"] == "stream":
            text = "".join(output["text"]).rstrip("\n")
            if output["name"] == "stdout" or options.warning:
                asis = options.output == "asis"
                yield text if asis else _fence(text, f".cell-output .{output['name']}")
            continue
        stem = options.label or f"chapter-{work.number}-cell-{place.cell}"
        stem = stem if number == 1 else f"{stem}-{number}"
        yield _bundle(output["data"], options, work.outputs / stem, place)


def _bundle(data: Mapping[str, Any], options: Options, stem: Path, place: Place) -> str:
    if LISTS in data:
        lists = stem.with_suffix(".json")
        lists.write_text(json.dumps(data[LISTS], ensure_ascii=False), encoding="utf-8")
        page = _html("companion-verbatim", "".join(data["text/html"]), stem)
        return f"{page}\n\n{raw('companion-lists', lists.name)}"
    kind = next((kind for kind in PREFERRED if kind in data), None)
    if kind is None:
        raise place.error(f"an output of kind {', '.join(sorted(data))} is not supported")
    text = "".join(data[kind])
    if kind == "text/markdown":
        return text
    if kind == "text/html":
        return _html("companion-html", text, stem)
    if kind == "text/plain":
        return _fence(text, ".cell-output")
    return _image(kind, text, options, stem, place)


def _html(kind: str, text: str, stem: Path) -> str:
    path = stem.with_suffix(".html")
    path.write_text(text, encoding="utf-8")
    return raw(kind, path.name)


def _image(kind: str, text: str, options: Options, stem: Path, place: Place) -> str:
    if not options.alt:
        raise place.error("an image needs the option 'fig-alt'")
    marker = {"file": f"{stem.name}.svg", "alt": options.alt}
    if kind == "image/svg+xml":
        write_svg(text, stem.with_suffix(".svg"))
    else:
        encoded = "".join(text.split())
        stem.with_suffix(".png").write_bytes(base64.b64decode(encoded))
        marker |= {"file": f"{stem.name}.png", "data": encoded}
    return raw("companion-image", json.dumps(marker))
