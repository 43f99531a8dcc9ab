"""The transcription and the locators, held against the article."""

from __future__ import annotations

import csv
import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases import cases
from tests.edits import replace_in

from review_companion.errors import CompanionError
from review_companion.package.locators import (
    check_locators,
    coverage,
    located,
    match_numerals,
    occurrences,
    read_exceptions,
    text_fragment_url,
)
from review_companion.package.package import load_package
from review_companion.package.published import (
    Part,
    Published,
    count_words,
    index_entries,
    normalise,
    read_parts,
    read_published,
    read_tables,
    split_article,
)
from review_companion.validate import validate

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
COPY = ROOT.parent / "shared" / "source" / "article.txt"
SPLIT_BY_THE_COLUMN = ("pa- rameters", "regard- ing", "antibod- ies", "sub- stance")


@pytest.fixture(scope="module")
def published() -> Published:
    return read_published(DATA / "published")


@pytest.fixture(scope="module")
def article() -> str:
    if not COPY.exists():
        pytest.skip("no copy of the article beside the repository (shared/source/article.txt)")
    return COPY.read_text("utf-8")


def table(name: str) -> list[list[str]]:
    with (DATA / "published" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def slug(first_cell: str) -> str:
    author, year = re.findall(r"^(.*) et al\./ (\d{4})", first_cell)[0]
    plain = unicodedata.normalize("NFKD", author).encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '-')}-{year}"


@pytest.mark.parametrize(("name", "columns"), [("table-1", 9), ("table-2", 4)])
def test_the_tables_have_thirteen_studies_and_a_key_for_each(name: str, columns: int) -> None:
    header, *body = table(name)
    keys = {row[0]: row[1] for row in table("keys")}
    assert len(body) == 13
    assert {len(row) for row in (header, *body)} == {columns}
    assert [keys[f"{name}/row/{i}"] for i in range(1, 14)] == [slug(row[0]) for row in body]


@pytest.mark.parametrize(
    ("name", "start"), [("table-1", "Authors/ year/"), ("table-2", "Author/year\t")]
)
def test_every_cell_stands_in_the_article_as_transcribed(
    name: str, start: str, article: str
) -> None:
    lines = article[article.index(start) :].split("\n")[:14]
    text = "\n".join(lines).replace("half- lives", "half-lives").replace(" ^", "^")
    for split in SPLIT_BY_THE_COLUMN:
        text = text.replace(split, split.replace("- ", ""))
    assert [line.split("\t") for line in text.split("\n")] == table(name)


@pytest.mark.parametrize("name", ["table-1", "table-2"])
def test_every_note_stands_in_the_article(name: str, article: str) -> None:
    for mark, text in table(f"{name}-notes")[1:]:
        label = f"{name.replace('-', ' ').capitalize()} " if mark == "caption" else ""
        prefix = f"^{mark} " if len(mark) == 1 else label
        assert f"\n{prefix}{text}\n" in article


def test_the_index_holds_every_numeral_of_the_article_in_order(
    published: Published, article: str
) -> None:
    text = {**split_article(article, published.parts), **published.tables}
    order = list(dict.fromkeys(entry.section for entry in published.index))
    found = [entry for section in order for entry in index_entries(section, text[section])]
    assert [(e.section, e.numeral, e.before, e.after) for e in published.index] == [
        (e.section, e.numeral, e.before, e.after) for e in found
    ]
    unlisted = set(text) - set(order) - {"references"}
    assert not [s for s in unlisted if list(index_entries(s, text[s]))]


def test_an_index_that_is_not_as_transcribed_is_a_warning(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    replace_in(tmp_path / "data/published/table-1.csv", ",67,Max", ",68,Max")
    [found] = [p for p in validate(tmp_path / "data") if p.code == "stale-index"]
    assert found.severity == "warning" and found.file.endswith("published/numerals.csv")
    assert "the numerals of table-1/id-said-2022/total are not as transcribed" in found.message


def test_a_part_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sections.csv"
    path.write_text("part,opening,kind,section\n1,Results,hedding,results\n", "utf-8")
    with pytest.raises(CompanionError, match="“hedding” is no kind"):
        read_parts(path)


def test_the_index_quotes_at_most_three_words_beside_a_numeral(published: Published) -> None:
    assert [entry.entry for entry in published.index] == list(range(1, len(published.index) + 1))
    for entry in published.index:
        assert count_words(entry.before.split()) <= 2
        assert count_words(entry.after.split()) <= 1


def test_openings_of_parts_are_short_and_their_sections_known(published: Published) -> None:
    for part in published.parts:
        assert len(part.opening.split()) <= 8
        assert bool(part.section) == (part.kind != "skip")
    assert {entry.section for entry in published.index} <= published.sections


def test_every_exception_fits_something(published: Published) -> None:
    assert coverage(published.index, [], read_exceptions(DATA / "exceptions.yml")).idle == ()


def test_every_locator_stands_where_the_index_says(published: Published) -> None:
    assert check_locators(load_package(DATA), published) == []


def test_every_locator_stands_in_the_article(published: Published, article: str) -> None:
    assert check_locators(load_package(DATA), published, article) == []


def test_a_row_without_a_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys.csv").write_text("place,key\ntable-1/column/1,study\n")
    (tmp_path / "table-1.csv").write_text("Study\nInvented et al.\n")
    with pytest.raises(CompanionError, match="has no key for table-1/row/1") as caught:
        read_tables(tmp_path)
    assert caught.value.where == f"{tmp_path / 'table-1.csv'}:2"


def test_a_table_of_uneven_rows_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys.csv").write_text("place,key\na,b,c\n")
    with pytest.raises(CompanionError, match="has 3 cells where the header has 2"):
        read_tables(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("keys.csv", "place,key,note\na,b,c\n"),
        ("keys.csv", ""),
        ("sections.csv", "part,opening\n1,A\n"),
        ("numerals.csv", "entry\n1\n"),
        ("table-1-notes.csv", "mark\na\n"),
    ],
)
def test_a_file_of_other_columns_is_named(tmp_path: Path, name: str, text: str) -> None:
    shutil.copytree(DATA / "published", tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_text(text)
    with pytest.raises(CompanionError, match="the columns are not") as caught:
        read_published(tmp_path)
    assert name in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CompanionError, match="there is no such file") as caught:
        read_published(tmp_path)
    assert "sections.csv" in str(caught.value)


