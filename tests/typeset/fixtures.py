"""A small invented book, built in code: two executed notebooks, a preface, an audit appendix."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from review_companion.cache import Cache
from review_companion.evidence.appendix import LISTS
from review_companion.figures import ON_A_PHONE
from review_companion.notebooks.notebook_files import Notebook
from review_companion.typeset.config import Book, read_book
from review_companion.typeset.embedded import typeset as typeset_book
from review_companion.typeset.metadata import Attachment, Metadata, Payload
from review_companion.typeset.resident import Typst

STYLE = Path(__file__).parents[2] / "report" / "style"

CONFIG = """\
project:
  type: book
book:
  title: Invented review
  subtitle: A companion report about nothing
  author: Review Companion contributors
  date: 2025-01-31
  chapters:
    - index.md
    - part: What was found
      chapters:
        - notebooks/results.ipynb
        - notebooks/tables.ipynb
  appendices:
    - notebooks/audit.ipynb
bibliography: references.json
lang: en-GB
toc: true
toc-depth: 2
number-sections: true
execute:
  enabled: true
  echo: false
format:
  html: default
  typst: default
"""

REFERENCES = [
    {
        "id": "doe-2020",
        "type": "article-journal",
        "title": "An invented study",
        "author": [{"family": "Müller-Ångström", "given": "Zoë"}],
        "issued": {"date-parts": [[2020]]},
        "container-title": "Journal of Invented Results",
    }
]

SVG = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="320pt" height="120pt"
 viewBox="0 0 320 120" xmlns="http://www.w3.org/2000/svg" version="1.1">
 <metadata>made up</metadata>
 <defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>
 <defs><clipPath id="clip"><rect x="0" y="0" width="320" height="120"/></clipPath></defs>
 <g id="axes" clip-path="url(#clip)"><rect x="10" y="20" width="200" height="20" fill="#1f5f7a"/>
 <text x="10" y="70" style="font: 12px 'DejaVu Sans'">Risk ≥ 12 %</text></g>
</svg>"""

BARS = {
    "image/svg+xml": SVG,
    ON_A_PHONE: SVG.replace("Risk", "Narrow risk"),
    "text/plain": 'One bar, "twelve" per cent',
}

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)

HOSTILE = "<script>alert(1)</script> {{ x }} $a$ #panic() *b* [c](d) @doe-2020 `e`"
HOSTILE_HTML = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")

TABLE = f"""<table class="filterable">
<thead><tr><th rowspan="2">Study</th><th colspan="2">Patients</th>
<th rowspan="2" data-filter="select">Class</th></tr>
<tr><th>Total</th><th>Subgroup</th></tr></thead>
<tbody>
<tr id="study-doe-2020"><th scope="row" rowspan="2">Doe 2020</th>
<td class="num"><a class="traced" href="#trace-table-1-doe-2020-total"
 data-trace="table-1/doe-2020/total">12</a></td>
<td class="num"><span class="traced" data-trace="missing">3</span><sup>a</sup></td>
<td>Ä-class</td></tr>
<tr><td class="num">7</td><td class="num">1</td><td>B<br>second line</td></tr>
<tr><th scope="row">Roe 2021</th><td class="num">9</td><td class="num">5</td>
<td>{HOSTILE_HTML}</td></tr>
</tbody></table>
<div class="table-notes"><p><sup>a</sup> Of the subgroup.</p>
<p>BZ betazolid, RN radionecrosis</p></div>"""

WIDE = (
    '<table class="landscape"><thead><tr>'
    + "".join(f"<th>Column {n}</th>" for n in range(1, 10))
    + "</tr></thead><tbody>"
    + "".join(
        "<tr>"
        + "".join(f"<td>{'word ' * (3 + 6 * (n == 8))}{row}</td>" for n in range(1, 10))
        + "</tr>"
        for row in range(1, 31)
    )
    + "</tbody></table>"
)

