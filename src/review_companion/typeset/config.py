"""`_quarto.yml`: the book that both engines typeset, and its editions.

An edition is another book from the same project, declared under `companion: editions:`. What both
may say is in `package/definitions.schema.json`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ..errors import CompanionError, nearest, require_known
from ..package.files import PROJECT_FILE, read_text
from ..package.yaml_files import require_allowed
from ..package.yaml_nodes import Node, parse_yaml, place_of, without_empty

CHAPTER_FILES = (".ipynb", ".md", ".qmd")
EDITION_NAME = re.compile(r"\w[\w-]*")
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

    Files in `without` are not made. The five fields before it belong to an edition: its name for
    readers, its formats, style files in addition to the report's, notebook parameters, and whether
    tables and claims are written too.
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

    def style_file(self, name: str) -> Path:
        """A file of the style. Raises CompanionError where it is missing."""
        if not (self.style / name).is_file():
            hint = (
                f"`companion: style:` in {PROJECT_FILE} names the folder (by default "
                "report/style); a new project begins with a copy of another's"
            )
            what = f"the style file '{name}' is missing"
            raise CompanionError(what, where=str(self.style), hint=hint)
        return self.style / name

    def looks(self, suffix: str) -> list[Path]:
        """The style files of that kind which an edition adds to the report's."""
        paths = [self.style / f"{name}.{suffix}" for name in self.look]
        return [path for path in paths if path.is_file()]

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The chapters that are executed, in reading order."""
        return tuple(c.source for c in self.chapters if c.is_notebook)


def read_book(root: Path) -> Book:
    """The report as the `_quarto.yml` of a project declares it.

    Raises CompanionError, with file and line, for malformed YAML, for what the embedded engine does
    not support, and for a chapter or bibliography that is not there.
    """
    text = read_text(root / PROJECT_FILE, "a book starts with it")
    settings = without_empty(parse_yaml(text, PROJECT_FILE) or Node())
    require_allowed(settings, PROJECT_FILE)
    root = root.resolve()
    book, companion = settings["book"], settings.get("companion", Node())
    page = settings.get("format", {}).get("html", {})
    settings = {**(page if isinstance(page, dict) else {}), **settings}
    execute = settings.get("execute", {})
    return Book(
        root=root,
        title=str(book["title"]),
        subtitle=str(book.get("subtitle", "")),
        description=str(book.get("description", "")),
        authors=tuple(a["name"] if isinstance(a, dict) else a for a in _listed(book.get("author"))),
        date=str(book.get("date", "")),
        chapters=_in_volumes(companion, _chapters(root, book)),
        bibliography=tuple(_existing(root, settings.get("bibliography"))),
        csl=next(_existing(root, settings.get("csl")), None),
        lang=str(settings.get("lang", "en")),
        toc=settings.get("toc", True),
        toc_depth=settings.get("toc-depth", 2),
        number_sections=settings.get("number-sections", True),
        echo=execute.get("echo", True),
        warning=execute.get("warning", False),
        style=_style(root, companion),
        companion=companion,
    )


def read_edition(root: Path, name: str = "", engine: str = "embedded") -> Book:
    """The book of an edition; without a name, the report itself.

    Raises CompanionError for an unknown edition, listing those known, for a name that is no
    folder's, for an option that no edition has, and for another engine than the embedded one.
    """
    book = read_book(root)
    if not name:
        return book
    declared = book.companion.get("editions", {})
    require_known(name, declared, "there is no edition")
    if engine != "embedded":
        what, hint = "editions are typeset by the embedded engine only", "leave out --engine"
        raise CompanionError(what, hint=hint)
    spec = declared[name]
    if not EDITION_NAME.fullmatch(name):
        hint = "letters, digits and hyphens: a folder of build/ is called so"
        raise CompanionError(f"an edition cannot be called “{name}”", where=spec.where, hint=hint)
    require_allowed(spec, "edition")
    _require_looks(book.style, spec)
    return replace(
        book,
        title=str(spec.get("title", book.title)),
        subtitle=str(spec.get("subtitle", book.subtitle)),
        chapters=_chapters(book.root, spec),
        edition=str(spec.get("label", name)),
        formats=tuple(spec.get("formats", ())) or book.formats,
        look=tuple(spec.get("look", ())),
        parameters={
            key: value if isinstance(value, str) else str(value)  # a text knows its line
            for key, value in spec.get("parameters", {}).items()
        },
        toc=spec.get("toc", book.toc),
        number_sections=spec.get("number-sections", book.number_sections),
        files=spec.get("files", False),
    )


def listed_tables(book: Book, known: Collection[str]) -> list[str]:
    """The tables that the configuration lists; CompanionError for one that is not known."""
    tables: list[str] = book.companion.get("tables", [])
    for name in tables:
        if name not in known:
            where, hint = place_of(name, PROJECT_FILE), f"known: {', '.join(known)}"
            what = f"no table is named “{name}”"
            raise CompanionError(what, where=where, hint=hint, missing="table")
    return tables


def _style(root: Path, companion: Node) -> Path:
    """The folder of the style; one that is named must be there."""
    name = companion.get("style", "report/style")
    if "style" in companion and not (root / str(name)).is_dir():
        raise _error(f"the folder '{name}' does not exist", name, "it holds the style's files")
    return root / str(name)


def _require_looks(style: Path, spec: Node) -> None:
    """Each style file that an edition adds is there, for the page or for the PDF."""
    known = {path.stem for path in style.iterdir()} if style.is_dir() else None
    for name in spec.get("look", ()):
        if known is not None and name not in known:
            hint = nearest(str(name), known)
            raise _error(f"no style file in {style.name} is called “{name}”", name, hint)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _existing(root: Path, files: Any) -> Iterator[Path]:
    for name in _listed(files):
        _require_file(root, name, f"'{name}'")
        yield root / str(name)


def _require_file(root: Path, name: Any, what: str) -> None:
    """Of files outside the project nothing would be noted in the manifest."""
    path = Path(str(name))
    if path.is_absolute() or ".." in path.parts:
        raise _error(f"{what} lies outside the project", name, "put it into the project's folder")
    if not (root / path).is_file():
        raise _error(f"{what} does not exist", name, "put the file back, or take its line out")


def _error(what: str, written: Any, hint: str | None = None) -> CompanionError:
    """An error at the line where a text of the configuration is written."""
    return CompanionError(what, where=place_of(written, PROJECT_FILE), hint=hint)


def _in_volumes(companion: Node, chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """The chapters, those of the audit volume marked as such."""
    known = {chapter.source for chapter in chapters}
    for key in ("audit", "rows"):
        name = companion.get(key)
        if name is not None and name not in known:
            raise _error(
                f"'{key}' must name a chapter of the book", name, nearest(str(name), known)
            )
    volume = companion.get(AUDIT_VOLUME, [])
    for name in volume:
        if name not in known:
            raise _error(f"'{name}' is not a chapter of the book", name)
    return tuple(replace(c, volume=AUDIT if c.source in volume else "") for c in chapters)


def _chapters(root: Path, spec: Node) -> tuple[Chapter, ...]:
    """The chapters and appendices that a book or an edition lists."""
    found: list[Chapter] = []
    for key in ("chapters", "appendices"):
        for entry in spec.get(key, ()):
            part, names = ("", [entry])
            if isinstance(entry, dict):
                part, names = str(entry["part"]), entry["chapters"]
            for name in names:
                if not str(name).endswith(CHAPTER_FILES):
                    hint = f"use: {', '.join(CHAPTER_FILES)}"
                    raise _error(f"chapter '{name}' is of no supported kind", name, hint)
                _require_file(root, name, f"chapter '{name}'")
            found += [Chapter(str(name), part, key == "appendices") for name in names]
    return tuple(found)
