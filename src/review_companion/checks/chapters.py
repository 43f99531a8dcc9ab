"""What a render would refuse in `_quarto.yml` and the chapters, found without executing them.

The chapters go through the functions of a render, with a word in place of each value and output.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..errors import CompanionError
from ..notebooks.inline import find_expressions
from ..notebooks.notebook_files import Notebook, read_notebook
from ..notebooks.parameters import declared, read_parameters
from ..package.files import PROJECT_FILE, read_text
from ..package.problems import Problem, did_you_mean
from ..package.yaml_nodes import place_of
from ..review import Review
from ..typeset.config import Book, Chapter, listed_tables, read_book, read_edition
from ..typeset.markdown import Assembly, chapter_text
from ..typeset.pandoc import BOX, error_of, tried
from ..typeset.prose import Footnotes
from ..writing import temporary_folder
from .names_asked import no_python, numbers_in_code, unbound_names, unknown_names
from .parameter_slips import parameter_slips

LINE = re.compile(r"(?P<file>[^:]*):(?P<row>\d+)")
CROSS_REFERENCES = ("sec", "tbl", "fig")
LABEL = rf"(?:{'|'.join(CROSS_REFERENCES)})-[\w-]*\w"
REFERENCE = re.compile(rf"\]\((#{LABEL})\)|(?<![\w\\])(@\w[\w:./-]*(?<![:./-]))")
MARKDOWN, PLAIN = ("claims.yml", "sentences.yml"), ("tables.yml", "dossiers.yml")
HEADING = "#"  # what is refused of one
WRITERS = {"html": "html5", "pdf": "typst"}
LABELLED = re.compile(r"^#\|\s*(label|\w+-cap):", re.M)
STUB = [{"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}]


def chapter_problems(root: Path, review: Review | None, shown: Path, cache: Cache) -> list[Problem]:
    """One problem for each; `shown` is the name of the project's folder in messages.

    Without a review, names are not checked.
    """
    found: dict[str, CompanionError] = {}
    labels: set[str] = set()
    try:
        for book in _books(root):
            with temporary_folder() as work:
                for error in _of_book(book, review, labels, work, cache):
                    found.setdefault(str(error), error)
    except CompanionError as error:
        found[str(error)] = error
    problems = [_problem(error, shown) for error in found.values()]
    if not found and review is not None:
        problems += _dead_links(root / "data", shown / "data", labels)
        slips = _slips(root, review)
        problems += [replace(_problem(slip, shown), severity="warning") for slip in slips]
    return problems


def _dead_links(folder: Path, shown: Path, labels: Collection[str]) -> Iterator[Problem]:
    """Links and citations in definitions that lead to nothing in the chapters, or are none.

    A label that a template puts together is not looked for, nor are those of code (`sec-*`).
    """
    for path in (folder / name for name in (*MARKDOWN, *PLAIN)):
        lines = read_text(path).splitlines() if path.is_file() else ()
        for row, line in enumerate(lines, start=1):
            for found in () if line.lstrip().startswith("#") else REFERENCE.finditer(line):
                place = str(shown / path.name), row
                if path.name in PLAIN:
                    note = f"{found[0]} is shown as it is written: this text is no Markdown"
                    yield Problem(*place, severity="warning", code="chapter", message=note)
                    continue
                label = found[0].lstrip("](#@").rstrip(")")
                if not {label, f"{label.partition('-')[0]}-*"} & set(labels):
                    what = f"link to {found[1]}" if found[1] else f"reference {found[2]}"
                    said = [f"the {what} leads nowhere", did_you_mean(label, labels)]
                    yield Problem(*place, code="chapter", message="; ".join(filter(None, said)))


def _slips(root: Path, review: Review) -> Iterator[CompanionError]:
    """What a render takes, and hardly anybody means, in the report's notebooks."""
    notebooks = {name: read_notebook(root / name) for name in read_book(root).notebooks}
    yield from parameter_slips(notebooks, review.defaults)
    for name, notebook in notebooks.items():
        yield from numbers_in_code(notebook, name)


def _problem(error: CompanionError, shown: Path) -> Problem:
    where = error.where or PROJECT_FILE
    line = LINE.fullmatch(where) if where.startswith(PROJECT_FILE) else None
    file, row = (line["file"], int(line["row"])) if line else (where, 0)
    message = "; ".join(filter(None, [error.what, error.hint]))
    code = f"missing-{error.missing}" if error.missing else "chapter"
    return Problem(str(shown / file), row, code=code, message=message)


