"""Generated sentences: traced numbers, words that agree, paragraphs."""

from __future__ import annotations

import pytest
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.model import Result
from review_companion.sentences import compose, span
from review_companion.text import MarkdownText

VALUES: dict[str, int | str] = {
    "none": 0,
    "one": 1,
    "four": 4,
    "many": 3219,
    "word": "lower",
    "the/very-many": 9,
}


def said(template: str, **extra: object) -> str:
    return compose(
        template,
        lambda name: Result(VALUES[name]),
        lambda name: (str(VALUES[name]), name),
        "sentences.yml: test",
        extra,
    )


@cases
def test_a_noun_agrees_with_its_number(name: str, text: str) -> None:
    assert said(f"{{{{ n('{name}', 'study', 'studies') }}}}") == text


def test_numbers_are_traced_in_figures_and_in_words() -> None:
    assert said("{{ v('four') }} {{ w('four') }} {{ w('none', none='none') }}") == (
        '[4]{.traced trace="four"} [four]{.traced trace="four"} [none]{.traced trace="none"}'
    )
    assert said("{{ w('four', capital=true) }}") == '[Four]{.traced trace="four"}'


def test_a_name_may_be_put_together_from_texts_of_the_data() -> None:
    key = MarkdownText("very-many")
    assert said("{{ v('the/' ~ key) }}", key=key) == '[9]{.traced trace="the/very-many"}'
    assert said("{{ x('the/' ~ key) + 1 }}", key=key) == "10"


def test_an_empty_line_begins_a_paragraph_and_other_spaces_fold() -> None:
    assert said("one\n  two ,\n\n\n  three\n   .") == "one two,\n\nthree."


def test_what_is_printed_cannot_become_markup() -> None:
    assert span("p<0.05 [*]", "x") == r'[p\<0\.05 \[\*\]]{.traced trace="x"}'


def test_a_failing_template_says_which_sentence() -> None:
    with pytest.raises(CompanionError) as caught:
        said("{{ absent }}")
    assert caught.value.where == "sentences.yml: test"


def test_extra_names_reach_the_template() -> None:
    assert said("{{ row }} {{ x(row) }}", row="word") == "word lower"


@cases
def test_the_text_of_a_cell_is_text_and_the_template_is_markup(template: str, shown: str) -> None:
    VALUES["text"] = "[a](javascript:b) *c* &amp;"
    assert said(template) == shown
