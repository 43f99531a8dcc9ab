from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.typeset.fixtures import METADATA, make_book, read

from review_companion.errors import CompanionError
from review_companion.evidence.appendix import appendix, audit_entries, filled
from review_companion.review import open_review
from review_companion.typeset.pandoc import pandoc_path
from review_companion.typeset.process import require_version
from review_companion.typeset.quarto import FILTER, installed_version, staged_config, typeset

pytestmark = pytest.mark.integration

OnPath = Callable[..., tuple[int, ...]]
FIXTURE = Path(__file__).parents[1] / "fixture_review"

STAND_IN = """#!/bin/sh
if [ "$1" = --version ]; then echo {version}; exit 0; fi
echo "$@" >> {log}/arguments
rm -rf {log}/staged; cp -r . {log}/staged
mkdir -p _book/notebooks
case "$*" in
  *html*) echo page > _book/index.html; echo page > _book/notebooks/audit.html;;
  *typst*) echo pdf > _book/companion.pdf;;
esac
{ending}
"""


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OnPath:
    """Puts a program on the path that does as if it were Quarto; its version, as it is found."""

    def stand_in(version: str = "1.9.38", ending: str = "exit 0") -> tuple[int, ...]:
        program = tmp_path / "quarto"
        program.write_text(STAND_IN.format(version=version, log=tmp_path, ending=ending))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        return installed_version()

    return stand_in


def staged(folder: Path) -> dict[str, object]:
    config: dict[str, object] = yaml.safe_load((folder / "staged" / "_quarto.yml").read_text())
    return config


def test_the_book_is_staged_and_typeset_without_executing(tmp_path: Path, on_path: OnPath) -> None:
    (tmp_path / "book").mkdir()
    book, executed = make_book(tmp_path / "book")
    assert typeset(book, read(executed), tmp_path / "out", METADATA, on_path()) == ()
    for name in ("index.html", "companion.pdf", "notebooks/audit.html"):
        assert (tmp_path / "out" / name).is_file()
    assert (tmp_path / "arguments").read_text().splitlines() == [
        "render . --to html --no-execute",
        "render . --to typst --no-execute",
    ]
    files = tmp_path / "staged"
    notebook = json.loads((files / "notebooks" / "results.ipynb").read_text())
    assert notebook["cells"][0]["metadata"]["user_expressions"]
    for name in ("index.md", "references.json", "style/quarto.lua", "style/quarto.css"):
        assert (files / name).is_file()
    config = staged(tmp_path)
    assert config["execute"] == {"enabled": False, "echo": False}
    assert config["filters"] == [{"path": "style/quarto.lua", "at": "post-quarto"}]
    written = config["book"]
    assert isinstance(written, dict)
    assert written["author"] == "Review Companion contributors"
    assert written["chapters"][0] == "index.md"
    assert written["appendices"] == ["notebooks/audit.ipynb"]


def test_what_is_the_companion_s_own_is_not_staged() -> None:
    settings = {"audit": "a.ipynb", "rows": "s.ipynb", "editions": {"slides": {}}, "style": "x"}
    staged = staged_config({"book": {}, "companion": settings}, METADATA)
    assert staged["companion"] == {"audit": "a.ipynb", "rows": "s.ipynb", "style": "style"}


def test_a_missing_quarto_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CompanionError, match="quarto is not installed") as caught:
        installed_version()
    assert "--engine embedded" in str(caught.value.hint)


def test_before_typst_books_there_is_a_site_and_a_note(tmp_path: Path, on_path: OnPath) -> None:
    book, executed = make_book(tmp_path)
    notes = typeset(book, read(executed), tmp_path / "out", METADATA, on_path("1.6.40"))
    assert (tmp_path / "out/index.html").is_file()
    assert not (tmp_path / "out/companion.pdf").exists()
    assert "no PDF: Quarto 1.6.40" in notes[0]


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        ("echo 'ERROR: no such key' >&2; exit 1", "ERROR: no such key"),
        ("rm -r _book", "quarto ended well, but left no index.html"),
    ],
)
def test_a_failing_quarto_shows_what_it_said(
    tmp_path: Path, on_path: OnPath, ending: str, message: str
) -> None:
    book, executed = make_book(tmp_path)
    with pytest.raises(CompanionError, match=message):
        typeset(book, read(executed), tmp_path / "out", METADATA, on_path(ending=ending))
    assert not (tmp_path / "out").exists()


