"""`claims.csv` and `claims.yml`: what is read, and what is wrong with it, by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.claims.declared import Declared
from review_companion.claims.read import read_claims
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


def read(folder: Path, lines: str = "", entries: str = "") -> list[Declared | CompanionError]:
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
    assert isinstance(claim, Declared)
    assert (claim.id, claim.section, claim.where) == ("people", "abstract", "claims.csv:2")
    assert (claim.fragment, claim.printed) == ("40 people", "40")
    assert claim.check == "groups['all'].number"


def test_an_entry_has_the_section_under_which_it_stands(tmp_path: Path) -> None:
    [claim] = read(tmp_path, entries=ENTRY)
    assert isinstance(claim, Declared)
    assert (claim.section, claim.printed) == ("abstract", "ten")
    assert claim.fragment == "with ten of them"


def test_what_the_fragment_does_not_hold_as_printed_is_given_beside_it(tmp_path: Path) -> None:
    text = ENTRY.replace("with *ten* of them", "'[1–3]'\n    printed: 1, 2, 3")
    [claim] = read(tmp_path, entries=text)
    assert isinstance(claim, Declared)
    assert (claim.fragment, claim.printed) == ("[1–3]", "1, 2, 3")


def test_claims_of_one_part_stand_together_in_the_order_of_the_files(tmp_path: Path) -> None:
    more = LINE.replace("people,abstract", "late,discussion") + LINE.replace("people,", "more,")
    claims = read(tmp_path, HEADER + LINE + more, ENTRY)
    assert [c.id for c in claims if isinstance(c, Declared)] == [
        "people", "more", "some-people", "late",
    ]  # fmt: skip


def test_a_review_without_claims_has_none(tmp_path: Path) -> None:
    assert read(tmp_path) == []
    assert read(tmp_path, HEADER, "# none yet\n") == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("people,abstract,40 people,People,1\n", "printed is missing"),
        ("people,abstract,,People,1\n", "printed is missing"),
        ("people,abstract,*40* of *50*,People,1\n", "more than one figure is marked"),
        ("people,abstract,*40 people,People,1\n", "not closed"),
        ("people,abstract,** people,People,1\n", "nothing stands between the marks"),
        ("people,,*40* people,People,1\n", "section is missing"),
        ("people,abstract,*40* people,,1\n", "label is missing"),
        (",abstract,*40* people,People,1\n", "has no name"),
    ],
)
def test_what_a_line_lacks_is_told_with_its_row(tmp_path: Path, line: str, message: str) -> None:
    error = wrong(tmp_path, HEADER + line)
    assert message in error.what
    assert error.where == "claims.csv:2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", None),
        ("\n", "the file is empty"),
        ("people,abstract,*40* people,People,1\n", "expected the columns claim"),
        (HEADER.replace("check", "chek") + LINE, "did you mean"),
        (HEADER + LINE + LINE.replace("People,", "People, or more,"), "expected 5 cells"),
        (HEADER + 'people,abstract,"*40* people,People,1\n', "never closed"),
    ],
)
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


@pytest.mark.parametrize(
    ("old", "new", "row", "message"),
    [
        ("label:", "lable:", 4, "has no “lable”"),
        ("label: Some people", "label:", 3, "“label” is empty"),
        ("*ten*", "ten", 3, "printed is missing"),
        ("*ten*", "*ten* or *eleven*", 3, "more than one figure"),
        ("check:", "severity: tiny\n    check:", 5, "“tiny” is no severity"),
        ("check:", "basis: guess\n    check:", 5, "“guess” is no basis"),
        ("check:", "judged: true-ish\n    check:", 5, "“true-ish” is no verdict"),
        ("check:", "readings: both\n    check:", 3, "“readings” are ways"),
        ("check:", "readings: {one: 1}\n    check:", 3, "exclude each other"),
        ("check:", "because: so\n    judged: ambiguous\n    check:", 3, "exclude each other"),
        ("check:", "studies: alpha\n    check:", 3, "must be a list"),
        ("check:", "of: number\n    check:", 3, "goes with “for-each”"),
        ("check: groups[", "check: [groups, ", 3, "must be a text"),
    ],
)
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
    assert error.what == "people stands in claims.csv:2 already"
    assert error.where == "claims.yml:3"
    error = wrong(tmp_path, HEADER + LINE + LINE, "abstract: {}\n")
    assert error.where == "claims.csv:3"


@pytest.mark.parametrize(("written", "printed"), [("0.50", "0.50"), ("40", "40"), ('"017"', "017")])
def test_a_number_is_printed_as_it_is_written(tmp_path: Path, written: str, printed: str) -> None:
    text = ENTRY.replace("with *ten* of them", f"ten\n    printed: {written}")
    [claim] = read(tmp_path, entries=text)
    assert isinstance(claim, Declared)
    assert claim.printed == printed


def test_a_number_of_several_readings_is_refused(tmp_path: Path) -> None:
    text = ENTRY.replace("with *ten* of them", "ten\n    printed: 017")
    with pytest.raises(CompanionError, match="017"):
        read(tmp_path, entries=text)
