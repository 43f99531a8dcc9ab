"""`_quarto.yml`: the book that both engines typeset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from review_companion.errors import CompanionError

SUPPORTED: Mapping[str, frozenset[str]] = {
    "": frozenset(
        "project book bibliography csl lang toc toc-depth number-sections format execute"
        " filters citeproc link-citations companion".split()
    ),
    "project": frozenset("type output-dir resources render execute-dir".split()),
    "book": frozenset(
        "title subtitle author date description chapters appendices search".split()
    ),
    "format": frozenset({"html", "typst"}),
    "format.html": frozenset(
        "theme css include-in-header include-after-body toc toc-depth number-sections"
        " code-tools code-fold embed-resources grid".split()
    ),
    "format.typst": frozenset(
        "papersize margin mainfont fontsize citeproc keep-typ toc toc-depth"
        " number-sections include-in-header".split()
    ),
    "execute": frozenset("enabled echo warning freeze cache daemon".split()),
}
CHAPTER_FILES = frozenset({".ipynb", ".md", ".qmd"})
LANGUAGES = frozenset({"en", "de"})


@dataclass(frozen=True)
class Chapter:
    """One chapter file, as `_quarto.yml` names it, with the part it stands in."""

    source: str
    part: str = ""
    appendix: bool = False

    @property
    def is_notebook(self) -> bool:
        return self.source.endswith(".ipynb")


@dataclass(frozen=True)
class Book:
    """What the engines need of `_quarto.yml`; paths are absolute, chapters relative to `root`."""

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
    warning: bool = True
    style: Path = Path()
    companion: Mapping[str, Any] = field(default_factory=dict)

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The chapters that are executed, in reading order."""
        return tuple(c.source for c in self.chapters if c.is_notebook)


def read_book(path: Path) -> Book:
    """Read `_quarto.yml` (a file, or the folder that holds it).

    Raises CompanionError, with file and line, for malformed YAML, an option which the embedded
    engine does not support, and a chapter or bibliography that is not there.
    """
    file = path / "_quarto.yml" if path.is_dir() else path
    return _Reader(file).book()


