"""`companion index` and `companion suggest`: from an article's text to proposed claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.cli import main
from review_companion.errors import CompanionError
from review_companion.exchange.indexing import index, suggest
from review_companion.exchange.starting import start
from review_companion.package.published import read_published
from review_companion.review import open_review
from review_companion.writing import write_files

ARTICLE = """A title of 9 words

1. Introduction
About 2 in 10.

Patients and Methods
We found 30 records
Table 1 The studies
7 8 9

Results:
Of 12 lamps, 3 were red.

Funding
None, from 2 sources.

References
1. Someone 2001
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def test_known_headings_divide_the_text(article: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    write_files(index(article, folder))
    found = [(e.section, e.before, e.numeral, e.after) for e in read_published(folder).index]
    assert found == [
        ("introduction", "About", "2", "in"),
        ("introduction", "in", "10", ""),
        ("methods", "We found", "30", "records"),
        ("results", "Of", "12", "lamps"),
        ("results", "lamps", "3", "were"),
    ]
    assert index(article, folder) == {}


def test_corrected_sections_are_followed(article: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    write_files(index(article, folder))
    sections = folder / "sections.csv"
    sections.write_text(sections.read_text("utf-8").replace(",results\n", ",lamps\n"), "utf-8")
    assert set(index(article, folder)) == {folder / "numerals.csv"}


def test_a_pdf_and_a_text_without_headings_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(CompanionError, match=r"pdftotext a\.pdf article\.txt"):
        index(path, tmp_path)
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(CompanionError, match="is a file of a word processor"):
        index(path, tmp_path)
    path.write_bytes(ARTICLE.encode("utf-16"))
    with pytest.raises(CompanionError, match="the file is UTF-16"):
        index(path, tmp_path)
    path.write_text("nothing here\n")
    with pytest.raises(CompanionError, match="part,opening,kind,section"):
        index(path, tmp_path)


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    start(tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    assert main(["index", "article.txt"]) == 0
    return tmp_path / "mine"


def test_the_example_holds_against_its_own_article(
    started: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["check"], ["locate", "--article", "article.txt"], ["coverage"]):
        assert main(command) == 0, capsys.readouterr().out


def test_a_rule_that_fits_nothing_is_said_as_it_is_written(
    started: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = started / "data/exceptions.yml"
    path.write_text(path.read_text("utf-8") + "    - {section: nowhere, after: 'of (.*)'}\n")
    assert main(["coverage"]) == 1
    said = "a rule of “year” fits nothing: section: nowhere, after: of (.*)\n"
    assert said in capsys.readouterr().out


def test_a_numeral_that_nothing_accounts_for_suggests_a_claim(started: Path) -> None:
    (started / "data/claims.csv").write_text("claim,section,fragment,label,check\n", "utf-8")
    (found, *others) = suggest(open_review(started))
    assert found.line == (
        *("abstract-studies", "abstract", "We included *4* studies"),
        *("included studies", "studies_total"),
    )
    assert "count(studies)" in [candidate.check for candidate in found.candidates]
    assert others == []  # nothing gives 290


def test_a_suggestion_is_written_as_an_expression_is(started: Path) -> None:
    data = started / "data"
    (data / "schema.yml").write_text(
        "tables:\n  of-rooms:\n    columns:\n"
        "      room: {about: Key.}\n      plants: {integer, about: How many.}\n      place:\n"
    )
    (data / "of-rooms.csv").write_text(
        "room,plants,source,section,fragment,status,note\n"
        "the hall's,290,review,results,290,review-only,\n"
    )
    (data / "claims.csv").write_text("claim,section,fragment,label,check\n", "utf-8")
    review = open_review(started)
    found = next(s for s in suggest(review) if "290" in s.line[2])
    checks = [candidate.check for candidate in found.candidates]
    assert checks == ["of_rooms.plants.sum()", 'of_rooms["the hall\'s"].plants']
    assert [review.evaluator.result(check).value for check in checks] == [290, 290]


def test_a_suggested_line_is_a_claim(started: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = started / "data/claims.csv"
    path.write_text("claim,section,fragment,label,check\n", "utf-8")
    capsys.readouterr()
    assert main(["suggest"]) == 0
    path.write_text(path.read_text("utf-8") + capsys.readouterr().out, "utf-8")
    assert [claim.id for claim in open_review(started).ledger][:1] == ["abstract-studies"]
    assert main(["check"]) == 0
