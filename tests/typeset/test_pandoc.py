from __future__ import annotations

import json
from typing import Any

import pytest

from review_companion.typeset.pandoc import pandoc_path, words_joined
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


def read(markdown: str) -> dict[str, Any]:
    done: dict[str, Any] = json.loads(pandoc(markdown, "markdown", "json"))
    return done


def pandoc(text: str, source: str, to: str) -> str:
    options = ["--from", source, "--to", to, "--wrap", "none"]
    return check(run([str(pandoc_path()), *options], stdin=text)).stdout


@pytest.mark.parametrize("to", ["html5", "typst"])
def test_joined_words_are_written_as_the_same(to: str) -> None:
    document = read(PROSE)
    joined = {**document, "blocks": words_joined(document["blocks"])}
    assert pandoc(json.dumps(joined), "json", to) == pandoc(json.dumps(document), "json", to)


def test_words_between_other_things_become_one() -> None:
    para = read("One two\nthree *four five* six.")["blocks"]
    assert words_joined(para) == [
        {
            "t": "Para",
            "c": [
                {"t": "Str", "c": "One two three "},
                {"t": "Emph", "c": [{"t": "Str", "c": "four five"}]},
                {"t": "Str", "c": " six."},
            ],
        }
    ]


def test_words_next_to_a_citation_stay_apart() -> None:
    """With a style that cites in notes, citeproc takes away the space before a citation."""
    para = read("As said [see @doe, p. 3]. And *so on*.")["blocks"]
    assert words_joined(para)[0]["c"][:4] == para[0]["c"][:4]
    assert {"t": "Emph", "c": [{"t": "Str", "c": "so on"}]} in words_joined(para)[0]["c"]
