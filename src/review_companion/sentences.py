"""Generated sentences: templates whose every number is a traced value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .expressions.templates import cardinal, fill, upper_first
from .model import Result
from .text import as_texts, escape_markdown

_SPAN = re.compile(r'\[((?:\\.|[^\[\]\\])*)\]\{\.traced trace="(?:\\.|[^"\\])*"\}')
_SPACE = re.compile(r" (?=[;,.])")
_BREAK = re.compile(r"\n[ \t]*\n")


def span(text: str, name: str) -> str:
    """The Markdown of a traced number, which both engines carry through to the page."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'[{escape_markdown(text)}]{{.traced trace="{quoted}"}}'


def without_traces(markdown: str) -> str:
    """The Markdown with its traced numbers as plain Markdown."""
    return _SPAN.sub(r"\1", markdown)


def plural(count: Any, one: str, many: str) -> str:
    """The word that agrees with a count."""
    return one if count == 1 else many


def plain_name(name: str) -> str:
    """A name that a template put together, some of it out of texts, which are escaped."""
    return name.replace("\\", "")


def compose(
    template: str,
    results: Callable[[str], Result],
    shown: Callable[[str], tuple[str, str]],
    where: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> str:
    """A sentence from a template.

    In the template: `v(name)` a traced number, `w(name)` the same in words where it is small,
    `n(name, one, many)` a number with its noun, `x(name)` the bare value for conditions and
    loops. An empty line begins a new paragraph.
    """

    def v(name: str) -> str:
        return span(*shown(plain_name(name)))

    def w(name: str, none: str = "no", capital: bool = False) -> str:
        text, trace = shown(plain_name(name))
        word = cardinal(results(plain_name(name)).value, none) if text.isdigit() else text
        return span(upper_first(word) if capital else word, trace)

    def n(name: str, one: str, many: str, capital: bool = False) -> str:
        return f"{w(name, capital=capital)} {plural(results(plain_name(name)).value, one, many)}"

    names = {
        "v": v,
        "w": w,
        "n": n,
        "x": lambda name: as_texts(results(plain_name(name)).value),
        "plural": plural,
    }
    filled = fill(template, {**names, **(extra or {})}, where)
    paragraphs = (_SPACE.sub("", " ".join(part.split())) for part in _BREAK.split(filled))
    return "\n\n".join(part for part in paragraphs if part)
