"""Removing a study, giving it another key, adding a column: whole, shown, and sound afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cases import cases
from tests.conftest import FIXTURE

from review_companion.cache import Cache
from review_companion.checks.definitions import definition_problems
from review_companion.cli import main
from review_companion.errors import CompanionError
from review_companion.exchange.added_column import new_column
from review_companion.exchange.removal import About, removal
from review_companion.exchange.renaming import renaming
from review_companion.exchange.yaml_text import claim_entries, pruned
from review_companion.package.package import load_package
from review_companion.package.problems import errors
from review_companion.pipeline.inputs import read_inputs
from review_companion.review import open_review
from review_companion.validate import validate

STUDY = "gamma-2004"


@pytest.fixture
def review(tmp_path: Path) -> Path:
    """A copy of the invented review."""
    return Path(shutil.copytree(FIXTURE, tmp_path / "review"))


def everything(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def require_sound(root: Path) -> None:
    assert not errors(validate(root / "data"))
    cache, inputs = Cache(root / "build/cache", ""), read_inputs(root)
    assert not definition_problems(open_review(root), root / "data", cache, inputs)


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_removed_study_is_named_nowhere(review: Path) -> None:
    edits = removal(review, STUDY)
    before = everything(review)
    assert before == everything(review)
    edits.write()
    require_sound(review)
    tables = load_package(review / "data").resources.values()
    cells = [cell for table in tables for row in table.rows.values() for cell in row.values()]
    assert not [cell for cell in cells if STUDY in cell.split("/")]
    assert any("samples.csv: rows: 2: gamma-2004/total, gamma-2004/lit" in t for t in edits.lines)


def test_rows_of_other_studies_stay_byte_for_byte(review: Path) -> None:
    before = (review / "data/samples.csv").read_text().splitlines()
    removal(review, STUDY).write()
    after = (review / "data/samples.csv").read_text().splitlines()
    assert after == [line for line in before if STUDY not in line]


@cases
def test_a_claim_that_reads_a_row_of_the_study_goes_and_is_told(
    review: Path, study: str, file: str, gone: list[str], stays: str
) -> None:
    edits = removal(review, study)
    edits.write()
    assert any(gone[0] in line for line in edits.lines)
    claims = (review / "data" / file).read_text()
    assert not [name for name in gone if name in claims]
    assert stays in claims


def test_a_line_of_claims_csv_goes_with_the_value_that_it_reads(review: Path) -> None:
    data = review / "data"
    values = data / "values.yml"
    gamma = f'gamma-lit:\n  label: lit\n  expression: samples["{STUDY}/lit"].number\n'
    values.write_text(values.read_text() + gamma)
    (data / "claims.csv").write_text(
        "claim,section,fragment,label,check\n"
        "lit,results,*8*,lit sleepers,gamma_lit\n"
        f"places-{STUDY}-house,results,*8*,houses,\n"
        "others,results,*8*,others,studies_total\n"
    )
    removal(review, STUDY).write()
    kept = (data / "claims.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in kept] == ["claim", "others"]
    assert "gamma-lit" not in values.read_text()


def test_a_value_that_a_page_shows_gives_nothing_and_its_author_is_told(review: Path) -> None:
    values, page = review / "data/values.yml", review / "index.md"
    gamma = (
        f'gamma-lit:\n  label: lit\n  expression: samples["{STUDY}/lit"].number\n'
        "gamma-twice:\n  label: lit\n  expression: >-\n    2 *\n    gamma_lit\n  unit: lamps\n"
        "gamma-thrice:\n  label: lit\n  expression: 3 * gamma_lit\n"
    )
    values.write_text(values.read_text() + gamma)
    page.write_text(page.read_text() + "\n`{python} v('gamma-lit')` `{python} v('gamma-twice')`\n")
    edits = removal(review, STUDY)
    assert any(line.startswith("index.md:") for line in edits.remaining)
    assert "data/values.yml: values that now give nothing: 2: gamma-lit, gamma-twice" in edits.lines
    edits.write()
    require_sound(review)
    now = open_review(review)
    assert now.value("gamma-lit") is None and now.value("gamma-twice") is None
    assert now.values_declared["gamma-twice"]["unit"] == "lamps"
    assert "gamma-thrice" not in values.read_text()


@pytest.mark.parametrize("word", ["amber", "colour"])
def test_a_word_that_is_in_use_takes_nothing_with_it(review: Path, word: str) -> None:
    """A note of this study alone may be a word that expressions ask for of others, or a column."""
    held = "8 of them (50.0%),review-only,"
    edit(review, "data/samples.csv", held, f"{held}{word}")
    with (review / "data/claims.csv").open("a") as lines:
        lines.write("lit,results,*2* studies,amber,\"count(studies[colour == 'amber'])\",\n")
    page = review / "notebooks/lamps.ipynb"
    page.write_text(page.read_text().replace('"cells"', '"x": "colour",\n "cells"', 1))
    edits = removal(review, STUDY)
    assert not [line for line in edits.remaining if "colour" in line]
    edits.write()
    assert "\nlit,results" in (review / "data/claims.csv").read_text()


def test_a_claim_whose_name_merely_ends_as_the_key_stays(review: Path) -> None:
    claim = "    fragment: both\n    printed: 2\n    label: x\n    because: So.\n"
    claims = review / "data/claims.yml"
    claims.write_text(f"{claims.read_text()}  a{STUDY}-x:\n{claim}  of-{STUDY}-x:\n{claim}")
    removal(review, STUDY).write()
    assert f"  a{STUDY}-x:" in claims.read_text()
    assert f"of-{STUDY}-x" not in claims.read_text()


def test_a_row_of_a_table_named_with_a_hyphen_is_recognised() -> None:
    about = About(STUDY, [STUDY], {"of-rooms": {"hall"}}, ())
    assert about.text('of_rooms["hall"].plants')
    assert not about.text('of_rooms["yard"].plants')


def test_a_link_to_the_study_is_left_to_its_author(review: Path) -> None:
    page = review / "index.md"
    page.write_text(f"{page.read_text()}\nSee [Gamma](#study-{STUDY}).\n")
    assert f"index.md:{page.read_text().count(chr(10))}: See [Gamma]" in str(removal(review, STUDY))


def test_a_study_with_a_longer_key_stays(review: Path) -> None:
    edit(review, "data/claims.csv", "sleepers-total,", "about-gamma-2004-b,")
    edit(review, "data/studies.csv", "beta-2003,2", "gamma-2004-b,2")
    told = "\n".join(removal(review, STUDY).lines)
    assert "gamma-2004-b" not in told


def test_the_published_row_goes_and_the_keys_count_on(review: Path) -> None:
    keys = review / "data/published/keys.csv"
    names = ("alpha-2001", "beta-2003", "gamma-2004")
    keys.write_text(
        "place,key\n" + "".join(f"table-1/row/{n},{k}\n" for n, k in enumerate(names, 1))
    )
    edits = removal(review, "beta-2003")
    edits.write()
    assert keys.read_text() == "place,key\ntable-1/row/1,alpha-2001\ntable-1/row/2,gamma-2004\n"
    assert "Beta" not in (review / "data/published/table-1.csv").read_text()


def test_nothing_is_changed_without_a_yes(
    review: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(review)
    assert main(["--project", str(review), "remove-study", STUDY]) == 2
    assert "--yes" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert main(["--project", str(review), "rename", STUDY, "delta-2004"]) == 1
    assert everything(review) == before
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert main(["--project", str(review), "rename", STUDY, "delta-2004"]) == 0
    assert everything(review) != before


def test_data_with_an_error_are_left_as_they_are(review: Path) -> None:
    (review / "data/samples.csv").write_text("<<<<<<< mine\n")
    before = everything(review)
    with pytest.raises(CompanionError, match="merge"):
        removal(review, STUDY)
    assert everything(review) == before


@pytest.mark.parametrize("again", ["again: *lit\n", "again:\n  label: lit\n  unit: *lamps\n"])
def test_what_an_alias_repeats_is_to_be_written_out_first(review: Path, again: str) -> None:
    values = review / "data/values.yml"
    gamma = f'samples["{STUDY}/lit"].number'
    lit = f"lit: &lit\n  label: lit\n  unit: &lamps lamps\n  expression: {gamma}\n"
    values.write_text(values.read_text() + lit + again)
    line = values.read_text().partition(" *l")[0].count("\n") + 1
    with pytest.raises(CompanionError, match="repeats another part of the file") as caught:
        removal(review, STUDY)
    assert caught.value.where == f"data/values.yml:{line}"


def test_aliases_of_files_without_the_study_stay(review: Path) -> None:
    figures = review / "data/figures.yml"
    text = "a: &a {kind: flow, table: table-1}\nb: *a\n"
    figures.write_text(text)
    removal(review, STUDY).write()
    assert figures.read_text() == text


def test_a_text_that_several_entries_repeat_stays_as_it_is(review: Path) -> None:
    tables = review / "data/tables.yml"
    column = f"  columns:\n    - id: x\n      template: a\n      overrides:\n        {STUDY}: b\n"
    one = f"one:\n  caption: &lamps lamps\n  rows: studies\n{column}        beta-2003: c\n"
    tables.write_text(tables.read_text() + one + "two:\n  caption: *lamps\n  rows: studies\n")
    removal(review, STUDY).write()
    after = tables.read_text()
    assert "caption: &lamps lamps" in after and after.endswith(
        "  caption: *lamps\n  rows: studies\n"
    )
    assert "beta-2003: c" in after and STUDY not in after


@pytest.mark.parametrize("file", ["claims.csv", "notes.csv", "published/table-2.csv"])
def test_an_empty_file_is_passed_over(review: Path, file: str) -> None:
    (review / "data" / file).write_text("")
    removal(review, STUDY).write()
    assert (review / "data" / file).read_text() == ""


@pytest.mark.parametrize("file", ["keys.csv", "numerals.csv"])
def test_a_published_file_with_other_columns_is_refused(review: Path, file: str) -> None:
    (review / "data/published" / file).write_text("a\nb\n")
    with pytest.raises(CompanionError, match=f"{file}:1: the columns are not "):
        removal(review, STUDY)


def test_a_renamed_study_has_the_new_key_everywhere(review: Path) -> None:
    page = review / "index.md"
    longer = f"[Long](#study-{STUDY}-b), `{STUDY}.b`"
    page.write_text(f"{page.read_text()}\n[Gamma](#study-{STUDY}), {STUDY}. {longer}\n")
    renaming(review, STUDY, "delta-2004").write()
    require_sound(review)
    assert f"[Gamma](#study-delta-2004), delta-2004. {longer}" in page.read_text()
    for path in (review / "data").glob("*.*"):
        assert path.name == "claims.yml" or STUDY not in path.read_text(), path.name


def test_a_name_that_rows_of_a_study_share_follows_and_text_does_not(review: Path) -> None:
    note = "Invented for the tests of this software; no such study exists"
    edit(
        review, "data/samples.csv", "8 of them (50.0%),review-only,", f"8,review-only,{STUDY}/house"
    )
    edit(review, "data/studies.csv", f"Study Gamma/ 2004,review-only,{note}", f"x,y,see {STUDY}")
    renaming(review, STUDY, "delta-2004").write()
    assert "delta-2004/house" in (review / "data/samples.csv").read_text()
    assert f"see {STUDY}" in (review / "data/studies.csv").read_text()


def test_a_correction_of_the_study_s_key_follows(review: Path) -> None:
    edit(review, "data/study_lamps.csv", "beta-2003/ember,beta-2003,", f"beta-2003/ember,{STUDY},")
    corrections = review / "data/corrections.csv"
    line = f"moved,study_lamps,beta-2003/ember,study,{STUDY},beta-2003,Invented,Nobody,2026-01-05"
    corrections.write_text(f"{corrections.read_text()}{line}\n")
    renaming(review, STUDY, "delta-2004").write()
    assert line.replace(STUDY, "delta-2004") in corrections.read_text()
    assert load_package(review / "data")["study_lamps"].rows["beta-2003/ember"]["study"] == (
        "beta-2003"
    )


def test_renaming_there_and_back_changes_nothing(review: Path) -> None:
    before = everything(review)
    renaming(review, STUDY, "delta-2004").write()
    renaming(review, "delta-2004", STUDY).write()
    assert everything(review) == before


@pytest.mark.parametrize("new", ["beta-2003", "a b", "x/y", 'x"y', "", "-x", "Alpha"])
def test_a_key_that_cannot_be_is_refused(review: Path, new: str) -> None:
    with pytest.raises(CompanionError):
        renaming(review, STUDY, new)


@cases
def test_an_added_column_is_declared_and_empty(review: Path, table: str, kind: str) -> None:
    before = load_package(review / "data")[table].rows
    new_column(review, table, "brand_new", kind, 'Says: "new", with \\ in it.').write()
    require_sound(review)
    after = load_package(review / "data")[table]
    expected = {"text": "string"}.get(kind, kind)
    assert after.types["brand_new"] == expected
    assert after.field("brand_new")["description"] == 'Says: "new", with \\ in it.'
    assert {key: {**row, "brand_new": ""} for key, row in before.items()} == after.rows


def test_data_that_give_no_bibliography_leave_it_as_it_is(review: Path) -> None:
    edit(review, "data/schema.yml", "  units:\n", "  units:\n    roles: [{cited as: unit}]\n")
    references = review / "report/references.json"
    references.parent.mkdir()
    references.write_text("[]")
    new_column(review, "studies", "brand_new", "text", "").write()
    assert references.read_text() == "[]"


@pytest.mark.parametrize(
    ("table", "name"),
    [("study", "x"), ("studies", "year"), ("studies", "A b"), ("studies", "class")],
)
def test_a_column_that_cannot_be_is_refused(review: Path, table: str, name: str) -> None:
    with pytest.raises(CompanionError):
        new_column(review, table, name, "text", "")


def test_claims_stand_at_the_top_or_below_their_section() -> None:
    text = "abstract:\n  a:\n    fragment: x\n  # about b\n  b:\n    label: y\nc:\n  section: s\n"
    assert [entry.name for entry in claim_entries(text)] == ["a", "b", "c"]


def test_a_list_that_loses_its_last_item_goes_with_its_name() -> None:
    text = "cells:\n  one:\n    - x\n  two: [x, y]\n  three: [x]\nx: 1\n# end"
    expected = "cells:\n  two: [y]\n# end"
    assert pruned(text, lambda name, _: name == "x") == expected


def test_a_claim_that_asks_for_a_word_of_the_study_alone_goes_with_it(review: Path) -> None:
    with (review / "data/claims.csv").open("a") as lines:
        lines.write(
            "named,discussion,*1* study,Studies called Gamma,"
            "\"count(studies[label == 'Study Gamma'])\",\n"
        )
    edits = removal(review, STUDY)
    edits.write()
    require_sound(review)
    assert "data/claims.csv: claims: 2: nights-average, named" in edits.lines
