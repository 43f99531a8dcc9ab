"""The sentences of a page or of notebooks, and which sentences of two versions correspond."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from operator import attrgetter

from ..errors import CompanionError
from ..evidence.rendered_page import Page
from ..notebooks.inline import INLINE
from ..notebooks.notebook_files import read_notebook
from ..review import Review
from ..sentences import without_traces
from ..typeset.config import read_book

SILENT = frozenset("script style template table nav svg header footer dialog .traces".split())
FEWEST_WORDS = 3
_ESCAPE = re.compile(r"\\(\W)")
_ATTRIBUTES = re.compile(r"\{[#.][^}]*\}|<!--.*?-->", re.DOTALL)
LIKE = 0.5
MOST_PAIRED = 60
Pair = tuple[str | None, str | None]
_END = re.compile(r"(?<=[.!?…])\s+(?=[A-Z0-9“‘(])")


def sentences_of(page: Page) -> tuple[str, ...]:
    """The sentences in `<main>` (or in the body, where there is none), in reading order.

    The audit appendix is left out: it repeats what numbers and verdicts say.
    """
    main = set() if page.root.find(".//main") is None else {"main"}
    read = [text for text in page.texts(without=SILENT) if main <= text.around]
    blocks = ("".join(text.text for text in part) for _, part in groupby(read, attrgetter("block")))
    found = (s for block in blocks for s in split(block))
    return tuple(s for s in found if len(s.split()) >= FEWEST_WORDS)


def split(text: str) -> list[str]:
    """A paragraph's sentences, white space made single."""
    return [s for s in _END.split(" ".join(text.split())) if s]


def source_sentences(review: Review) -> Iterator[str]:
    """The sentences of the notebooks, with the present values in them."""
    book = read_book(review.root)
    for name in book.notebooks:
        for cell in read_notebook(review.root / name)["cells"]:
            if cell["cell_type"] == "markdown":
                yield from _prose(cell["source"], review)


def _prose(source: str, review: Review) -> Iterator[str]:
    text = INLINE.sub(lambda found: _value(found[1].strip(), review), source)
    shown = _ATTRIBUTES.sub("", _ESCAPE.sub(r"\1", without_traces(text)))
    for paragraph in re.split(r"\n\s*\n", shown):
        yield from split(paragraph)


def _value(code: str, review: Review) -> str:
    """What `v("name")` or `review.text("name")` shows; anything else stays as it is written."""
    try:
        call = ast.parse(code, mode="eval").body
    except SyntaxError:
        return f"({code})"
    match call:
        case ast.Call(
            func=ast.Name(id=method) | ast.Attribute(attr=method),
            args=[ast.Constant(value=str(name))],
            keywords=[],
        ) if method in ("v", "text"):
            try:
                return str(getattr(review, method)(name))
            except CompanionError:
                return f"({name} is not known)"
    return f"({code})"


def paired(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Pair]:
    """Sentences that only one version has; a new one is paired with the old one most like it."""
    gone = list((Counter(old) - Counter(new)).elements())
    for sentence in (Counter(new) - Counter(old)).elements():
        before = _most_like(sentence, gone)
        if before is not None:
            gone.remove(before)
        yield before, sentence
    yield from ((sentence, None) for sentence in gone)


def _most_like(sentence: str, candidates: list[str]) -> str | None:
    best, found = LIKE, None
    for candidate in candidates[:MOST_PAIRED]:
        matcher = SequenceMatcher(None, candidate, sentence, autojunk=False)
        if matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, found = ratio, candidate
    return found
