"""The participants' page in Chromium: it checks offline, tells nobody, and everyone can use it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.chromium import Opened, violations
from tests.club.conftest import typeset

from review_companion.club.pages import QUESTION, SPARE, Club, render_part
from review_companion.club.question import Kind, Question
from review_companion.club.worksheets import COLUMNS

pytestmark = pytest.mark.browser


NAMED = ("windows-match", "risk-ratio", "overlap-share", "units-sum")


def tried(club: Club) -> list[Question]:
    """A question of each kind, and those of which a test asks more."""
    kinds = {question.kind: question for question in reversed(club.generated.questions)}
    return list({q.id: q for q in (*kinds.values(), *map(club.generated.get, NAMED)) if q}.values())


def checking(club: Club) -> list[Question]:
    return [question for question in tried(club) if question.answer is not None]


@pytest.fixture(scope="module")
def page_file(root: Path, club: Club, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, with the questions tried here and worksheets."""
    texts = [
        *("# Questions {#sec-questions}", club.opening()),
        *(render_part(QUESTION, "asked", [("", tried(club))]), club.appraisal("studies")),
    ]
    folder = tmp_path_factory.mktemp("participant")
    return typeset(root, folder, "participant", "html", "\n\n".join(texts))


@pytest.fixture(scope="module")
def window(browser: Any, page_file: Path) -> Iterator[Opened]:
    with Opened(browser, page_file) as made:
        yield made


@pytest.fixture
def page(window: Opened) -> Iterator[Any]:
    yield window.anew()
    assert window.said == []


def box(page: Any, question: Question) -> Any:
    return page.locator(f'[data-key="{question.id}"]')


def give(page: Any, question: Question, parts: list[str]) -> str:
    """Answers a question on the page and returns what the page says."""
    where = box(page, question)
    if question.kind is Kind.NUMERIC:
        where.locator("input").fill(parts[0])
    elif question.kind in (Kind.CHOICE, Kind.SEVERAL):
        wanted = parts[0].split(",")
        for control in where.locator("input").all():
            if control.get_attribute("value") in wanted:
                control.check()
            elif question.kind is Kind.SEVERAL:
                control.uncheck()
    else:
        for select, letter in zip(where.locator("select").all(), parts, strict=True):
            select.select_option(letter)
    where.locator(".check button").click()
    return str(where.locator(".said").inner_text())


def wrong(question: Question) -> list[str]:
    assert question.answer is not None
    first = question.answer[0]
    if question.kind is Kind.NUMERIC:
        return [f"{float(first[0]) * 7 + 1:.{question.places}f}"]
    if question.kind in (Kind.CHOICE, Kind.SEVERAL):
        return [next(c for c in "ABC" if c not in first)]
    rights = [accepted[0] for accepted in question.answer]
    return rights[1:] + rights[:1]


def test_axe_finds_nothing_in_a_question_of_each_kind(page: Any) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": 320, "height": 800})
    page.locator(".check button").first.click()
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, others=False) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


def test_an_answer_is_right_wrong_or_missing_as_it_is(page: Any, club: Club) -> None:
    for question in checking(club):
        assert question.answer is not None
        where = box(page, question)
        where.locator(".check button").click()
        assert "Not yet" not in where.locator(".said").inner_text()
        assert "Right" not in where.locator(".said").inner_text()
        assert give(page, question, wrong(question)).startswith("Not yet")
        parts = question.answer
        rights = (
            [[a] for a in parts[0]] if question.kind is Kind.NUMERIC else [[p[0] for p in parts]]
        )
        for right in rights:
            assert give(page, question, right) == "Right."
    question = club.generated["windows-match"]
    first, second, *rest = [accepted[0] for accepted in question.answer]
    assert give(page, question, [second, first, *rest]) == "Not yet: 2 of 4 in their place."


def test_numbers_are_read_as_people_write_them(page: Any, club: Club) -> None:
    said = {
        "8.7": "Right.",
        " 8,7 ": "Right.",
        "8.69": "Right.",
        "8.74": "Right.",
        "9": "Give one decimal place.",
        "eight": "Write a number, such as 12 or 3.4.",
        "13.5": "Not yet. Look again.",
    }
    assert {typed: give(page, club.generated["risk-ratio"], [typed]) for typed in said} == said
    for typed in ("81", "81%", "81.1 %", "81,14"):
        assert give(page, club.generated["overlap-share"], [typed]) == "Right."


def test_answers_stay_in_this_browser_until_they_are_cleared(page: Any, club: Club) -> None:
    question = club.generated["units-sum"]
    area = page.locator(".question textarea").first
    box(page, question).locator("input").fill("455")
    area.fill("Only concurrent comparisons count.")
    for _ in range(50):  # Chromium writes what is kept a moment after it was said
        page.reload()
        if area.input_value():
            break
    assert box(page, question).locator("input").input_value() == "455"
    assert area.input_value() == "Only concurrent comparisons count."
    page.get_by_role("button", name="Clear my answers").click()
    assert box(page, question).locator("input").input_value() == ""


@pytest.fixture
def free_page(window: Opened) -> Any:
    """The page, whatever it says."""
    return window.anew()


def test_the_policy_admits_no_network(free_page: Any) -> None:
    policy = free_page.locator("meta[http-equiv]").get_attribute("content")
    assert policy.startswith("default-src 'none'")
    assert "connect-src" not in policy
    assert free_page.evaluate("fetch('https://example.org/').then(() => false, () => true)")


def test_a_filled_in_worksheet_is_saved_as_a_table(free_page: Any, tmp_path: Path) -> None:
    sheet = free_page.locator(".worksheet").first
    sheet.locator("select").first.select_option("serious")
    sheet.locator("textarea").first.fill("Chosen by age, and =SUM(A1)")
    sheet.get_by_label("Your initials").fill("A. B.")
    with free_page.expect_download() as download:
        sheet.get_by_role("button").click()
    assert download.value.suggested_filename == "studies-stumpf-2019-AB.csv"
    path = tmp_path / "saved.csv"
    download.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["judgement"] == "serious"
    assert rows[0]["reason"] == "Chosen by age, and =SUM(A1)"
    assert rows[0]["item"] == "studies/stumpf-2019/confounding"
    assert {row["judgement"] for row in rows[1:]} == {""}


def test_without_the_script_it_is_a_handout(browser: Any, page_file: Path, club: Club) -> None:
    with Opened(browser, page_file, scripted=False) as made:
        text = made.page.locator("main").inner_text()
        assert text.count("____") > len(checking(club))
        assert made.page.locator("input, select, textarea, button").count() == 0


def test_on_paper_there_is_room_to_write(page: Any) -> None:
    page.emulate_media(media="print")
    assert not page.locator(".desk").is_visible()
    assert not page.get_by_role("button", name="Check").first.is_visible()
    assert page.locator(".writing hr").first.is_visible()


def test_the_page_holds_no_explanation(page_file: Path, club: Club) -> None:
    assert 'class="traces"' not in page_file.read_text("utf-8").split("<body>")[1]
    text = club.questions() + club.questions(SPARE)
    assert "What usually goes wrong" not in text
    for question in club.generated.questions:
        start = question.explain.split("[")[0].strip()
        assert len(start) < 12 or start not in text