LONG = (
    "<table><thead><tr><th>Study</th><th>What it did</th></tr></thead><tbody><tr><td>"
    '<span class="traced" data-trace="long/doe-2020">'
    + "Long text of many words. "
    * 4
    + '</span></td><td><span class="traced" data-trace="long/empty">none</span></td></tr>'
    "</tbody></table>"
)

LEDGER = """<table data-table="ledger"><thead><tr><th>Statement</th><th>Study</th>
<th>Printed</th><th>Recomputed</th></tr></thead><tbody><tr><th scope="row"><span class="traced"
 data-trace="claim/awake">patients who lay awake</span></th><td>Doe 2020</td><td>9</td>
<td>8</td></tr></tbody></table>"""

AUDIT = """<div id="trace-total" data-trace="total">
<h3>participants in the included studies</h3>
<table><tbody><tr><th scope="row">Value</th><td>3219 patients</td></tr>
<tr><th scope="row">Formula</th><td>sum of number in samples</td></tr></tbody></table></div>
<div id="trace-table-1-doe-2020-total" data-trace="table-1/doe-2020/total">
<h3>Doe 2020, total</h3><p>12, printed in <a href="https://doi.org/10.0000/x">table 1</a></p></div>
"""

PLACES = f"""<table class="trace-list"><thead><tr><th>Number</th><th>Value</th><th>From</th>
<th>Filters</th></tr></thead><tbody><tr id="trace-long-doe-2020">
<th scope="row">What it did, doe-2020</th>
<td>{"Long text of many words. " * 4}</td>
<td><a href=#f1>formula 1</a>: <a href=#p1>place 1</a>: samples, Doe 2020, total: number = 12.
<br>also read: samples</td><td>samples by group</td></tr>
<tr id="trace-long-empty"><th scope="row">What it did, none</th><td>none</td>
<td><i>nothing</i></td><td></td></tr></tbody></table>
<div id="trace-claim-awake"><h3>patients who lay awake</h3><dl><dt>Verdict<dd>inconsistent
<dt>Printed<dd><a href=#p1>place 1</a><dt>From<dd>samples, Doe 2020, awake: number = 8</dl></div>
<ol class="places"><li id=p1><a href="https://doi.org/10.0000/y#:~:text=12">Table 1: “12”</a></ol>
<ol class="places"><li id=f1><i>sum of number in samples</i></ol>
"""


def display(kind: str, data: str) -> Any:
    return new_output("display_data", data={kind: data, "text/plain": "<object>"})


def markdown(text: str, *values: tuple[str, str]) -> Any:
    """A Markdown cell with stored results of its inline expressions (expression, Markdown)."""
    cell = new_markdown_cell(text)
    cell.metadata["user_expressions"] = [
        {
            "expression": expression,
            "result": {"status": "ok", "data": {"text/markdown": value}, "metadata": {}},
        }
        for expression, value in values
    ]
    return cell


def code(source: str, *outputs: Any) -> Any:
    return new_code_cell(source, outputs=list(outputs), execution_count=1)


RESULTS = """# Results for `x` {#sec-results}

The studies had `{python} v("total")` patients[^1], see @tbl-small, [-@fig-bars] and @sec-tables;
see also [@doe-2020, p. 3] and @sec-results-more.

[^1]: A footnote."""

MORE = """## More {#sec-results-more}

::: {.callout-note}
## Reading note
Mind *this*: [ambiguous]{.verdict .ambiguous}, [new]{.verdict}.
:::

::: {.callout-warning collapse="true"}
Folded: betazolid for 13.5 % of them.
:::

::: {.panel-tabset}
### First"""

SECOND_TAB = """### Second

Text of the second tab.
:::

### Deeper

Étude, Großhirn.

The review: [Roe J (2021) An invented review, doi 10.0000/y]{#reviewed-article}."""


