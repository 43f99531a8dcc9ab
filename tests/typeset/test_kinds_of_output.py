"""What notebooks bring along comes out as it went in, or is refused by notebook and cell."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from tests.cases import cases
from tests.typeset.fixtures import (
    BARS,
    BOTH,
    METADATA,
    REFERENCES,
    STYLE,
    SVG,
    Format,
    Rendered,
    code,
    display,
    make_book,
    markdown,
    new_output,
    typeset,
    write_notebook,
)

from review_companion.errors import CompanionError
from review_companion.evidence.page_data import unpack_text
from review_companion.figures import ON_A_PHONE
from review_companion.model import Result
from review_companion.tables.traced import Cell, Column, TracedTable
from review_companion.typeset.config import read_book

pytestmark = pytest.mark.integration

CELL = "notebooks/x.ipynb, cell 2"
CONFIG = """project: {type: book}
book: {title: T, author: A, chapters: [notebooks/x.ipynb]}
execute: {echo: false}
bibliography: references.json
"""
LONG = "https://example.org/" + "a" * 200


def render(root: Path, *cells: Any, formats: tuple[Format, ...] = ("html",)) -> Rendered:
    """The cells as the one chapter of a book."""
    write_notebook(root / "notebooks/x.ipynb", [markdown("# X {#sec-x}"), *cells])
    (root / "references.json").write_text(json.dumps(REFERENCES))
    (root / "_quarto.yml").write_text(CONFIG + f"companion: {{style: {STYLE}}}\n")
    executed = {"notebooks/x.ipynb": root / "notebooks/x.ipynb"}
    metadata = replace(METADATA, payloads=(), attachments=())
    return typeset(read_book(root), executed, root / "out", metadata, formats)


def jpeg() -> str:
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(target, "JPEG")
    return base64.b64encode(target.getvalue()).decode()


def table(*texts: str) -> str:
    cells = "".join(f"<tr><td>{text}</td></tr>" for text in texts)
    return f"<table><thead><tr><th>head</th></tr></thead><tbody>{cells}</tbody></table>"


def svg(inner: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="40pt">{inner}</svg>'


BLOCKS = ("= 0.5", "== x", "+ 5", "- 0.5", "/ x: y", "1. x", "-1.10", "// y", "#panic()", "$x$")
HIGH = svg('<rect width="10" height="20"/>').replace('"40pt"', '"4000pt"')
MARGIN = 10  # points
DRAWN = (pypdfium2.raw.FPDF_PAGEOBJ_PATH, pypdfium2.raw.FPDF_PAGEOBJ_IMAGE)
WIDE = "".join(f"<th>column{n}</th>" for n in range(10))

GOOD = (
    code("1", display("text/html", table(*BLOCKS))),
    code("#| tbl-cap: A caption of a table\n1", display("text/html", table("x"))),
    code(
        "#| label: demo\n#| fig-cap: = A caption of a figure[^c]\n#| fig-alt: x\n1",
        display("image/svg+xml", svg("<text x='5' y='20'>drawn</text>")),
    ),
    markdown("[^c]: A note to the caption."),
    code('#| fig-alt: "a photo"\n1', display("image/jpeg", jpeg())),
    code("1", display("text/latex", r"$\displaystyle \frac{1}{2}$")),
    markdown("Inline $x^2$ and $y$."),
    markdown("## A name such as `{#sec-x}`\n\n1. one\n2. two"),
    markdown("1. new one\n2. new two"),
    markdown("---\nFirst prose after a rule."),
    markdown("Middle text."),
    markdown("---\n\nLast prose"),
    markdown("---\nn: 24\np: 0.04\n---\n\nTwo facts above."),
    markdown("a|b\n-|-\n`x|y` $|z|$|p\\|whole cell\n```\nc | d\n```\nc | d | and more"),
    markdown('An [address].\n\n[address]: https://example.org "title"\n\nText\n[Half]: a line'),
    markdown("```\nprint(1)"),
    markdown(f"After the fence. <{LONG}>"),
    code("1", new_output("stream", name="stdout", text="x" * 300)),
    code("#| fig-alt: high\n1", display("image/svg+xml", HIGH)),
    code("1", display("text/html", f"<table><thead><tr>{WIDE}</tr></thead></table>")),
    code(
        "1",
        display(
            "text/html",
            "<div><style scoped>td {color: red}</style>"
            '<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th>'
            "<th onclick='x()'>a</th></tr></thead><tbody><tr><th>0</th><td>of a frame</td></tr>"
            "</tbody></table></div>",
        ),
    ),
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return render(tmp_path_factory.mktemp("good"), *GOOD, formats=BOTH)


@pytest.fixture(scope="module")
def page(good: Rendered) -> str:
    text = good.html.read_text("utf-8")
    return text[text.index("<main") : text.index("</main>")]


@pytest.fixture(scope="module")
def paper(good: Rendered) -> str:
    with pypdfium2.PdfDocument(good.pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("text", BLOCKS)
def test_what_begins_like_a_block_is_text_in_a_cell(page: str, paper: str, text: str) -> None:
    assert f"<td>{text}</td>" in page
    assert text in paper.splitlines()


@cases
def test_what_was_lost_in_either_format_is_there(page: str, paper: str, text: str) -> None:
    assert text in page
    assert text in " ".join(paper.split())


def test_lists_of_two_cells_are_two_lists(page: str, paper: str) -> None:
    assert page.count("<ol") == 3  # two lists, and the footnotes
    assert "2. two\n1. new one" in paper.replace("\r", "")


def test_pictures_and_formulas_are_shown(page: str, paper: str) -> None:
    assert f'src="data:image/jpeg;base64,{jpeg()}"' in page
    assert page.count("<math") == 4
    assert "<IPython" not in page + paper


def test_marks_of_our_own_do_not_show_after_an_open_fence(page: str, paper: str) -> None:
    assert "companion-place" not in page + paper


def test_nothing_of_a_page_has_styles_or_handlers(page: str) -> None:
    assert " style=" not in page
    assert "onclick" not in page


def test_a_long_line_can_be_reached_by_keyboard(page: str) -> None:
    assert '<pre class="cell-output stdout" tabindex="0">' in page


def words_on(page: pypdfium2.PdfPage) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Each word with its box: left, bottom, right, top, in points from the lower left corner."""
    text = page.get_textpage()
    shown = "".join(text.get_text_range(at, 1)[:1] or " " for at in range(text.count_chars()))
    for word in re.finditer(r"\S+", shown):
        boxes = [text.get_charbox(at) for at in range(*word.span())]
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        yield word.group(), (min(lefts), min(bottoms), max(rights), max(tops))


