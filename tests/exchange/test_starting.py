"""`companion new`: an invented review that is sound, says so, and renders; with `--from` a wide
extraction sheet, a row for each study, becomes a review.
"""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.cases import cases
from tests.edits import replace_in

from review_companion.cache import Cache
from review_companion.checks.definitions import definition_problems
from review_companion.cli import main
from review_companion.errors import CompanionError
from review_companion.exchange.added_column import new_column
from review_companion.exchange.starting import _comparison, start
from review_companion.model import Verdict
from review_companion.package.package import load_package
from review_companion.pipeline.inputs import read_inputs
from review_companion.review import Review, open_review
from review_companion.sentences import without_traces
from review_companion.validate import validate

WAYS = ("study", "cohort", "comparison")


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
    cache, inputs = Cache(example / "build/cache", ""), read_inputs(example)
    assert definition_problems(review, example / "data", cache, inputs) == []


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
    empty = {name: replace(known[name], content={}) for name in ("comparisons", "flow")}
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


def test_what_gives_one_direction_is_said_where_it_is_no_study(started: Path) -> None:
    row = "ash-2011/{0},ash-2011,ferns,{0},participants" + "," * 13
    row += "true,higher,review,results,x,review-only,"
    with (started / "data/comparisons.csv").open("a", encoding="utf-8") as file:
        print(*map(row.format, ("migraine", "late")), sep="\n", file=file)
    replace_in(started / "data/outcomes.csv", "headache,H", "migraine,M,m\nlate,L,l\nheadache,H")
    for study in ("Ash,2011", "Birch,2014"):
        replace_in(started / "data/studies.csv", f"{study},", f"{study},one")
    said = {way: open_review(started, count_by=way).text("answers") for way in WAYS}
    plain = {way: without_traces(text).split(":")[0] for way, text in said.items()}
    start = "For **ferns on the desk**, two studies compare"
    assert plain["study"] == start
    assert plain["cohort"] == f"{start}, counted by cohort"
    assert plain["comparison"] == f"{start}, counted by comparison"


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


@pytest.mark.parametrize("name", ["home-country", "home country", "class"])
def test_a_characteristic_is_shown_whatever_it_is_called(started: Path, name: str) -> None:
    for file in ("review.yml", "studies.csv"):
        replace_in(started / "data" / file, "country", name)
    assert validate(started / "data") == []
    shown = open_review(started).table("characteristics")
    assert shown.cell("ash-2011", name.replace(" ", "-")).text == "Nowhere"


def test_groups_without_the_total_are_named_at_their_line(started: Path) -> None:
    path = started / "data/review.yml"
    replace_in(path, "groups: [total, ", "groups: [")
    line = path.read_text("utf-8").partition("groups:")[0].count("\n") + 1
    (problem,) = validate(started / "data")
    assert (problem.file, problem.row) == (str(path), line)


def test_an_added_column_is_indented_as_what_is_there(started: Path) -> None:
    (started / "data/schema.yml").write_text("tables:\n    samples:\n        title: Groups\n")
    new_column(started, "flow", "first_new", "text", "New.").write()
    new_column(started, "samples", "second_new", "text", "New.").write()
    assert validate(started / "data") == []


@pytest.mark.parametrize(
    ("table", "file", "text"),
    [
        ("flow", "schema.yml", "tables: {samples: {title: Groups}}\n"),
        ("studies", "review.yml", "characteristics: {design: Design., country: Country.}\n"),
    ],
)
def test_where_columns_have_no_lines_of_their_own_the_file_is_named(
    started: Path, table: str, file: str, text: str
) -> None:
    path = started / "data" / file
    before = path.read_text("utf-8").partition("characteristics:")[0] if path.exists() else ""
    path.write_text(before + text, "utf-8")
    with pytest.raises(CompanionError, match="no columns below") as caught:
        new_column(started, table, "new", "text", "New.")
    assert caught.value.where == f"data/{file}"


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


MAPPING = """studies: {label: First author, year: Year, country: Where}
samples: {total: N, exposed: N tea}
comparisons:
  - {exposure: Tea, outcome: Sleep, exposed_events: Awake, exposed_total: N tea}
"""
HEADS = ("First author", "Year", "Where", "N", "N tea", "Awake")
ROWS = (("Müller et al.", 2001, "Nowhere", 40, 20, 5), ("Oak", 2003, "", 30, "", ""))


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    book = Workbook()
    assert book.active is not None
    for row in (HEADS, *ROWS):
        book.active.append(row)
    book.save(tmp_path / "wide.xlsx")
    (tmp_path / "mapping.yml").write_text(MAPPING, "utf-8")
    return tmp_path / "wide.xlsx"


