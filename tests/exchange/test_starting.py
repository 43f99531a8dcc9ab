"""`companion new`: an invented review that is sound, says so, and renders."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from review_companion.cli import main
from review_companion.errors import CompanionError
from review_companion.exchange.edits import new_column
from review_companion.exchange.starting import start
from review_companion.model import Verdict
from review_companion.pipeline.definitions import definition_problems
from review_companion.review import Review, open_review
from review_companion.validate import validate


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented review as it begins; tests read it and change nothing."""
    folder = tmp_path_factory.mktemp("example") / "mine"
    start(folder)
    return folder


@pytest.fixture(scope="module")
def review(example: Path) -> Review:
    return open_review(example)


@pytest.fixture
def started(example: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(example, tmp_path / "mine"))


def test_it_is_sound(example: Path, review: Review) -> None:
    assert validate(example / "data") == []
    assert definition_problems(review, example / "data") == []


def test_it_says_that_it_is_invented(example: Path, review: Review) -> None:
    assert "Invented" in str(review.package.descriptor["title"])
    assert all("Invented" in row["note"] for row in review.package["studies"].rows.values())
    first = json.loads((example / "notebooks/at-a-glance.ipynb").read_text("utf-8"))
    assert "Everything here is invented" in "".join(first["cells"][3]["source"])


def test_its_sentences_figures_and_tables_can_be_asked_for(review: Review) -> None:
    assert "**ferns on the desk**" in review.text("answers")
    assert "is left for: Ferns" in review.text("turned") and "agree with each other" in review.text(
        "flow-check"
    )
    for name in review.figures_declared:
        assert "<svg" in review.figure(name).svg
    assert review.table("sensitivity").cell("succulents", "adjusted-only").text == "higher"


def test_without_comparisons_and_a_selection_its_sentences_say_so(review: Review) -> None:
    known = review.package.resources
    empty = {name: replace(known[name], rows={}) for name in ("comparisons", "flow")}
    bare = Review(review.root, replace(review.package, resources={**known, **empty}))
    assert "**ferns on the desk**, there is no comparison." in bare.text("answers")
    assert "No numbers of the selection" in bare.text("flow-check")


def test_standing_checks_and_claims_find_what_is_wrong_in_it(review: Review) -> None:
    by_rule = [c for c in review.ledger if c.id.startswith("auto/")]
    assert [c.id for c in by_rule if c.verdict is Verdict.INCONSISTENT] == [
        "auto/percentage/birch-2014/headache/exposed_percent"
    ]
    verdicts = {claim.id: claim.verdict for claim in review.ledger}
    assert verdicts["studies-abstract"] is Verdict.REPRODUCED
    assert verdicts["participants-abstract"] is Verdict.INCONSISTENT


def test_choices_change_what_it_says(example: Path) -> None:
    narrowed = open_review(example, exposure="ferns", adjusted_only=True)
    assert list(narrowed.table("findings").rows) == ["ferns"]
    assert "no comparison is left" in narrowed.text("answers")


def test_a_folder_that_holds_something_is_left_alone(example: Path) -> None:
    with pytest.raises(CompanionError, match="exists already"):
        start(example)


def test_twenty_lines_of_yaml_are_all_it_takes(example: Path) -> None:
    """But for the exceptions of its invented article, which `--from` leaves out."""
    written = {p.name: p.read_text("utf-8") for p in (example / "data").glob("*.yml")}
    assert set(written) == {"review.yml", "exceptions.yml"}
    assert len(written["review.yml"].splitlines()) <= 20


@pytest.mark.parametrize("table", ["studies", "samples", "flow", "units"])
def test_an_added_column_is_declared_beside_the_defaults(started: Path, table: str) -> None:
    for name in ("first_new", "second_new"):
        new_column(started, table, name, "number", "New.").write()
    assert validate(started / "data") == []
    review = open_review(started)
    assert review.package[table].types["second_new"] == "number"
    shown = review.table("characteristics").columns
    assert ("first-new" in [column.id for column in shown]) is (table == "studies")


@pytest.mark.integration
def test_it_renders_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    capsys.readouterr()
    assert main(["render", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert Path("report/rendered/companion.pdf").is_file()
