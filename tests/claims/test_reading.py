"""What claims.csv and claims.yml say, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases import cases

from review_companion.claims.declared import DeclaredClaim, quotation_errors, read_claims
from review_companion.errors import CompanionError

HEADER = "claim,section,fragment,label,check\n"
LINE = "people,abstract,*40* people,People,groups['all'].number\n"
ENTRY = """\
abstract:
  some-people:
    fragment: with *ten* of them
    label: Some people
    check: groups["some"].number
"""


def read(folder: Path, lines: str = "", entries: str = "") -> list[DeclaredClaim | CompanionError]:
    for name, text in (("claims.csv", lines), ("claims.yml", entries)):
        if text:
            (folder / name).write_text(text, "utf-8")
    return [claim for _, claim in read_claims(folder)]


def wrong(folder: Path, lines: str = "", entries: str = "") -> CompanionError:
    """The one thing that is wrong."""
    try:
        [error] = [c for c in read(folder, lines, entries) if isinstance(c, CompanionError)]
    except CompanionError as error:
        return error
    return error


def test_a_line_is_a_claim_with_the_figure_that_is_marked_in_its_fragment(tmp_path: Path) -> None:
    [claim] = read(tmp_path, HEADER + LINE)
    assert isinstance(claim, DeclaredClaim)
    assert (claim.id, claim.section, claim.where) == ("people", "abstract", "claims.csv:2")
    assert (claim.fragment, claim.printed) == ("40 people", "40")
    assert claim.check == "groups['all'].number"


def test_an_entry_has_the_section_under_which_it_stands(tmp_path: Path) -> None:
    [claim] = read(tmp_path, entries=ENTRY)
    assert isinstance(claim, DeclaredClaim)
    assert (claim.section, claim.printed) == ("abstract", "ten")
    assert claim.fragment == "with ten of them"


def test_what_the_fragment_does_not_hold_as_printed_is_given_beside_it(tmp_path: Path) -> None:
    text = ENTRY.replace("with *ten* of them", "'[1–3]'\n    printed: 1, 2, 3")
    [claim] = read(tmp_path, entries=text)
    assert isinstance(claim, DeclaredClaim)
    assert (claim.fragment, claim.printed) == ("[1–3]", "1, 2, 3")


def test_claims_of_one_part_stand_together_in_the_order_of_the_files(tmp_path: Path) -> None:
    more = LINE.replace("people,abstract", "late,discussion") + LINE.replace("people,", "more,")
    claims = read(tmp_path, HEADER + LINE + more, ENTRY)
    assert [c.id for c in claims if isinstance(c, DeclaredClaim)] == [
        "people", "more", "some-people", "late",
    ]  # fmt: skip


def test_a_review_without_claims_has_none(tmp_path: Path) -> None:
    assert read(tmp_path) == []
    assert read(tmp_path, HEADER, "# none yet\n") == []


@cases
def test_what_a_line_lacks_is_told_with_its_row(tmp_path: Path, line: str, message: str) -> None:
    error = wrong(tmp_path, HEADER + line)
    assert message in error.what
    assert error.where == "claims.csv:2"


@cases
def test_a_file_that_is_no_table_of_claims_is_one_message(
    tmp_path: Path, text: str, message: str | None
) -> None:
    if message is None:
        (tmp_path / "claims.csv").write_bytes(b"")
        message = "the file is empty"
    error = wrong(tmp_path, text)
    assert message in error.what
    assert str(error.where).startswith("claims.csv")
    assert "claim,section,fragment,label,check" in str(error.hint)


@cases
def test_what_is_wrong_with_an_entry_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, row: int, message: str
) -> None:
    text = ENTRY.replace(old, new).replace('groups, "some"].number', "groups]")
    error = wrong(tmp_path, entries=text)
    assert message in error.what
    assert error.where == f"claims.yml:{row}"


def test_what_stands_under_a_section_are_claims(tmp_path: Path) -> None:
    assert "must hold claims" in wrong(tmp_path, entries="abstract: none\n").what
    assert "must be a mapping" in wrong(tmp_path, entries="abstract:\n  people: none\n").what


def test_two_claims_of_one_name_are_told_with_both_places(tmp_path: Path) -> None:
    error = wrong(tmp_path, HEADER + LINE, ENTRY.replace("some-people", "people"))
    assert error.what == "people is in claims.csv:2 already"
    assert error.where == "claims.yml:3"
    error = wrong(tmp_path, HEADER + LINE + LINE, "abstract: {}\n")
    assert error.where == "claims.csv:3"


@pytest.mark.parametrize(("written", "printed"), [("0.50", "0.50"), ("40", "40"), ('"017"', "017")])
def test_a_number_is_printed_as_it_is_written(tmp_path: Path, written: str, printed: str) -> None:
    text = ENTRY.replace("with *ten* of them", f"ten\n    printed: {written}")
    [claim] = read(tmp_path, entries=text)
    assert isinstance(claim, DeclaredClaim)
    assert claim.printed == printed


def test_a_number_of_several_readings_is_refused(tmp_path: Path) -> None:
    text = ENTRY.replace("with *ten* of them", "ten\n    printed: 017")
    with pytest.raises(CompanionError, match="017"):
        read(tmp_path, entries=text)


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
    claim = DeclaredClaim("records", "claims.csv:7", section, fragment, "194", "x", **spec)  # type: ignore[arg-type]
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
    assert "numerals are not there" in what


def test_a_quotation_from_another_section_is_an_error(published: Path) -> None:
    assert "no such section" in told(published, "yielded 194 articles", "abstrct")[0]


def test_more_than_eight_words_of_prose_are_an_error(published: Path, tmp_path: Path) -> None:
    long = "which in the end yielded 194 articles of all kinds"
    assert any("10 words; 8 may be quoted" in what for what in told(published, long))
    cell = "13 of the persons who were asked on that day"
    assert told(published, cell, "table-1/alpha-2001/number") == []
    assert "10 words" in told(tmp_path / "none", long)[0]


@cases
def test_a_figure_typed_in_a_note_is_an_error(
    published: Path, note: str, typed: str | None
) -> None:
    for spec in ({"notes": {"reproduced": note}}, {"because": note}, {"settle": note}):
        found = told(published, "194 articles", **spec)
        assert [f"the figure {typed} " in what for what in found] == ([True] if typed else [])