def filtered(to: str, markdown: str, tmp_path: Path) -> str:
    """What the filter makes of a text, Quarto's own variables played by the test."""
    played = tmp_path / "filter.lua"
    project = f"{{ offset = '..', directory = '{tmp_path}' }}"
    played.write_text(f"quarto = {{ project = {project} }}\n" + FILTER.read_text())
    command = [str(pandoc_path()), "-f", "markdown", "-t", to, "-L", str(played)]
    done = subprocess.run(command, input=markdown, capture_output=True, text=True, check=True)
    return done.stdout


TRACED = """---
companion:
  audit: notebooks/audit.ipynb
---

[12]{.traced trace="table-1/doe-2020/total"} [x]{.other}
"""


def test_traced_numbers_lead_to_the_page_of_the_audit(tmp_path: Path) -> None:
    page = " ".join(filtered("html", TRACED, tmp_path).split())
    link = '<a href="../notebooks/audit.html#trace-table-1-doe-2020-total" class="traced"'
    assert link in page
    assert '<span class="other">x</span>' in page


def test_traced_numbers_are_links_in_typst_only_where_the_entry_exists(tmp_path: Path) -> None:
    import typst

    source = filtered("typst", TRACED, tmp_path)
    assert typst.compile(source.encode(), format="svg")
    entry = "\n\n#block[the entry] <trace-table-1-doe-2020-total>\n"
    assert typst.compile((source + entry).encode(), format="svg")


def test_quarto_s_rewriting_of_the_page_s_path_does_no_harm(tmp_path: Path) -> None:
    rewritten = TRACED.replace("audit: ", "audit: ../")
    assert filtered("html", rewritten, tmp_path) == filtered("html", TRACED, tmp_path)


ROW_LINK = """---
companion:
  rows: ../notebooks/studies.ipynb
---

Doe [→](#study-doe){.row-link} and [below](#sec-below)

## Below {#sec-below}
"""


def test_a_row_leads_to_the_page_about_it(tmp_path: Path) -> None:
    page = " ".join(filtered("html", ROW_LINK, tmp_path).split())
    assert '<a href="../notebooks/studies.html#study-doe" class="row-link">→</a>' in page
    assert '<a href="#sec-below">below</a>' in page
    assert "→" not in filtered("html", ROW_LINK.replace("rows:", "other:"), tmp_path)


def test_links_to_other_chapters_lead_to_their_pages(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "how.ipynb").write_text('"# How far {#sec-how-far}\\n"')
    (tmp_path / "index.md").write_text("# About {#sec-about .unnumbered}\n")
    text = "[Doe](#study-doe) [far](#sec-how-far) [about](#sec-about) [none](#sec-how)\n"
    page = " ".join(filtered("html", ROW_LINK + "\n" + text, tmp_path).split())
    assert '<a href="../notebooks/studies.html#study-doe">Doe</a>' in page
    assert '<a href="../notebooks/how.html#sec-how-far">far</a>' in page
    assert '<a href="../index.html#sec-about">about</a>' in page
    assert '<a href="#sec-how">none</a>' in page


PAPER = """```{{=html}}
<table><caption>Values</caption><thead><tr><th>Name</th><th>Value</th></tr></thead>
<tbody><tr id="{row}"><th>total</th><td>12</td></tr></tbody></table>
```

[12]{{.traced trace="table-1/doe/total"}}, [below](#sec-nowhere)
"""


@pytest.mark.parametrize("row", ["trace-table-1-doe-total", "trace-table-1-doe", "other"])
def test_on_paper_a_number_leads_to_its_entry_or_its_row_s(tmp_path: Path, row: str) -> None:
    import pikepdf
    import typst

    source = filtered("typst", PAPER.format(row=row), tmp_path)
    assert f"#metadata(none) <{row}>" in source
    (tmp_path / "book.typ").write_text(source)
    typst.compile(str(tmp_path / "book.typ"), output=str(tmp_path / "book.pdf"))
    with pikepdf.open(tmp_path / "book.pdf") as pdf:
        links = [mark for page in pdf.pages for mark in page.get("/Annots", [])]
    assert len(links) == (row != "other")