def test_everything_stands_within_its_page(good: Rendered) -> None:
    heads = []
    with pypdfium2.PdfDocument(good.pdf) as document:
        assert len(document) >= 3
        for page in document:
            wide, high = page.get_size()
            for word, (left, bottom, right, top) in words_on(page):
                assert MARGIN < left <= right < wide - MARGIN, word
                assert MARGIN < bottom <= top < high - MARGIN, word
                heads += [(word, left, right)] if word.startswith("column") else []
    assert [word for word, _, _ in heads] == [f"column{n}" for n in range(10)]
    assert all(end < begin for (_, _, end), (_, begin, _) in pairwise(heads))
    with pypdfium2.PdfDocument(good.pdf) as document:
        for page in document:
            wide, high = page.get_size()
            for drawn in page.get_objects(filter=DRAWN):
                left, bottom, right, top = drawn.get_bounds()
                assert -1 <= left <= right <= wide + 1
                assert -1 <= bottom <= top <= high + 1


BAD = [
    (markdown('#| label: tbl-x\nreview.table("x")'), "in a Markdown cell", ""),
    (markdown("a[^zz]"), "the footnote [^zz] is not defined", ", line 1"),
    (markdown("a[^1]\n\n[^1]: A\n\n[^1]: B"), "[^1] is defined twice", ", line 5"),
    (markdown("a\n\n[^1]: A"), "nothing refers to the footnote [^1]", ", line 3"),
    (markdown("a\n\n[note]: see below"), "“[note]: …” is read as the address", ", line 3"),
    (markdown("a\n\n> [n 1]: see below"), r"write \[n 1]: …", ", line 3"),
    (markdown("[a]\n\n[a]: http://a.b\n[note]: see below"), "not be shown", ", line 4"),
    (markdown("::: {.x}\n[note]: see below\n:::"), "not be shown", ", line 2"),
    (markdown("## A\n[note]: see below"), "would not be shown", ", line 2"),
    (markdown("|a|b|\n|-|:-:|\n|1|2|\n|1|2|lost|"), "has 3 cells, and its head 2", ", line 4"),
    (markdown("a | b\n--|--\n1 | 2 | lost"), r"write \| for the sign", ", line 3"),
    (markdown("[a]\n\n[a]: http://a.b\n[a]: http://c.d"), "Duplicate link reference", ""),
    (markdown("::: {.callout-note}\nopen"), "“:::” opens a block, and no “:::”", ""),
    (markdown("a \x00 b"), "the character U+0000", ", line 1"),
    (markdown(r"$\nosuch{x}$"), "cannot be read as TeX", ""),
    (code("#| tbl-cap: $\\nosuch$\n1", display("text/html", table("x"))), "as TeX", ""),
    (markdown("[x](javascript:alert(1))"), "addresses begin with", ""),
    (markdown("> ```{=companion-verbatim}\n> x.html\n> ```"), "of the program's own", ", line 1"),
    (markdown("a\n\n- ~~~ companion-table\n  <b>x</b>\n  ~~~"), "of the program's own", ""),
    (markdown("``` {#x\n.companion-table}\n<b>x</b>\n```"), "of the program's own", ""),
    (markdown('``` {#x class="&#99;ompanion-plain"}\nx\n```'), "of the program's own", ""),
    (
        code("1", display("text/html", '<PRE class="&#99;ompanion-table">&lt;i id="x"&gt;</PRE>')),
        *("of the program's own", ""),
    ),
    (markdown("`{python} x`", ("x", "> ```{=companion-x}\n> x\n> ```")), "the program", ", line 1"),
    (markdown("[x](//evil.org)"), "addresses begin with", ""),
    (markdown("[x]{onclick='alert(1)'}"), "'onclick'", ""),
    (markdown("[x]{style='color: red'}"), "'style'", ""),
    (code("1", display("text/html", "<iframe src='https://a.b'></iframe>")), "<iframe>", ""),
    (code("1", display("text/html", "<div><script>plot()</script></div>")), "<script>", ""),
    (code("1", display("text/html", "<a href='javascript:x()'>a</a>")), "addresses", ""),
    (code("1", display("application/vnd.plotly.v1+json", "{}")), "plotly", ""),
    (code("1", display("text/html", "a \x07 b")), "the character U+0007", ", line 1"),
    (code("#| fig-alt: x\n1", display("image/jpeg", "/9j/4AAA")), "read as JPEG", ""),
    (code("#| fig-alt: x\n1", display("image/svg+xml", "<svg")), "not SVG", ""),
    (code("#| fig-alt: x\n1", display("image/svg+xml", svg("<foreignObject/>"))), "foreign", ""),
    (code("#| tbl-cap: a\n#| fig-cap: b\n1", display("text/html", "x")), "one caption", ""),
    (code("#| tbl-cap: a\n1"), "no output to show", ""),
    (code("1", display("text/latex", r"\begin{tabular}a\end{tabular}")), "one formula", ""),
    (markdown("See @tbl-none."), "the reference @tbl-none leads nowhere", ""),
    (markdown("See @eq-x."), "references of kind '@eq-' are not supported", ""),
    (markdown("[@roe-1999]"), "no reference has the key 'roe-1999'", ""),
    (markdown("[x](#nowhere)"), "the link to '#nowhere' leads nowhere", ""),
    (markdown("a <b>b</b>"), "raw html is not supported", ""),
    (markdown("<div>x</div>\n\n<hr>"), "raw html is not supported", ""),
    (markdown("a | b\n--|--\n[p|q](#sec-x) | 2"), "has 3 cells", ", line 3"),
    (markdown("a | b\n--|--\n$5 | from $6 | 2"), "has 3 cells", ", line 3"),
    (markdown("## Deep {#sec-deep unnumbered}"), "a heading shows '{#sec-deep unnumbered}'", ""),
    (markdown("#### Deep"), "skips a level", ""),
    (markdown("# Another"), "one heading of the first level", ""),
    (markdown("::: {.column-margin}\nx\n:::"), "'column-margin' are not supported", ""),
    (markdown('::: {.conten-hidden when-format="pdf"}\nx\n:::'), "needs the class content-", ""),
    (markdown("::: {.content-visible}\nx\n:::"), "says `when-format`: html, typst or pdf", ""),
    (markdown('::: {.content-hidden when-format="revealjs"}\nx\n:::'), "says `when-format`", ""),
    (markdown("::: {.callout-danger}\nx\n:::"), "the callout 'danger'", ""),
    (markdown('::: {layout-ncol="2"}\nx\n:::'), "'layout-ncol' is not supported", ""),
    (markdown("a ![x](x.png)"), "the image 'x.png' in prose", ""),
    (markdown("::: {#fig-x}\n:::"), "'fig-x' ends without a caption", ""),
    (markdown("::: {.panel-tabset}\nx\n:::"), "a tabset begins with a heading", ""),
    (code("1", display("text/html", '<p><span id="sec-x">x</span></p>')), "used twice", ""),
    (code("#| label: tbl-x\n#| tbl-cap: x\n#| tbl-colwidths: [1]\n1", display(
        "text/html", "<table><tr><td>1</td><td>2</td></tr></table>")),
     "differ in the number of columns", ""),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "message", "line"), BAD)
