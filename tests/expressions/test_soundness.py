"""Whatever an expression or a template is, it is a value or our own error: nothing is run."""

from __future__ import annotations

import ast
import builtins
import random
import signal
import string
from collections.abc import Callable
from typing import Any

import pytest
from docs.examples import FORMS, FUNCTIONS
from tests.cases import rows

from review_companion import limits
from review_companion.errors import CompanionError
from review_companion.expressions import Evaluator, Reads, RowRef, templates
from review_companion.expressions.functions import FUNCTIONS as KNOWN
from review_companion.expressions.parse import parse
from review_companion.expressions.templates import fill, row_names

ALL = [e.expression for group in FORMS.values() for e in group] + [e.expression for e in FUNCTIONS]
TOKENS = [
    *KNOWN, "samples", "studies", "comparisons", "number", "group", "study", "row", "param", "p",
    "given", "patients_total", "for", "in", "if", "else", "and", "or", "not", "is", "lambda", "(",
    ")", "[", "]", "{", "}", ".", ",", ":", "=", "==", "<", "<=", "!=", "+", "-", "*", "/", "**",
    "|", "&", "~", "@", "%", "0", "1", "2.50", "1e9", '"total"', "'ash'", "“", "None", "True",
    "__class__", "__import__", "eval", "open", "os", "\\", "\n", "\0", "f'{1}'", "b''", "1j",
]  # fmt: skip
LEAVES = [
    "1", "0", "2.5", '"total"', "True", "samples", "studies.year", "row.x", "samples.number",
    'samples["ash/all"]', 'samples["ash/all"].number', "param.drug", "patients_total",
    "birch_drug", "{1, 2}", "[]",
]  # fmt: skip
SIGNS = "+ - * / | & == != < <= in and or".split()
LETTERS = string.printable + "“”≤·–é\0\ud800"


def tree(chance: random.Random, depth: int = 0) -> str:
    """A well formed expression, sensible or not."""
    if depth > 3 or chance.random() < 0.25:
        return chance.choice(LEAVES)

    def inner() -> str:
        return tree(chance, depth + 1)

    name = chance.choice(list(KNOWN))
    forms: list[Callable[[], str]] = [
        lambda: f"({inner()} {chance.choice(SIGNS)} {inner()})",
        lambda: f"{name}({', '.join(inner() for _ in range(chance.randrange(4)))})",
        lambda: f"({inner()}).{name}()",
        lambda: f"{name}({inner()} for row in {inner()})",
        lambda: f"{inner()}[{inner()}]",
        lambda: f"not {inner()}",
        lambda: f"({inner()}).number",
    ]
    return chance.choice(forms)()


def text(chance: random.Random) -> str:
    """Anything that may stand where an expression is meant: noise, pieces, trees, slips."""
    kind = chance.randrange(6)
    if kind == 0:
        return "".join(chance.choices(LETTERS, k=chance.randrange(60)))
    if kind in (1, 2):
        return " "[: kind - 1].join(chance.choices(TOKENS, k=chance.randrange(25)))
    if kind == 3:
        known = chance.choice(ALL)
        at = chance.randrange(len(known))
        return known[:at] + chance.choice(TOKENS) + known[at + chance.randrange(3) :]
    return tree(chance)


@pytest.mark.generative
def test_only_the_projects_own_error_comes_of_any_text(
    evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch, some: Callable[..., list[str]]
) -> None:
    chance = random.Random(15)
    texts = some((text(chance) for _ in range(10_000)), 5)
    forbid_running(monkeypatch)
    told = [error for each in texts if (error := failure(evaluator, each))]
    monkeypatch.undo()
    assert all(error.what and error.where for error in told)
    assert len(texts) / 10 < len(told) < len(texts) * 0.99


def failure(evaluator: Evaluator, written: str) -> CompanionError | None:
    """The error of a text, None where it has a value; anything else fails the test."""
    try:
        evaluator.result(written)
    except CompanionError as error:
        return error
    evaluator.bounds(written)
    return None


def forbid_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """`compile` may parse; nothing is evaluated, imported or opened."""
    real = builtins.compile

    def parsing(source: Any, name: Any, mode: str, flags: int = 0, **more: Any) -> Any:
        if not flags & ast.PyCF_ONLY_AST:
            raise AssertionError("code was compiled")
        return real(source, name, mode, flags, **more)

    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("code was run")

    monkeypatch.setattr(builtins, "compile", parsing)
    for name in ("eval", "exec", "open"):
        monkeypatch.setattr(builtins, name, refused)


@pytest.mark.parametrize(
    "text",
    ["__import__('os').system('true')", "().__class__.__bases__", "samples.__class__",
     "samples._keys", "(lambda: 1)()", "open('x')", "count.__globals__", "f'{samples}'",
     "[].append(1)", "samples['ash/all'].resource.rows", "row.__init__", "getattr(samples, 'x')",
     "'{0.__class__}'.format(1)", "exec('1')", "type(samples)", "samples.number.sum.call()"],
)  # fmt: skip
def test_nothing_but_columns_and_the_vocabulary_is_reached(evaluator: Evaluator, text: str) -> None:
    with pytest.raises(CompanionError):
        evaluator.result(text)


def test_every_accepted_node_is_of_the_closed_set() -> None:
    for text in ALL:
        for node in ast.walk(parse(text)):
            assert type(node).__name__ not in ("Lambda", "Await", "NamedExpr", "JoinedStr", "Dict")


NESTED = "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}"
FAILING = rows(__file__, "test_what_fails_is_a_message_with_its_place")[1:]


@pytest.mark.parametrize("template", [*FAILING, NESTED])
def test_what_fails_is_a_message_with_its_place(template: Any) -> None:
    with pytest.raises(CompanionError) as caught:
        fill(template, {}, "tables.yml:7")
    assert caught.value.where == "tables.yml:7"
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "template", ["{{ row }}", "{{ all('samples') }}", "{{ all('samples')[0] }}"]
)
def test_a_row_is_no_text(evaluator: Evaluator, template: str) -> None:
    here = RowRef(evaluator.package["studies"], "ash")
    with pytest.raises(CompanionError, match="a row is not a value: name one of its columns"):
        fill(template, row_names(evaluator, Reads(), here), "tables.yml:7")


def test_a_template_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    loop = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}"
    with pytest.raises(CompanionError, match=r"takes over 0\.2 seconds"):
        fill(loop, {}, "tables.yml:7")


def test_the_limit_of_what_has_ended_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_the_last_signal(timer: int, seconds: float) -> None:
        if not seconds:
            signal.raise_signal(signal.SIGPROF)

    monkeypatch.setattr(signal, "setitimer", with_the_last_signal)
    for _ in range(2):
        with limits.bounded("what is done in time"):
            assert limits._under_way
    assert not limits._under_way


def test_rows_that_are_chosen_without_end_are_stopped(
    evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.05)
    nested = "number >= 0"
    for _ in range(9):
        nested = f"count(samples[{nested}]) >= number - 99"
    with pytest.raises(CompanionError, match=r"takes over 0\.05 seconds"):
        evaluator.rows(f"samples[{nested}]")


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
