"""A book of two volumes: numbered as one, written as two, linked across; cards open from packed
entries."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from tests.chromium import Opened
from tests.typeset.fixtures import (
    AUDIT,
    CONFIG,
    METADATA,
    PLACES,
    STYLE,
    make_book,
    typeset,
    write_notebook,
)
from tests.typeset.fixtures import markdown as prose

from review_companion.cache import Cache
from review_companion.errors import CompanionError
from review_companion.evidence.page_data import ENTRIES, pack_text, unpack_text
from review_companion.evidence.rendered_page import Page
from review_companion.typeset import pandoc, pdf, process
from review_companion.typeset.config import read_book
from review_companion.typeset.metadata import Payload
from review_companion.typeset.resident import Typst

pytestmark = pytest.mark.integration

VOLUME = "  audit-volume: [notebooks/audit.ipynb]\n"
# As the report packs them: each entry is one line.
ONE_LINE = " ".join(f"<div>{AUDIT}{PLACES}</div>".split("\n"))
ENTRIES_TEXT = re.sub(r"(?=<tr id|<div id|<table class|<ol)", "\n", ONE_LINE)
METADATA_WITH_ENTRIES = replace(
    METADATA, payloads=(*METADATA.payloads, Payload(ENTRIES, pack_text(ENTRIES_TEXT)))
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("volumes")
    _, executed = make_book(root)
    config = root / "_quarto.yml"
    config.write_text(config.read_text("utf-8") + VOLUME, "utf-8")
    text = "# Audit {#sec-audit}\n\n## Method {#sec-method}\n\nFrom @tbl-small of @sec-tables."
    cells = json.loads(executed["notebooks/audit.ipynb"].read_text("utf-8"))["cells"][1:]
    audit = write_notebook(executed["notebooks/audit.ipynb"], [prose(text)])
    whole = json.loads(audit.read_text("utf-8"))
    whole["cells"] += cells
    audit.write_text(json.dumps(whole), "utf-8")
    typeset(read_book(root), executed, root / "out", METADATA_WITH_ENTRIES)
    return root / "out"


def test_the_style_does_not_change_under_a_volume_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are set at the same time."""
    _, executed = make_book(tmp_path)
    config = tmp_path / "_quarto.yml"
    config.write_text(config.read_text("utf-8") + VOLUME, "utf-8")
    written: list[str] = []

    def copied(source: Path, target: Path, **options: Any) -> Path:
        written.append(Path(target).name)
        return copyfile(source, target, **options)

    copyfile = shutil.copyfile
    monkeypatch.setattr(pdf.shutil, "copyfile", copied)
    typeset(read_book(tmp_path), executed, tmp_path / "out", formats=("pdf",))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"audit.pdf", "companion.pdf"}
    assert written.count(pdf.STYLE) == 1


def test_an_edited_sentence_sets_one_volume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, executed = make_book(tmp_path)
    for path in executed.values():
        write_notebook(path, [prose(f"# A chapter {{#sec-{path.stem}}}\n\nText.")])
    config = tmp_path / "_quarto.yml"
    config.write_text(config.read_text("utf-8") + VOLUME, "utf-8")
    cache, runs = Cache(tmp_path / "cache", ""), []

    def counted(named: Callable[..., Any], first: int) -> Any:
        def count(*given: Any, **options: Any) -> Any:
            runs.extend(re.findall(r"\b(?:companion|audit)(?=-\w+\.json|\.typ)", str(given[first])))
            return named(*given, **options)

        return count

    monkeypatch.setattr(pandoc, "run", counted(pandoc.run, 0))
    monkeypatch.setattr(Typst, "compile", counted(Typst.compile, 1))

    def files(name: str, cache: Cache | None) -> dict[str, bytes]:
        typeset(read_book(tmp_path), executed, tmp_path / name, cache=cache)
        return {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}

    first = files("first", cache)
    assert sorted(runs) == ["audit"] * 3 + ["companion"] * 3
    runs.clear()
    assert files("again", cache) == first
    assert runs == []
    index = tmp_path / "index.md"
    index.write_text(index.read_text("utf-8") + "\n\nOne more sentence.\n", "utf-8")
    edited = files("edited", cache)
    assert runs == ["companion"] * 3
    assert {name for name in first if first[name] != edited[name]} == {
        "companion.html",
        "companion.pdf",
    }
    assert files("afresh", None) == edited
    book = replace(read_book(tmp_path), without=("audit.pdf",))
    typeset(book, executed, tmp_path / "less", cache=cache)
    assert {path.name for path in (tmp_path / "less").iterdir()} == first.keys() - {"audit.pdf"}


