"""Locators held against a small made-up article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_companion.errors import CompanionError
from review_companion.package.locators import (
    check_locators,
    located,
    match,
    occurrences,
    text_fragment_url,
)
from review_companion.package.numerals import index_entries
from review_companion.package.published import Part, Published, normalise, split_article

PROSE = (
    (
        "In all, 10 patients (22%) of 45 had it, a 13.5-fold (p=0.02) increase "
        "(39.1% vs 4.5%) [20]. "
        "Of 12 others, 4 had it; 4 more had it later, all within 6–18 months. Lap-atinib did no-"
    ),
    "thing.",
)
ARTICLE = "Results\n" + "\n\n".join(PROSE) + "\n\nDiscussion\nIt was mild — or “late”.\n"
PARTS = (
    Part("Results", "heading", "results"),
    Part("Discussion", "heading", "discussion"),
)
INDEX = (
    *index_entries("results", split_article(ARTICLE, PARTS)["results"]),
    *index_entries("table-1/x-2020/age", ["Mean 53.3 (RN), 50.4 (control)"], 100),
)
TABLES = {
    "table-1/x-2020/age": ("Mean 53.3 (RN), 50.4 (control)",),
    "table-1/x-2020/results": ("No effect",),
}
PUBLISHED = Published(INDEX, TABLES, PARTS)


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: Mapping[str, Mapping[str, str]]


def sheet(section: str, fragment: str, source: str = "review") -> Sheet:
    return Sheet("ages", {"a": {"source": source, "section": section, "fragment": fragment}})


@pytest.mark.parametrize(
    ("fragment", "places"),
    [
        ("45", [3]),
        ("13.5-fold", [4]),
        ("13.5-fold (p=0.02) increase", [4]),
        ("p = 0.02", [5]),
        ("p < 0.02", []),
        ("39.1% vs. 4.5%", [6]),
        ("39.1%, 4.5%", []),
        ("10 men", []),
        ("22% of 45", [2]),
        ("22", []),
        ("4", [10, 11]),
        ("others, 4 had it", [10]),
        ("4 more", [11]),
        ("6–18 months", [13]),
        ("[20]", [8]),
        ("20", [8]),
        ("[45]", []),
        ("4.5%) [20]", [7]),
        ("had it later", []),
    ],
)
def test_numerals_match_where_words_do_not_contradict(fragment: str, places: list[int]) -> None:
    assert match(fragment, "results", INDEX) == places


@given(st.data())
def test_any_stretch_of_the_text_from_word_to_word_matches(data: st.DataObject) -> None:
    words = split_article(ARTICLE, PARTS)["results"][0].split()
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    fragment = " ".join(words[first:last])
    if any(character.isdigit() for character in fragment):
        assert match(fragment, "results", INDEX)


@pytest.mark.parametrize(
    ("section", "fragment", "message"),
    [
        ("results", "13.5-fold", None),
        ("results", "13.6-fold", "numerals do not stand there"),
        ("results", "4", "fits 2 places"),
        ("results", "", "empty"),
        ("resluts", "45", "no such section"),
        ("discussion", "45", None),
        ("discussion", "mild", None),
        ("table-1/x-2020/age", "53.3 (RN)", None),
        ("table-1/x-2020/age", "53.3; (RN)", "does not stand there"),
        ("table-1/x-2020/results", "No effect", None),
        ("table-1/x-2020/results", "no effect", "does not stand there"),
        ("table-1/x-2020/result", "No effect", "no such section"),
    ],
)
def test_without_the_article_numerals_and_tables_are_checked(
    section: str, fragment: str, message: str | None
) -> None:
    findings = check_locators([sheet(section, fragment)], PUBLISHED)
    assert len(findings) == (message is not None)
    if message:
        assert message in findings[0].message
        assert (findings[0].resource, findings[0].row) == ("ages", "a")
        assert f"ages/a: “{fragment}” in {section}" in str(findings[0])


@pytest.mark.parametrize(
    ("section", "fragment", "message"),
    [
        ("discussion", "45", "does not stand there"),
        ("discussion", "severe", "does not stand there"),
        ("discussion", 'or "late"', None),
        ("results", "lapatinib", "does not stand there"),
        ("results", "Lapatinib did nothing", None),
        ("results", "had it", "stands there 3 times"),
        ("results", "45 had it", None),
        ("results", "45 really had it", "does not stand there"),
    ],
)
def test_with_the_article_words_are_checked_too(
    section: str, fragment: str, message: str | None
) -> None:
    findings = check_locators([sheet(section, fragment)], PUBLISHED, ARTICLE)
    assert [message in finding.message for finding in findings if message] == [True] * len(findings)
    assert len(findings) == (message is not None)


def test_another_article_is_refused() -> None:
    with pytest.raises(CompanionError, match="begins with “Results”"):
        check_locators([], PUBLISHED, "Something else\n")


def test_other_sources_and_resources_without_locators_are_left_alone() -> None:
    resources = [
        sheet("nowhere", "1", source="primary"),
        Sheet("units", {"u": {"unit": "u"}}),
    ]
    assert check_locators(resources, PUBLISHED) == []
    assert located(resources) == []


def test_a_locator_of_a_single_cell_is_reported_at_that_cell() -> None:
    row = {"resource": "ages", "row": "a", "column": "years"}
    place = {"source": "review", "section": "results", "fragment": "99"}
    resources = [Sheet("locators", {"l": {**row, **place}})]
    (finding,) = check_locators(resources, PUBLISHED)
    assert str(finding).startswith("ages/a/years: “99”")
    assert located(resources) == [("results", "99")]


def test_hyphenation_dashes_quotes_and_line_breaks_make_no_difference() -> None:
    assert normalise("lap-\natinib, half- lives ‘x’ $p=0.02$") == normalise(
        "lapatinib, half-lives 'x' p = 0.02"
    )
    assert normalise("6–18") == "6-18" == normalise("6-18")
    assert normalise("HER2/ EGFR 29 ^c") == "HER2/EGFR 29^c"


def test_fragments_stand_as_whole_words() -> None:
    assert occurrences("16", ["16 of 160, 16."]) == 2
    assert occurrences("(22%)", ["(22%) (22%)"]) == 2
    assert occurrences(" ", ["x"]) == 0


@pytest.mark.parametrize(
    ("section", "fragment", "expected"),
    [
        ("", "13.5-fold", "#:~:text=13.5%2Dfold"),
        ("#Sec7", "a, b & c", ":~:text=a%2C%20b%20%26%20c"),
        ("", "15–24 Gy/1", "#:~:text=15%E2%80%9324%20Gy%2F1"),
        ("", "Max. 29^c", "#:~:text=Max.%2029c"),
    ],
)
def test_links_encode_what_a_text_directive_reserves(
    section: str, fragment: str, expected: str
) -> None:
    """WICG, Scroll to Text Fragment: "&", "-" and "," are percent-encoded in a TextDirective."""
    page = f"https://example.org/a{section}"
    assert text_fragment_url(page, fragment) == page + expected
