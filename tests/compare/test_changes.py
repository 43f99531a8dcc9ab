"""Cells lead to numbers, numbers to verdicts and sentences; sentences are read from pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.cases import cases

from review_companion.compare.changes import (
    FORMS,
    Change,
    ReadingOrder,
    Reported,
    Snapshot,
    compare_snapshots,
    reported_findings,
    reported_numbers,
    summary,
    written,
)
from review_companion.compare.sources import sentences_of, split
from review_companion.evidence.rendered_page import Page

CELL = "samples[alpha/total].number"
RECORD = {"label": "", "origins": []}
OLD = Snapshot(
    "old",
    numbers={
        "total": Reported("all sleepers", "80", frozenset({CELL})),
        "studies": Reported("studies", "3"),
        "gone": Reported("a number of before", "1"),
    },
    findings={"claim": Reported("Sleepers", "reproduced (80)", frozenset({CELL}), "reproduced")},
    cells={CELL: "40", "samples[beta/total].number": "24"},
    sentences=("There are 80 sleepers.", "Three studies are included."),
    figures={"doses": "a"},
)
NEW = Snapshot(
    "new",
    numbers={
        "total": Reported("all sleepers", "81", frozenset({CELL})),
        "studies": Reported("studies", "3"),
        "added": Reported("a new number", "2"),
    },
    findings={
        "claim": Reported("Sleepers", "inconsistent (81)", frozenset({CELL}), "inconsistent")
    },
    cells={CELL: "41", "samples[beta/total].number": "24"},
    sentences=("There are 81 sleepers.", "Three studies are included."),
    figures={"doses": "b"},
)


def test_what_is_equal_does_not_differ() -> None:
    assert not any(compare_snapshots(OLD, replace(OLD, name="again")).kinds.values())
    assert summary(compare_snapshots(OLD, OLD)) == "no difference"


def test_a_cell_leads_to_numbers_and_verdicts_and_a_sentence_stands_beside_the_one_before() -> None:
    changes = compare_snapshots(OLD, NEW)
    assert changes.kinds["data cells"] == [Change(CELL, "", "40", "41")]
    assert tuple(changes.kinds["numbers"]) == (
        Change("total", "all sleepers", "80", "81", (CELL,)),
        Change("added", "a new number", None, "2"),
        Change("gone", "a number of before", "1", None),
    )
    [verdict] = changes.kinds["verdicts"]
    assert (verdict.before, verdict.after) == ("reproduced (80)", "inconsistent (81)")
    assert verdict.because == (CELL,)
    assert [(each.before, each.after) for each in changes.kinds["sentences"]] == [
        ("There are 80 sleepers.", "There are 81 sleepers.")
    ]
    assert [change.name for change in changes.kinds["figures"]] == ["doses"]


def test_a_sentence_that_moved_did_not_change_and_one_said_once_less_is_gone() -> None:
    assert OLD.sentences is not None
    assert not compare_snapshots(OLD, replace(OLD, sentences=OLD.sentences[::-1])).kinds[
        "sentences"
    ]
    twice = replace(OLD, sentences=("One thing.", "One thing."))
    [change] = compare_snapshots(twice, replace(OLD, sentences=("One thing.",))).kinds["sentences"]
    assert (change.before, change.after) == ("One thing.", None)
    changes = compare_snapshots(
        replace(OLD, prose="source"), NEW
    )  # a page's prose against a source's
    assert changes.kinds["sentences"] == []
    assert changes.notes


@pytest.mark.parametrize("missing", ["cells", "sentences", "figures"])
def test_what_one_side_does_not_carry_is_said(missing: str) -> None:
    changes = compare_snapshots(replace(OLD, **{missing: None}), NEW)
    assert len(changes.notes) == 1
    assert missing in changes.notes[0]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_names_every_kind(form: str) -> None:
    text = written(compare_snapshots(OLD, NEW), form)
    for part in ("data cells", "numbers", "verdicts", "sentences", "figures"):
        assert part in text.lower()
    for part in ("80", "81", "inconsistent", "There are"):
        assert part in text


@pytest.mark.parametrize(
    ("form", "text", "shown"),
    [("html", "<script>alert(1)</script>", "&lt;script"), ("markdown", "*41*", "\\*41\\*")],
)
def test_markup_in_data_is_shown_as_text(form: str, text: str, shown: str) -> None:
    said = written(compare_snapshots(OLD, replace(NEW, cells={CELL: text})), form)
    assert shown in said and "<script" not in said


def test_a_row_that_is_new_is_one_line() -> None:
    cells = {**(NEW.cells or {}), "samples[delta].study": "delta", "samples[delta].number": "30"}
    table = {f"table-1/delta/{c}": Reported("", t) for c, t in (("study", "Delta"), ("age", "41"))}
    changes = compare_snapshots(OLD, replace(NEW, cells=cells, numbers={**NEW.numbers, **table}))
    assert changes.kinds["data cells"][-1] == Change(
        "samples[delta]", "", None, "a row of 2 cells: delta, 30"
    )
    names = [change.name for change in changes.kinds["numbers"]]
    assert names == ["total", "added", "gone", "table-1/delta"]


def test_a_verdict_that_turned_comes_before_one_that_did_not() -> None:
    old, new = (
        reported_findings(
            {**RECORD, "id": name, "recomputed": n, "verdict": v} for name, n, v in claims
        )
        for claims in (
            [("a", "80", "reproduced"), ("b", "1", "reproduced")],
            [("a", "81", "reproduced"), ("b", "1", "inconsistent")],
        )
    )
    changes = compare_snapshots(replace(OLD, findings=old), replace(NEW, findings=new))
    assert [change.name for change in changes.kinds["verdicts"]] == ["b", "a"]


def test_a_brief_list_is_cut_in_every_form() -> None:
    many = replace(NEW, findings={f"n{i}": Reported("", "1") for i in range(9)})
    for form in FORMS:
        assert "… and 7 more" in written(
            compare_snapshots(replace(OLD, findings={}), many), form, 2
        )


def test_numbers_of_the_first_screen_are_named_first() -> None:
    old, new = (
        Snapshot(
            side,
            {
                name: Reported(name, side)
                for name in ("all", "late", "t/a/x", "u/a/x", "first", "hidden/a/x")
            },
            {},
            reading=ReadingOrder(("first", "u", "t/a/x", "late")),
        )
        for side in ("one", "two")
    )
    names = [change.name for change in compare_snapshots(old, new).kinds["numbers"]]
    assert names == ["first", "u/a/x", "t/a/x", "late", "all", "hidden/a/x"]
    changes = compare_snapshots(old, replace(new, reading=new.reading._replace(first=2)))
    assert [change.name for change in changes.kinds["key numbers"]] == ["first", "u/a/x"]
    assert [change.name for change in changes.kinds["numbers"]] == names[2:]


def test_a_conclusion_that_turned_is_named_before_all_else() -> None:
    words = {"t/adc/agreed": ("higher", "conflicting"), "t/adc/label": ("ADC", "Conjugates")}
    old, new = (
        replace(
            each,
            numbers={
                **each.numbers,
                **{
                    name: Reported(name, shown[side], frozenset({CELL}), shown[side])
                    for name, shown in words.items()
                },
            },
            cells={CELL: ("ADC", "Conjugates")[side]},
        )
        for side, each in enumerate((OLD, NEW))
    )
    changes = compare_snapshots(old, new)
    assert [change.name for change in changes.kinds["conclusions"]] == ["t/adc/agreed"]
    assert "t/adc/label" in [change.name for change in changes.kinds["numbers"]]
    assert list(changes.kinds)[:3] == ["conclusions", "verdicts", "key numbers"]
    assert written(changes).index("conflicting") < written(changes).index("inconsistent")


@cases
def test_a_word_that_an_expression_gives_is_a_conclusion(
    text: str, formula: str, word: str
) -> None:
    trace = {**RECORD, "name": "a", "kind": "cell", "text": text, "formula": formula}
    assert reported_numbers([trace])["a"].word == word


def page(body: str) -> Page:
    return Page(
        f"<html><body><nav><p>Skip this navigation.</p></nav><main>{body}</main></body></html>"
    )


def test_sentences_are_read_in_order_without_markup() -> None:
    found = sentences_of(
        page(
            '<h2>The main results</h2><p>There are <span class="traced">13</span> studies. '
            "They report <em>most</em> outcomes.</p><ul><li>One list item here.</li></ul>"
        )
    )
    assert found == (
        "The main results",
        "There are 13 studies.",
        "They report most outcomes.",
        "One list item here.",
    )


def test_tables_scripts_and_the_audit_appendix_are_left_out() -> None:
    found = sentences_of(
        page(
            "<p>This sentence is read.</p><table><tr><th>A<td>cell of a table</table>"
            "<script>no sentence at all</script>"
            '<div class="traces"><div><p>This repeats it.</p><dl><dt>From<dd>a cell</dl></div>'
            '<table class="trace-list"><tr><th>One more number<td>2</table></div>'
            "<p>This one is read too.</p>"
        )
    )
    assert found == ("This sentence is read.", "This one is read too.")


def test_an_end_tag_without_a_start_ends_nothing() -> None:
    found = sentences_of(page("<table><tr><td></dl>a cell of it</table><p>Then a text again.</p>"))
    assert found == ("Then a text again.",)


def test_entities_and_line_breaks_are_text() -> None:
    assert sentences_of(page("<p>Fewer &lt; more\n  of   them.</p>")) == ("Fewer < more of them.",)


def test_abbreviations_in_lower_case_do_not_end_a_sentence() -> None:
    assert split("Doses vs. fractions differ. Then more.") == [
        "Doses vs. fractions differ.",
        "Then more.",
    ]