@pytest.mark.parametrize(
    ("others", "read"),
    [
        pytest.param("Text.", 1, id="apart"),
        pytest.param("[there]: https://example.org", 4, id="an address for all"),
        pytest.param("(@) One.\n\n(@) Two.", 4, id="numbered examples"),
        pytest.param("- [there]: https://example.org", 4, id="an address in a list"),
        pytest.param("A.[^a]\n\n[^a]: [there]: https://example.org", 4, id="an address in a note"),
        pytest.param("## There", 1, id="a heading that is named"),
        pytest.param("There\n-----", 1, id="an underlined heading that is named"),
        pytest.param("<!-- a\n\nb -->", 4, id="markup that might be open"),
    ],
)
def test_a_chapter_is_read_again_where_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: str, read: int
) -> None:
    """It gives the same as all of them, also where one chapter says how others are read."""
    _, executed = make_book(tmp_path)
    for path in executed.values():
        write_notebook(path, [prose(f"# A chapter {{#sec-{path.stem}}}\n\nSee [there].")])
    first, *_ = executed.values()
    write_notebook(first, [prose(f"# First {{#sec-{first.stem}}}\n\n{others}")])
    index, runs = tmp_path / "index.md", []

    def counted(command: list[str], **given: Any) -> Any:
        runs.append((command[-1], given["stdin"].count("{=companion-chapter}")))
        return process.run(command, **given)

    monkeypatch.setattr(pandoc, "run", counted)

    def rendered(name: str, cache: Cache | None) -> bytes:
        book = read_book(tmp_path)
        done = typeset(book, executed, tmp_path / name, formats=("html",), cache=cache)
        return done.html.read_bytes()

    cache = Cache(tmp_path / "cache", "")
    rendered("before", cache)
    runs.clear()
    index.write_text(index.read_text("utf-8") + f"\n\n{others}\n", "utf-8")
    assert rendered("after", cache) == rendered("afresh", None)
    chapters = [number for name, number in runs if name.endswith("-read.json")]
    assert chapters == [read, len(executed) + 1]


def test_words_in_brackets_are_no_link_to_a_heading_of_these_words(tmp_path: Path) -> None:
    """It would be one in some chapters, and depend on which are read together."""
    _, executed = make_book(tmp_path)
    for number, path in enumerate(executed.values()):
        text = f"# A chapter {{#sec-{path.stem}}}\n\n## There {number}\n\nSee [there {number}]."
        write_notebook(path, [prose(text)])
    book = read_book(tmp_path)
    text = typeset(book, executed, tmp_path / "out", formats=("html",)).html.read_text("ascii")
    assert "See [there 0]." in text and "See [there 1]." in text
    assert 'href="#"' not in text


@pytest.fixture(scope="module")
def report(folder: Path) -> str:
    return (folder / "companion.html").read_text("utf-8")


@pytest.fixture(scope="module")
def audit(folder: Path) -> str:
    return (folder / "audit.html").read_text("utf-8")


def test_each_chapter_stands_in_its_volume_alone(report: str, audit: str) -> None:
    assert 'id="sec-results"' in report
    assert 'id="sec-audit"' not in report
    assert 'id="sec-audit"' in audit
    assert 'id="sec-results"' not in audit
    assert 'id="trace-total"' in audit


