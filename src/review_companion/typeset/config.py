"""`_quarto.yml`: the book that both engines typeset."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ..errors import nearest
from .options import QuartoOptions

CHAPTER_FILES = frozenset({".ipynb", ".md", ".qmd"})
LANGUAGES = frozenset({"en", "de"})
AUDIT, AUDIT_VOLUME = "audit", "audit-volume"
STEMS = {"": "companion", AUDIT: "audit"}  # of the files of a volume


@dataclass(frozen=True)
class Chapter:
    """One chapter file, as `_quarto.yml` names it, with its part and its volume."""

    source: str
    part: str = ""
    appendix: bool = False
    volume: str = ""

    @property
    def is_notebook(self) -> bool:
        """Whether the chapter is executed before it is typeset."""
        return self.source.endswith(".ipynb")


@dataclass(frozen=True)
class Book:
    """What the engines need of `_quarto.yml`; paths are absolute, chapters relative to `root`.

    Files in `without` are not made. The five fields before it belong to an edition (see
    `editions`): its name for readers, its formats, style files in addition to the report's,
    notebook parameters, and whether tables and claims are written too.
    """

    root: Path
    title: str
    chapters: tuple[Chapter, ...]
    subtitle: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    bibliography: tuple[Path, ...] = ()
    csl: Path | None = None
    lang: str = "en"
    toc: bool = True
    toc_depth: int = 2
    number_sections: bool = True
    echo: bool = True
    warning: bool = False
    style: Path = Path()
    companion: Mapping[str, Any] = field(default_factory=dict)
    edition: str = ""
    formats: tuple[Literal["html", "pdf"], ...] = ("html", "pdf")
    look: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    files: bool = True
    without: tuple[str, ...] = ()

    @property
    def volumes(self) -> tuple[str, ...]:
        """The volumes that are written, in order: the report itself has no name."""
        return tuple(dict.fromkeys(["", *(chapter.volume for chapter in self.chapters)]))

    def looks(self, suffix: str) -> list[Path]:
        """The style files of that kind which an edition adds to the report's."""
        paths = [self.style / f"{name}.{suffix}" for name in self.look]
        return [path for path in paths if path.is_file()]

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The chapters that are executed, in reading order."""
        return tuple(c.source for c in self.chapters if c.is_notebook)


def read_book(path: Path) -> Book:
    """Read `_quarto.yml` (a file, or the folder that holds it).

    Raises CompanionError, with file and line, for malformed YAML, an option which the embedded
    engine does not support, and a chapter or bibliography that is not there.
    """
    options = QuartoOptions(path / "_quarto.yml" if path.is_dir() else path)
    options.refuse_unsupported()
    root = options.file.parent.resolve()
    companion = options.section("companion")
    for key in ("tables", "synonyms"):
        if not isinstance(companion.get(key) or [], list):
            raise options.error(f"'{key}' must be a list", f"companion.{key}", "use: [one, other]")
    return Book(
        root=root,
        title=options.text("book.title", required=True),
        subtitle=options.text("book.subtitle"),
        description=options.text("book.description"),
        authors=_authors(options),
        date=_date(options),
        chapters=_in_volumes(options, companion, chapters_of(options, "book")),
        bibliography=tuple(_paths(options, "bibliography")),
        csl=next(iter(_paths(options, "csl")), None),
        lang=_lang(options),
        toc=options.flag("toc", options.flag("format.html.toc", True)),
        toc_depth=_depth(options),
        number_sections=options.flag(
            "number-sections", options.flag("format.html.number-sections", True)
        ),
        echo=options.flag("execute.echo", True),
        warning=options.flag("execute.warning", False),
        style=root / str(companion.get("style", "report/style")),
        companion=companion,
    )


def _in_volumes(
    options: QuartoOptions, companion: Mapping[str, Any], chapters: tuple[Chapter, ...]
) -> tuple[Chapter, ...]:
    """The chapters, those of the audit volume marked as such."""
    named = companion.get(AUDIT_VOLUME) or []
    known = {chapter.source for chapter in chapters}
    for place in ("audit", "rows"):
        if place in companion and str(companion[place]) not in known:
            hint = nearest(str(companion[place]), known)
            what = f"'{place}' must name a chapter of the book"
            raise options.error(what, f"companion.{place}", hint)
    key = f"companion.{AUDIT_VOLUME}"
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise options.error(f"'{AUDIT_VOLUME}' must be a list of chapters", key)
    for name in named:
        if name not in known:
            raise options.error(f"'{name}' is not a chapter of the book", key)
    return tuple(replace(c, volume=AUDIT if c.source in named else "") for c in chapters)


def _date(options: QuartoOptions) -> str:
    date = options.text("book.date")
    if date in {"today", "now", "last-modified"}:
        raise options.error(f"date '{date}' changes from run to run", "book.date", "write a date")
    if date and not _is_date(date):
        raise options.error(f"'{date}' is not a date", "book.date", "write year-month-day")
    return date


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _lang(options: QuartoOptions) -> str:
    lang = options.text("lang") or "en"
    if lang.split("-")[0] not in LANGUAGES:
        raise options.error(f"language '{lang}' is not supported", "lang", "use: en, de")
    return lang


def _depth(options: QuartoOptions) -> int:
    value = options.text("toc-depth") or options.text("format.html.toc-depth") or "2"
    if value not in {"1", "2", "3"}:
        raise options.error(f"'toc-depth' must be 1, 2 or 3, not '{value}'", "toc-depth")
    return int(value)


def _authors(options: QuartoOptions) -> tuple[str, ...]:
    value = options.get("book.author")
    entries = value if isinstance(value, list) else [value] if value else []
    names = [entry.get("name") if isinstance(entry, dict) else entry for entry in entries]
    found = tuple(name for name in names if isinstance(name, str))
    if len(found) != len(names):
        raise options.error("an author is a name, or a mapping with 'name'", "book.author")
    return found


def _paths(options: QuartoOptions, key: str) -> list[Path]:
    value = options.get(key)
    names = value if isinstance(value, list) else [value] if value else []
    paths = [options.file.parent.resolve() / str(name) for name in names]
    for name, path in zip(names, paths, strict=True):
        if not path.is_file():
            raise options.error(f"'{name}' does not exist", key)
    return paths


def chapters_of(options: QuartoOptions, section: str) -> tuple[Chapter, ...]:
    """The chapters and appendices that a section lists; CompanionError where there are none."""
    found: list[Chapter] = []
    for part, appendix in (("chapters", False), ("appendices", True)):
        key = f"{section}.{part}"
        found += _entries(options, options.get(key) or [], key, Chapter("", "", appendix))
    if not found:
        raise options.error("the book has no chapters", section)
    return tuple(found)


def _entries(options: QuartoOptions, entries: Any, key: str, kind: Chapter) -> list[Chapter]:
    if not isinstance(entries, list):
        raise options.error(f"'{key}' must be a list", key)
    found: list[Chapter] = []
    for number, entry in enumerate(entries):
        name = f"{key}.{number}"
        if isinstance(entry, str):
            found.append(_chapter(options, replace(kind, source=entry), name))
        elif isinstance(entry, dict) and set(entry) == {"part", "chapters"} and not kind.part:
            part = replace(kind, part=str(entry["part"]))
            found += _entries(options, entry["chapters"], f"{name}.chapters", part)
        else:
            raise options.error("a chapter is a file name, or 'part' with 'chapters'", name)
    return found


def _chapter(options: QuartoOptions, chapter: Chapter, key: str) -> Chapter:
    path = Path(chapter.source)
    if path.suffix not in CHAPTER_FILES:
        kinds = ", ".join(sorted(CHAPTER_FILES))
        raise options.error(f"chapter '{path}' is of no supported kind", key, f"use: {kinds}")
    if not (options.file.parent / path).is_file():
        hint = "put the file back, or take its line out"
        raise options.error(f"chapter '{path}' does not exist", key, hint)
    return chapter
