"""Editions in `_quarto.yml`: what they take over, what they set, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.typeset.editions import read_edition

BASE = """\
project: {type: book}
book:
  title: Report
  subtitle: All of it
  chapters: [index.md]
companion:
  editions:
    deck:
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("index.md", "deck.md", "more.md"):
        (tmp_path / name).write_text("# One\n", "utf-8")
    return tmp_path


def edition(project: Path, lines: str, name: str = "deck", **settings: str):  # type: ignore[no-untyped-def]
    body = "".join(f"      {line}\n" for line in lines.splitlines())
    (project / "_quarto.yml").write_text(BASE + body, "utf-8")
    return read_edition(project, name, **settings)


def test_without_a_name_it_is_the_report(project: Path) -> None:
    book = edition(project, "chapters: [deck.md]", name="")
    assert [chapter.source for chapter in book.chapters] == ["index.md"]
    assert (book.edition, book.formats, book.files) == ("", ("html", "pdf"), True)


def test_an_edition_has_its_own_chapters_and_takes_over_the_rest(project: Path) -> None:
    book = edition(project, "chapters: [deck.md]\nappendices: [more.md]")
    assert [(c.source, c.appendix) for c in book.chapters] == [
        ("deck.md", False),
        ("more.md", True),
    ]
    assert (book.title, book.subtitle, book.edition) == ("Report", "All of it", "deck")
    assert not book.files


def test_an_edition_sets_title_formats_look_and_parameters(project: Path) -> None:
    lines = (
        "title: Deck\nlabel: Slides\nchapters: [deck.md]\nformats: [pdf]\nlook: [slides]\n"
        "parameters: {edition: slides}\ntoc: false\nnumber-sections: false\nfiles: true"
    )
    book = edition(project, lines)
    assert (book.title, book.edition, book.formats, book.look) == (
        "Deck", "Slides", ("pdf",), ("slides",),
    )  # fmt: skip
    assert book.parameters == {"edition": "slides"}
    assert (book.toc, book.number_sections, book.files) == (False, False, True)


def test_an_unknown_edition_lists_those_known(project: Path) -> None:
    with pytest.raises(CompanionError, match="no edition “dekc”") as raised:
        edition(project, "chapters: [deck.md]", name="dekc")
    assert raised.value.hint == "known: deck"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("chapters: [deck.md]\nformat: [pdf]", "an edition has no option 'format'"),
        ("chapters: [deck.md]\nformats: [docx]", "there is no format 'docx'"),
        ("chapters: [deck.md]\nlook: slides", "'look' must be a list of names"),
        ("chapters: [gone.md]", "chapter 'gone.md' does not exist"),
        ("title: Deck", "the book has no chapters"),
    ],
)
def test_what_an_edition_cannot_be_is_refused_with_its_line(
    project: Path, lines: str, told: str
) -> None:
    with pytest.raises(CompanionError, match=told) as raised:
        edition(project, lines)
    assert "_quarto.yml, line" in str(raised.value.where)


def test_another_engine_is_refused(project: Path) -> None:
    with pytest.raises(CompanionError, match="embedded engine only"):
        edition(project, "chapters: [deck.md]", engine="quarto")
