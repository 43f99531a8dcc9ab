"""Cells lead to numbers, numbers to verdicts and sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from review_companion.compare.changes import Change, Said, Snapshot, compare, findings, numbers
from review_companion.compare.changes_markup import FORMATS, summary, to_text
from review_companion.tables.build import TEMPLATE

CELL = "samples[alpha/total].number"
RECORD = {"label": "", "origins": []}
OLD = Snapshot(
    "old",
    numbers={
        "total": Said("all sleepers", "80", frozenset({CELL})),
        "studies": Said("studies", "3"),
        "gone": Said("a number of before", "1"),
    },
    findings={"claim": Said("Sleepers", "reproduced (80)", frozenset({CELL}), "reproduced")},
    cells={CELL: "40", "samples[beta/total].number": "24"},
    sentences=("There are 80 sleepers.", "Three studies are included."),
    figures={"doses": "a"},
)
NEW = Snapshot(
    "new",
    numbers={
        "total": Said("all sleepers", "81", frozenset({CELL})),
        "studies": Said("studies", "3"),
        "added": Said("a new number", "2"),
    },
    findings={"claim": Said("Sleepers", "inconsistent (81)", frozenset({CELL}), "inconsistent")},
    cells={CELL: "41", "samples[beta/total].number": "24"},
    sentences=("There are 81 sleepers.", "Three studies are included."),
    figures={"doses": "b"},
)


def test_what_is_equal_does_not_differ() -> None:
    assert not compare(OLD, replace(OLD, name="again"))
    assert summary(compare(OLD, OLD)) == "no difference"


def test_a_changed_cell_is_named_with_both_values() -> None:
    assert compare(OLD, NEW).cells == (Change(CELL, "", "40", "41"),)


def test_a_number_names_the_changed_cells_it_was_made_from() -> None:
    assert compare(OLD, NEW).numbers == (
        Change("total", "all sleepers", "80", "81", (CELL,)),
        Change("added", "a new number", None, "2"),
        Change("gone", "a number of before", "1", None),
    )


def test_a_verdict_is_given_with_what_was_recomputed() -> None:
    [verdict] = compare(OLD, NEW).verdicts
    assert (verdict.before, verdict.after) == ("reproduced (80)", "inconsistent (81)")
    assert verdict.because == (CELL,)


def test_a_sentence_stands_beside_the_one_that_it_replaces() -> None:
    [sentence] = compare(OLD, NEW).sentences
    assert (sentence.before, sentence.after) == (
        "There are 80 sleepers.",
        "There are 81 sleepers.",
    )


def test_a_sentence_that_moved_did_not_change() -> None:
    assert OLD.sentences is not None
    assert not compare(OLD, replace(OLD, sentences=OLD.sentences[::-1])).sentences


def test_a_sentence_said_once_less_is_gone() -> None:
    twice = replace(OLD, sentences=("One thing.", "One thing."))
    [change] = compare(twice, replace(OLD, sentences=("One thing.",))).sentences
    assert (change.before, change.after) == ("One thing.", None)


def test_figures_differ_by_what_they_draw() -> None:
    assert [change.name for change in compare(OLD, NEW).figures] == ["doses"]


@pytest.mark.parametrize("missing", ["cells", "sentences", "figures"])
def test_what_one_side_does_not_carry_is_said(missing: str) -> None:
    changes = compare(replace(OLD, **{missing: None}), NEW)
    assert len(changes.notes) == 1
    assert missing in changes.notes[0]


def test_prose_of_a_page_is_not_held_against_prose_of_a_source() -> None:
    changes = compare(replace(OLD, prose="source"), NEW)
    assert changes.sentences == ()
    assert changes.notes


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_names_every_kind(form: str) -> None:
    text = FORMATS[form](compare(OLD, NEW))
    for part in ("data cells", "numbers", "verdicts", "sentences", "figures"):
        assert part in text.lower()
    for part in ("80", "81", "inconsistent", "There are"):
        assert part in text


@pytest.mark.parametrize(
    ("form", "text", "shown"),
    [("html", "<script>alert(1)</script>", "&lt;script"), ("markdown", "*41*", "\\*41\\*")],
)
def test_markup_in_data_is_shown_as_text(form: str, text: str, shown: str) -> None:
    said = FORMATS[form](compare(OLD, replace(NEW, cells={CELL: text})))
    assert shown in said and "<script" not in said


def test_a_row_that_is_new_is_one_line() -> None:
    cells = {**(NEW.cells or {}), "samples[delta].study": "delta", "samples[delta].number": "30"}
    table = {f"table-1/delta/{c}": Said("", t) for c, t in (("study", "Delta"), ("age", "41"))}
    changes = compare(OLD, replace(NEW, cells=cells, numbers={**NEW.numbers, **table}))
    assert changes.cells[-1] == Change("samples[delta]", "", None, "a row of 2 cells: delta, 30")
    names = [change.name for change in changes.numbers]
    assert names == ["total", "added", "gone", "table-1/delta"]


def test_a_verdict_that_turned_comes_before_one_that_did_not() -> None:
    old, new = (
        findings({**RECORD, "id": name, "recomputed": n, "verdict": v} for name, n, v in claims)
        for claims in (
            [("a", "80", "reproduced"), ("b", "1", "reproduced")],
            [("a", "81", "reproduced"), ("b", "1", "inconsistent")],
        )
    )
    changes = compare(replace(OLD, findings=old), replace(NEW, findings=new))
    assert [change.name for change in changes.verdicts] == ["b", "a"]


def test_a_brief_list_is_cut_in_every_form() -> None:
    many = replace(NEW, findings={f"n{i}": Said("", "1") for i in range(9)})
    for form in FORMATS.values():
        assert "… and 7 more" in form(compare(replace(OLD, findings={}), many), 2)


def test_numbers_of_the_first_screen_are_named_first() -> None:
    old, new = (
        Snapshot(
            side,
            {
                name: Said(name, side)
                for name in ("all", "late", "t/a/x", "u/a/x", "first", "hidden/a/x")
            },
            {},
            order=("first", "u", "t/a/x", "late"),
        )
        for side in ("one", "two")
    )
    names = [change.name for change in compare(old, new).numbers]
    assert names == ["first", "u/a/x", "t/a/x", "late", "all", "hidden/a/x"]
    changes = compare(old, replace(new, first=2))
    assert [change.name for change in changes.key_numbers] == ["first", "u/a/x"]
    assert [change.name for change in changes.numbers] == names[2:]


def test_a_conclusion_that_turned_is_named_before_all_else() -> None:
    words = {"t/adc/agreed": ("higher", "conflicting"), "t/adc/label": ("ADC", "Conjugates")}
    old, new = (
        replace(
            each,
            numbers={
                **each.numbers,
                **{
                    name: Said(name, shown[side], frozenset({CELL}), shown[side])
                    for name, shown in words.items()
                },
            },
            cells={CELL: ("ADC", "Conjugates")[side]},
        )
        for side, each in enumerate((OLD, NEW))
    )
    changes = compare(old, new)
    assert [change.name for change in changes.conclusions] == ["t/adc/agreed"]
    assert "t/adc/label" in [change.name for change in changes.numbers]
    assert list(changes.kinds)[:3] == ["conclusions", "verdicts", "key numbers"]
    assert to_text(changes).index("conflicting") < to_text(changes).index("inconsistent")


@pytest.mark.parametrize(
    ("text", "formula", "word"),
    [
        ("higher", "comparisons.direction", "higher"),
        ("holds, 5 higher", "stands(…)", "holds"),
        ("12 higher", "comparisons.direction", ""),
        ("higher", TEMPLATE, ""),
    ],
)
def test_a_word_that_an_expression_gives_is_a_conclusion(
    text: str, formula: str, word: str
) -> None:
    trace = {**RECORD, "name": "a", "kind": "cell", "text": text, "formula": formula}
    assert numbers([trace])["a"].word == word