def test_what_cannot_be_shown_is_refused_by_notebook_and_cell(
    tmp_path: Path, cell: Any, message: str, line: str
) -> None:
    with pytest.raises(CompanionError) as caught:
        render(tmp_path, cell)
    assert message in str(caught.value)
    assert caught.value.where == CELL + line


def test_a_character_without_a_glyph_is_named_and_shown_as_its_code(tmp_path: Path) -> None:
    done = render(tmp_path, markdown("漢 in `字`, and 👩‍⚕️ too"), formats=BOTH)
    with pypdfium2.PdfDocument(done.pdf) as document:
        text = document[len(document) - 1].get_textpage().get_text_range()
    assert "[U+6F22] in [U+5B57], and [U+1F469]" in text
    [note] = done.notes
    assert note.startswith(f"{CELL}: the fonts of the PDF have no glyph for 漢 (U+6F22), 字")


def test_a_character_without_a_glyph_in_a_drawing_is_named(tmp_path: Path) -> None:
    drawing = display("image/svg+xml", svg("<text x='1' y='20'>漢</text>"))
    with pytest.raises(CompanionError, match="no glyph for 漢"):
        render(tmp_path, code("#| fig-alt: x\n1", drawing), formats=("pdf",))


def shown(root: Path, *cells: Any) -> str:
    done = render(root, *cells)
    return done.html.read_text("utf-8").partition("<main")[2]


