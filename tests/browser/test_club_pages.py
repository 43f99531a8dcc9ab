"""Slides, prediction, extraction and its comparison in Chromium, by keys and by files."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.chromium import Opened, violations
from tests.club.conftest import deck, typeset

from review_companion.club.pages import Club
from review_companion.club.worksheets import to_csv
from review_companion.stats.agreement import kappa_of

pytestmark = pytest.mark.browser
PREDICTION = """\
::::: {.predict}

| Choice | Amber, higher | Red, unclear |
| --- | --- | --- |
| As reported | holds, 3 higher | holds, 1 lower |
| Only one | does not hold, 1 higher | holds, 1 lower |

: Choices {.choices}

:::::
"""
SMALLEST = 2.6  # per cent of the height of a slide that a room can read
# So many slides from the one shown on, each with how it is shown.
ONWARDS = """(most) => {
  const found = [];
  for (let before = null; found.length < most;) {
    const shown = document.querySelector(".screen:not([hidden])");
    if (shown === before) break;
    before = shown;
    found.push({ kind: `${shown.className} ${Boolean(shown.querySelector("table"))}`,
      fits: shown.scrollHeight <= shown.clientHeight, text: shown.innerText,
      size: parseFloat(shown.style.getPropertyValue("--size")) });
    if (found.length < most)
      shown.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  }
  return found;
}"""
PageOf = Callable[..., Path]


@pytest.fixture(scope="module")
def page_of(root: Path, tmp_path_factory: pytest.TempPathFactory) -> PageOf:
    return lambda edition, *chapters: typeset(
        root, tmp_path_factory.mktemp(edition), edition, "html", *chapters
    )


@pytest.fixture(scope="module")
def participant(club: Club, page_of: PageOf) -> Path:
    return page_of("participant", f"# Exercises\n\n{PREDICTION}\n\n{club.extraction()}")


@pytest.fixture(scope="module")
def comparing(browser: Any, club: Club, page_of: PageOf) -> Iterator[Any]:
    """A window for comparing, without a word."""
    text = f"# Compare\n\n::: {{.drop-here}}\n:::\n\n## The review\n\n{club.extracted()}"
    with Opened(browser, page_of("compare", text)) as made:
        yield made.page
        assert made.said == []


@pytest.fixture(scope="module")
def slides(club: Club, page_of: PageOf) -> Path:
    return page_of("slides", deck(club))


ONE = {"patients": "45", "concurrent": "16", "cases": "10", "receipt": "yes"}
OTHER = {"patients": "45,0", "concurrent": "23", "cases": "", "receipt": "no"}


def extracted(page: Any, folder: Path) -> Path:
    """Fills in the form, saves it, and returns the file."""
    form = page.locator(".extraction")
    for name, answer in ONE.items():
        field = form.locator(f'[data-field="{name}"]')
        if field.get_attribute("data-kind") == "choice":
            field.locator("select").select_option(answer)
        else:
            field.locator("input").first.fill(answer)
            field.locator("select").select_option("patients")
    save = form.get_by_role("button", name="Save this extraction")
    save.click()
    assert "Write your initials first" in form.locator(".asked").inner_text()
    form.get_by_label("Your initials").fill("AB")
    assert f"{len(ONE)} of 25 filled in" in form.locator(".filled").inner_text()
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == "extraction-stumpf-2019-AB.csv"
    saved = folder / download.value.suggested_filename
    download.value.save_as(saved)
    page.reload()
    assert form.get_by_label("Your initials").input_value() == "AB"
    assert violations(page, ".extraction") == []
    return saved


def by_another(saved: Path) -> Path:
    """The file of somebody else who read other figures."""
    rows = list(csv.DictReader(io.StringIO(saved.read_text("utf-8-sig"))))
    return written(
        saved.with_name("extraction-stumpf-2019-CD.csv"),
        [{**row, "value": OTHER.get(row["field"], row["value"])} for row in rows],
    )


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_two_extractions_are_compared_with_each_other_and_the_review(
    browser: Any, participant: Path, comparing: Any, tmp_path: Path
) -> None:
    with Opened(browser, participant) as made:
        saved = extracted(made.page, tmp_path)
    files = [saved, by_another(saved)]
    comparing.set_input_files("#two-files", files)
    rows = comparing.locator(".compared tbody tr")
    rows.first.wait_for()
    found = {
        row.locator("th").inner_text(): row.locator("td").nth(2).inner_text() for row in rows.all()
    }
    assert found == {
        "How many patients were studied?": "same",
        "How many patients received the drug concurrently?": "differs",
        "How many patients had clinically significant radionecrosis?": "only one",
        "Is use of the drug at any time compared with never?": "differs",
    }
    told = comparing.locator(".compared ul").inner_text().splitlines()
    assert told[0] == "AB and CD: 1 of 3 the same"
    assert "too few, or too alike, for κ" in told[1]
    assert told[2:] == ["AB and the review: 4 of 4 the same", "CD and the review: 1 of 3 the same"]
    assert "Table 1, Stumpf 2019, total: “45”" in rows.first.inner_text()
    assert violations(comparing, ".compared") == []


def test_kappa_of_two_worksheets_is_that_of_the_program(
    club: Club, comparing: Any, tmp_path: Path
) -> None:
    blank = list(csv.DictReader(io.StringIO(to_csv(club.appraisals))))
    rows = [row for row in blank if row["tool"] == "ROBINS-I"]
    draw = random.Random(1)
    given, files = [], []
    for name in ("one", "two"):
        judged = [draw.choice(["low", "moderate", "serious"]) for _ in rows]
        given.append(judged)
        remarked = (
            {**row, "judgement": said, "reason": 'a "b", c\nd'}
            for row, said in zip(rows, judged, strict=True)
        )
        files.append(written(tmp_path / f"{name}.csv", list(remarked)))
    comparing.set_input_files("#two-files", files)
    told = comparing.locator(".compared li").filter(has_text="ROBINS-I").inner_text()
    kappa = kappa_of(*given)
    assert kappa is not None
    same = sum(one == other for one, other in zip(*given, strict=True))
    assert told == (
        f"ROBINS-I: {same} of {len(rows)} the same, κ {kappa.value:.2f} "
        f"(95% CI {kappa.low:.2f} to {kappa.high:.2f})"
    )
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", "utf-8")
    comparing.set_input_files("#two-files", tmp_path / "other.csv")
    comparing.locator(".drop .said").get_by_text("other.csv is neither").wait_for()


def test_a_choice_is_shown_once_it_was_predicted(browser: Any, participant: Path) -> None:
    with Opened(browser, participant) as made:
        box = made.page.locator(".predict")
        concluded = box.locator("ul")
        assert not concluded.is_visible()
        box.get_by_label("Amber, higher").check()
        box.get_by_role("button", name="Show").click()
        assert box.locator(".said").inner_text() == "2 of 2 as you predicted."
        assert concluded.is_visible()
        box.get_by_label("As reported").check()
        assert not concluded.is_visible()
        assert violations(made.page, ".predict") == []


def test_every_chapter_has_slides(browser: Any, page_of: PageOf) -> None:
    chapters = (f"# {name}\n\nText\n\n## Of {name}\n\nText" for name in "ABCD")
    with Opened(browser, page_of("slides", *chapters)) as made:
        screens = made.page.locator(".screen:not(.title)")
        said = screens.evaluate_all("all => all.map((screen) => screen.ariaLabel)")
        assert said == ["A", "Of A", "B", "Of B", "C", "Of C", "D", "Of D"]


def test_slides_are_led_through_by_keys_fit_the_window_and_axe_finds_nothing(
    browser: Any, slides: Path
) -> None:
    with Opened(browser, slides) as made:
        led_through(made.page)
        assert made.said == []


def led_through(page: Any) -> None:
    keys, current = page.keyboard, page.locator(".screen:not([hidden])")

    def title() -> str:
        return str(current.locator("h1, h3").first.inner_text().split("\n")[0])

    page.set_viewport_size({"width": 1280, "height": 720})
    keys.press("ArrowRight")
    keys.press("Space")
    question = title()
    keys.press("a")
    assert title() == f"{question} – the answer"
    keys.press("a")
    assert title() == question
    keys.press("ArrowLeft")
    keys.press("Home")
    assert current.get_attribute("class") == "screen title"
    deck = page.evaluate(f"({ONWARDS})(Infinity)")
    assert len(deck) == page.locator(".screen").count()
    assert [one["text"] for one in deck if not one["fits"] or one["size"] < SMALLEST] == []
    kinds = {one["kind"]: place for place, one in reversed(list(enumerate(deck)))}
    assert len(kinds) == 3
    for place in kinds.values():  # axe on one slide of each kind, in both schemes
        keys.press("Home")
        page.evaluate(f"({ONWARDS})({place + 1})")
        page.emulate_media(color_scheme="dark")
        assert violations(page, others=False) == []
        page.emulate_media(color_scheme="light")
        assert violations(page) == []
    page.set_viewport_size({"width": 375, "height": 500})  # a slide is scrolled
    keys.press("Home")
    for _ in range(4):
        keys.press("ArrowRight")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert violations(page, contrast=False) == []
