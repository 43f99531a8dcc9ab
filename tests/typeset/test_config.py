from __future__ import annotations

from pathlib import Path

import pytest
from tests.typeset.fixtures import CONFIG, make_book

from review_companion.errors import CompanionError
from review_companion.typeset.config import read_book


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
    assert "'2025-02-30' is not a date" in error.what


@pytest.mark.parametrize(
    ("old", "new", "named", "line"),
    [
        ("  type: book", "  type: book\n  pre-render: x.py", "'project.pre-render'", 3),
        ("  subtitle:", "  cover-image: x.png\n  subtitle:", "'book.cover-image'", 5),
        ("  html: default", "  pdf: default", "'format.pdf'", 25),
        ("  html: default", "  html:\n    code-fold: true", "'format.html.code-fold'", 26),
        ("lang: en-GB", "lang: en-GB\nshortcodes: [x]", "'shortcodes'", 18),
        ("lang: en-GB", "companion:\n  edition: {}\nlang: en-GB", "'companion.edition'", 18),
        ("  type: book", "  type: website", "'website'", 2),
        ("2025-01-31", "today", "'today'", 7),
        ("2025-01-31", "yesterday", "'yesterday' is not a date", 7),
        ("2025-01-31", '"2025-02-30"', "'2025-02-30' is not a date", 7),
        ("lang: en-GB", "lang: fi", "'fi'", 17),
        ("notebooks/tables.ipynb", "notebooks/none.ipynb", "none.ipynb' does not exist", 13),
        ("notebooks/tables.ipynb", "notebooks/x.Rmd", "x.Rmd' is of no supported kind", 13),
        ("references.json", "none.bib", "none.bib' does not exist", 16),
        ("toc-depth: 2", "toc-depth: two", "'toc-depth'", 19),
        ("toc: true", "toc: perhaps", "'toc' must be true or false", 18),
    ],
)
def test_what_is_not_supported_is_refused_by_name_file_and_line(
    tmp_path: Path, old: str, new: str, named: str, line: int
) -> None:
    error = refusal(tmp_path, CONFIG.replace(old, new, 1))
    assert named in error.what
    assert error.where == f"_quarto.yml, line {line}"
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
    assert "'book.title' is missing" in refusal(tmp_path, untitled).what
    bare = "project: {type: book}\nbook: {title: x}\n"
    assert "no chapters" in refusal(tmp_path, bare).what


def test_an_option_of_our_own_is_kept_as_written(tmp_path: Path) -> None:
    book, _ = make_book(tmp_path)
    assert set(book.companion) == {"style", "synonyms"}
    assert book.style.name == "style"