def test_comments_are_left_out_and_tables_of_markdown_and_frames_are_tables(tmp_path: Path) -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n: Caption {#tbl-y}\n\nSee @tbl-y."
    frame = (
        "<table border='1' class='dataframe'><thead><tr><th></th><th>a</th></tr></thead>"
        "<tbody><tr><th>x</th><td>1</td></tr></tbody></table>"
    )
    comment = markdown("<!-- for JupyterLab -->\n\na <!-- inline --> b")
    text = shown(tmp_path, comment, markdown(table), code("1", display("text/html", frame)))
    assert "JupyterLab" not in text and "inline" not in text
    assert '<figure id="tbl-y"' in text
    assert "Table&#160;1.1" in text
    assert '<span class="visually-hidden">row</span>' in text
    assert '<th scope="row">x</th>' in text


def test_rows_that_carry_ids_can_be_linked_in_both_formats(tmp_path: Path) -> None:
    row = '<table><tr id="study-doe-2020"><td>1</td></tr></table>'
    cells = [markdown("See [Doe](#study-doe-2020)."), code("1", display("text/html", row))]
    assert render(tmp_path, *cells, formats=BOTH).pdf.is_file()


def test_a_missing_style_file_is_named(tmp_path: Path) -> None:
    book, executed = make_book(tmp_path)
    bare = replace(book, style=tmp_path / "nowhere")
    with pytest.raises(CompanionError, match=r"the style file '.*' is missing"):
        typeset(bare, executed, tmp_path / "out")


def test_a_table_of_ours_goes_into_the_page_as_text_as_if_it_had_been_parsed(
    tmp_path: Path,
) -> None:
    columns = (
        Column("name", "Who & “what”"),
        Column("share", "n < 3", align="right", filter="select"),
        Column("plain", "It's", linked=False),
        Column("more", 'a "word"'),
    )
    texts = ('a & "b"\'s^a', "<1\u00a0% vs 2%", 'O\'Neil  "x" *y* -- scope="col" href="#x"', "")
    rows = {
        key: tuple(Cell(text and f"{text}{key[-1:]}", Result(value=text)) for text in texts)
        for key in ("a/1", "b-2")
    }
    shown = TracedTable(
        "t", "", columns, rows, notes=("^a note",), classes=("filterable", "landscape"),
        row_link="row-",
    )  # fmt: skip
    anchors = "[]{#trace-t-a-1-name} []{#trace-t-b-2-more} []{#row-a} []{#row-b-2}"
    html = shown.to_html()
    cells = [markdown(anchors), code("x", display("text/html", html))]
    cells.append(code("#| label: tbl-x\n#| tbl-cap: X\nx", display("text/html", html)))
    as_text = render(tmp_path, *cells).html.read_text()
    for cell in cells[1:]:
        cell["outputs"][0]["data"]["text/html"] = html.replace("<table", '<table dir="ltr"')
    parsed = render(tmp_path, *cells).html.read_text()
    assert as_text == parsed.replace(' dir="ltr"', "")
    assert 'href="#trace-t-a-1-name"' in as_text


@pytest.mark.parametrize(
    "text", ["[@doe-2020]", "x^[See -@doe-2020.]", "@{doe-2020}", "@sec-x@doe-2020", "a@b@doe-2020"]
)
def test_a_citation_is_set_wherever_pandoc_reads_one(tmp_path: Path, text: str) -> None:
    page = BeautifulSoup(shown(tmp_path, markdown(text)), "html.parser")
    assert page.select("a[href='#ref-doe-2020']")
    assert page.select("#refs #ref-doe-2020")


def test_drawings_for_a_phone_are_packed_whole_and_no_other_is(tmp_path: Path) -> None:
    inner = '<svg class="narrow" role="img"><text>inner</text></svg>'
    drawn = SVG.replace("<g id", f"{inner}<g id").replace("<svg ", '<svg class="wide" ', 1)
    cells = [
        code(f'#| fig-alt: "{number}"\n1', new_output("display_data", data=data))
        for number, data in enumerate((BARS | {"image/svg+xml": drawn, ON_A_PHONE: drawn}, BARS))
    ]
    plain = code('#| fig-alt: "x"\n1', display("image/svg+xml", drawn))
    page = BeautifulSoup(shown(tmp_path, plain, *cells), "html.parser")
    assert len(page.select(".figure-frame > svg.wide")) == len(cells)
    assert [text.get_text() for text in page.select("svg svg text")] == ["inner"] * 2
    drawings = json.loads(unpack_text(page.select("#companion-drawings")[0].get_text()))
    assert [drawing.count("</svg>") for drawing in drawings] == [2, 1]
    assert all(drawing.endswith("</svg>") for drawing in drawings)
