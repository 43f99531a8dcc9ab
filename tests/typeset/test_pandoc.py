from __future__ import annotations

import json
from typing import Any

import pytest

from review_companion.errors import CompanionError
from review_companion.typeset.pandoc import pandoc_path, read_json
from review_companion.typeset.process import check, run

pytestmark = pytest.mark.integration

PROSE = """\
# A heading of *four* words {#sec-x}

Words [in a span]{.x} and **some more** over
two lines, "quoted" text, `code with  blanks`, a [link text](https://example.org), 1--2, x^2 3^.

1. An item -- of a list[^1]
2) and another

| one column | and two |
|-----------:|---------|
|  1 of 3    | a\\ b   |

[^1]: With a note - of its own.
"""


def read(markdown: str) -> str:
    return pandoc(markdown, "markdown", "json")


def pandoc(text: str, source: str, to: str) -> str:
    options = ["--from", source, "--to", to, "--wrap", "none"]
    return check(run([str(pandoc_path()), *options], stdin=text)).stdout


def inlines(document: dict[str, Any]) -> list[Any]:
    """Those of the first paragraph."""
    found: list[Any] = document["blocks"][0]["c"]
    return found


@pytest.mark.parametrize("to", ["html5", "typst"])
def test_joined_words_are_written_as_the_same(to: str) -> None:
    text = read(PROSE)
    assert pandoc(json.dumps(read_json(text)), "json", to) == pandoc(text, "json", to)


def test_words_between_other_things_become_one() -> None:
    assert inlines(read_json(read("One two\nthree *four five* six."))) == [
        {"t": "Str", "c": "One two three "},
        {"t": "Emph", "c": [{"t": "Str", "c": "four five"}]},
        {"t": "Str", "c": " six."},
    ]


def test_words_next_to_a_citation_stay_apart() -> None:
    """With a style that cites in notes, citeproc takes away the space before a citation."""
    text = read("As said [see @doe, p. 3]. And *so on*.")
    joined = inlines(read_json(text))
    assert joined[:-2] == inlines(json.loads(text))[:-2]
    assert joined[-2] == {"t": "Emph", "c": [{"t": "Str", "c": "so on"}]}


def test_what_is_nested_deep_is_read() -> None:
    quoted = read("> " * 400 + "two words")
    assert json.dumps(read_json(quoted)).count('"two words"') == 1


def test_what_is_nested_too_deep_is_named_by_its_cell() -> None:
    place = "```{{=companion-place}}\nnotebooks/a.ipynb, cell {}\n```\n\n"
    text = f"{place.format(1)}x\n\n{place.format(2)}{'> ' * 600}x\n\n{place.format(3)}x\n"
    with pytest.raises(CompanionError, match="lie too deep in others") as caught:
        read_json(read(text))
    assert caught.value.where == "notebooks/a.ipynb, cell 2"