def test_numbers_lead_to_their_entries_in_the_other_volume(report: str) -> None:
    assert re.search(r'<a href="audit\.html#trace-total"[^>]*data-trace="total"', report)
    targets = Page(report).targets
    assert "audit.html#trace-total" in targets
    assert all(s.target in targets for s in Page(report).shown if s.target)


def test_references_are_numbered_as_in_one_book_and_lead_across(audit: str) -> None:
    link = '<a href="companion.html#tbl-small" class="crossref">'
    assert f"{link}Table&#160;2.1</a>" in audit
    assert 'href="companion.html#sec-tables"' in audit


def test_the_contents_name_the_other_volume_by_its_chapters(report: str) -> None:
    sidebar = report[report.index('class="sidebar"') : report.index("<main")]
    assert "Audit volume" in sidebar
    assert 'href="audit.html#sec-audit"' in sidebar
    assert "sec-method" not in sidebar


def test_what_the_report_carries_the_audit_volume_does_not(report: str, audit: str) -> None:
    assert {"claims", ENTRIES} <= set(Page(report).carried)
    assert Page(audit).carried == {}


def test_on_paper_each_volume_has_its_own_chapters(folder: Path) -> None:
    def text(name: str) -> str:
        with pypdfium2.PdfDocument(folder / name) as document:
            return "\n".join(page.get_textpage().get_text_range() for page in document)

    assert "Method" not in text("companion.pdf")
    assert "Method" in text("audit.pdf")
    assert "Audit volume" in text("audit.pdf")


def test_packed_entries_come_back_and_damage_is_said() -> None:
    assert unpack_text(pack_text("ä\n1")) == "ä\n1"
    for damaged in ('"x"', "[]", pack_text("long enough")[:-12] + '"'):
        with pytest.raises(CompanionError, match="cannot be unpacked"):
            unpack_text(damaged)


def test_the_same_entries_pack_to_the_same_bytes() -> None:
    assert pack_text("text") == pack_text("text")


def test_an_audit_volume_names_chapters_of_the_book(tmp_path: Path) -> None:
    make_book(tmp_path)
    text = CONFIG + f"companion:\n  style: {STYLE}\n"
    for named, said in (("[no.ipynb]", "'no.ipynb' is not a chapter"), ("x", "must be a list")):
        (tmp_path / "_quarto.yml").write_text(text + f"  audit-volume: {named}\n", "utf-8")
        with pytest.raises(CompanionError, match=said):
            read_book(tmp_path)


@pytest.fixture
def opened(browser: Any, folder: Path, tmp_path: Path) -> Iterator[Any]:
    """The short volume alone, as it comes by mail."""
    alone = tmp_path / "companion.html"
    alone.write_bytes((folder / "companion.html").read_bytes())
    with Opened(browser, alone) as made:
        yield made.page
        assert made.said == []


@pytest.mark.browser
def test_a_card_opens_from_the_entries_that_the_page_carries(opened: Any) -> None:
    opened.get_by_role("link", name="3219").first.click()
    card = opened.get_by_role("dialog", name="Where “3219” comes from")
    card.wait_for()
    assert "sum of number in samples" in card.text_content()
    opened.keyboard.press("Escape")
    opened.locator('[data-trace="claim/awake"]').first.click()
    card = opened.get_by_role("dialog")
    card.wait_for()
    assert card.get_by_role("link", name="Table 1: “12”").first.get_attribute("href")
    opened.keyboard.press("Escape")
    opened.locator('[data-trace="long/doe-2020"]').first.click()
    card.wait_for()  # a formula that is listed once stands in the card
    assert "sum of number in samples" in card.text_content()


@pytest.mark.browser
def test_without_scripts_a_number_is_a_link_into_the_audit_volume(
    browser: Any, folder: Path
) -> None:
    with Opened(browser, folder / "companion.html", scripted=False) as made:
        made.page.locator('[data-trace="total"]').first.click()
        assert made.page.url.endswith("/audit.html#trace-total")
