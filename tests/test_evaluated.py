"""What is evaluated before the notebooks is what they would evaluate themselves, or not used."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.edits import replace_in

from review_companion import evaluation as module
from review_companion.cache import Cache
from review_companion.errors import CompanionError
from review_companion.evaluated_parts import (
    EVALUATED_FILE,
    EVERYTHING,
    Parts,
    asked,
    digests,
    file_for_kernels,
    pickled,
)
from review_companion.evaluation import continue_from, load_evaluated, parts_of
from review_companion.evidence.appendix import appendix, audit_entries, part_name
from review_companion.evidence.records import claims_text, traces_text, values_text
from review_companion.figures import draw as draw_module
from review_companion.figures.draw import Pictures
from review_companion.model import Origin, Result
from review_companion.package import package
from review_companion.package.files import csv_text
from review_companion.package.package import load_package
from review_companion.pipeline.inputs import Inputs, read_inputs
from review_companion.pipeline.render_session import Evaluated, RenderSession
from review_companion.review import Review, open_review

FIXTURE = Path(__file__).parent / "fixture_review"
Evaluate = Callable[[Mapping[str, Pictures]], None]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "review"))


@pytest.fixture
def evaluate_first(project: Path, monkeypatch: pytest.MonkeyPatch) -> Evaluate:
    """As a render does for the kernels that it starts."""

    def evaluate(pictures: Mapping[str, Pictures]) -> None:
        review = open_review(project)
        review.traces()
        path = project.parent / "evaluated"
        path.write_bytes(file_for_kernels(project, pickled(parts_of(review)), pictures))
        monkeypatch.setenv(EVALUATED_FILE, str(path))

    return evaluate


def everything(review: Review) -> list[tuple[str, str, Result]]:
    return [(trace.name, trace.text, trace.result) for trace in review.traces()]


def test_a_review_takes_over_what_was_evaluated_under_every_set(project: Path) -> None:
    sets = [{"colour": "amber"}]
    package = open_review(project).package
    first, second = (Review(project, package, {}, sets) for _ in range(2))
    before = everything(first), traces_text(first), claims_text(first)
    load_evaluated(second, Parts(pickled(parts_of(first))))
    assert (everything(second), traces_text(second), claims_text(second)) == before
    assert second.variants[0] is second
    assert [each.parameters for each in second.variants] == [
        each.parameters for each in first.variants
    ]


def test_a_picture_for_kernels_is_not_drawn_again(project: Path, evaluate_first: Evaluate) -> None:
    (project / "data/figures.yml").write_text("f: {kind: flow, table: table-1}\n", "utf-8")
    review = open_review(project)
    of = draw_module.digest(review.figures_declared["f"], review.table("table-1"))
    evaluate_first({of: ("wide", "narrow")})
    figure = open_review(project).figure("f")
    assert (figure.svg, figure.narrow) == ("wide", "narrow")


def test_what_a_figure_is_drawn_from_are_exact_values(project: Path) -> None:
    table = open_review(project).table("table-1")
    key, (first, *others) = next(iter(table.rows.items()))
    other = replace(first, result=replace(first.result, value=0.123))
    changed = replace(table, rows={**table.rows, key: (other, *others)})
    assert changed.to_html() == table.to_html()
    assert draw_module.digest({}, changed) != draw_module.digest({}, table)


def test_a_review_evaluated_before_gives_the_same_traces_and_is_evaluated_once(
    project: Path,
    evaluate_first: Evaluate,
) -> None:
    before = everything(open_review(project))
    evaluate_first({})
    first, second = open_review(project), open_review(project)
    assert everything(first) == before
    assert second.ledger is first.ledger
    assert second.table("table-1") is first.table("table-1")


def test_data_are_read_once_claims_judged_once_and_tables_built_once(
    project: Path, evaluate_first: Evaluate, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: Counter[str] = Counter()

    def counted(place: Any, name: str, what: Callable[..., str]) -> None:
        original = getattr(place, name)

        def call(*given: Any, **named: Any) -> Any:
            done[what(*given)] += 1
            return original(*given, **named)

        monkeypatch.setattr(place, name, call)

    counted(package, "read_file", lambda path, *_: f"file {path.name}")
    counted(module, "Ledger", lambda *_: "ledger")
    counted(module, "build_table", lambda name, *_: f"table {name}")
    evaluate_first({})
    for review in (open_review(project), open_review(project)):
        appendix(review, "[{}]")
        claims_text(review), traces_text(review), values_text(review)
    assert {"file samples.csv", "ledger", "table table-1"} <= set(done)
    assert set(done.values()) == {1}


SHOWN: dict[str, Callable[[Review], object]] = {
    "value": lambda review: review.v("sleepers-total"),
    "table": lambda review: review.table("table-1").to_html(),
    "claims": lambda review: review.claims().to_html(),
    "counts": lambda review: review.verdict_counts().to_html(),
    "rows": lambda review: review.frame("samples").to_csv(),
    "data": lambda review: review("samples.number.sum()").result,
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_part_is_what_would_be_evaluated_and_is_noted(
    project: Path, evaluate_first: Evaluate, name: str
) -> None:
    before = SHOWN[name](open_review(project))
    evaluate_first({})
    review = open_review(project)
    asked.clear()
    assert SHOWN[name](review) == before
    assert asked
    assert (EVERYTHING in asked) == (name == "data")


def test_a_chapter_on_the_audit_trail_is_given_what_it_shows(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = appendix(open_review(project))
    cache = Cache(tmp_path / "cache", "")
    inputs = read_inputs(project)
    evaluated = Evaluated(open_review(project), inputs, cache, {"data": inputs.data}, {})
    evaluated.evaluate(audited="")
    (tmp_path / "evaluated").write_bytes(evaluated.for_kernels())
    monkeypatch.setenv(EVALUATED_FILE, str(tmp_path / "evaluated"))
    asked.clear()
    assert appendix(open_review(project)) == replace(before, for_quarto=False)
    assert asked == {part_name("")}
    assert evaluated.digests[part_name("")]
    appendix(open_review(project), '[{"colour": "amber"}]')
    assert EVERYTHING in asked


@pytest.mark.generative
def test_what_is_continued_from_is_what_would_be_evaluated(project: Path) -> None:
    """After edits at random: another row's text, none, or a row less."""
    random = Random(5)

    def review() -> Review:
        return Review(project, load_package(project / "data"), {}, [{"colour": "amber"}])

    def outcome(of: Review) -> object:
        try:
            return digests(parts_of(of)), traces_text(of), claims_text(of)
        except CompanionError as error:
            return str(error)

    last, entries = Parts(pickled(parts_of(review()))), audit_entries(review())
    files = sorted(project / "data" / each.path for each in review().package)
    for _ in range(20):
        path = random.choice(files)
        before = path.read_text("utf-8")
        rows = list(csv.reader(before.splitlines()))
        row, column = random.randrange(1, len(rows)), random.randrange(1, len(rows[0]))
        rows[row][column] = random.choice([random.choice(rows[1:])[column], ""])
        del rows[row : row + random.choice([0, 0, 0, 1])]
        path.write_text(csv_text(rows), "utf-8")
        with suppress(CompanionError):
            continued = review()
            changed = continue_from(continued, last[EVERYTHING])
            assert outcome(continued) == outcome(review()), (path.name, row, column)
            shown = audit_entries(continued, entries, changed).to_html()
            assert shown == audit_entries(review()).to_html(), (path.name, row, column)
        path.write_text(before, "utf-8")


