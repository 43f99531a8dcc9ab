"""What a book, its editions and its cells may say, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases import cases
from tests.typeset.fixtures import CONFIG, make_book

from review_companion.errors import CompanionError
from review_companion.typeset.code_cells import CellOptions, read_options
from review_companion.typeset.config import read_book, read_edition
from review_companion.typeset.prose import CellPlace

PLACE = CellPlace("notebooks/x.ipynb", 4)


def read(source: str) -> CellOptions:
    return read_options(source, PLACE, echo=False, warning=True)


def test_options_are_read_and_taken_from_the_code() -> None:
    options = read(
        "#| label: tbl-x\n#| tbl-cap: >\n#|   Two\n#|   lines\n#| classes: a .b\n"
        "#| tbl-colwidths: [1, 3]\n#| echo: true\n\nx = 1"
    )
    assert options == CellOptions(
        "x = 1", "tbl-x", "Two lines", "", (0.25, 0.75), True, True, True, True, ("a", "b"), "tbl"
    )
    assert options.float_kind == "tbl"


def test_a_cell_without_options_takes_the_defaults_of_the_book() -> None:
    assert read("x") == CellOptions("x", echo=False, warning=True)


@cases
def test_what_is_wrong_is_named_with_its_place(source: str, message: str, line: int) -> None:
    with pytest.raises(CompanionError) as caught:
        read(source)
    assert message in caught.value.what
    place = "notebooks/x.ipynb, cell 4"
    assert caught.value.where == (f"{place}, line {line}" if line else place)


def refusal(root: Path, config: str) -> CompanionError:
    make_book(root)
    (root / "_quarto.yml").write_text(config)
    with pytest.raises(CompanionError) as caught:
        read_book(root)
    return caught.value


def test_a_book_keeps_parts_appendices_and_reading_order(tmp_path: Path) -> None:
    book, _ = make_book(tmp_path)
    assert [(c.source, c.part, c.appendix) for c in book.chapters] == [
        ("index.md", "", False),
        ("notebooks/results.ipynb", "What was found", False),
        ("notebooks/tables.ipynb", "What was found", False),
        ("notebooks/audit.ipynb", "", True),
    ]
    assert book.notebooks == tuple(c.source for c in book.chapters[1:])
    assert book.authors == ("Review Companion contributors",)
    assert (book.date, book.lang, book.echo) == ("2025-01-31", "en-GB", False)


def test_a_day_that_no_month_has_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, CONFIG.replace("2025-01-31", "2025-02-30", 1))
    assert "“2025-02-30” is not a date" in error.what


@cases
def test_what_is_not_supported_is_refused_by_name_file_and_line(
    tmp_path: Path, old: str, new: str, named: str, line: int
) -> None:
    error = refusal(tmp_path, CONFIG.replace(old, new, 1))
    assert named in error.what
    assert error.where == f"_quarto.yml:{line}"
    assert error.status == 2


def test_malformed_yaml_is_one_clear_message(tmp_path: Path) -> None:
    assert "is opened and does not end" in refusal(tmp_path, "project: [").what


def test_a_list_instead_of_options_is_refused(tmp_path: Path) -> None:
    assert "mapping" in refusal(tmp_path, "- a\n").what


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CompanionError, match="no such file"):
        read_book(tmp_path)


def test_a_book_without_title_or_chapters_is_refused(tmp_path: Path) -> None:
    untitled = CONFIG.replace("  title: Invented review\n", "")
    assert "“title” is missing" in refusal(tmp_path, untitled).what
    bare = "project: {type: book}\nbook: {title: x}\n"
    assert "“chapters” is missing" in refusal(tmp_path, bare).what


def test_an_option_of_our_own_is_kept_as_written(tmp_path: Path) -> None:
    book, _ = make_book(tmp_path)
    assert set(book.companion) == {"style", "synonyms"}
    assert book.style.name == "style"


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


def test_an_unknown_edition_names_the_nearest(project: Path) -> None:
    with pytest.raises(CompanionError, match="no edition “dekc”") as raised:
        edition(project, "chapters: [deck.md]", name="dekc")
    assert raised.value.hint == "did you mean “deck”?"


@cases
def test_what_an_edition_cannot_be_is_refused_with_its_line(
    project: Path, lines: str, told: str
) -> None:
    with pytest.raises(CompanionError, match=told) as raised:
        edition(project, lines)
    assert "_quarto.yml:" in str(raised.value.where)


def test_a_style_file_that_an_edition_names_is_there(project: Path) -> None:
    style = project / "report/style"
    style.mkdir(parents=True)
    (style / "slides.typ").touch()
    assert edition(project, "chapters: [deck.md]\nlook: [slides]").look == ("slides",)
    with pytest.raises(CompanionError, match="no style file in style is called “slide”") as raised:
        edition(project, "chapters: [deck.md]\nlook: [slide]")
    assert raised.value.hint == "did you mean “slides”?"


def test_another_engine_is_refused(project: Path) -> None:
    with pytest.raises(CompanionError, match="embedded engine only"):
        edition(project, "chapters: [deck.md]", engine="quarto")


@cases
def test_a_book_says_its_type_and_lists_are_lists(
    tmp_path: Path, text: str, said: str, line: str
) -> None:
    (tmp_path / "index.md").write_text("# One\n", "utf-8")
    (tmp_path / "_quarto.yml").write_text(text, "utf-8")
    with pytest.raises(CompanionError, match=said) as caught:
        read_book(tmp_path)
    assert str(caught.value.where).endswith(line)
