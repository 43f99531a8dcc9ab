"""Every number on the page is traced, or declared to be no datum with a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.evidence.untraced import (
    SET_BY_PROGRAM,
    NoTrace,
    read_no_trace,
    texts_of_page,
    untraced,
)

pytestmark = pytest.mark.integration

BODY = "<html><body>{}</body></html>"


def kind(*patterns: str, within: frozenset[str] = frozenset()) -> NoTrace:
    return NoTrace("kind", "a reason", tuple(map(re.compile, patterns)), within)


def left(markup: str, *kinds: NoTrace) -> list[str]:
    return list(untraced(texts_of_page(BODY.format(markup)), kinds))


@pytest.mark.parametrize(
    ("markup", "patterns", "found"),
    [
        ("There were 45 patients.", (), ["There were 45 patients."]),
        ('There were <a class="traced" data-trace="x">45</a> patients.', (), []),
        ('<a class="traced" data-trace="x">45</a> of 67', (), ["of 67"]),
        ("HER2 in 45", (r"\bHER2\b",), ["HER2 in 45"]),
        ("HER2 alone", (r"\bHER2\b",), []),
        ("(Table 1, row 3)", (r"Table \d", r"\(.*\)"), []),
        ("(Table 1, row 3)", (r"\(.*\)", r"Table \d"), []),
    ],
)
def test_a_number_neither_traced_nor_declared_is_found(
    markup: str, patterns: tuple[str, ...], found: list[str]
) -> None:
    assert left(f"<p>{markup}</p>", *map(kind, patterns)) == found


def test_within_an_element_or_class_nothing_is_asked() -> None:
    places = frozenset({"svg", ".number"})
    markup = '<svg><text>10</text></svg><span class="number">2.1</span><p>3</p>'
    assert left(markup, kind(within=places)) == ["3"]


def test_what_the_program_says_of_two_tables_is_no_fault_of_an_author() -> None:
    markup = '<div class="differences"><ul><li>rebuilt “46”, published “45”</li></ul></div>'
    assert left(markup, *SET_BY_PROGRAM) == []


def test_a_row_of_a_claim_is_traced_by_its_head_and_the_next_row_is_not() -> None:
    head = '<th scope="row"><a class="traced" data-trace="claim/x">label</a></th>'
    markup = f"<table><tr>{head}<td>45</td></tr><tr><th>other</th><td>46</td></tr></table>"
    assert left(markup) == ["46"]


def test_a_long_text_is_cut_around_its_number() -> None:
    assert left(f"<p>{'before ' * 30}45 {'after ' * 30}</p>") == [
        f"…{'before ' * 8}45 {'after ' * 9}".rstrip() + "…"
    ]


@pytest.mark.parametrize("text", ["x: {patterns: ['a']}", "x: {reason: r, patterns: ['(']}",
                                  "x: {reason: r, pattern: ['a']}"])  # fmt: skip
def test_a_declaration_needs_a_reason_and_patterns(tmp_path: Path, text: str) -> None:
    (tmp_path / "no-trace.yml").write_text(text, "utf-8")
    with pytest.raises(CompanionError):
        read_no_trace(tmp_path)


@pytest.fixture(scope="module")
def report(root: Path) -> str:
    path = root / "report/rendered/companion.html"
    if not path.is_file():
        pytest.skip("no rendered report in this checkout")
    return path.read_text("utf-8")


def test_every_number_of_the_report_is_traced_or_declared(report: str, root: Path) -> None:
    assert list(untraced(texts_of_page(report), read_no_trace(root / "data"))) == []


def test_a_number_typed_into_the_report_is_found(root: Path, report: str) -> None:
    seeded = "<p>There were 45 patients in 2019 [3].</p>"
    page = texts_of_page(report.replace("<h1", f"{seeded}<h1", 1))
    found = list(untraced(page, read_no_trace(root / "data")))
    assert found == ["There were 45 patients in 2019 [3]."]


@pytest.mark.parametrize(
    "datum",
    ["of 2019 patients", "Of 2019 patients", "In Kim 45", "(2025)", "[45]", "table 45", "Table 45",
     "CC BY 45", "95", "4.0", "et al. 45", "HER2-positive in 45", "doi 45", "(Table 1, 45)"],
)  # fmt: skip
def test_no_pattern_takes_out_a_datum(root: Path, datum: str) -> None:
    assert left(f"<p>{datum}</p>", *read_no_trace(root / "data")) == [datum]
