"""Loads and fills the templates of Markdown and HTML that the program ships."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateAssertionError,
    select_autoescape,
)
from jinja2.bccache import Bucket

from .text import escape_markdown

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_KNOWN: list[Environment] = []


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates, with the compiled modules of the package whose templates they are."""

    def get_source_checksum(self, source: str) -> str:
        return hashlib.sha256(f"{_modules()}\n{source}".encode()).hexdigest()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):  # what cannot be kept is compiled again
            if not sys.dont_write_bytecode:
                super().dump_bytecode(bucket)


@cache
def _modules() -> str:
    """Size and time of every module, as Python knows its own: what a template calls may be any."""
    found = [(path.name, path.stat()) for path in sorted(Path(__file__).parent.rglob("*.py"))]
    return f"{version('jinja2')} {[(name, of.st_size, of.st_mtime_ns) for name, of in found]}"


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
        bytecode_cache=_Compiled(str(folder.parent / "__pycache__"), "%s.jinja"),
    )
    environment.filters.update(functions, md=escape_markdown)
    environment.globals.update(functions)
    _KNOWN.append(environment)
    return environment


def part(known: Environment, template: str, macro: str, *subjects: Any) -> str:
    """A part of a template of Markdown (a macro), filled in and tidied."""
    return tidied(getattr(known.get_template(template).module, macro)(*subjects))


def tidied(markdown: str) -> str:
    """Markdown with single blank lines, and none at its ends."""
    return _BLANK_LINES.sub("\n\n", markdown).strip()
