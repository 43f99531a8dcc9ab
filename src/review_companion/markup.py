"""Loads and fills the templates of Markdown and HTML that the program ships."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateAssertionError,
    select_autoescape,
)

from .text import escape_markdown

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


_KNOWN: list[Environment] = []


def compile_all() -> None:
    """Compiles the templates of all modules imported so far, for processes forked from this one."""
    for environment in _KNOWN:
        for name in environment.list_templates():
            with suppress(TemplateAssertionError):  # one of its folder that it has no filters for
                environment.get_template(name)


def templates(folder: Path, **functions: Callable[..., Any]) -> Environment:
    """The templates of a folder; in those of HTML every value is escaped.

    `functions` are known to them as filters and as functions, and so is `md`, which escapes text
    for Markdown. A comment is written {## so ##}, since {#name} is an id in Markdown.
    """
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        comment_start_string="{##",
        comment_end_string="##}",
    )
    environment.filters.update(functions, md=escape_markdown)
    environment.globals.update(functions)
    _KNOWN.append(environment)
    return environment


def tidied(markdown: str) -> str:
    """Markdown with single blank lines, and none at its ends."""
    return _BLANK_LINES.sub("\n\n", markdown).strip()
