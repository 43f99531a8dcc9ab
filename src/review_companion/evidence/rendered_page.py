"""Reads a rendered page: its traced texts, its links, its data; and compares it with the traces.

Whatever is traced has an entry and shows its text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import lxml.etree

from ..errors import CompanionError, similar_names
from ..expressions.templates import cardinal, upper_first
from ..model import Claim, Origin, Trace, Value
from ..package.numerals import numerals
from ..review import Review
from ..text import section_in_words
from .digests import sha256
from .page_data import ELEMENT, ENTRIES, PageData, from_json, unpack_text
from .records import every_trace
from .trace_entries import anchor

PAGE, AUDIT = PAGES = "companion.html", "audit.html"
BY_ROW = "claim/"
SEAL = re.compile(r'<meta name="page-sha256" content="([0-9a-f]*)">\n')
_ANCHOR = re.compile(r'\sid="([^"]+)"')
BLOCKS = frozenset("p li dd dt figcaption blockquote h1 h2 h3 h4 h5 h6 summary".split())
Texts = Mapping[str, Mapping[str, None]]
NONE = ("no", "none", "zero", "neither")


class TracedText(NamedTuple):
    """A traced piece of text: the name of its trace, its link, its line in the file."""

    name: str
    target: str
    text: str
    line: int


class PageText(NamedTuple):
    """A text node, with the names of the elements that enclose it, and their classes with a dot.

    Texts of one `block` are parts of one paragraph, heading or item.
    """

    text: str
    around: frozenset[str]
    block: int = 0


@dataclass(frozen=True)
class Page:
    """A page as a browser reads it; of a damaged page whatever can still be read.

    `name` is how an error calls it.
    """

    text: str
    name: str = ""

    @cached_property
    def root(self) -> Any:
        """The element that holds all others; their `sourceline` is the line in the file.

        Raises CompanionError for a page that cannot be read to its end.
        """
        parser = lxml.etree.HTMLParser(remove_comments=True, huge_tree=True)
        text = self.text.replace("\0", "\ufffd")  # at which the parser would end
        root = lxml.etree.fromstring(f"<html>{text}", parser)  # of no text, too, a tree
        if parser.error_log.filter_from_fatals():
            what = "cannot be read to its end: elements lie too deep in others"
            raise CompanionError(what, where=self.name or None)
        return root

    @cached_property
    def shown(self) -> tuple[TracedText, ...]:
        """Every traced piece, in order."""
        links = filter(_is_traced, self.root.iter("a", "span"))
        return tuple(_traced(link, plain_text(link)) for link in links)

    @cached_property
    def rows(self) -> tuple[TracedText, ...]:
        """The cells in rows of claims, whose link to the trace is in the row's heading."""
        links = [link for link in self.root.iter("a") if _is_traced(link) and heads_row(link)]
        return tuple(
            _traced(link, text)
            for link in links
            for cells in [list(link.getparent().itersiblings("td"))]
            if not any(part.get("data-trace") for cell in cells for part in cell.iter())
            for text in filter(None, map(plain_text, cells))
        )

    def texts(self, without: frozenset[str] = frozenset()) -> Iterator[PageText]:
        """The text nodes of the body, in reading order.

        A row is traced from where its heading links to a claim. `without` are names, and classes
        with a dot, of elements whose texts are left out.
        """
        body = self.root.find("body")
        if body is None:
            return
        open_: list[frozenset[str]] = [frozenset()]
        row, block = False, 0
        walk: Any = lxml.etree.iterwalk(body, events=("start", "end"))
        for event, element in walk:
            block += element.tag in BLOCKS
            if event == "start":
                row = element.tag != "tr" and (row or heads_row(element))
                classes = element.get("class", "").split()
                open_.append(open_[-1] | {element.tag, *(f".{name}" for name in classes)})
                text = element.text
                if without & open_[-1]:
                    walk.skip_subtree()
                    text = None
            else:
                open_.pop()
                text = element.tail
            if text:
                traced = {".traced"} if row and "tr" in open_[-1] else frozenset()
                yield PageText(text, open_[-1] | traced, block)

    @cached_property
    def entries(self) -> str:
        """The entries of the audit trail: unpacked, or else the page itself.

        Raises CompanionError where the packed text is damaged.
        """
        return unpack_text(self.carried[ENTRIES]) if ENTRIES in self.carried else self.text

    @cached_property
    def targets(self) -> frozenset[str]:
        """The anchors that a traced text may link to, on the page or in the audit volume."""
        ids = map(html.unescape, _ANCHOR.findall(self.entries))
        address = AUDIT if ENTRIES in self.carried else ""
        return frozenset(f"{address}#{name}" for name in ids if name.startswith("trace-"))

    @cached_property
    def has_entries(self) -> bool:
        """Whether the page has the audit trail's entries; an edition may leave them out."""
        return bool(self.targets)

    @cached_property
    def carried(self) -> dict[str, str]:
        """The JSON elements: id -> text."""
        scripts = self.root.iter("script")
        data = (script for script in scripts if script.get("type") == "application/json")
        return {script.get("id", ""): script.text or "" for script in data}

    @property
    def data(self) -> PageData | None:
        """The data that the page carries, if any; CompanionError where they cannot be read."""
        found = self.carried.get(ELEMENT)
        return from_json(found) if found else None


def _is_traced(element: Any) -> bool:
    return "traced" in element.get("class", "").split()


def heads_row(element: Any) -> bool:
    """Whether it is the heading's link by which a row is about a claim."""
    name: str = element.get("data-trace", "")
    return name.startswith(BY_ROW) and bool(element.getparent().tag == "th")


