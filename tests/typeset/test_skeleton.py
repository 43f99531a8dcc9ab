"""What one volume keeps of another's chapters."""

from __future__ import annotations

from pathlib import Path

import pytest

from review_companion.typeset.config import Book, Chapter
from review_companion.typeset.skeleton import of_volume, skeleton

SENTENCE = 'Four of [nine]{.traced trace="a/b"} lamps were on.'


@pytest.mark.parametrize(
    "block",
    [
        "# Lamps {#sec-lamps}",
        "[A place]{#lamp-1} in a sentence.",
        "A sentence of [@smith-2001].",
        "As @fig-lamps shows.",
        "A note.[^1-a]",
        "[^1-a]: Which nothing else names.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "<!-- left out",
        "-->",
        "::: {#tbl-lamps}\n\nWhat it shows.\n\n:::",
        '::: {.content-visible when-format="html"}\n\nOn the page.\n\n:::',
        "::: {.callout-note}\n\n## Read this\n\nA sentence.\n\n:::",
        "```{=companion-html}\ntbl-lamps.html\n```",
        "[]{.float-caption}What it shows.",
    ],
)
def test_what_names_something_is_kept(block: str) -> None:
    assert skeleton(f"{SENTENCE}\n\n{block}\n\n{SENTENCE}\n") == f"{block}\n"


@pytest.mark.parametrize(
    "block",
    [
        "Two lines\nof a paragraph.",
        "- a list\n- of two",
        "```\n# no heading\n\n@fig-no-reference\n```",
        "~~~ {.python}\na = {1: 'b'}\n~~~",
        "$$a + b$$",
    ],
)
def test_what_names_nothing_is_not(block: str) -> None:
    assert skeleton(f"# Lamps\n\n{block}\n\n## More\n") == "# Lamps\n\n## More\n"


def test_of_a_block_its_fences_are_kept() -> None:
    text = "::: {.finding #finding-1}\n\nA sentence.\n\n:::\n\nAnother."
    assert skeleton(text) == "::: {.finding #finding-1}\n\n:::\n"


def test_a_volume_has_its_own_chapters_whole(tmp_path: Path) -> None:
    chapters = (Chapter("a.md"), Chapter("b.md", volume="audit"))
    book = Book(tmp_path, "Lamps", chapters)
    before, after = (
        [f"# Lamps\n\n{sentence}\n", "# Audit\n\nOwn.\n"] for sentence in (SENTENCE, "Another.")
    )
    assert of_volume(book, before, "audit") == of_volume(book, after, "audit")
    assert "Own." in of_volume(book, before, "audit")
    assert of_volume(book, before, "") != of_volume(book, after, "")