def test_each_of_quarto_s_formats_takes_its_own_form_of_the_appendix() -> None:
    review = open_review(FIXTURE)
    forms = appendix(review)._repr_mimebundle_()
    for form, ids in (("text/html", "<tr id="), ("text/markdown", '<tr id="trace-')):
        assert "<!--| quarto-html-table-processing: none -->" in forms[form]
        assert ids in forms[form]
    assert forms["text/markdown"].startswith("```{=html}\n")


def test_an_appendix_that_a_render_made_gets_quarto_s_form_when_it_is_staged(
    tmp_path: Path, on_path: OnPath
) -> None:
    entries = audit_entries(open_review(FIXTURE))
    made = filled(entries, for_quarto=False)._repr_mimebundle_()
    book, executed = make_book(tmp_path)
    books = read(executed)
    name, notebook = next(iter(books.items()))
    output = {"output_type": "display_data", "metadata": {}, "data": made}
    notebook["cells"].append({"cell_type": "code", "source": "", "outputs": [output]})
    typeset(book, books, tmp_path / "out", METADATA, on_path())
    staged = json.loads((tmp_path / "staged" / name).read_text("utf-8"))
    (found,) = staged["cells"][-1]["outputs"]
    whole = filled(entries)._repr_mimebundle_()
    assert found["data"]["text/markdown"] == whole["text/markdown"]
    assert list(found["data"]) == list(whole)
    assert output["data"] is made
    assert "text/markdown" not in made


def test_the_checkout_is_a_book_that_quarto_renders_by_itself() -> None:
    root = Path(__file__).parents[2]
    text = (root / "_quarto.yml").read_text("utf-8")
    config = yaml.safe_load(text)
    assert config["execute"]["enabled"]
    assert config["book"]["author"]
    assert config["format"]["typst"]["citeproc"]  # Typst itself reads no CSL JSON
    assert [f["at"] for f in config["filters"]] == ["post-quarto"]
    named = [*(f["path"] for f in config["filters"]), *config["format"]["html"]["css"]]
    named += [*config["project"]["resources"], config["companion"]["audit"]]
    named.append(config["companion"]["rows"])
    assert [name for name in named if not (root / name).is_file()] == []
    assert {config["companion"]["audit"], config["companion"]["rows"]} <= {
        *config["book"]["chapters"],
        *config["book"]["appendices"],
    }
    assert not [e for e in yaml.parse(text) if isinstance(e, yaml.AliasEvent)]


def test_without_an_audit_page_numbers_stay_as_they_are(tmp_path: Path) -> None:
    assert "<a" not in filtered("html", TRACED.split("---")[2], tmp_path)


def real_quarto() -> str | None:
    program = shutil.which("quarto")
    try:
        return program if program and require_version(program, (1, 6), "") else None
    except CompanionError:
        return None


@pytest.mark.skipif(real_quarto() is None, reason="no Quarto >= 1.6 on the path")
def test_a_real_quarto_typesets_the_book(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    book, executed = make_book(tmp_path / "book")
    settings = {**book.companion, "audit": "notebooks/audit.ipynb"}
    config = yaml.safe_load((book.root / "_quarto.yml").read_text())
    (book.root / "_quarto.yml").write_text(yaml.safe_dump({**config, "companion": settings}))
    book = replace(book, companion=settings)
    typeset(book, read(executed), tmp_path / "out", METADATA, installed_version())
    page = (tmp_path / "out" / "notebooks" / "results.html").read_text()
    assert 'audit.html#trace-total"' in page
    assert "Table\u00a02.1" in page


def test_a_quarto_that_is_too_old_is_not_taken(on_path: OnPath) -> None:
    with pytest.raises(CompanionError, match=r"1\.5\.57 is too old: 1\.6 is needed"):
        on_path("1.5.57")
    assert on_path("1.6.0") == (1, 6, 0)
