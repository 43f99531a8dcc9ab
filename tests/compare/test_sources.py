"""Folders, pages, projects and revisions give snapshots that can be compared."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.edits import change_json, replace_in

from review_companion.cache import Cache
from review_companion.compare import sources
from review_companion.compare.changes import Changes, compare_snapshots
from review_companion.compare.sources import of_folder, of_published, snapshot, traces_by_chapter
from review_companion.errors import CompanionError
from review_companion.evidence.page_data import ELEMENT, page_data
from review_companion.evidence.records import claims_text, traces_text
from review_companion.evidence.rendered_page import Page
from review_companion.review import open_review

pytestmark = pytest.mark.integration

Render = Callable[[str], Path]


@pytest.fixture
def render(fixture_copy: Path, tmp_path: Path) -> Render:
    """Writes what a render of the project gives, as far as a comparison reads it."""

    def write(name: str) -> Path:
        review, out = open_review(fixture_copy), tmp_path / name
        out.mkdir()
        claims, traces = claims_text(review), traces_text(review)
        (out / "claims.json").write_text(claims, "utf-8")
        (out / "trace.json").write_text(traces, "utf-8")
        held = page_data(review, "i", claims, traces)
        payload = f'<script type="application/json" id="{ELEMENT}">{held.to_json()}</script>'
        text = f"<main><p>There are {review.value('sleepers-total')} sleepers.</p></main>"
        (out / "companion.html").write_text(f"<body>{text}{payload}</body>", "utf-8")
        return out

    return write


@pytest.fixture
def two(render: Render, fixture_copy: Path) -> tuple[Path, Path]:
    """Renders before and after an edit of one cell."""
    old = render("old")
    replace_in(fixture_copy / "data/samples.csv", ",40,", ",41,")
    return old, render("new")


def expect_the_edit(changes: Changes) -> None:
    assert [change.name for change in changes.kinds["data cells"]] == [
        "samples[alpha-2001/total].number"
    ]
    numbers = {
        change.name: (change.before, change.after)
        for change in (*changes.kinds["key numbers"], *changes.kinds["numbers"])
    }
    assert numbers["sleepers-total"] == ("80", "81")
    verdicts = {change.name for change in changes.kinds["verdicts"]}
    assert "sleepers-total" in verdicts


def test_two_folders_are_compared_down_to_the_cell(two: tuple[Path, Path]) -> None:
    old, new = (snapshot(str(folder), None) for folder in two)
    changes = compare_snapshots(old, new)
    expect_the_edit(changes)
    assert [change.after for change in changes.kinds["sentences"]] == ["There are 81 sleepers."]
    assert changes.notes == ()


@pytest.mark.parametrize("layout", ["a record on each line", "indented"])
def test_what_two_folders_have_in_common_need_not_be_read(
    two: tuple[Path, Path], layout: str
) -> None:
    old, new = two
    records = json.loads((new / "trace.json").read_text("utf-8"))
    records = [record for record in records[::-1] if record["name"] != "studies-total"]
    assert records
    (new / "trace.json").write_text(
        json.dumps(records, indent=1)
        if layout == "indented"
        else "[\n" + ",\n".join(map(json.dumps, records)) + "\n]\n",
        "utf-8",
    )
    whole = compare_snapshots(of_folder(old, "before"), of_folder(new, "now"))
    assert of_published(old, new, "before") == whole


def test_a_render_is_compared_with_the_published_one_if_nobody_wrote_in_it(
    two: tuple[Path, Path],
) -> None:
    old, new = two
    changes = of_published(old, new, "last published")
    assert changes is not None
    assert (changes.old, changes.new) == ("last published", "now")
    expect_the_edit(changes)
    for name, text in (("claims.json", "[1]"), ("trace.json", "{")):
        (old / name).write_text(text, "utf-8")
        assert of_published(old, new, "last published") is None


@pytest.mark.parametrize("records", ["5", "[1]", "[{}]", '[{"kind": "value", "name": "a"}]'])
def test_records_that_no_render_wrote_are_named(two: tuple[Path, Path], records: str) -> None:
    (two[0] / "trace.json").write_text(records, "utf-8")
    with pytest.raises(CompanionError, match="not as a render wrote them") as raised:
        snapshot(str(two[0]), None)
    assert raised.value.where == str(two[0])


def test_cells_that_were_compared_before_are_not_unpacked_again(
    two: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "cache", "of this program")
    first = of_published(*two, "last published", cache)
    sources._cells_within.cache_clear()
    monkeypatch.delattr(sources, "unpack")
    assert first is not None
    assert of_published(*two, "last published", cache) == first


def test_cells_that_a_render_kept_are_those_that_its_page_carries(
    two: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, first = Cache(tmp_path / "cache", ""), of_published(*two, "last published")
    for folder in two:
        carried = Page((folder / "companion.html").read_text("utf-8"), "").data
        assert carried is not None
        sources.keep_cells(carried.unpacked(tmp_path / folder.name).package, cache)
    monkeypatch.delattr(sources, "unpack")
    sources._cells_within.cache_clear()
    assert first is not None
    assert of_published(*two, "last published", cache) == first


def test_two_pages_are_compared_by_the_data_they_carry(two: tuple[Path, Path]) -> None:
    old, new = (snapshot(str(folder / "companion.html"), None) for folder in two)
    changes = compare_snapshots(old, new)
    expect_the_edit(changes)
    assert [change.before for change in changes.kinds["sentences"]] == ["There are 80 sleepers."]


def test_a_folder_is_compared_with_the_project(two: tuple[Path, Path], fixture_copy: Path) -> None:
    changes = compare_snapshots(snapshot(str(two[0]), None), snapshot(str(fixture_copy), None))
    expect_the_edit(changes)
    assert any("sentences" in note for note in changes.notes)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_inline_code_that_is_no_python_stays_as_it_is_written(fixture_copy: Path) -> None:
    text = "# Lamps\n\nAll `{python} v(` lamps were on."
    change_json(
        fixture_copy / "notebooks/lamps.ipynb",
        lambda notebook: notebook["cells"][0].update(cell_type="markdown", source=text),
    )
    assert "All (v() lamps were on." in (snapshot(str(fixture_copy), None).sentences or ())


def test_two_revisions_are_compared_without_executing(fixture_copy: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        subprocess.run(
            ["git", *identity, *arguments], cwd=fixture_copy, check=True, capture_output=True
        )

    (fixture_copy / "report").mkdir(exist_ok=True)
    (fixture_copy / "report/cited.json").write_text("[]\n", "utf-8")
    with (fixture_copy / "_quarto.yml").open("a", encoding="utf-8") as book:
        book.write("bibliography: report/cited.json\n")
    git("init", "-q")
    git("add", "-f", ".")
    git("commit", "-qm", "one")
    replace_in(fixture_copy / "data/samples.csv", ",40,", ",41,")
    git("commit", "-qam", "two")
    old, new = (snapshot(name, fixture_copy) for name in ("HEAD~1", "HEAD"))
    changes = compare_snapshots(old, new)
    expect_the_edit(changes)
    assert "sleepers-total" in new.reading.names
    assert [(change.before, change.after) for change in changes.kinds["sentences"]] == [
        ("The review has 80 sleepers.", "The review has 81 sleepers.")
    ]
    with pytest.raises(CompanionError, match="a git revision"):
        snapshot("nowhere", fixture_copy)


def test_a_folder_that_is_no_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CompanionError, match="neither"):
        snapshot(str(tmp_path), None)


def test_a_page_that_carries_nothing_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<main><p>Hello.</p></main>", "utf-8")
    with pytest.raises(CompanionError, match="carries no data"):
        snapshot(str(page), None)


def test_records_that_cannot_be_read_are_named(two: tuple[Path, Path]) -> None:
    (two[0] / "claims.json").write_text("{", "utf-8")
    with pytest.raises(CompanionError, match=r"claims\.json"):
        snapshot(str(two[0]), None)


def test_records_of_a_report_are_those_of_the_contract(two: tuple[Path, Path]) -> None:
    records = json.loads((two[0] / "claims.json").read_text("utf-8"))
    assert {"id", "verdict", "recomputed", "origins"} <= set(records[0])


@pytest.mark.parametrize("preface", ["", '<h2 class="unnumbered" id="index">About</h2>'])
def test_the_first_chapter_is_the_first_that_has_a_number(preface: str) -> None:
    traced = '<p><a data-trace="{}">1</a></p>'
    one, two = '<h2 id="sec-a">1</h2>', f'<h2 id="sec-b">2</h2>{traced.format("b")}'
    page = Page(f"<h1>T</h1>{preface}{traced.format('o')}{one}{traced.format('a')}{two}")
    assert list(traces_by_chapter(page)) == [("o", 0), ("a", 1), ("b", 2)]
