"""Whatever a text is made of, page and PDF show that text: not markup, not something else.

2,000 random texts go into cells of tables, captions, headings, notes, inline values and code; a
run takes some hundred of them (`TEXTS=2000` in the environment takes all).
"""

from __future__ import annotations

import html
import os
import random
import re
import string
import unicodedata
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from tests.typeset.fixtures import code, display, markdown, new_output
from tests.typeset.test_kinds_of_output import render

from review_companion.text import escape_markdown

pytestmark = pytest.mark.integration

NUMBER = int(os.environ.get("TEXTS", "240"))
LETTERS = "abcdefghijkmnopqrstuvwxyz0123456789"
OTHERS = "äßéñøŁžΑλЖя§€±×÷≤≥−–—…‘’“”«»°µ½²†‡•→∞≈Ωℓ"
KINDS = ("cell", "caption", "heading", "note", "inline", "code")
TAGS = re.compile(r"<[^>]*>")


def texts() -> list[str]:
    """Each mark of punctuation at the start, in the middle and at the end, and at random."""
    chance = random.Random(1)

    def word() -> str:
        return "".join(chance.choices(LETTERS, k=chance.randint(1, 4)))

    def some() -> str:
        return "".join(chance.choices(string.punctuation + OTHERS + " ", k=chance.randint(1, 5)))

    made = []
    for mark in string.punctuation:
        made += [f"{mark} {word()}", f"{mark}{word()}", f"{word()}{mark}{word()}"]
        made += [f"{word()} {mark} {word()}", f"{word()}{mark}", f"{mark}{mark}{mark} {word()}"]
    made += ["1. x", "1) x", "-- x", "--- x", "... x", "=== x", "://x", "T-DM1", "IL-6", "&amp; x"]
    while len(made) < 2000:
        made.append(f"{some()}{word()}{some()}{word()}{some()}")
    chance.shuffle(made)
    return [" ".join(text.split()) for text in made[:NUMBER]]


def cells(number: int, kind: str, text: str) -> list[Any]:
    """A text between two marks, in the place of its kind."""
    shown = f"{text} z{number}z"
    if kind == "cell":
        table = f"<table><tbody><tr><td>{html.escape(shown)}</td></tr></tbody></table>"
        return [code("1", display("text/html", table))]
    if kind == "caption":
        caption = escape_markdown(shown).replace("'", "''")
        return [code(f"#| tbl-cap: '{caption}'\n1", display("text/html", "<p>x</p>"))]
    if kind == "heading":
        return [markdown(f"## {escape_markdown(shown)} {{#sec-h{number}}}")]
    if kind == "note":
        return [markdown(f"N[^n{number}].\n\n[^n{number}]: {escape_markdown(shown)}")]
    if kind == "code":
        return [code("1", new_output("stream", name="stdout", text=shown))]
    cell = markdown("`{python} x`", ("x", ""))
    cell.metadata["user_expressions"][0]["result"]["data"] = {"text/plain": repr(shown)}
    return [cell]


def bare(text: str) -> str:
    """Text without white space and breaks, which typesetting adds and takes."""
    return re.sub(r"[\s\u200b\u00ad\u2011\ufffe\x02]", "", unicodedata.normalize("NFKC", text))


def shown_in(pdf: Path) -> tuple[str, str]:
    """The text of a PDF; a hyphen at the end of a line is its own or typesetting's: both ways."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    return bare(text), bare(re.sub("[\ufffe\x02]", "-", text))


def test_a_text_comes_back_as_it_went_in(tmp_path: Path) -> None:
    mine = list(enumerate(texts()))
    book = [cell for n, text in mine for cell in cells(n, KINDS[n % len(KINDS)], text)]
    done = render(tmp_path, *book, formats=("html", "pdf"))
    assert done.notes == ()
    body = done.html.read_text("utf-8")
    page = bare(html.unescape(TAGS.sub("", body[body.index("<main") :])))
    paper = shown_in(done.pdf)
    wanted = [bare(f"{text} z{number}z") for number, text in mine]
    assert [text for text in wanted if text not in page] == []
    assert [text for text in wanted if not any(text in way for way in paper)] == []
