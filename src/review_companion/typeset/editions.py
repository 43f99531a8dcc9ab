"""Editions: other books from the same project, declared under `companion: editions:`.

companion:
  editions:
    slides:
      title: …            # and subtitle; default: the report's
      label: slides       # what readers see of the edition's name
      chapters: [notebooks/…]
      appendices: […]
      formats: [pdf]      # default: html and pdf
      look: [slides]      # report/style/slides.css, .js and .typ besides the report's own
      parameters: {edition: slides}   # set in the notebooks that declare them
      toc: false
      number-sections: false
      files: true         # also write tables, claims and traces next to page and PDF
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

from ..errors import CompanionError
from ..package.definition_schema import keys
from .config import Book, chapters_of, read_book
from .options import QuartoOptions

FORMATS = ("html", "pdf")


def read_edition(root: Path, name: str = "", engine: str = "embedded") -> Book:
    """The book of an edition; without a name, the report itself.

    Raises CompanionError for an unknown edition, listing those known, for an option that no
    edition has, and for another engine than the embedded one.
    """
    book = read_book(root)
    if not name:
        return book
    options = QuartoOptions(root / "_quarto.yml")
    known = options.section("companion.editions")
    if name not in known:
        raise CompanionError(
            f"there is no edition “{name}”", hint=f"known: {', '.join(known) or 'none'}"
        )
    if engine != "embedded":
        raise CompanionError(
            "editions are typeset by the embedded engine only", hint="leave out --engine"
        )
    return _edition(options, book, name)


def _edition(options: QuartoOptions, book: Book, name: str) -> Book:
    key = f"companion.editions.{name}"
    spec = options.section(key)
    _refuse_unknown(options, spec, key)
    return replace(
        book,
        title=str(spec.get("title", book.title)),
        subtitle=str(spec.get("subtitle", book.subtitle)),
        chapters=chapters_of(options, key),
        edition=str(spec.get("label", name)),
        formats=_formats(options, spec, key),
        look=tuple(_names(options, spec, key, "look")),
        parameters={k: str(v) for k, v in options.section(f"{key}.parameters").items()},
        toc=options.flag(f"{key}.toc", book.toc),
        number_sections=options.flag(f"{key}.number-sections", book.number_sections),
        files=options.flag(f"{key}.files", False),
    )


def _refuse_unknown(options: QuartoOptions, spec: Mapping[str, Any], key: str) -> None:
    for name in spec:
        if name not in keys("edition"):
            hint = f"supported here: {', '.join(sorted(keys('edition')))}"
            raise options.error(f"an edition has no option '{name}'", f"{key}.{name}", hint)


def _formats(
    options: QuartoOptions, spec: Mapping[str, Any], key: str
) -> tuple[Literal["html", "pdf"], ...]:
    names = _names(options, spec, key, "formats") or list(FORMATS)
    for name in names:
        if name not in FORMATS:
            raise options.error(f"there is no format '{name}'", f"{key}.formats", "use: html, pdf")
    return cast(tuple[Literal["html", "pdf"], ...], tuple(names))


def _names(options: QuartoOptions, spec: Mapping[str, Any], key: str, name: str) -> list[str]:
    value = spec.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise options.error(f"'{name}' must be a list of names", f"{key}.{name}")
    return value
