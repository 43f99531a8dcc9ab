"""The figures of the report: drawn alike each time, readable, told in words, fit for a page."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from tests.figures.sheets import Line, extent, lines, marks

from review_companion.figures.canvas import width_of, wrap
from review_companion.figures.draw import Figure, draw
from review_companion.review import Review

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
FIGURES = sorted(yaml.safe_load((ROOT / "data/figures.yml").read_text("utf-8")))
PHONE = 343
POINT = 4 / 3  # CSS pixels
PAGE_HEIGHT = 660


@pytest.fixture(scope="module")
def review(report_review: Review) -> Review:
    return report_review


@pytest.fixture(scope="module")
def figures(review: Review) -> dict[str, Figure]:
    """Drawn once, for a page and for a phone."""
    return {name: review.figure(name) for name in FIGURES}


@pytest.fixture(scope="module")
def drawn(figures: dict[str, Figure]) -> dict[str, str]:
    return {name: figure.svg for name, figure in figures.items()}


@pytest.fixture(scope="module")
def on_a_phone(figures: dict[str, Figure]) -> dict[str, str]:
    return {name: figure.narrow for name, figure in figures.items()}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_well_formed_and_the_same_each_time(
    figures: dict[str, Figure], drawn: dict[str, str], review: Review, name: str
) -> None:
    ElementTree.fromstring(drawn[name])
    spec = review.figures_declared[name]
    if name == next(n for n in FIGURES if review.figures_declared[n]["kind"] == spec["kind"]):
        assert draw(name, spec, figures[name].table).svg == drawn[name]  # one of each kind
    assert "<metadata" not in drawn[name]


@pytest.mark.parametrize("name", FIGURES)
def test_text_can_be_read_in_print_and_on_a_phone(
    drawn: dict[str, str], on_a_phone: dict[str, str], name: str
) -> None:
    assert extent(drawn[name])[1] <= PAGE_HEIGHT
    assert extent(on_a_phone[name])[0] * POINT <= PHONE
    for sheet in (drawn[name], on_a_phone[name]):
        assert min(line.size for line in lines(sheet)) >= 8
    assert marks(on_a_phone[name]) == marks(drawn[name])


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_sheet_or_crosses_another(
    drawn: dict[str, str], on_a_phone: dict[str, str], name: str
) -> None:
    for sheet in (drawn[name], on_a_phone[name]):
        require_apart(sheet)


def require_apart(sheet: str) -> None:
    width, height = extent(sheet)
    found = [line for line in lines(sheet) if line.right > line.left]
    for line in found:
        assert line.left >= -0.5, line
        assert line.right <= width + 0.5, line
        assert 0 < line.y < height, line
    for one in found:
        for other in found:
            if one is not other and abs(one.y - other.y) < 4:
                apart = one.right <= other.left + 1 or other.right <= one.left + 1
                assert apart, (one, other)


@pytest.mark.parametrize("name", FIGURES)
def test_the_marks_are_rows_of_the_table(figures: dict[str, Figure], name: str) -> None:
    figure = figures[name]
    keys = {re.sub(r"[^A-Za-z0-9_-]", "-", key) for key in figure.table.rows}
    assert marks(figure.svg)
    for mark in marks(figure.svg):
        assert any(mark == key or mark.startswith(f"{key}-") for key in keys), mark


@pytest.mark.parametrize("name", FIGURES)
def test_an_alternative_tells_the_message_and_numbers_that_are_cells(
    figures: dict[str, Figure], review: Review, name: str
) -> None:
    figure, typed = figures[name], str(review.figures_declared[name]["alt"])
    assert len(typed.split()) >= 12
    assert not re.search(r"\d", typed.replace("HER2", ""))
    cells = set(NUMBER.findall(figure.table.to_csv()))
    assert set(NUMBER.findall(figure.alt.replace("HER2", ""))) <= cells


def test_every_figure_stands_in_a_notebook_with_the_same_alternative(review: Review) -> None:
    shown: dict[str, str] = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            source = "".join(cell["source"])
            if found := re.search(r'^review\.figure\("([^"]+)"\)', source, re.MULTILINE):
                alt = re.search(r'^#\| fig-alt: "(.*)"$', source, re.MULTILINE)
                assert alt is not None, (path.name, found[1])
                shown[found[1]] = alt[1]
    assert set(shown) == set(FIGURES)
    for name, said in shown.items():
        assert said == " ".join(str(review.figures_declared[name]["alt"]).split())


def test_text_is_measured_and_broken_at_spaces() -> None:
    text = "higher number of drugs during radiosurgery"
    for line in wrap(text, 80, 8):
        assert width_of(line, 8) <= 80
    assert " ".join(wrap(text, 80, 8)) == text
    assert wrap("antibody–drug", 5) == ["antibody–drug"]


NUMBER, TICK = re.compile(r"\d+(?:\.\d+)?"), re.compile(r"−?\d+(?:\.\d+)?")


def unexplained(lines_drawn: list[Line], cells: set[str], ranks: set[str]) -> list[str]:
    """Lines with a number that is in no cell, and that is neither a tick nor a rank."""
    rows = Counter(line.y for line in lines_drawn if TICK.fullmatch(line.text))
    return [
        line.text
        for line in lines_drawn
        if not set(NUMBER.findall(line.text)) <= cells
        and not (TICK.fullmatch(line.text) and rows[line.y] >= 4)
        and line.text not in ranks
    ]


@pytest.mark.parametrize("name", FIGURES)
def test_every_number_of_a_drawing_is_in_its_table(
    figures: dict[str, Figure], review: Review, name: str
) -> None:
    """But for the ticks of an axis, and in a matrix of pairs the ranks and counts of names."""
    figure = figures[name]
    cells = set(NUMBER.findall(figure.table.to_csv()))
    ranks: set[str] = set()
    if review.figures_declared[name]["kind"] == "pairs":
        texts = [cell.text for row in figure.table.rows.values() for cell in row]
        ranks = {str(text.count(";") + 1) for text in texts}
        ranks |= {str(rank) for rank in range(1, len({t for t in texts if "et al." in t}) + 1)}
    assert unexplained(lines(figure.svg), cells, ranks) == []


def test_a_number_that_no_cell_holds_is_found() -> None:
    seeded = [Line("45 of 67", 9.5, 0, 40, 10), Line("45", 9.5, 0, 10, 30)]
    assert unexplained(seeded, {"67"}, set()) == ["45 of 67", "45"]
