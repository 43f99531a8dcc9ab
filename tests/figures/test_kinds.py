"""Each kind of figure: its marks are the table's rows, and it is never an empty sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.figures.sheets import lines, marks, table, words

from review_companion.errors import CompanionError
from review_companion.figures.canvas import COLORS
from review_companion.figures.draw import FIGURE_KINDS, draw
from review_companion.figures.scale import linear_scale, log_scale

SPECS: Mapping[str, Mapping[str, Any]] = {
    "direction": {
        "label": "study",
        "direction": "direction",
        "group": "class",
        "columns": {"tested": "what was compared"},
    },
    "ratios": {
        "label": "study",
        "series": [{"estimate": "x", "low": "low", "high": "high", "name": "odds ratio"}],
    },
    "dumbbell": {"label": "study", "exposed": "x", "comparison": "low"},
    "spans": {"label": "study", "low": "low", "high": "high", "axis": "days"},
    "grid": {
        "label": "study",
        "columns": {"x": "first"},
        "symbols": {"yes": {"mark": "o", "color": "ink"}},
    },
    "pairs": {
        "first": "study",
        "second": "other",
        "ground": "kind",
        "kinds": ["one"],
        "shared": "names",
    },
    "flow": {},
}
FLOW = ["step", "kind", "parent", "printed", "recomputed", "reasons"]
ROWS: Mapping[str, tuple[list[str], Mapping[str, Any]]] = {
    "direction": (["study", "class", "direction", "tested"], {"a": ["A", "C", "higher", "this"]}),
    "ratios": (["study", "x", "low", "high"], {"a": ["A", 4.01, 1.79, 9.01]}),
    "dumbbell": (["study", "x", "low"], {"a": ["A", 5, 3]}),
    "spans": (["study", "low", "high"], {"a": ["A", 7, 21]}),
    "grid": (["study", "x"], {"a": ["A", "yes"]}),
    "pairs": (["study", "other", "kind", "names"], {"a": ["A", "B", "one", None]}),
    "flow": (FLOW, {"a": ["Found", "kept", None, 10, None, None]}),
}
EMPTY = table(["study"], {})


def svg(kind: str, columns: list[str], rows: Mapping[str, Any], **more: Any) -> str:
    spec = {"kind": kind, **SPECS[kind], **more}
    return draw("test", spec, table(columns, rows)).svg


def test_each_kind_of_the_schema_has_a_spec_and_rows_here() -> None:
    assert sorted(SPECS) == sorted(ROWS) == sorted(FIGURE_KINDS)


@pytest.mark.parametrize("kind", sorted(FIGURE_KINDS))
def test_a_row_is_drawn_as_a_mark_that_names_it_on_a_page_and_on_a_phone(kind: str) -> None:
    figure = draw("test", {"kind": kind, **SPECS[kind]}, table(*ROWS[kind]))
    drawn = marks(figure.svg)
    assert drawn == marks(figure.narrow) != []
    assert all(mark == "a" or mark.startswith("a-") for mark in drawn)


@pytest.mark.parametrize("kind", sorted(FIGURE_KINDS))
def test_a_table_without_rows_says_that_there_is_nothing_to_draw(kind: str) -> None:
    figure = draw("test", {"kind": kind, **SPECS[kind]}, EMPTY)
    assert "Nothing to draw" in words(figure.svg)
    assert not marks(figure.svg)


def test_an_unknown_kind_and_a_missing_column_are_named() -> None:
    with pytest.raises(CompanionError, match="no kind “pie”"):
        draw("test", {"kind": "pie"}, EMPTY)
    with pytest.raises(CompanionError, match="no column “tested”"):
        svg("direction", ["study", "class"], {"a": ["A", "C"]})


DIRECTION = ["study", "class", "direction", "comparisons", "tested"]


def test_the_place_of_a_mark_tells_its_direction() -> None:
    def place(direction: str | None) -> float:
        drawn = svg("direction", DIRECTION, {"a": ["A", "C", direction, 1, "this"]})
        start = drawn.index('id="mark-a"')
        return float(drawn[start:].split('x="')[1].split('"')[0])

    lower, neither, higher = place("lower"), place("no difference"), place("higher")
    assert lower < neither < higher
    assert place(None) == place("conflicting") == neither


def test_a_row_tells_what_was_compared_and_what_is_no_answer_is_hollow() -> None:
    drawn = svg(
        "direction",
        DIRECTION,
        {
            "a": ["Alpha", "Lamps", "higher", 4, "lit vs unlit"],
            "b": ["Beta", "Lamps", None, 0, "nothing compared"],
        },
        hollow={"column": "tested", "text": "lit vs unlit"},
    )
    assert marks(drawn) == ["a", "b"]
    for text in ("Lamps", "Alpha", "what was compared", "lit vs unlit", "nothing compared"):
        assert text in words(drawn)
    start = drawn.index('id="mark-a"')
    assert "fill: #ffffff" in drawn[start : drawn.index("</g>", start)]


def test_a_key_names_each_direction_once() -> None:
    rows = {"a": ["A", "C", "higher", 1, "lit"], "b": ["B", "C", "higher", 1, "unlit"]}
    hollow = {"column": "tested", "text": "unlit"}
    drawn = svg("direction", DIRECTION, rows, hollow=hollow)
    shown = [line.text for line in lines(drawn) if line.text == "more"]
    assert shown == ["more"] * 2  # heads a column, and stands in the key


def test_one_group_can_be_drawn_alone() -> None:
    rows = {f"{n}/{g}": [f"S{n}", g, "higher", 1, ""] for g in "ab" for n in range(2)}
    drawn = svg("direction", DIRECTION, rows, only="a")
    assert marks(drawn) == ["0-a", "1-a"]
    assert "Nothing to draw" in words(svg("direction", DIRECTION, rows, only="c"))
    ratios = {"a/x": ["A", 4.01, 1.79, 9.01], "a/y": ["A", 2, 1, 4]}
    assert marks(svg("ratios", RATIO, ratios, only="y")) == ["a-y-odds-ratio"]


def test_on_a_phone_the_lines_of_an_axis_end_at_the_words() -> None:
    rows = table(["study", "low", "high"], {"a": ["Alpha", 7, 21]})
    narrow = draw("test", {"kind": "spans", **SPECS["spans"]}, rows).narrow
    axis, ground = narrow.rindex(COLORS["rule"]), narrow.rindex('style="fill: #ffffff"')
    assert axis < ground < narrow.index(">Alpha<")


RATIO = ["study", "x", "low", "high"]


def test_a_ratio_without_an_interval_is_drawn_as_a_point() -> None:
    drawn = svg(
        "ratios",
        RATIO,
        {"a": ["A", 4.01, 1.79, 9.01], "b": ["B", 13.5, None, None], "c": ["C", None, None, None]},
    )
    assert marks(drawn) == ["a-odds-ratio", "b-odds-ratio"]
    assert "no interval" in words(drawn)
    assert "4.01 (1.79–9.01)" in words(drawn)


def test_a_ratio_of_another_comparison_is_hollow() -> None:
    rows = {"a": ["A", 4.01, 1.79, 9.01], "b": ["B", 13.5, None, None]}
    drawn = svg("ratios", RATIO, rows, hollow={"column": "study", "text": "B"})
    solid, hollow = drawn.split('id="mark-b')
    assert "fill: #ffffff" in hollow.split("</g>")[0]
    assert "fill: #ffffff" not in solid.split('id="mark-a')[1].split("</g>")[0]


@pytest.mark.parametrize("ratio", [(0.001, 0.0001, 0.01), (5000, 900, 20000), (1, 1, 1)])
def test_a_ratio_beyond_the_usual_axis_still_finds_a_place(ratio: tuple[float, ...]) -> None:
    assert marks(svg("ratios", RATIO, {"a": ["A", *ratio]})) == ["a-odds-ratio"]


@pytest.mark.parametrize("ratio", [(0, 0, 0), (-1.1, -2, -0.4), (0, None, None), (-3, -9, 2)])
def test_a_ratio_that_has_no_logarithm_is_said_to_be_not_drawn(ratio: tuple[float, ...]) -> None:
    drawn = svg("ratios", RATIO, {"a": ["A", *ratio], "b": ["B", 4.01, 1.79, 9.01]})
    assert marks(drawn) == ["b-odds-ratio"]
    assert "not above 0" in words(drawn)
    assert marks(svg("ratios", RATIO, {"a": ["A", *ratio]})) == []


def test_a_dumbbell_needs_both_percentages_and_a_long_span_ends_in_an_arrow() -> None:
    drawn = svg("dumbbell", ["study", "x", "low"], {"a": ["A", 0, 0], "b": ["B", 5, None]})
    assert marks(drawn) == ["a"]
    columns = ["study", "low", "high"]
    long = {"a": ["A", 7, 21], "b": ["B", 183, 183]}
    drawn = svg("spans", columns, long, mirror=True, limit=40)
    assert marks(drawn) == ["a", "b"]
    assert "−40" in words(drawn)
    assert "183" not in words(drawn)
    rows = {"a": ["Alpha", 7, 21], "b": ["Beta", None, None]}
    kept = svg("spans", columns, rows, **{"keep-empty": True})  # a row without a length
    assert "Beta" in words(kept)
    assert marks(kept) == ["a"]
    assert "Without a number: Beta." in words(svg("spans", columns, rows))
    assert "Without" not in words(svg("spans", columns, {"b": rows["b"], "b/1": ["Beta", 7, 9]}))


def test_a_grid_frames_what_differs_from_its_first_row() -> None:
    symbols = {"holds": {"mark": "o", "color": "lower"}, "fails": {"mark": "X", "color": "higher"}}

    def frames(second: str) -> int:
        drawn = svg(
            "grid",
            ["study", "x"],
            {"a": ["A", "holds, 2 up"], "b": ["B", second]},
            symbols=symbols,
            **{"against-first": True},
        )
        return drawn.count("stroke-width: 1.4")

    assert frames("holds, 5 up") == 0
    assert frames("fails, 1 down") == 1


def test_a_pair_is_marked_whichever_study_comes_first() -> None:
    columns = ["study", "other", "kind", "names"]
    drawn = svg(
        "pairs",
        columns,
        {"p": ["A", "B", "one", None], "q": ["B", "A", "two", "X; Y"]},
        kinds=["one", "two"],
    )
    assert sorted(marks(drawn)) == ["p", "q"]
    assert "2" in words(drawn)


def test_a_pair_of_which_nothing_shared_is_named_has_no_number() -> None:
    columns = ["study", "other", "kind", "names"]

    def numbers(shared: str | None) -> list[str]:
        rows = {"p": ["A", "B", "two", shared]}
        drawn = svg("pairs", columns, rows, kinds=["one", "two"])
        return sorted(line.text for line in lines(drawn) if line.text.isdecimal())

    axes = ["1", "1", "2", "2"]
    assert numbers("X; Y; Z") == [*axes, "3"]
    assert numbers(None) == axes


STEPS = {
    "found": ["Found", "kept", None, 10, None, None],
    "out": ["Removed", "removed", "found", 4, 4, 4],
    "why": ["No lamp", "reason", "out", 4, 4, None],
    "left": ["Included", "kept", "found", 6, 6, None],
}


def test_a_flow_shows_boxes_reasons_and_numbers_worked_out() -> None:
    drawn = svg("flow", FLOW, STEPS)
    assert sorted(marks(drawn)) == ["found", "left", "out"]
    assert "No lamp:\u00a04" in words(drawn)
    assert "≠" not in words(drawn)
    silent = {**STEPS, "out": ["Removed", "removed", "found", None, 4, None]}
    assert "n = 4 (not in the text)" in words(svg("flow", FLOW, silent))


def test_a_flow_that_does_not_add_up_is_marked() -> None:
    wrong = {**STEPS, "left": ["Included", "kept", "found", 7, 6, None]}
    assert "≠ 6, from the other numbers" in words(svg("flow", FLOW, wrong))
    reasons = {**STEPS, "out": ["Removed", "removed", "found", 4, 4, 3]}
    assert "≠ 3, from the other numbers" in words(svg("flow", FLOW, reasons))


def test_a_phase_of_a_flow_that_begins_with_no_kept_step_is_named() -> None:
    with pytest.raises(CompanionError, match="`bands` names “fuond”"):
        svg("flow", FLOW, STEPS, bands={"fuond": "Identification"})


def test_a_state_without_a_mark_is_named_and_never_left_blank() -> None:
    settings: dict[str, Any] = {"symbols": {"yes": {"mark": "o", "color": "ink"}}}
    assert marks(svg("grid", ["study", "x"], {"a": ["A", "yes, as printed"]}, **settings)) == [
        "a-x"
    ]
    with pytest.raises(CompanionError, match=r"no mark for “perhaps” \(a, column “x”\)"):
        svg("grid", ["study", "x"], {"a": ["A", "perhaps"]}, **settings)
    settings["symbols"]["yes"]["color"] = "inc"
    with pytest.raises(CompanionError, match=r"no colour is named “inc”(?s:.*)did you mean “ink”"):
        svg("grid", ["study", "x"], {"a": ["A", "yes"]}, **settings)


@pytest.mark.parametrize("mark", ["o", "+", "|", "$a$"])
def test_a_symbol_without_halves_is_drawn_whole(mark: str) -> None:
    symbols = {"yes": {"mark": mark, "color": "ink", "half": True}}
    assert marks(svg("grid", ["study", "x"], {"a": ["A", "yes"]}, symbols=symbols)) == ["a-x"]


def test_an_axis_of_ratios_shows_both_sides_of_one() -> None:
    scale = log_scale([3.0, 12.0], 0.0, 100.0)
    assert scale.low < 1 < scale.high
    assert scale(1) > 0


def test_an_axis_has_few_ticks_however_long_it_is() -> None:
    for value in (7.0, 5999.0, 6001.0, 12345678.0, 1e12):
        assert 2 <= len(linear_scale([value], 0.0, 100.0).ticks) <= 8
