"""The Quarto engine: the executed notebooks, staged and typeset as a book by the Quarto CLI."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..errors import CompanionError
from ..evidence.appendix import LISTS, with_markdown
from ..notebooks.notebook_files import Cell, Notebook
from ..package.files import PROJECT_FILE
from ..writing import temporary_folder
from .config import Book
from .metadata import Metadata
from .process import check, require_version, run

PROGRAM = "quarto"
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
TARGETS = {"html": ("html", "index.html"), "pdf": ("typst", f"{NAME}.pdf")}  # and what is made
TIMEOUT_SECONDS = 600


def installed_version() -> tuple[int, ...]:
    """That of the Quarto on the path. Raises CompanionError if it is missing or older than 1.6."""
    return require_version(PROGRAM, MINIMUM, INSTALL)


def typeset(
    book: Book,
    executed: Mapping[str, Notebook],
    out: Path,
    metadata: Metadata,
    version: tuple[int, ...],
) -> tuple[str, ...]:
    """The site into `out` (first page: index.html), the PDF as `out/companion.pdf`; notes.

    By a Quarto of this `version`, without executing again. Raises CompanionError with the end of
    what it said if it fails. Typst books came with 1.9: before that there is no PDF, and a note.
    """
    notes: tuple[str, ...] = ()
    targets = {name: TARGETS[name] for name in book.formats}
    if "pdf" in targets and version < TYPST_BOOKS:
        older = ".".join(map(str, version))
        notes = (f"no PDF: Quarto {older} sets no Typst books, 1.9 and newer do",)
        del targets["pdf"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(metadata.timestamp)}
    with temporary_folder() as folder:
        stage(book, executed, folder, metadata)
        for target, _ in targets.values():
            command = [PROGRAM, "render", ".", "--to", target, "--no-execute"]
            seconds = TIMEOUT_SECONDS
            check(run(command, cwd=folder, timeout_seconds=seconds, env=environment))
            if (made := folder / OUTPUT).is_dir():
                shutil.copytree(made, out, dirs_exist_ok=True)
    for _, file in targets.values():
        if not (out / file).is_file():
            raise CompanionError(f"quarto ended well, but left no {file}", where=str(out))
    return notes


def stage(book: Book, executed: Mapping[str, Notebook], folder: Path, metadata: Metadata) -> None:
    """Lay out the book as a Quarto project: `_quarto.yml`, executed notebooks, what they need."""
    chapters = [book.root / chapter.source for chapter in book.chapters]
    for path in (*chapters, *book.bibliography, *([book.csl] if book.csl else [])):
        _copy(path, folder / path.relative_to(book.root))
    for name, notebook in executed.items():
        cells = [{**cell, **_outputs(cell)} for cell in notebook["cells"]]
        (folder / name).write_text(json.dumps({**notebook, "cells": cells}), "utf-8")
    if book.style.is_dir():
        for path in sorted(book.style.iterdir()):
            _copy(path, folder / STYLE / path.name)
    _copy(FILTER, folder / STYLE / FILTER.name)
    config = yaml.safe_load((book.root / PROJECT_FILE).read_text(encoding="utf-8"))
    text = yaml.safe_dump(staged_config(config, metadata), sort_keys=False, allow_unicode=True)
    (folder / PROJECT_FILE).write_text(text, encoding="utf-8")


def _outputs(cell: Cell) -> Cell:
    """Those of a cell, trace lists in the form of Quarto's PDF."""
    outputs = [
        {**output, "data": with_markdown(output["data"])}
        if LISTS in output.get("data", ())
        else output
        for output in cell.get("outputs", ())
    ]
    return {"outputs": outputs} if outputs else {}


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