def results_cells() -> list[Any]:
    return [
        markdown(RESULTS, ('v("total")', '[3219]{.traced trace="total"}')),
        code("#| include: false\nx = 1"),
        markdown(MORE),
        code("#| echo: true\nprint('hello')", new_output("stream", name="stdout", text="hello\n")),
        markdown(SECOND_TAB),
        code(
            '#| label: fig-bars\n#| fig-cap: "Bars of [@doe-2020]"\n'
            '#| fig-alt: "One bar, \\"twelve\\" per cent"\n1',
            new_output("display_data", data=BARS),
        ),
        code('#| fig-alt: "A dot"\n2', display("image/png", PNG)),
        code('#| label: tbl-long\n#| tbl-cap: "A table of texts"\n4', display("text/html", LONG)),
        code('#| label: tbl-ledger\n#| tbl-cap: "Statements"\n5', display("text/html", LEDGER)),
    ]


def table_cells() -> list[Any]:
    return [
        markdown("# Tables {#sec-tables}\n\nSee [^1].\n\n[^1]: Another footnote."),
        code(
            '#| label: tbl-small\n#| tbl-cap: "Patients, see @fig-bars"\n3',
            display("text/html", TABLE),
        ),
        markdown("## Wide\n\nIts heading comes along."),
        code('#| label: tbl-wide\n#| tbl-cap: "A wide table"\n4', display("text/html", WIDE)),
        code(
            "#| output: asis\n5",
            display(
                "text/markdown",
                '## From code\n\nGenerated: [12]{.traced trace="table-1/doe-2020/total"}.',
            ),
        ),
    ]


def audit_cells() -> list[Any]:
    return [
        markdown("# Audit {#sec-audit}"),
        code("#| output: asis\n6", display("text/html", AUDIT)),
        code("7", new_output("display_data", data={"text/html": PLACES, LISTS: []})),
    ]


def write_notebook(path: Path, cells: list[Any]) -> Path:
    notebook = new_notebook(cells=cells)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.v4.writes(notebook), "utf-8")
    return path


def make_book(root: Path, config: str = CONFIG) -> tuple[Book, Mapping[str, Path]]:
    """Write the invented book into `root`; the book and its executed notebooks."""
    (root / "index.md").write_text("# About {.unnumbered}\n\nStart at @sec-results.\n")
    (root / "references.json").write_text(json.dumps(REFERENCES))
    (root / "_quarto.yml").write_text(
        config + f'companion:\n  style: {STYLE}\n  synonyms: ["betazolid, Inventin"]\n'
    )
    cells = {"results": results_cells(), "tables": table_cells(), "audit": audit_cells()}
    executed = {
        f"notebooks/{name}.ipynb": write_notebook(root / "notebooks" / f"{name}.ipynb", content)
        for name, content in cells.items()
    }
    return read_book(root), executed


METADATA = Metadata(
    version="1.2.3",
    data_date="2025-01-31",
    digest="0123456789abcdef" * 4,
    citation="Review Companion contributors (2025). Invented review, version 1.2.3.",
    licence="CC BY 4.0",
    timestamp=1738281600,
    payloads=(Payload("claims", '{"text": "</script><b>"}'),),
    attachments=(Attachment("claims.json", b"[]", "application/json", "The claims"),),
)

Format = Literal["html", "pdf"]
BOTH: tuple[Format, ...] = ("html", "pdf")


class Rendered(NamedTuple):
    """The files of a book, as far as they were asked for."""

    html: Path
    pdf: Path
    notes: tuple[str, ...] = ()


def read(executed: Mapping[str, Path]) -> dict[str, Notebook]:
    return {name: nbformat.read(path, as_version=4) for name, path in executed.items()}


def typeset(
    book: Book,
    executed: Mapping[str, Path],
    out: Path,
    metadata: Metadata = METADATA,
    formats: tuple[Format, ...] = BOTH,
    cache: Cache | None = None,
) -> Rendered:
    """The book by the embedded engine; nothing is found in a cache unless one is given."""
    asked, unused = replace(book, formats=formats), Cache(out.with_name("unused"), "", finds=False)
    notes = typeset_book(asked, read(executed), out, metadata, cache or unused, Typst())
    return Rendered(out / "companion.html", out / "companion.pdf", notes)
