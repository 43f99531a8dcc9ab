"""The page: one self-contained HTML file."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable
from pathlib import Path

from ..evidence.page_data import pack_text
from .config import Book
from .metadata import Metadata
from .pandoc import Volume, convert

POLICY = (
    "default-src 'none'; style-src '{style}'; img-src data:; font-src data:; script-src '{script}';"
    " base-uri 'none'; form-action 'none'"
)

SHEETS = ("typeface.css", "colours.css", "companion.css", "cards.css", "choices.css")
# The last one needs the others done.
SCRIPTS = ("dom.js", "tables.js", "choices.js", "cards.js", "companion.js")

BETWEEN_CELLS = re.compile(r"(</t[dh]>|<tr>|<thead>|<tbody>)\n(?=<t[dh]|<tr>|</tr>)")
INDENT = re.compile(r"^ +", re.MULTILINE)
DRAWINGS = "companion-drawings"
PHONE_DRAWING = re.compile(r"<!--phone-->(.*?)<!--/phone-->", re.DOTALL)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
CODES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
COMMENT = re.compile(r"^/\*.*?\*/\n", re.MULTILINE | re.DOTALL)


def write_page(volume: Volume, out: Path) -> None:
    """Write a volume's page with styles, script and payloads inside it.

    In ASCII, other characters by their codes: a browser reads it in half the time.
    """
    book, metadata = volume.book, volume.metadata
    variables = _variables(book, metadata)
    text, _ = convert(volume, "html5", book.style_file("template.html"), variables)
    text = _without_phone_drawings(BETWEEN_CELLS.sub(r"\1", text))
    out.write_bytes(text.encode("ascii", "xmlcharrefreplace"))


def _without_phone_drawings(text: str) -> str:
    """With the drawings for a phone packed: the script puts them in where the window is narrow."""
    drawings = PHONE_DRAWING.findall(text)
    if not drawings:
        return text
    before, end, after = PHONE_DRAWING.sub("", text).rpartition("</body>")
    return before + payload_element(DRAWINGS, pack_text(json.dumps(drawings))) + "\n" + end + after


def _variables(book: Book, metadata: Metadata) -> dict[str, str]:
    """What the template is given: facts as text, and parts of the page as they are."""
    style = _style_files(book, SHEETS, "css")
    style = NOT_ASCII.sub(lambda found: f"\\{ord(found.group()):x} ", style)
    script = _ascii_script(_style_files(book, SCRIPTS, "js"))
    facts = {
        **metadata.facts(book),
        "authors": ", ".join(book.authors),
        "synonyms": "|".join(map(str, book.companion.get("synonyms", ()))),
    }
    parts = {
        "style": style,
        "script": script,
        "policy": POLICY.format(style=source_hash(style), script=source_hash(script)),
        "payloads": "\n".join(payload_element(p.id, p.json) for p in metadata.payloads),
    }
    known = {name: html.escape(fact) for name, fact in facts.items()} | parts
    return {name: text for name, text in known.items() if text}


def source_hash(text: str) -> str:
    """The source expression by which a policy admits one inline script or style sheet."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def payload_element(name: str, text: str) -> str:
    """JSON inside the page; no character of it can end the element or open another."""
    safe = _ascii_script(text).translate(CODES)
    return f'<script type="application/json" id="{html.escape(name)}">{safe}</script>'


def _ascii_script(text: str) -> str:
    """A script or JSON whose strings say the same by codes."""
    return NOT_ASCII.sub(lambda found: json.dumps(found.group())[1:-1], text)


def _style_files(book: Book, names: Iterable[str], suffix: str) -> str:
    """The report's, then those of the edition's own look, without comments and indents."""
    paths = [*map(book.style_file, names), *book.looks(suffix)]
    bare = (INDENT.sub("", path.read_text(encoding="utf-8")) for path in paths)
    return "\n".join(COMMENT.sub("", text).strip() for text in bare)