class _Reader:
    """Reads one file and remembers on which line each key stands."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lines: dict[str, int] = {}
        try:
            text = file.read_text(encoding="utf-8")
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            self.data = yaml.safe_load(text) or {}
        except FileNotFoundError:
            raise self.error("there is no such file", hint="a book starts with it") from None
        except (yaml.YAMLError, UnicodeDecodeError) as problem:
            raise self.error(f"not readable as YAML: {problem}") from None
        if not isinstance(self.data, dict):
            raise self.error("a mapping of options is expected")
        self._note_lines(node, "")

    def _note_lines(self, node: Any, prefix: str) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = f"{prefix}.{key.value}".lstrip(".")
                self.lines[name] = key.start_mark.line + 1
                self._note_lines(value, name)
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                self.lines[f"{prefix}.{number}"] = value.start_mark.line + 1
                self._note_lines(value, f"{prefix}.{number}")

    def error(self, what: str, key: str = "", hint: str | None = None) -> CompanionError:
        line = self.lines.get(key)
        where = f"{self.file.name}, line {line}" if line else self.file.name
        return CompanionError(what, where=where, hint=hint)

    def section(self, name: str) -> dict[str, Any]:
        value: Any = self.data
        for part in name.split(".") if name else ():
            value = value.get(part) or {}
            if value == "default":
                value = {}
            if not isinstance(value, dict):
                raise self.error(f"'{name}' must be a mapping", name)
        return dict(value)

    def refuse_unsupported(self) -> None:
        for section, known in SUPPORTED.items():
            for key in self.section(section):
                if key not in known:
                    name = f"{section}.{key}".lstrip(".")
                    raise self.error(
                        f"option '{name}' is not supported",
                        name,
                        hint=f"supported here: {', '.join(sorted(known))}",
                    )
        kind = self.section("project").get("type")
        if kind != "book":
            raise self.error(f"project type '{kind}' is not supported", "project.type", "use: book")

    def book(self) -> Book:
        self.refuse_unsupported()
        book, execute, html = self.section("book"), self.section("execute"), "format.html"
        companion = self.section("companion")
        root = self.file.parent.resolve()
        settings = {**self.section(html), **{k: v for k, v in self.data.items() if k in _SHARED}}
        return Book(
            root=root,
            title=self.text("book.title", required=True),
            subtitle=self.text("book.subtitle"),
            description=self.text("book.description"),
            authors=self.authors(book.get("author")),
            date=self.date(),
            chapters=self.chapters(),
            bibliography=tuple(self.paths("bibliography")),
            csl=next(iter(self.paths("csl")), None),
            lang=self.lang(),
            toc=bool(settings.get("toc", True)),
            toc_depth=int(settings.get("toc-depth", 2)),
            number_sections=bool(settings.get("number-sections", True)),
            echo=bool(execute.get("echo", True)),
            warning=bool(execute.get("warning", True)),
            style=root / str(companion.get("style", "report/style")),
            companion=companion,
        )

    def text(self, name: str, required: bool = False) -> str:
        section, _, key = name.rpartition(".")
        value = self.section(section).get(key)
        if value is None and required:
            raise self.error(f"'{name}' is missing", section)
        if isinstance(value, (dict, list)):
            raise self.error(f"'{name}' must be text", name)
        return "" if value is None else str(value)

    def date(self) -> str:
        date = self.text("book.date")
        if date in {"today", "now", "last-modified"}:
            raise self.error(f"date '{date}' changes from run to run", "book.date", "write a date")
        return date

    def lang(self) -> str:
        lang = self.text("lang") or "en"
        if lang.split("-")[0] not in LANGUAGES:
            raise self.error(f"language '{lang}' is not supported", "lang", "use: en, de")
        return lang

    def authors(self, value: Any) -> tuple[str, ...]:
        names = value if isinstance(value, list) else [value] if value else []
        found = [n.get("name") if isinstance(n, dict) else n for n in names]
        if not all(isinstance(name, str) for name in found):
            raise self.error("an author is a name, or a mapping with 'name'", "book.author")
        return tuple(found)

    def paths(self, key: str) -> list[Path]:
        value = self.data.get(key)
        names = value if isinstance(value, list) else [value] if value else []
        paths = [self.file.parent.resolve() / str(name) for name in names]
        for name, path in zip(names, paths, strict=True):
            if not path.is_file():
                raise self.error(f"'{name}' does not exist", key)
        return paths

    def chapters(self) -> tuple[Chapter, ...]:
        found: list[Chapter] = []
        for section, appendix in (("chapters", False), ("appendices", True)):
            key = f"book.{section}"
            entries = self.section("book").get(section) or []
            if not isinstance(entries, list):
                raise self.error(f"'{key}' must be a list", key)
            found += self._entries(entries, key, "", appendix)
        if not found:
            raise self.error("the book has no chapters", "book")
        return tuple(found)

    def _entries(self, entries: list[Any], key: str, part: str, appendix: bool) -> list[Chapter]:
        found: list[Chapter] = []
        for number, entry in enumerate(entries):
            name = f"{key}.{number}"
            if isinstance(entry, str):
                found.append(self._chapter(Chapter(entry, part, appendix), name))
            elif isinstance(entry, dict) and set(entry) == {"part", "chapters"} and not part:
                inner = entry["chapters"]
                found += self._entries(inner, f"{name}.chapters", str(entry["part"]), appendix)
            else:
                raise self.error("a chapter is a file name, or 'part' with 'chapters'", name)
        return found

    def _chapter(self, chapter: Chapter, key: str) -> Chapter:
        path = Path(chapter.source)
        if path.suffix not in CHAPTER_FILES:
            kinds = ", ".join(sorted(CHAPTER_FILES))
            raise self.error(f"chapter '{path}' is of no supported kind", key, f"use: {kinds}")
        if not (self.file.parent / path).is_file():
            raise self.error(f"chapter '{path}' does not exist", key)
        return chapter


_SHARED = frozenset({"toc", "toc-depth", "number-sections"})
