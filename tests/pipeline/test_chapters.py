"""What a render would refuse, `companion check` names, without executing anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.cli import main

pytestmark = pytest.mark.integration

Edit = Callable[[Path], None]
BOOK, LAMPS, INDEX = "_quarto.yml", "notebooks/lamps.ipynb", "index.md"


def put(file: str, old: str, new: str) -> Edit:
    """Another text in a file, or behind it where `old` is empty."""

    def edit(root: Path) -> None:
        path = root / file
        text = path.read_text("utf-8") if path.is_file() else ""
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")

    return edit


def cell(kind: str, source: str) -> Edit:
    """One more cell at the end of the chapter: its eleventh."""

    def edit(root: Path) -> None:
        path = root / LAMPS
        notebook = json.loads(path.read_text("utf-8"))
        more = {"cell_type": kind, "id": "more", "metadata": {}, "source": source}
        if kind == "code":
            more |= {"outputs": [], "execution_count": None}
        notebook["cells"].append(more)
        path.write_text(json.dumps(notebook), "utf-8")

    return edit


LAST = f"{LAMPS}, cell 10"
CASES = [
    (put(BOOK, LAMPS, "notebooks/x.ipynb"), f"{BOOK}:12: chapter 'notebooks/x.ipynb' does not"),
    (put(BOOK, "table-2", "table-9"), f"{BOOK}: no table is named “table-9”"),
    (put(BOOK, "toc: true", "tok: true"), f"{BOOK}:15: option 'tok' is not supported"),
    (put(BOOK, "", "  editions: {a: {chapter: [x]}}\n"), f"{BOOK}:28: an edition has no option"),
    (put(BOOK, "", "bibliography: x.json\n"), f"{BOOK}:28: 'x.json' does not exist"),
    (put(LAMPS, '"cells": [', '"cells": '), f"{LAMPS}:11: not readable as JSON"),
    (put(LAMPS, '"nbformat": 4', '"nbformat": 3'), f"{LAMPS}: not a notebook of format 4"),
    (put(LAMPS, "tbl-cap", "tbl-kap"), f"{LAMPS}, cell 5, line 2: cell option 'tbl-kap'"),
    (put(LAMPS, "#| tbl-cap", "# tbl-cap"), f"{LAMPS}, cell 5: 'tbl-table-1' needs the option"),
    (put(LAMPS, "label: tbl-table-2", "label: tbl-table-1"), "'tbl-table-1' is used twice"),
    (put(LAMPS, "sleepers-total", "sleepers"), f"{LAMPS}, cell 4, line 1: no value is named"),
    (put(LAMPS, 'table-2\\")', 'table-3\\")'), f"{LAMPS}, cell 8, line 3: no table is named"),
    (
        put(LAMPS, 'str = \\"all\\"', 'str = \\"any\\"'),
        f"{LAMPS}, cell 2, line 1: parameter colour",
    ),
    (cell("code", 'x = review.figure("f")'), f"{LAST}, line 1: no figure is named “f”"),
    (cell("code", '1\n\nreview.text("f")'), f"{LAST}, line 3: no sentence is named “f”"),
    (cell("code", 'review.value("table-1/x/y")\nv("studies")'), f"{LAST}, line 2: no value is"),
    (cell("code", "#| fig-cap: a\n#| tbl-cap: b\n1"), f"{LAST}: a cell has one caption"),
    (
        cell("code", "#| label: fig-x\n#| fig-cap: a\n1"),
        f"{LAST}: 'fig-x' needs the option 'fig-alt'",
    ),
    (cell("markdown", "See @tbl-nothing."), f"{LAST}: the reference @tbl-nothing leads nowhere"),
    (cell("markdown", "a[^n]"), f"{LAST}, line 1: the footnote [^n] is not defined"),
    (
        cell("markdown", "a\n\n{{< video x >}}"),
        f"{LAST}, line 3: the shortcode {{{{< video x >}}}}",
    ),
    *(
        (cell("markdown", f"x\n{slip}"), f"{LAST}, line 2: {said} would be shown as it is written")
        for slip, said in {
            '`{ python } v("sleepers-total")`': '`{ python } v("sleepers-total")`',
            '`{Python} v("sleepers-total")`': '`{Python} v("sleepers-total")`',
            '`{python}v("sleepers-total")`': '`{python}v("sleepers-total")`',
            '`python v("sleepers-total")`': '`python v("sleepers-total")`',
            '{python} v("sleepers-total")': "{python}",
            '`{python} v("sleepers-total") more': "{python}",
            '{python} v("sleepers-total")`': "{python}",
            'A `word. Of `{python} v("sleepers-total")` more': "{python}",
            '`{python v("sleepers-total")}`': '`{python v("sleepers-total")}`',
            '{python v("sleepers-total")}': '{python v("sleepers-total")}',
            '´{python} v("sleepers-total")´': "{python}",
        }.items()
    ),
    (
        cell("markdown", 'x `{python} v("studies)`'),
        f"{LAST}, line 1: is not Python: unterminated string",
    ),
    (
        cell("markdown", "`{python} v(“sleepers-total”)`"),
        f"{LAST}, line 1: is not Python: invalid character",
    ),
    (cell("code", "x = 1\ny = ("), f"{LAST}, line 2: is not Python: '(' was never closed"),
    (
        cell("markdown", "a\n<<<<<<< mine\nb\n=======\nc\n>>>>>>> hers"),
        f"{LAST}, line 2: left over from a merge",
    ),
    (
        cell("code", "<<<<<<< mine\nb\n=======\nc\n>>>>>>> hers"),
        f"{LAST}, line 1: left over from a merge",
    ),
    (put(INDEX, "", "\nOf { python } v()\n"), f"{INDEX}, line 5: {{ python }} would be shown"),
    (
        put("data/tables.yml", 'number }}"', 'number }} of 100"'),
        "“100” is typed in a template",
    ),
    (
        put("data/sentences.yml", "", "s: \"13 of {{ v('sleepers-total') }}\"\n"),
        "sentences.yml:1: “13” is typed in a template",
    ),
    (
        put("data/values.yml", "label:", "lable: x\n  label:"),
        "values.yml:2: nothing reads “lable”; did you mean “label”?",
    ),
    (
        put("data/tables.yml", "  caption:", "  captoin: x\n  caption:"),
        "nothing reads “captoin”; did you mean “caption”?",
    ),
    (cell("raw", "x"), f"{LAST}: raw cells are not supported"),
    (put(INDEX, "", "\n```{python}\n1\n```\n"), f"{INDEX}, line 5: an executable block in prose"),
    (
        put("data/values.yml", "label:", "places: two\n  label:"),
        "values.yml:2: “places” is a number",
    ),
    (put("data/dossiers.yml", "table-1", "table-9"), "dossiers.yml:2: no table is named “table-9”"),
    (
        put("data/no-trace.yml", "", "x: {reason: y, patterns: ['(']}\n"),
        "no-trace.yml:22: is no pattern",
    ),
    (
        put("data/no-trace.yml", "", "x: {reason: y, patterns: 5}\n"),
        "no-trace.yml:22: “patterns” of “x”",
    ),
    (
        put("data/published/table-1.csv", "\n", "\n<<<<<<< mine\n"),
        "published/table-1.csv:2: left over from a merge",
    ),
    (put("data/parameters.yml", "default: all", "default: [all]"), "parameters.yml:"),
    (put("data/published/table-1.csv", "Glow,", ""), "published/table-1.csv:2: has"),
    (put("data/figures.yml", "", "f: {kind: pie, table: table-1}\n"), "figures.yml:1: figure “f”"),
    (
        put("data/figures.yml", "", "f: {kind: flow, table: x}\n"),
        "figures.yml:1: no table is named",
    ),
    (put("data/sentences.yml", "", "s: \"{{ v('nothing') }}\"\n"), "sentences.yml:1: "),
    (put("data/sentences.yml", "", "s: \"{{ w('sleepers-total') }\"\n"), "sentences.yml:1: "),
    (put("data/sentences.yml", "", "s: \"{{ ww('sleepers-total') }}\"\n"), "sentences.yml:1: "),
]


@pytest.mark.parametrize(("edit", "line"), CASES)
def test_what_a_render_would_refuse_is_named(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str], edit: Edit, line: str
) -> None:
    edit(fixture_copy)
    status = main(["--project", str(fixture_copy), "check"])
    said = capsys.readouterr().out.replace(f"{fixture_copy}/", "")
    assert status == 1, said
    assert any(each.startswith(line) or line in each for each in said.splitlines()), said
    assert said.count("\n") == 2, said  # one cause, one line


@pytest.mark.parametrize("name", ["values", "tables"])
@pytest.mark.parametrize("text", [None, "", "\n", "# nothing\n"])
def test_definitions_that_are_gone_are_one_line(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str], name: str, text: str | None
) -> None:
    path = fixture_copy / f"data/{name}.yml"
    path.unlink() if text is None else path.write_text(text, "utf-8")
    assert main(["--project", str(fixture_copy), "check"]) == 1
    said = capsys.readouterr().out.replace(f"{fixture_copy}/", "").splitlines()
    assert len(said) == 2, said
    assert said[0].startswith(f"data/{name}.yml: ")
    assert "restore" in said[0]


HELD = [
    cell(
        "markdown",
        "Code in prose is `{python}`, `{ python }` or ``{python} v('x')``; `python x.py`.",
    ),
    cell("markdown", "See @tbl-table-1 and [-@tbl-table-2], `@tbl-none`, a\\@tbl-none."),
    cell("code", "%matplotlib inline\nv = 'x'\nother('y')"),
    cell("code", "HTML(\"<p id='tbl-made'>\")"),
    cell("code", 'review.value("table-1/alpha-2001/age")'),
    put("data/sentences.yml", "", "a: \"{{ say('b', row='c') }}\"\nb: \"{{ row }}\"\n"),
]


@pytest.mark.parametrize("edit", HELD)
def test_what_a_render_takes_is_no_problem(
    fixture_copy: Path, capsys: pytest.CaptureFixture[str], edit: Edit
) -> None:
    edit(fixture_copy)
    assert main(["--project", str(fixture_copy), "check"]) == 0
    assert capsys.readouterr().out == "0 error(s), 0 warning(s)\n"
