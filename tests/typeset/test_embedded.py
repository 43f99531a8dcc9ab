"""What the filter refuses, and where it says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.typeset.fixtures import METADATA, code, display, make_book, markdown, write_notebook

from review_companion.errors import CompanionError
from review_companion.typeset.embedded import EmbeddedEngine

pytestmark = pytest.mark.integration


def render_with(root: Path, *cells: Any) -> str:
    book, executed = make_book(root)
    write_notebook(executed["notebooks/tables.ipynb"], [markdown("# X {#sec-tables}"), *cells])
    (root / "index.md").write_text("# About {.unnumbered}\n")
    cells_of_results = [markdown("# R {#sec-results}")]
    write_notebook(executed["notebooks/results.ipynb"], cells_of_results)
    done = EmbeddedEngine().render(book, executed, root / "out", METADATA, ("html",))
    assert done.html is not None
    assert done.pdf is None
    return done.html.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (markdown("See @tbl-none."), "the reference @tbl-none leads nowhere"),
        (markdown("See @eq-x."), "references of kind '@eq-' are not supported"),
        (markdown("[@roe-1999]"), "no reference has the key 'roe-1999'"),
        (markdown("[x](#nowhere)"), "the link to '#nowhere' leads nowhere"),
        (markdown("a <b>b</b>"), "raw html is not supported"),
        (markdown("<div>x</div>\n\n<hr>"), "raw html is not supported"),
        (markdown("#### Deep"), "skips a level"),
        (markdown("# Another"), "one heading of the first level"),
        (markdown("::: {.column-margin}\nx\n:::"), "'column-margin' are not supported"),
        (markdown("::: {.content-visible}\nx\n:::"), "says `when-format`: html, typst or pdf"),
        (markdown('::: {.content-hidden when-format="revealjs"}\nx\n:::'), "says `when-format`"),
        (markdown("::: {.callout-danger}\nx\n:::"), "the callout 'danger'"),
        (markdown('::: {layout-ncol="2"}\nx\n:::'), "'layout-ncol' is not supported"),
        (markdown("a ![x](x.png)"), "the image 'x.png' in prose"),
        (markdown("::: {#fig-x}\n:::"), "'fig-x' ends without a caption"),
        (markdown("::: {.panel-tabset}\nx\n:::"), "a tabset begins with a heading"),
        (code("1", display("text/html", '<p><span id="sec-tables">x</span></p>')), "used twice"),
        (
            code(
                "#| label: tbl-x\n#| tbl-cap: x\n#| tbl-colwidths: [1]\n1",
                display("text/html", "<table><tr><td>1</td><td>2</td></tr></table>"),
            ),
            "differ in the number of columns",
        ),
    ],
)
def test_what_the_filter_refuses_is_named_with_its_cell(
    tmp_path: Path, cell: Any, message: str
) -> None:
    with pytest.raises(CompanionError) as caught:
        render_with(tmp_path, cell)
    assert message in caught.value.what
    assert caught.value.where == "notebooks/tables.ipynb, cell 2"


def test_a_comment_in_a_notebook_is_left_out(tmp_path: Path) -> None:
    text = render_with(tmp_path, markdown("<!-- for JupyterLab -->\n\na <!-- inline --> b"))
    body = text.partition("<main")[2]
    assert "JupyterLab" not in body
    assert "inline" not in body


def test_a_table_in_markdown_is_a_float_by_its_label(tmp_path: Path) -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n: Caption {#tbl-x}\n\nSee @tbl-x."
    text = render_with(tmp_path, markdown(table))
    assert '<figure id="tbl-x"' in text
    assert "Table\u00a02.1" in text


def test_the_empty_header_over_an_index_gets_a_name(tmp_path: Path) -> None:
    frame = (
        "<table border='1' class='dataframe'><thead><tr><th></th><th>a</th></tr></thead>"
        "<tbody><tr><th>x</th><td>1</td></tr></tbody></table>"
    )
    text = render_with(tmp_path, code("1", display("text/html", frame)))
    assert '<span class="visually-hidden">row</span>' in text
    assert '<th scope="row">x</th>' in text


def test_rows_that_carry_ids_can_be_linked_in_both_formats(tmp_path: Path) -> None:
    book, executed = make_book(tmp_path)
    link = markdown("# R {#sec-results}\n\nSee [Doe](#study-doe-2020).")
    write_notebook(executed["notebooks/results.ipynb"], [link])
    cells = [
        markdown("# T {#sec-tables}"),
        code("1", display("text/html", '<table><tr id="study-doe-2020"><td>1</td></tr></table>')),
        markdown("[^1]\n\n[^1]: x"),
    ]
    write_notebook(executed["notebooks/tables.ipynb"], cells)
    done = EmbeddedEngine().render(book, executed, tmp_path / "out", METADATA)
    assert done.pdf is not None


def test_a_missing_style_file_is_named(tmp_path: Path) -> None:
    book, executed = make_book(tmp_path)
    bare = replace(book, style=tmp_path / "nowhere")
    with pytest.raises(CompanionError, match=r"the style file '.*' is missing"):
        EmbeddedEngine().render(bare, executed, tmp_path / "out", METADATA)
