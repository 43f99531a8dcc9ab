"""Fragments stand in the article's index, are short, and no figure is typed in a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.claims.declared import Declared
from review_companion.claims.quotations import quotation_errors

NUMERALS = """entry,section,numeral,before,after
1,abstract,194,search yielded,articles
2,abstract,13,total of,studies
3,table-1/alpha-2001/number,13,,of
"""
SECTIONS = "part,opening,kind,section\n1,Purpose,text,abstract\n"
KEYS = "place,key\ntable-1/column/1,study\ntable-1/column/2,number\ntable-1/row/1,alpha-2001\n"
TABLE = "Study,Number\nAlpha,13 of the persons who were asked on that day\n"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    files = {"numerals": NUMERALS, "sections": SECTIONS, "keys": KEYS, "table-1": TABLE}
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return tmp_path


def told(published: Path, fragment: str, section: str = "abstract", **spec: object) -> list[str]:
    claim = Declared("records", "claims.csv:7", section, fragment, "194", "x", **spec)  # type: ignore[arg-type]
    found = list(quotation_errors([claim], published))
    assert all(error.where == "claims.csv:7" for error in found)
    return [error.what for error in found]


@pytest.mark.parametrize(
    "fragment",
    ["yielded 194 articles", "194", "194 articles", "a total of 13 studies", "no figure"],
)
def test_a_quotation_that_the_index_holds_is_no_error(published: Path, fragment: str) -> None:
    assert told(published, fragment) == []


@pytest.mark.parametrize(
    "fragment",
    ["total of 14 trials were seen", "yielded 195 articles", "found 194 articles", "194 trials"],
)
def test_an_invented_quotation_is_an_error(published: Path, fragment: str) -> None:
    [what] = told(published, fragment)
    assert "claim records" in what
    assert "do not stand there" in what


def test_a_quotation_from_another_section_is_an_error(published: Path) -> None:
    assert "no such section" in told(published, "yielded 194 articles", "abstrct")[0]


def test_more_than_eight_words_of_prose_are_an_error(published: Path, tmp_path: Path) -> None:
    long = "which in the end yielded 194 articles of all kinds"
    assert any("10 words; 8 may be quoted" in what for what in told(published, long))
    cell = "13 of the persons who were asked on that day"
    assert told(published, cell, "table-1/alpha-2001/number") == []
    assert "10 words" in told(tmp_path / "none", long)[0]


@pytest.mark.parametrize(
    ("note", "typed"),
    [
        ("Of these 12 are left.", "12"),
        ("It would be 3.5% of them.", "3.5%"),
        ("{{ recomputed }} of {{ v('x-2') }} are left, see [13] and Table 2 of Miller 2016.", None),
        ("The two drugs T-DM1 and T-DXd.", None),
        ("", None),
    ],
)
def test_a_figure_typed_in_a_note_is_an_error(
    published: Path, note: str, typed: str | None
) -> None:
    for spec in ({"notes": {"reproduced": note}}, {"because": note}, {"settle": note}):
        found = told(published, "194 articles", **spec)
        assert [f"the figure {typed} " in what for what in found] == ([True] if typed else [])
