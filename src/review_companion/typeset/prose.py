"""Markdown of cells as pandoc is to read it: inline values filled in, footnotes kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..notebooks.inline import INLINE, text_of
from ..notebooks.notebook_files import CellPlace
from ..package.files import merge_marker_line
from ..text import escape_markdown, unprintable

FOOTNOTE = re.compile(r"((?<!\\)(?:\\\\)*)\[\^([^\]\s]+)\]")
DEFINED = re.compile(r"[ \t>]*\[\^([^\]\s]+)\]:")
SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<file>[^)\s]+)\)\s*")  # alone on its line
FENCE = re.compile(r"^\s*(`{3,}(?=[^`]*$)|~{3,})(.*)$")
MATH = re.compile(r"\s*(\$\$?|\\\(|\\\[)(.*?)(\$\$?|\\\)|\\\])\s*", re.DOTALL)
CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
UNREAD = re.compile(
    r"\{\s*python(\s[^{}\n]*)?\}", re.IGNORECASE
)  # in text: code that nothing computes
UNREAD_SPAN = re.compile(
    r"`\s*(\{\s*(python|r)\s*\}\s*[^\s`]|\{\s*python\s+[^\s}]|((python|r)\s+)?(v|review)\b\s*[.(]).*`",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\\.|[\[\]]")  # an escaped one is none
APART = re.compile(r"\s*([-+*>|]|\d+[.)])\s|\s*$")  # a line that pandoc reads apart from the last
TABLE_RULE = re.compile(r"\s*\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?)?\s*")  # under the head of a pipe table
# Where a | ends no cell: after a backslash, and in what pandoc reads as a formula.
WITHIN_CELL = re.compile(r"\\.|\$(?=\S)[^$]*(?<=\S)\$(?!\d)")
# pandoc takes it for the address of a link, spaces and all, and shows nothing
LABELLED = re.compile(r"[ >]*(\[(?!\^)[^\]]+\]):[ \t]*(?!<)\S+[ \t]+(?![\"'(])\S.*")
START = re.compile(r"[ >]*(\Z|#|:::|```|~~~|\[[^\]]+\]:)")  # of a line that ends a paragraph
MOST_OPEN = 20  # each doubles the time that pandoc takes: for these, a minute
OWN_MARK = re.compile(r"\{\s*=\s*companion-")  # names an output; this program alone writes it
INLINE_HINT = 'between a pair of backticks on one line: `{python} v("name")`'


def require_printable(text: str, place: CellPlace) -> None:
    """Raises CompanionError for a character that no file of a report may hold."""
    for number, line in enumerate(text.split("\n"), 1):
        found = unprintable(line)
        if found:
            raise place.error(f"the character {found} cannot be shown", number, "take it out")


@dataclass
class Footnotes:
    """The footnotes of one chapter: another one may use the same names."""

    chapter: int
    used: dict[str, CellPlace] = field(default_factory=dict)
    defined: dict[str, CellPlace] = field(default_factory=dict)

    def apart(self, text: str) -> str:
        """A piece of Markdown without code, its footnotes named for this chapter."""
        return FOOTNOTE.sub(rf"\1[^{self.chapter}-\2]", text)

    def note(self, line: str, place: CellPlace) -> None:
        """Remembers what a line without code defines and uses."""
        start = 0
        definition = DEFINED.match(line)
        if definition:
            start, name = definition.end(), definition.group(1)
            if name in self.defined:
                what = f"the footnote [^{name}] is defined twice, first in {self.defined[name]}"
                raise place.error(what, hint="give one of them another name")
            self.defined[name] = place
        for found in FOOTNOTE.finditer(line, start):
            self.used.setdefault(found.group(2), place)

    def require_whole(self) -> None:
        """Raises CompanionError for a footnote that is used and not defined, or the reverse."""
        for name, place in self.used.items():
            if name not in self.defined:
                hint = rf"write `[^{name}]: …` in a line of its own, or \[^{name}] for the text"
                raise place.error(f"the footnote [^{name}] is not defined", hint=hint)
        for name, place in self.defined.items():
            if name not in self.used:
                raise place.error(f"nothing refers to the footnote [^{name}]")


def prose(
    text: str,
    notes: Footnotes,
    place: CellPlace,
    results: Iterable[Mapping[str, Any]] = (),
    picture: Callable[[str, str, CellPlace], str] | None = None,
) -> str:
    """The Markdown of a cell for pandoc; code in it stays as it is, a fence ends with its cell.

    `results` are those of the inline expressions in order, as the executor stored them; `picture`
    gives what takes the place of a line that is a picture, of its text, file and place.
    Raises CompanionError with notebook, cell and line for what is not supported.
    """
    require_printable(text, place)
    if text.lstrip().startswith("#|"):
        raise place.error("options of a code cell in a Markdown cell", hint="make it a code cell")
    if row := merge_marker_line(text):
        raise place.error("left over from a merge", row, "keep one of the two versions")
    stored = iter(results)
    lines: list[str] = []
    pictures: dict[int, str] = {}
    fence, unclosed, columns = "", 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        here = CellPlace(place.source, place.cell, number)
        above, columns = columns, 0
        opening = FENCE.match(line)
        found = PICTURE.fullmatch(line) if picture and not fence else None
        if opening and not fence:
            _refuse_executable(opening.group(2), here)
            fence = opening.group(1)
        elif opening and opening.group(1).startswith(fence) and not opening.group(2).strip():
            fence = ""
        elif picture and found and "://" not in found["file"]:
            pictures[len(lines)] = f"\n{picture(found['alt'], found['file'], here)}\n"
            line = ""
        elif not fence:
            unclosed = _unclosed(line, 0 if APART.match(line) else unclosed, here)
            columns = _columns(line, above, here)
            _require_shown(line, lines[-1:], here)
            line = _line(line, stored, notes, here)
        lines.append(line)
    whole = "\n".join(lines)
    if mark := OWN_MARK.search(whole):
        row = whole.count("\n", 0, mark.start()) + 1
        raise place.error("“companion-…” is a mark of the program's own", row, "take it out")
    shown = [pictures.get(index, line) for index, line in enumerate(lines)]
    return "\n".join([*shown, fence] if fence else shown)


def _unclosed(line: str, before: int, place: CellPlace) -> int:
    """The brackets that are open at the end of a line. Raises CompanionError for very many."""
    for mark in BRACKET.findall(CODE_SPAN.sub("", line)):
        before = max(0, before + (mark == "[") - (mark == "]"))
        if before > MOST_OPEN:
            what = f"over {MOST_OPEN} “[” are open, and pandoc would not end"
            raise place.error(what, hint=r"close them, or write \[ for the sign")
    return before


def _columns(line: str, before: int, place: CellPlace) -> int:
    """The columns of the pipe table that goes on after this line; 0 where none does.

    Raises CompanionError for a row of more cells, of which pandoc would leave the last ones out.
    """
    bare = WITHIN_CELL.sub("", CODE_SPAN.sub("", line)).strip()
    cells = bare.removeprefix("|").removesuffix("|").count("|") + 1
    if TABLE_RULE.fullmatch(line):
        return cells
    if "|" not in bare:
        return 0
    if 0 < before < cells:
        what = f"this row of a table has {cells} cells, and its head {before}"
        raise place.error(what, hint=r"take the last out, or write \| for the sign")
    return before


def _require_shown(line: str, before: list[str], place: CellPlace) -> None:
    """Raises CompanionError for a paragraph that begins with `[label]:`."""
    found = LABELLED.fullmatch(line)
    if found and all(map(START.match, before)):
        what = f"“{found[1]}: …” is read as the address of a link, and would not be shown"
        raise place.error(what, hint=rf"write \{found[1]}: … for the text")


def _refuse_executable(info: str, place: CellPlace) -> None:
    info = info.strip()
    if info.startswith("{=") or re.match(r"\{\w", info):
        what = "raw markup" if info.startswith("{=") else "an executable block in prose"
        raise place.error(f"{what} ('{info}') is not supported", hint="use a code cell")


def _line(line: str, results: Iterator[Any], notes: Footnotes, place: CellPlace) -> str:
    bare = CODE_SPAN.sub(lambda span: " " * len(span.group()), line)
    shortcode = SHORTCODE.search(bare)
    if shortcode:
        raise place.error(f"the shortcode {shortcode.group()} is not supported")
    if found := UNREAD.search(bare):
        raise place.error(f"{found.group()} would be shown as it is written", hint=INLINE_HINT)
    notes.note(bare, place)
    pieces: list[str] = []
    last = 0
    for span in CODE_SPAN.finditer(line):
        pieces.append(notes.apart(line[last : span.start()]))
        value = INLINE.fullmatch(span.group())
        if value is None and UNREAD_SPAN.fullmatch(span.group()):
            raise place.error(f"{span.group()} would be shown as it is written", hint=INLINE_HINT)
        pieces.append(_value(value.group(1).strip(), results, place) if value else span.group())
        last = span.end()
    return "".join([*pieces, notes.apart(line[last:])])


def _value(expression: str, results: Iterator[Any], place: CellPlace) -> str:
    entry: dict[str, Any] = next(results, {})
    result = entry.get("result", {})
    if entry.get("expression", "").strip() != expression or result.get("status") != "ok":
        said = result.get("evalue") or "no value was stored when the notebook was executed"
        raise place.error(f"`{{python}} {expression}`: {said}")
    data: dict[str, str] = result["data"]
    if "text/markdown" in data:
        require_printable(data["text/markdown"], place)
        return data["text/markdown"]
    if "text/latex" in data:
        return f"${formula(data['text/latex'], place)}$"
    plain = text_of(data.get("text/plain", ""))
    if "text/html" in data or "\n" in plain.strip():
        what = f"`{{python}} {expression}` gives more than a text"
        raise place.error(what, hint="show it by a code cell")
    require_printable(plain, place)
    return escape_markdown(plain)


def formula(text: str, place: CellPlace) -> str:
    """The one formula that an output in TeX is, without its delimiters, on one line."""
    found = MATH.fullmatch(text)
    inner = found.group(2).replace(r"\displaystyle", "").strip() if found else ""
    if not inner or "$" in inner:
        raise place.error("an output in TeX that is not one formula is not supported")
    return " ".join(inner.split())
