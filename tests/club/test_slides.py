"""The deck: each question and its answer, with its minutes, and each fits its page."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pypdfium2
import pytest
from tests.club.conftest import deck, typeset

from review_companion.club.pages import Club
from review_companion.club.session import Plan, Step


def test_a_question_that_dropped_out_leaves_its_minutes_to_talk() -> None:
    plan = Plan("p", "P", 6, (Step("A", 2, "", ("gone",)), Step("B", 4, "")))
    found = list(plan.slots(lambda name: None))
    assert [(s.first, s.clock, s.last) for s in found] == [(2, "0–2 min", 2), (3, "2–6 min", 3)]


@pytest.mark.integration
def test_the_slots_fill_the_plan(club: Club) -> None:
    found = club.slots()
    assert found[0].start == 0
    assert found[-1].end == club.plan().minutes
    for one, other in itertools.pairwise(found):
        assert other.start == one.end
        assert other.first == one.last + 1


@pytest.fixture(scope="module")
def text(club: Club) -> str:
    return deck(club)


@pytest.mark.integration
def test_slides_ask_only_what_the_plan_asks_and_before_they_tell(club: Club, text: str) -> None:
    planned = [name for step in club.plan().steps for name in step.questions]
    assert re.findall(r"\{#q-([\w-]+?)(-answer)? ", text) == [
        (name, kind) for name in planned for kind in ("", "-answer")
    ]
    for name in planned:
        asked, _, told = text.partition(f"{{#q-{name}-answer ")
        for line in club.generated[name].slide or (club.generated[name].explain,):
            assert line in told
            assert line not in asked


@pytest.mark.integration
def test_every_heading_is_one_page_of_sixteen_to_nine(
    root: Path, text: str, tmp_path: Path
) -> None:
    with pypdfium2.PdfDocument(typeset(root, tmp_path, "slides", "pdf", text)) as pdf:
        assert {round(w / h, 2) for w, h in (page.get_size() for page in pdf)} == {1.78}
        pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]
    titles = [re.sub(r"\\(.)", r"\1", t) for t in re.findall(r"^## (.+?) \[", text, re.MULTILINE)]
    assert len(pages) == 1 + len(titles)
    for title, page in zip(titles, pages[1:], strict=True):
        assert page.startswith(title)