def run(*more: str) -> int:
    return main(["new", "mine", "--from", "wide.xlsx", "--mapping", "mapping.yml", *more])


def test_the_rows_become_a_sound_review(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 0
    package = load_package(tmp_path / "mine/data")
    assert list(package["studies"].rows) == ["muller-2001", "oak-2003"]
    assert list(package["samples"].rows) == [
        *("muller-2001/total", "muller-2001/exposed", "oak-2003/total")
    ]
    first = package["comparisons"].rows["muller-2001/1"]
    assert [first[c] for c in ("exposure", "outcome", "exposed_events")] == ["tea", "sleep", "5"]
    assert package["exposures"].rows["tea"]["label"] == "Tea"
    capsys.readouterr()
    assert main(["--project", "mine", "check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_csv_file_is_read_like_a_workbook(sheet: Path, tmp_path: Path, delimiter: str) -> None:
    assert run() == 0
    with sheet.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADS, *ROWS])
    assert main(["new", "other", "--from", "wide.csv", "--mapping", "mapping.yml"]) == 0
    one, other = (load_package(tmp_path / name / "data") for name in ("mine", "other"))
    assert [r.rows for r in one] == [r.rows for r in other]
    readme = (tmp_path / "other/README.md").read_text("utf-8")
    assert "wide.csv" in readme and not [w for w in ("invented", "four") if w in readme]


@cases
def test_a_mapping_that_does_not_fit_is_named_and_nothing_is_left(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    (tmp_path / "mapping.yml").write_text(MAPPING.replace(old, new), "utf-8")
    assert run() == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_a_number_that_is_none_is_kept_for_check_to_name(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(sheet)
    book.worksheets[0]["D2"] = "1,040"
    book.save(sheet)
    assert run() == 0
    assert main(["--project", "mine", "check"]) == 1
    told = 'muller-2001/total number "1,040": expected a whole number ≥ 0; write it without sep'
    assert told in capsys.readouterr().out


def test_two_rows_of_one_study_are_named_and_nothing_is_left(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(sheet)
    book.worksheets[0].append(("Oak and others", 2003, "", 20, "", ""))
    book.save(sheet)
    assert run() == 2
    assert "rows 3 and 4 of the sheet would both be “oak-2003”" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_a_sheet_without_a_mapping_says_what_one_is(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "mine", "--from", "wide.xlsx"]) == 2
    assert "studies: {label: Author, year: Year}" in capsys.readouterr().err


def test_a_column_that_no_table_has_is_a_characteristic(sheet: Path, tmp_path: Path) -> None:
    text = MAPPING.replace("country: Where", "country: Where, nights_watched: N, drink: Tea")
    (tmp_path / "mapping.yml").write_text(f"title: 'Tea: \"and\" sleep'\n{text}", "utf-8")
    assert run() == 0
    package = load_package(tmp_path / "mine/data")
    studies = package["studies"]
    assert (studies.types["nights_watched"], studies.types["country"]) == ("number", "string")
    assert studies.rows["oak-2003"]["nights_watched"] == "30"
    assert package.descriptor["title"].endswith('Tea: "and" sleep')
    written = (tmp_path / "mine").rglob("*.*")
    texts = [p.read_text("utf-8") for p in written if p.suffix in (".yml", ".csv", ".ipynb")]
    assert not [text for text in texts if "Desk plants" in text or "invented**" in text]
    assert main(["--project", "mine", "check"]) == 0


@cases
def test_a_direction_is_read_from_the_figures(cells: dict[str, str], direction: str) -> None:
    assert _comparison({}, cells)["direction"] == direction


def test_cells_are_read_as_the_sheet_means_them() -> None:
    made = _comparison({"Adj": "Yes", "P": "0.03"}, {"adjusted": "Adj", "p": "P", "low": "n/a"})
    assert made == {
        "unit": "participants", "direction": "none-reported",
        "adjusted": "true", "p": "0.03", "p_sign": "=",
    }  # fmt: skip


def test_a_sheet_with_decimal_commas_signs_and_its_own_headings_is_sound(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv_sheet = sheet.with_suffix(".csv")
    text = "Author;Year;N;OR;p\nOak;2001;40;0,44;<0,001\nElm;2002;30;1,5;p = 0,34\n"
    csv_sheet.write_text(text, "utf-8")
    entry = "{exposure: Tea, outcome: Sleep, measure: odds-ratio, estimate: OR, p: p}"
    (tmp_path / "mapping.yml").write_text(
        f"studies: {{label: Author, year: Year}}\nsamples: {{total: N}}\ncomparisons: [{entry}]\n"
    )
    assert main(["new", "other", "--from", "wide.csv", "--mapping", "mapping.yml"]) == 0
    rows = load_package(tmp_path / "other/data")["comparisons"].rows.values()
    assert [[r[c] for c in ("estimate", "p_sign", "p")] for r in rows] == [
        ["0.44", "<", "0.001"],
        ["1.5", "=", "0.34"],
    ]
    csv_sheet.write_text(text.replace("N;OR", "N;N"), "utf-8")
    assert main(["new", "third", "--from", "wide.csv", "--mapping", "mapping.yml"]) == 2
    assert "the heading “N” occurs twice" in capsys.readouterr().err


DIFFERENCE = (
    "ash-2011/days,ash-2011,ferns,headache,participants,,,,,,,mean-difference,{0},{1},{2},=,0.02,"
    'false,{3},review,results,"{0} ({1} to {2}), p = 0.02",review-only,\n'
)


@pytest.mark.parametrize(
    ("figures", "direction", "told"),
    [
        (("-0.9", "-1.6", "-0.2"), "lower", []),
        (("0.9", "0.2", "1.6"), "higher", []),
        (("0.9", "0.2", "1.6"), "lower", ["direction"]),
        (("0.9", "1.6", "0.2"), "higher", ["low"]),
    ],
)
def test_a_difference_of_means_is_held_against_nought(
    started: Path, figures: tuple[str, str, str], direction: str, told: list[str]
) -> None:
    with (started / "data/comparisons.csv").open("a", encoding="utf-8") as file:
        file.write(DIFFERENCE.format(*figures, direction))
    assert [p.column for p in validate(started / "data")] == told
    if not told:
        review = open_review(started)
        assert review.table("effects").cell("ash-2011/days", "effect").text.startswith("MD ")
        assert "ash-2011/days" not in review.table("ratios").rows


@pytest.mark.parametrize("arm", ["6/30 (20%),", "12/30 (40%),"])
def test_no_more_have_an_event_than_there_are(started: Path, arm: str) -> None:
    path = started / "data/comparisons.csv"
    events = arm.split("/")[0]
    replace_in(path, f",{events},30,", ",31,30,")
    found = [p for p in validate(started / "data") if p.code == "rule"]
    assert [(p.column, p.key) for p in found] == [(found[0].column, "ash-2011/headache")]
    assert found[0].column.endswith("_events")


def test_a_ratio_below_nought_is_none(started: Path) -> None:
    file = started / "data/comparisons.csv"
    file.write_text(file.read_text("utf-8").replace(",0.50,0.22,", ",-0.50,0.22,"), "utf-8")
    assert [p.code for p in validate(started / "data") if p.severity == "error"] == ["rule"]


def test_names_without_latin_letters_have_keys_of_their_own(sheet: Path, tmp_path: Path) -> None:
    text = "Author;Year;N;OR\n李;2001;40;0.4\n王;2001;30;1.5\n"
    sheet.with_suffix(".csv").write_text(text, "utf-8")
    entries = (
        f"{{exposure: {exposure}, outcome: Sleep, measure: odds-ratio, estimate: OR}}"
        for exposure in ("茶", "水")
    )
    (tmp_path / "mapping.yml").write_text(
        f"studies: {{label: Author, year: Year}}\ncomparisons: [{', '.join(entries)}]\n", "utf-8"
    )
    assert main(["new", "other", "--from", "wide.csv", "--mapping", "mapping.yml"]) == 0
    package = load_package(tmp_path / "other/data")
    assert list(package["studies"].rows) == ["u674e-2001", "u738b-2001"]
    assert [row["label"] for row in package["exposures"].rows.values()] == ["茶", "水"]