def _traced(link: Any, text: str) -> TracedText:
    return TracedText(link.get("data-trace", ""), link.get("href", ""), text, link.sourceline)


def plain_text(element: Any) -> str:
    """The text of an element: superscripts as `^a`, white space squeezed."""
    parts: list[str | None] = []
    for event, inner in lxml.etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts += ["^" if inner.tag == "sup" else "", inner.text]
        elif inner is not element:
            parts.append(inner.tail)
    return squeeze("".join(filter(None, parts)))


def squeeze(text: str) -> str:
    """White space of any kind as one space, none at the ends."""
    return " ".join(text.split())


def seal(text: str) -> str:
    """The page with the SHA-256 of all the rest of it in its head."""
    bare = SEAL.sub("", text)
    mark = f'<meta name="page-sha256" content="{sha256(bare.encode())}">\n'
    return bare.replace("<title>", f"{mark}<title>", 1)


def seal_problem(text: str) -> str | None:
    """What is wrong with the seal, if anything is."""
    if SEAL.search(text) is None:
        return "the page has no seal"
    if seal(text) != text:
        return "the page was changed after it was made: its seal does not hold"
    return None


@lru_cache(maxsize=1)  # a preview asks again after each save of prose
def shown_texts(review: Review) -> dict[str, dict[str, None]]:
    """Trace name -> the texts in which a page may show it, its own first."""
    claims: dict[str, Claim] = {f"claim/{claim.id}": claim for claim in review.ledger}
    texts = {trace.name: texts_of(trace, claims.get(trace.name)) for trace in every_trace(review)}
    for claim, subject in review.subjects().items():
        texts[f"claim/{claim}"][subject] = None
    return texts


def page_problems(page: Page, texts: Texts) -> Iterator[str]:
    """One line for each traced piece of the page whose text or link is wrong."""
    if not page.shown:
        yield "nothing on the page is traced"
    for shown in (*page.shown, *page.rows):
        if problem := _problem(shown, page, texts):
            yield f"line {shown.line}: {problem}"


def _problem(shown: TracedText, page: Page, texts: Texts) -> str | None:
    if shown.name not in texts:
        near = similar_names(shown.name, texts, 1)
        hint = f"; did it mean “{near[0]}”?" if near else ""
        return f"“{shown.text}” names the trace “{shown.name}”, which does not exist{hint}"
    at_its_anchor = shown.target.endswith(f"#{anchor(shown.name)}")
    if page.has_entries and not (at_its_anchor and shown.target in page.targets):
        return f"“{shown.text}” ({shown.name}) does not lead to its entry in the audit appendix"
    if shown.text not in texts[shown.name]:
        wanted = next(iter(texts[shown.name]), "")
        return f"{shown.name}: the page shows “{shown.text}”, the data give “{short(wanted)}”"
    return None


def short(text: str) -> str:
    """A text, or the beginning of a long one."""
    return text if len(text) < 80 else f"{text[:77]}…"


def entry_problems(page_text: str, expected: str) -> Iterator[str]:
    """One line for each entry of the appendix that is missing or different on the page.

    `expected` is the appendix as made from the data; each of its entries is one line. Characters
    beyond ASCII may be written as codes.
    """
    page_text, expected = _coded(page_text), _coded(expected)
    if expected in page_text:
        return
    lines = set(page_text.splitlines())
    for line in expected.splitlines():
        if line not in lines:
            found = re.search(r'id="([^"]+)"', line)
            name = html.unescape(found[1] if found else line[:60])
            yield f"the entry {name} is not as the data give it"


def _coded(text: str) -> str:
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


@lru_cache(maxsize=1)
def missing_cells(review: Review) -> tuple[str, ...]:
    """One line for each trace that names a cell which is not in the data."""
    there: set[Origin] = set()
    found = []
    for trace in every_trace(review):
        for origin in sorted((trace.result.read | trace.result.looked) - there):
            try:
                review.package.cell(origin)
                there.add(origin)
            except KeyError:
                found.append(f"the trace “{trace.name}” names {origin}, which is not in the data")
    return tuple(found)


def texts_of(trace: Trace, claim: Claim | None = None) -> dict[str, None]:
    """Every text that a page may show for this trace, its own first, white space squeezed."""
    found = [trace.text] if claim is None else [claim.verdict.words, *_of_claim(claim)]
    found += _in_words(trace.text, trace.result.value)
    return dict.fromkeys(squeeze(text) for text in found)


def _in_words(text: str, value: Value) -> Iterator[str]:
    number = int(text) if text.isdigit() and len(text) < 4 else _whole(value)
    words = () if number is None else NONE if number == 0 else (cardinal(number),)
    yield from (said for word in words for said in (word, upper_first(word)))


def _whole(value: Value) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return None
    return int(value) if value.denominator == 1 else None


def _of_claim(claim: Claim) -> Iterator[str]:
    """Its fields, and each single numeral within them."""
    section = section_in_words(claim.section)
    yield from (claim.verdict.words, claim.basis_words, claim.severity)
    yield section_in_words(claim.section.split("/")[0])
    texts = [claim.label, claim.explanation, claim.innocent, claim.settle, claim.changes]
    texts += [text for label, value, _ in claim.readings for text in (label, value)]
    texts += [claim.locator.fragment, claim.found, claim.matter]
    for text in (*texts, claim.printed, claim.recomputed, section):
        yield from (text, upper_first(text))
        yield from (numeral.text for numeral in numerals(text))
