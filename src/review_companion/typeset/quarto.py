"""The Quarto engine: the executed notebooks, staged and typeset as a book by the Quarto CLI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..errors import CompanionError
from ..package.files import PROJECT_FILE
from ..writing import temporary_folder
from .config import Book
from .process import check, require_version, run
from .protocol import FORMATS, Format, Metadata, Rendered

MINIMUM = (1, 6)
TYPST_BOOKS = (1, 9)
INSTALL = (
    "install Quarto 1.6 or newer (its PDF needs 1.9) from https://quarto.org/docs/download/ (or by"
    " conda: environment.yml), or render with --engine embedded"
)
FILTER = Path(__file__).with_name("quarto.lua")
STYLE = "style"
SHEETS = ("typeface.css", "colours.css", "quarto.css", "cards.css")
SCRIPTS = ("dom.js", "tables.js", "cards.js")
OUTPUT = "_book"
NAME = "companion"
FILES: Mapping[Format, str] = {"html": "index.html", "pdf": f"{NAME}.pdf"}
TIMEOUT_SECONDS = 600


class QuartoEngine:
    """Typesets by `quarto render`, without executing again.

    `program` is the executable: a name to be found on the path, or a path.
    """

    def __init__(self, program: str = "quarto") -> None:
        self.program = program

    def require_ready(self) -> None:
        """Raises CompanionError if Quarto is missing or older than 1.6."""
        self._found()

    def _found(self) -> tuple[str, tuple[int, ...]]:
        """The program's path and version."""
        program = shutil.which(self.program) or self.program
        return program, require_version(program, MINIMUM, INSTALL)

    def render(
        self,
        book: Book,
        executed: Mapping[str, Path],
        out: Path,
        metadata: Metadata,
        formats: tuple[Format, ...] = FORMATS,
    ) -> Rendered:
        """The site into `out` (first page: index.html), the PDF as `out/companion.pdf`.

        Raises CompanionError if Quarto is missing or older than 1.6, and with the end of what
        it said if it fails. Typst books came with 1.9: before that there is no PDF, and a note.
        """
        program, version = self._found()
        notes: tuple[str, ...] = ()
        if "pdf" in formats and version < TYPST_BOOKS:
            older = ".".join(map(str, version))
            notes = (f"no PDF: Quarto {older} sets no Typst books, 1.9 and newer do",)
            formats = tuple(name for name in formats if name != "pdf")
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(metadata.timestamp)}
        with temporary_folder() as folder:
            stage(book, executed, folder, metadata)
            for name in formats:
                target = "typst" if name == "pdf" else name
                command = [program, "render", ".", "--to", target, "--no-execute"]
                finished = run(
                    command,
                    cwd=folder,
                    timeout_seconds=TIMEOUT_SECONDS,
                    env=environment,
                    install=INSTALL,
                )
                check(finished)
                if (made := folder / OUTPUT).is_dir():
                    shutil.copytree(made, out, dirs_exist_ok=True)
        paths = {name: out / file for name, file in FILES.items() if name in formats}
        for path in paths.values():
            if not path.is_file():
                raise CompanionError(f"quarto ended well, but left no {path.name}", where=str(out))
        return Rendered(paths.get("html"), paths.get("pdf"), notes)


def stage(book: Book, executed: Mapping[str, Path], folder: Path, metadata: Metadata) -> None:
    """Lay out the book as a Quarto project: `_quarto.yml`, executed notebooks, what they need."""
    for chapter in book.chapters:
        source = executed[chapter.source] if chapter.is_notebook else book.root / chapter.source
        _copy(source, folder / chapter.source)
    for path in (*book.bibliography, *([book.csl] if book.csl else [])):
        _copy(path, folder / path.relative_to(book.root))
    if book.style.is_dir():
        for path in sorted(book.style.iterdir()):
            _copy(path, folder / STYLE / path.name)
    _copy(FILTER, folder / STYLE / FILTER.name)
    config = yaml.safe_load((book.root / PROJECT_FILE).read_text(encoding="utf-8"))
    text = yaml.safe_dump(staged_config(config, metadata), sort_keys=False, allow_unicode=True)
    (folder / PROJECT_FILE).write_text(text, encoding="utf-8")


def staged_config(config: dict[str, Any], metadata: Metadata) -> dict[str, Any]:
    """The book's configuration, for typesetting alone: nothing is executed, paths are staged."""
    staged = dict(config)
    scripts = [f"{STYLE}/{name}" for name in SCRIPTS]
    staged["project"] = {"type": "book", "output-dir": OUTPUT, "resources": scripts}
    staged["book"] = {**config["book"], "output-file": NAME}
    staged["execute"] = {**(config.get("execute") or {}), "enabled": False}
    staged["filters"] = [{"path": f"{STYLE}/{FILTER.name}", "at": "post-quarto"}]
    staged["format"] = _formats(config.get("format") or {})
    settings = config.get("companion") or {}
    pages = {name: page for name, page in settings.items() if name in {"audit", "rows"}}
    staged["companion"] = {**pages, "style": STYLE}
    if not staged["book"].get("date"):
        staged["book"]["date"] = metadata.data_date
    return staged


def _formats(declared: Mapping[str, Any]) -> dict[str, Any]:
    html = declared.get("html")
    typst = declared.get("typst")
    return {
        "html": {
            **(html if isinstance(html, dict) else {}),
            "css": [f"{STYLE}/{name}" for name in SHEETS],
        },
        "typst": {**(typst if isinstance(typst, dict) else {}), "citeproc": True},
    }


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
