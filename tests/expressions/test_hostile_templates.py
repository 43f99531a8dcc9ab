"""Whatever a template does, it is text or a message with its place; nothing in it is random."""

from __future__ import annotations

from typing import Any

import pytest

from review_companion import limits
from review_companion.errors import CompanionError
from review_companion.expressions import templates
from review_companion.expressions.templates import fill

HOSTILE = [
    "{{ 1 / 0 }}",
    "{{ 'a' / 2 }}",
    "{{ 'year' - 1 }}",
    "{{ [1, 'a'] | sort }}",
    "{{ [3, none] | max }}",
    "{{ 'x' | int('y') + none }}",
    "{{ 2 ** 10 }}",
    "{{ absent }}",
    "{{ ''.__class__ }}",
    "{{ [1, 2] | random }}",
    "{{ lipsum() }}",
    "{{ '%d' % 'x' }}",
    "{{ '{}'.format() }}",
    "{{ 'x'.encode('utf-99') }}",
    "{% for i in range(1000000) %}{% endfor %}",
    "{% include 'x' %}",
    "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
    "{% if %}",
    "{{ 'a' * 10000000000 }}",
    "{{ '%9999999999d' % 1 }}",
    "{{ 'a'.ljust(9999999999) }}",
    "{{ 10.0 ** 400 }}",
    "{{ (1e308 * 10) | int }}",
    None,
    ["{{ 1 }}"],
]


@pytest.mark.parametrize("template", HOSTILE)
def test_what_fails_is_a_message_with_its_place(template: Any) -> None:
    with pytest.raises(CompanionError) as caught:
        fill(template, {}, "tables.yml:7")
    assert caught.value.where == "tables.yml:7"
    assert len(str(caught.value)) < 400


def test_a_template_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    loop = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}"
    with pytest.raises(CompanionError, match=r"takes over 0\.2 seconds"):
        fill(loop, {}, "tables.yml:7")


def test_a_text_that_doubles_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MORE_BYTES", 100_000_000)
    doubling = (
        "{% set n = namespace(s='x' * 1000) %}"
        "{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}"
    )
    with pytest.raises(CompanionError, match="takes over"):
        fill(doubling, {}, "tables.yml:7")


def test_the_vocabulary_holds_nothing_random() -> None:
    known = {*templates._ENVIRONMENT.filters, *templates._ENVIRONMENT.globals}
    assert not known & {"random", "lipsum", "shuffle", "cycler", "pprint", "xmlattr", "urlize"}