def _books(root: Path) -> Iterator[Book]:
    """The report, and each of its editions."""
    report = read_book(root)
    yield report
    for name in report.companion.get("editions") or {}:
        yield read_edition(root, str(name))


def _of_book(
    book: Book, review: Review | None, labels: set[str], work: Path, cache: Cache
) -> Iterator[CompanionError]:
    """What is wrong with a book; the labels of its chapters are added."""
    read: dict[str, Notebook] = {}
    texts: list[str] = []
    try:
        if review is not None:
            listed_tables(book, review.tables_declared)
    except CompanionError as error:
        yield error
    (work / "outputs").mkdir(exist_ok=True)
    for number, chapter in enumerate(book.chapters, 1):
        try:
            if chapter.is_notebook:
                read[chapter.source] = read_notebook(book.root / chapter.source)
                declared(read[chapter.source], chapter.source)
            texts.append(_text(book, chapter, number, read, work / "outputs"))
        except CompanionError as error:
            error.where = (error.where or "").replace(f"{book.root}/", "") or chapter.source
            yield error
    if set(read) == set(book.notebooks):
        yield from _wrong_parameters(book)
    for name, notebook in read.items():
        yield from no_python(notebook, name)
        asked = [] if review is None else list(unknown_names(notebook, name, review))
        yield from asked or unbound_names(notebook, name)
    if len(texts) == len(book.chapters):
        yield from _refused(book, texts, _code(read), work, labels, cache)


def _wrong_parameters(book: Book) -> Iterator[CompanionError]:
    """Parameters of an edition that none of its notebooks has, and values that none takes."""
    for name, value in book.parameters.items():
        try:
            read_parameters(book.root, book.notebooks, {name: value})
        except CompanionError as error:
            error.where = place_of(value, PROJECT_FILE)
            yield error


def _text(
    book: Book, chapter: Chapter, number: int, read: Mapping[str, Notebook], outputs: Path
) -> str:
    """The Markdown of a chapter as a render makes it, a word for each value and labelled output."""
    cells = map(_stub, read[chapter.source]["cells"]) if chapter.is_notebook else ()
    alone, of_the_book = replace(book, echo=False), replace(chapter, volume="")
    work = Assembly(alone, of_the_book, number, outputs, Footnotes(number))
    return chapter_text(work, {chapter.source: {"cells": list(cells)}})


def _stub(cell: Mapping[str, Any]) -> dict[str, Any]:
    if cell["cell_type"] == "code":
        return {**cell, "outputs": STUB if LABELLED.search(cell["source"]) else []}
    word = {"status": "ok", "data": {"text/plain": "x"}, "metadata": {}}
    values = [
        {"expression": each.code, "result": word} for each in find_expressions(cell["source"])
    ]
    return {**cell, "metadata": {"user_expressions": values}}


def _code(read: Mapping[str, Notebook]) -> str:
    """The code of all cells without their options: it may print Markdown of any kind."""
    cells = [each for notebook in read.values() for each in notebook["cells"]]
    code = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    return re.sub(r"^#\|.*(?<!asis)$", "", code, flags=re.M)


def _refused(
    book: Book, texts: Sequence[str], code: str, work: Path, known: set[str], cache: Cache
) -> Iterator[CompanionError]:
    """What pandoc and its filters refuse of the chapters, whatever volume they are in.

    What the chapters have is added to what is known, and `sec-*` where code may make any.
    """
    for form in book.formats:
        refused, names = tried(book, texts, work, WRITERS[form], cache)
        known |= {*names, *(f"{kind}-*" for kind in CROSS_REFERENCES if _may_make(code, kind))}
        yield from (error_of(r) for r in refused if not _may_make(code, r.get("name", "")))


def _may_make(code: str, name: str) -> bool:
    """Whether code may make what a refusal is about: what it makes is known after execution."""
    kind = name.lstrip("@#").partition("-")[0]
    if kind in CROSS_REFERENCES:
        return re.search(rf"[#\"']{kind}-", code) is not None
    if name == HEADING:
        return re.search("asis|Markdown", code) is not None
    return BOX in code if name == BOX else bool(code and name.startswith("#"))