def test_sentences_cut_by_a_page_break_are_whole_again(published: Published, article: str) -> None:
    discussion = split_article(article, published.parts)["discussion"]
    assert occurrences("However, the included studies", discussion) == 1


PROSE = (
    (
        "In all, 10 patients (22%) of 45 had it, a 13.5-fold (p=0.02) increase "
        "(39.1% vs 4.5%) [20]. "
        "Of 12 others, 4 had it; 4 more had it later, all within 6–18 months. Lap-atinib did no-"
    ),
    "thing.",
)
ARTICLE = "Results\n" + "\n\n".join(PROSE) + "\n\nDiscussion\nIt was mild — or “late”.\n"
PARTS = (Part("Results", "heading", "results"), Part("Discussion", "heading", "discussion"))
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


@cases
def test_numerals_match_where_words_do_not_contradict(fragment: str, places: list[int]) -> None:
    assert match_numerals(fragment, PUBLISHED.by_section["results"]) == places


@given(st.data())
def test_any_stretch_of_the_text_from_word_to_word_matches(data: st.DataObject) -> None:
    words = split_article(ARTICLE, PARTS)["results"][0].split()
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    fragment = " ".join(words[first:last])
    if any(character.isdigit() for character in fragment):
        assert match_numerals(fragment, PUBLISHED.by_section["results"])


@cases
def test_without_the_article_numerals_and_tables_are_checked(
    section: str, fragment: str, message: str | None
) -> None:
    findings = check_locators([sheet(section, fragment)], PUBLISHED)
    assert len(findings) == (message is not None)
    if message:
        assert findings[0].startswith(f"ages/a: “{fragment}” in {section}: ")
        assert message in findings[0]


@cases
def test_with_the_article_words_are_checked_too(
    section: str, fragment: str, message: str | None
) -> None:
    findings = check_locators([sheet(section, fragment)], PUBLISHED, ARTICLE)
    assert [message in finding for finding in findings if message] == [True] * len(findings)
    assert len(findings) == (message is not None)


@cases
def test_a_row_that_is_not_printed_where_it_says_is_a_warning(
    tmp_path: Path, name: str, old: str, new: str, line: str
) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    replace_in(tmp_path / "data" / name, old, new)
    found = [str(p) for p in validate(tmp_path / "data") if p.code == "place"]
    assert [problem.partition(f"/{name}")[2] for problem in found] == [line]


def test_another_article_is_refused() -> None:
    with pytest.raises(CompanionError, match="begins with “Results”"):
        check_locators([], PUBLISHED, "Something else\n")


def test_other_sources_and_resources_without_locators_are_left_alone() -> None:
    resources = [sheet("nowhere", "1", source="primary"), Sheet("units", {"u": {"unit": "u"}})]
    assert check_locators(resources, PUBLISHED) == []
    assert list(located(resources)) == []


def test_a_locator_of_a_single_cell_is_reported_at_that_cell() -> None:
    row = {"resource": "ages", "row": "a", "column": "years"}
    place = {"source": "review", "section": "results", "fragment": "99"}
    resources = [Sheet("locators", {"l": {**row, **place}})]
    (finding,) = check_locators(resources, PUBLISHED)
    assert finding.startswith("ages/a/years: “99”")
    assert list(located(resources)) == [("ages/a/years", "results", "99")]


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


@cases
def test_links_encode_what_a_text_directive_reserves(
    section: str, fragment: str, expected: str
) -> None:
    """WICG, Scroll to Text Fragment: "&", "-" and "," are percent-encoded in a TextDirective."""
    page = f"https://example.org/a{section}"
    assert text_fragment_url(page, fragment) == page + expected
