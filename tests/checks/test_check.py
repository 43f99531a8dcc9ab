"""What a render would refuse, `companion check` names with its place, one line for a cause."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cases import cases, rows
from tests.conftest import FIXTURE

from review_companion.cache import Cache
from review_companion.checks.chapters import chapter_problems
from review_companion.checks.definitions import problem_of
from review_companion.cli import main
from review_companion.errors import CompanionError
from review_companion.evidence.records import every_trace
from review_companion.expressions import templates
from review_companion.review import Review, open_review

LAMPS = "notebooks/lamps.ipynb"
Place = tuple[Any, ...]
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("/review/data/published/keys.csv", ("published/keys.csv", 0)),
        ("/review/data/published/keys.csv:7", ("published/keys.csv", 7)),
        ("values.yml:4, column 5", ("values.yml", 4)),
        ("“count(studies)”, column 1", ("claims.yml", 0)),
    ],
)
def test_an_error_is_a_problem_of_the_file_that_it_names(where: str, place: object) -> None:
    problem = problem_of(CompanionError("It fails", where=where), "claims.yml")
    assert (problem.file, problem.row) == place


def put(root: Path, file: str, old: str, new: str) -> None:
    """Another text in a file, or behind it where `old` is empty."""
    path = root / file
    text = path.read_text("utf-8") if path.is_file() else ""
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")


def add_cell(root: Path, kind: str, source: str) -> None:
    notebook = json.loads((root / LAMPS).read_text("utf-8"))
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    cell = {"cell_type": kind, "id": "more", "metadata": {}, "source": source, **more}
    notebook["cells"].append(cell)
    (root / LAMPS).write_text(json.dumps(notebook), "utf-8")


def checked(root: Path, capsys: Capture) -> tuple[int, list[str]]:
    """The status of `companion check`, and its lines."""
    status = main(["--project", str(root), "check"])
    return status, capsys.readouterr().out.replace(f"{root}/", "").splitlines()


@pytest.mark.parametrize("edits", rows(__file__, "definitions"))
def test_what_is_wrong_in_definitions_is_told_in_a_line_each(
    fixture_copy: Path, capsys: Capture, edits: list[list[str]]
) -> None:
    for file, old, new, _ in edits:
        put(fixture_copy, file, old, new)
    status, said = checked(fixture_copy, capsys)
    assert (status, said[-1]) == (1, f"{len(edits)} error(s), 0 warning(s)")
    assert [e[3] for e in edits if not any(line.startswith(e[3]) for line in said)] == [], said


def test_what_definitions_say_of_themselves_is_found_again_as_it_is_now(
    fixture_copy: Path, capsys: Capture
) -> None:
    """Whether rows changed, or the definition that was wrong."""
    sentences = "data/sentences.yml"
    put(fixture_copy, sentences, "", "more: \"{{ v('sleepers-total') }} of 12 nights.\"\n")
    row = f"{sentences}:1: “12” is typed in a template"
    first = checked(fixture_copy, capsys)
    assert any(line.startswith(row) for line in first[1]), first
    put(fixture_copy, "data/ages.csv", "29.5,review", "29.6,review")
    assert any(line.startswith(row) for line in checked(fixture_copy, capsys)[1])
    put(fixture_copy, sentences, "of 12 nights", "nights")
    assert not any(sentences in line for line in checked(fixture_copy, capsys)[1])


def test_a_template_that_an_earlier_check_compiled_is_not_compiled_again(
    fixture_copy: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "data/sentences.yml"
    put(fixture_copy, sentence, "", "first: \"{{ v('sleepers-total') }} people slept.\"\n")
    found: list[str] = []

    def check_anew() -> tuple[int, list[str]]:
        templates._compiled.cache_clear()
        templates.compiled_before.clear()
        templates.compiled.clear()
        found.clear()
        return checked(fixture_copy, capsys)

    compile_ = templates._ENVIRONMENT.compile
    monkeypatch.setattr(
        templates._ENVIRONMENT, "compile", lambda text: (found.append(text), compile_(text))[1]
    )
    before = check_anew()
    assert any("people slept" in text for text in found)
    put(fixture_copy, "data/samples.csv", ",40,", ",41,")
    status, _ = check_anew()
    assert (status, found) == (before[0], [])
    put(fixture_copy, sentence, "people slept", "people slept {{ nonsense }}")
    status, said = check_anew()
    assert (status, len(found)) == (1, 1)
    assert any("nonsense" in line for line in said)


def test_what_a_claim_of_each_row_quotes_is_looked_at_where_rows_changed(
    fixture_copy: Path, capsys: Capture
) -> None:
    claim = """results:
  each-{{ row.study }}:
    for-each: ages
    section: results
    fragment: "{{ row.note or '*1*' }}"
    label: age
    check: 1 == 1