def test_parts_differ_where_what_they_hold_does(project: Path) -> None:
    before = digests(parts_of(open_review(project)))
    assert digests(parts_of(open_review(project))) == before
    replace_in(project / "data/samples.csv", ",40,", ",41,")
    after = digests(parts_of(open_review(project)))
    changed = {name.partition(" ")[2] for name in before if after[name] != before[name]}
    assert {"result sleepers-total", "shown sleepers-total"} <= changed
    assert not {"result studies-total", "declared values"} & changed
    assert EVERYTHING not in before


def test_the_digest_of_a_part_knows_no_order_of_sets() -> None:
    origins = [Origin("samples", str(row), "number") for row in range(50)]
    one, other = (Result(1, read=frozenset(o)) for o in (origins, origins[::-1]))
    assert digests({"a": one}) == digests({"a": other})
    assert digests({"a": one}) != digests({"a": replace(one, read=frozenset(origins[1:]))})
    assert digests({"a": replace(one, value="1")}) != digests({"a": one})


def test_another_folder_is_another_review(
    project: Path, evaluate_first: Evaluate, tmp_path: Path
) -> None:
    evaluate_first({})
    other = Path(shutil.copytree(project, tmp_path / "other"))
    assert open_review(other).ledger is not open_review(project).ledger
    assert open_review(other).root == other


def test_other_parameters_are_evaluated_afresh(project: Path, evaluate_first: Evaluate) -> None:
    evaluate_first({})
    changed = {"colour": "amber"}
    first, review = open_review(project), open_review(project, **changed)
    assert review.evaluator is not first.evaluator
    assert review.ledger is first.ledger  # claims are always on the whole data


def test_data_that_cannot_be_evaluated_leave_nothing(
    project: Path, evaluate_first: Evaluate
) -> None:
    (project / "data/values.yml").write_text("a: {expression: nonsense}\n", "utf-8")
    with pytest.raises(CompanionError):
        evaluate_first({})
    assert not (project.parent / "evaluated").exists()


def test_what_was_evaluated_of_data_that_changed_meanwhile_is_not_kept(project: Path) -> None:
    state = {"data": "of another moment"}
    cache = Cache(project / "cache", "")
    evaluated = Evaluated(open_review(project), Inputs(project, {}), cache, state, {})
    evaluated.evaluate(audited=None)
    assert evaluated.digests
    for kind, made_from in (("evaluated", state), ("digests", state), ("last", {})):
        assert cache.find(kind, made_from) is None


@pytest.mark.generative
def test_a_session_evaluates_what_a_fresh_one_does(project: Path) -> None:
    """Save after save, with states that cannot be evaluated and ones seen before among them."""
    path = project / "data/samples.csv"
    texts = [path.read_text("utf-8")]
    texts += [texts[0].replace(",40,", f",{number},") for number in (41, 42)]
    broken = texts[0].replace(",40,", ",forty,")
    session = RenderSession(project)
    for at, text in enumerate([*texts, broken, texts[1].replace(",41,", ",43,"), texts[0]]):
        path.write_text(text, "utf-8")
        inputs = read_inputs(project)
        of = inputs, Cache(project / "cache", ""), {}, [{"colour": "amber"}]
        evaluated = session.evaluated(*of)
        alone = RenderSession(project).evaluated(inputs, Cache(project / "other", str(at)), *of[2:])
        if text == broken:
            with pytest.raises(CompanionError):
                evaluated.evaluate(audited="")
            continue
        for each in (evaluated, alone):
            each.evaluate(audited="")
        assert evaluated.digests == alone.digests
        assert evaluated.records == alone.records
        assert evaluated.last_whole is evaluated
        assert evaluated._before is None  # what was before is let go
