from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pypdfium2
import pytest
from tests.typeset.fixtures import (
    HOSTILE,
    METADATA,
    Rendered,
    code,
    display,
    make_book,
    markdown,
    typeset,
)
from tests.typeset.test_kinds_of_output import render

from review_companion.errors import CompanionError
from review_companion.typeset import resident

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def pdf(pdf_path: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(pdf_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(pdf_path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf_path)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def elements(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    """All structure elements of a kind, in reading order."""
    found: list[Any] = []
    pending: list[Any] = [pdf.Root.StructTreeRoot]
    while pending:
        node = pending.pop()
        if isinstance(node, pikepdf.Array):
            pending += reversed(list(node))
        elif isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == f"/{kind}":
                found.append(node)
            if "/K" in node:
                pending.append(node.K)
    return found


def bookmarks(pdf: pikepdf.Pdf) -> list[str]:
    with pdf.open_outline() as outline:
        return [str(item.title) for item in outline.root]


def test_the_pdf_says_what_it_conforms_to_its_title_and_language(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == "Invented review"
    assert str(pdf.Root.Lang).startswith("en")
    assert pdf.Root.MarkInfo.Marked


@pytest.mark.parametrize("profile", ["PDF_UA_1", "PDF_A_3A"])
def test_an_independent_validator_finds_nothing(pdf_path: Path, profile: str) -> None:
    checked = getattr(validator.ValidationProfile, profile)
    report = validator.validate_pdf(pdf_path, profile=checked)
    assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []
    assert report.is_compliant


def test_the_pdf_has_labels_bookmarks_links_fonts_attachments_and_alternative_texts(
    pdf: pikepdf.Pdf,
) -> None:
    assert "/PageLabels" in pdf.Root
    assert [one.label for one in pdf.pages] == [str(n + 1) for n in range(len(pdf.pages))]
    assert bookmarks(pdf) == [
        "About", "1\u2002Results for x", "2\u2002Tables", "A\u2002Audit", "References",
    ]  # fmt: skip
    texts = [str(figure.Alt) for figure in elements(pdf, "Figure")]
    assert texts == ['One bar, "twelve" per cent', "A dot"]
    assert len(elements(pdf, "Table")) == 5
    assert len(elements(pdf, "TH")) >= 5 + 9
    marks = [mark for page in pdf.pages for mark in page.get("/Annots", [])]
    assert sum(mark.get("/Subtype") == "/Link" for mark in marks) > 10
    assert pdf.attachments["claims.json"].get_file().read_bytes() == b"[]"
    fonts = (font for page in pdf.pages for font in page.resources.get("/Font", {}).values())
    names = {str(font.BaseFont).split("+")[-1] for font in fonts}
    assert names
    assert all(re.match("Libertinus|DejaVu", name.lstrip("/")) for name in names), names


def test_the_first_page_has_the_title_and_the_first_chapter(pages: list[str]) -> None:
    assert pages[0].startswith("Invented review A companion report about nothing About Start")


def test_the_last_page_says_how_to_cite_and_what_the_file_is_made_of(pages: list[str]) -> None:
    about = pages[-1][pages[-1].index("About this file") :]
    for fact in (METADATA.version, METADATA.data_date, METADATA.licence, "version 1.2.3"):
        assert fact in about
    assert METADATA.digest in about.replace(" ", "").replace("\u200b", "")


def test_the_contents_lead_to_chapters_under_their_parts(pages: list[str]) -> None:
    [found] = [page for page in pages if "Contents About" in page]
    contents = found[found.index("Contents About") :]
    assert pages.index(found) >= next(n for n, page in enumerate(pages) if "1 Results" in page)
    order = ["Contents", "About", "What was found", "Results for", "Tables", "Appendix", "Audit"]
    places = [contents.index(text) for text in order]
    assert places == sorted(places)
    assert "participants in the included studies" not in contents


def test_references_and_citations_are_resolved(pages: list[str]) -> None:
    text = " ".join(pages)
    assert "see Table 2.1, 1.1 and Chapter 2" in text
    assert "Müller-Ångström 2020, 3" in text
    assert not re.search(r"@(tbl|fig|sec)-|\?\?", text)


def test_hostile_text_arrives_as_text(pages: list[str]) -> None:
    together = "".join(pages).replace(" ", "").replace("\u2010", "")
    assert HOSTILE.replace(" ", "") in together


def test_a_wide_table_stands_on_landscape_pages_with_its_heading_and_the_short_end(
    pdf: pikepdf.Pdf, pages: list[str]
) -> None:
    wide = [n for n, page in enumerate(pdf.pages) if page.mediabox[2] > page.mediabox[3]]
    assert len(wide) >= 2
    assert all("Column 9" in pages[number] for number in wide)  # its head is repeated
    first, last = pages[wide[0]], pages[wide[-1]]
    parts = ("2.1 Wide", "Its heading comes along", "Table 2.2", "Column 1")
    order = [first.index(part) for part in parts]
    assert order == sorted(order)
    assert "Its heading comes along" not in pages[wide[0] - 1]
    assert last.index("word 30") < last.index("2.2 From code")
    assert "Audit" not in last
    assert "A Audit" in pages[wide[-1] + 1]


def ink(page: Any) -> tuple[float, float, float, float]:
    """How far the ink of a page stays from its left, top, right and bottom edge, in mm."""
    dots = page.render(scale=1, grayscale=True).to_pil().point(lambda tone: 255 * (tone < 128))
    left, top, right, bottom = dots.getbbox() or (0, 0, *dots.size)
    edges = (left, top, dots.width - right, dots.height - bottom)
    return tuple(edge / 72 * 25.4 for edge in edges)


def test_nothing_runs_into_the_edge_of_a_page(pdf_path: Path) -> None:
    for number, page in enumerate(pypdfium2.PdfDocument(pdf_path), 1):
        assert min(ink(page)) > 7, f"page {number}"


def test_a_row_higher_than_a_page_goes_on_over_the_next(tmp_path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(2500))
    row = f"<tr><th scope='row'>High</th><td>{words}</td></tr>"
    head = "<thead><tr><th>Study</th><th>Text</th></tr></thead>"
    table = f"<table>{head}<tbody>{row}</tbody></table>"
    cell = code('#| label: tbl-high\n#| tbl-cap: "A high row"\n1', display("text/html", table))
    done = render(tmp_path, cell, formats=("pdf",))
    pages = pypdfium2.PdfDocument(done.pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in pages)
    assert all(f"word{number}" in text.split() for number in (0, 900, 1200, 2499))
    assert min(min(ink(page)) for page in pages) > 7


@pytest.mark.parametrize(("number", "title"), [(300, "Section"), (100, "Section" + " word" * 18)])
def test_contents_longer_than_a_page_go_on_over_the_next(
    tmp_path: Path, number: int, title: str
) -> None:
    sections = "\n\n".join(f"## {title} s{each}\n\nText." for each in range(number))
    done = render(tmp_path, markdown(sections), formats=("pdf",))
    pages = pypdfium2.PdfDocument(done.pdf)
    texts = [page.get_textpage().get_text_range() for page in pages]
    listed = " ".join(texts).partition("Text.")[0].split()
    assert all(f"s{each}" in listed for each in range(number))
    assert min(min(ink(page)) for page in pages) > 7


def test_what_is_meant_for_one_format_alone_keeps_the_numbers_of_tables(tmp_path: Path) -> None:
    def table(label: str, word: str) -> Any:
        head = f'#| label: tbl-{label}\n#| tbl-cap: "About {word}"\n1'
        body = f"<thead><tr><th>A</th></tr></thead><tbody><tr><td>{word}</td></tr></tbody>"
        return code(head, display("text/html", f"<table>{body}</table>"))

    done = render(
        tmp_path,
        markdown('::: {.content-visible when-format="html"}'),
        table("left-out", "lime"),
        markdown(':::\n\n::: {.content-hidden when-format="html"}\nOn paper.\n:::'),
        table("small", "plum"),
        formats=("html", "pdf"),
    )
    pages = pypdfium2.PdfDocument(done.pdf)
    paper = " ".join(page.get_textpage().get_text_range() for page in pages)
    page = done.html.read_text("utf-8")
    for words, on_paper, on_screen in (
        ("lime", False, True), ("plum", True, True), ("On paper.", True, False),
    ):  # fmt: skip
        assert (words in paper, words in page) == (on_paper, on_screen), words
    number = re.search(r"Table\s(\d\.2)\.", " ".join(paper.split()))
    assert number is not None
    assert f"Table&#160;{number[1]}." in page


def test_another_timestamp_reaches_the_pdf_alone(rendered: Rendered, tmp_path: Path) -> None:
    """In another folder; that the same one gives the same bytes is asked of a whole report."""
    book, executed = make_book(tmp_path)
    later = replace(METADATA, timestamp=METADATA.timestamp + 86400)
    again = typeset(book, executed, tmp_path / "out", later)
    assert again.html.read_bytes() == rendered.html.read_bytes()
    assert again.pdf.read_bytes() != rendered.pdf.read_bytes()


def test_what_typst_refuses_is_one_short_message(tmp_path: Path) -> None:
    book, executed = make_book(tmp_path)
    style = tmp_path / "style"
    shutil.copytree(book.style, style)
    template = (style / "template.typ").read_text()
    (style / "template.typ").write_text(template.replace("  body\n}", "  no-such-thing()\n}"))
    with pytest.raises(CompanionError, match="no-such-thing") as caught:
        typeset(replace(book, style=style), executed, tmp_path / "out", formats=("pdf",))
    assert caught.value.what.startswith("Typst cannot set the PDF: error:")
    assert str(tmp_path) not in caught.value.what
    assert len(caught.value.what) < 1000
    assert "copy report/style of this program" in str(caught.value.hint)


def test_a_layout_that_takes_all_memory_ends_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "compile.py"
    program.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(resident, "PROGRAM", program)
    book, executed = make_book(tmp_path)
    with pytest.raises(CompanionError, match="ran out of memory") as caught:
        typeset(book, executed, tmp_path / "out", formats=("pdf",))
    assert "does not fit a page" in str(caught.value.hint)