"""
    put(fixture_copy, "data/claims.yml", "", claim)
    said = "may be quoted"
    assert said not in "".join(checked(fixture_copy, capsys)[1])
    row = "29.5,review,table-1/gamma-2004/age,29.5,review-only,"
    put(fixture_copy, "data/ages.csv", row, row + "one two three four five six seven eight nine")
    assert said in "".join(checked(fixture_copy, capsys)[1])
    put(fixture_copy, "data/ages.csv", " nine", "")
    assert said not in "".join(checked(fixture_copy, capsys)[1])


@pytest.fixture(scope="module")
def review() -> Review:
    return open_review(FIXTURE)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(tmp_path_factory.mktemp("cache"), "")


@cases
def test_what_a_render_would_refuse_of_a_chapter_is_named(
    fixture_copy: Path, review: Review, cache: Cache, file: str, old: str, new: str, line: str
) -> None:
    put(fixture_copy, file, old, new)
    (problem,) = chapter_problems(fixture_copy, review, Path(), cache)
    assert str(problem).startswith(line)


@cases
def test_what_a_render_would_refuse_of_a_cell_is_named(
    fixture_copy: Path, review: Review, cache: Cache, kind: str, source: str, line: str
) -> None:
    add_cell(fixture_copy, kind, source)
    (problem,) = chapter_problems(fixture_copy, review, Path(), cache)
    assert str(problem).startswith(f"{LAMPS}, cell 10{line}")


def test_every_reference_that_is_unknown_is_named_and_those_of_the_bibliography_are_known(
    fixture_copy: Path, review: Review, cache: Cache
) -> None:
    book = '[{"id": "ash-2001", "type": "book", "title": "Invented"}]'
    put(fixture_copy, "references.json", "", book)
    put(fixture_copy, "_quarto.yml", "", "bibliography: references.json\n")
    put(fixture_copy, "data/sentences.yml", "", "s: A sentence [@ash-2001].\n")
    add_cell(fixture_copy, "markdown", "See [@ash-2001], [@ash-2002] and @tbl-none.")
    key, reference = map(str, chapter_problems(fixture_copy, review, Path(), cache))
    assert key.endswith("no reference has the key 'ash-2002'; did you mean \"ash-2001\"?")
    assert "@tbl-none leads nowhere" in reference


def test_what_a_render_takes_is_no_problem(fixture_copy: Path, capsys: Capture) -> None:
    for kind, source in rows(__file__, "what a render takes"):
        add_cell(fixture_copy, kind, source)
    text = "a: \"{{ say('b', row='c') }}\"\nb: \"{{ row }}\"\n"
    put(fixture_copy, "data/sentences.yml", "", text)
    assert checked(fixture_copy, capsys) == (0, ["0 error(s), 0 warning(s)"])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [("values", None, "declares nothing, and 2 places ask"), ("values", "\n", "the file is empty"),
     ("tables", None, "declares nothing, and 1 place asks"), ("tables", "# n\n", "declares")],
)  # fmt: skip
def test_definitions_that_are_gone_are_one_line(
    fixture_copy: Path, capsys: Capture, name: str, text: str | None, said: str
) -> None:
    path = fixture_copy / f"data/{name}.yml"
    path.unlink() if text is None else path.write_text(text, "utf-8")
    status, lines = checked(fixture_copy, capsys)
    assert (status, len(lines)) == (1, 2)
    assert lines[0].startswith(f"data/{name}.yml: {said}")
    assert "restore" in lines[0]


def test_what_may_be_so_is_a_warning_and_told_once(fixture_copy: Path, capsys: Capture) -> None:
    """A cell rebuilt otherwise than published; one without its row, which a dossier shows."""
    put(fixture_copy, "data/findings.csv", ",No difference,", ",Some,")
    status, (line, last) = checked(fixture_copy, capsys)
    assert (status, last) == (0, "0 error(s), 1 warning(s)")
    assert "table-1.csv:3 beta-2003 Finding" in line and "“Some”" in line
    path = fixture_copy / "data/ages.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "gamma" not in line), "utf-8")
    status, (line, last) = checked(fixture_copy, capsys)
    assert (status, last, "dossiers.yml" in line) == (0, "0 error(s), 1 warning(s)", False)


def test_headers_and_notes_other_than_published_are_warnings(
    fixture_copy: Path, capsys: Capture
) -> None:
    put(fixture_copy, "data/tables.yml", "header: Sleepers", "header: Persons")
    notes = "mark,text\ncaption,The studies (invented)\na,longer for Gamma\n"
    put(fixture_copy, "data/published/table-1-notes.csv", "", notes)
    status, said = checked(fixture_copy, capsys)
    place = "data/published/table-1"
    assert (status, said) == (0, [
        f'{place}.csv:1 header "Sleepers": warning: the table has “Persons”',
        f'{place}-notes.csv:3 a text "longer for Gamma": warning: the table has no such note',
        "0 error(s), 2 warning(s)",
    ])  # fmt: skip


def evaluate(root: Path) -> None:
    review = open_review(root)
    list(every_trace(review))
    for name in review.tables_declared:
        review.comparison(name)
    review.dossiers("studies")


def places(content: Any, above: Place = ()) -> Iterator[Place]:
    items = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in items:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from places(value, (*above, key))


def changed(content: Any, place: Place, change: Callable[[Any, Any], object]) -> str:
    whole = copy.deepcopy(content)
    held = whole
    for key in place[:-1]:
        held = held[key]
    change(held, place[-1])
    return yaml.safe_dump(whole, sort_keys=False)


MISTAKES: tuple[Callable[[Any, Any], object], ...] = (
    lambda held, key: held.pop(key),
    lambda held, key: held.__setitem__(key, ["x"]),
    lambda held, key: held.__setitem__(key, {"x": 1}),
    lambda held, key: held.__setitem__(key, None),
)


@pytest.mark.generative
@pytest.mark.parametrize("name", ["values", "tables", "claims", "parameters", "dossiers"])
def test_no_mistake_in_a_definition_is_a_crash(
    fixture_copy: Path, name: str, some: Callable[..., list[Any]]
) -> None:
    """Each place left out, a list, a mapping, empty."""
    path = fixture_copy / "data" / f"{name}.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    told = 0
    every = [(place, change) for place in places(content) for change in MISTAKES]
    for place, change in some(every, 13 if len(every) > 60 else 3):
        path.write_text(changed(content, place, change), "utf-8")
        try:
            evaluate(fixture_copy)
        except CompanionError:
            told += 1
    assert told
