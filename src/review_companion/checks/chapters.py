"""What a render would refuse in `_quarto.yml` and the chapters, found without executing them.

The chapters go through the functions of a render, with a word in place of each value and output.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..notebooks.inline import find_expressions
from ..notebooks.notebook_files import Notebook, read_notebook
from ..notebooks.parameters import declared
from ..package.files import PROJECT_FILE, read_text
from ..package.problems import Problem, did_you_mean
from ..package.yaml_nodes import place_of
from ..pipeline.execution import read_parameters
from ..pipeline.published_files import listed_tables
from ..review import Review
from ..typeset.config import Book, Chapter, read_book, read_edition
from ..typeset.markdown import assemble
from ..typeset.pandoc import PLACE
from ..typeset.prose import CODE_SPAN
from ..writing import temporary_folder
from .names_asked import no_python, numbers_in_code, unknown_names
from .parameter_slips import parameter_slips

LINE = re.compile(r"(?P<file>[^:]*):(?P<row>\d+)")
CROSS_REFERENCES = ("sec", "tbl", "fig")
LABEL = rf"(?:{'|'.join(CROSS_REFERENCES)})-[\w-]*\w"
REFERENCE = re.compile(rf"(?<![\w\\])(@{LABEL})|\]\((#{LABEL})\)")
IDENTIFIER = re.compile(r"\{[^{}\n]*#([\w-]+)[^{}\n]*\}")
FENCE = re.compile(r"^(`{3,}) ?(?:\{=?(?P<kind>[\w.-]+)[^\n]*\n(?P<text>.*?)\n)?\1`*$", re.M | re.S)
CODE_BLOCK = re.compile(r"^(`{3,}|~{3,}).*?^\1[`~]*$", re.M | re.S)
BOX = re.compile(r"^ {0,3}:{3,}[ \t]*(?P<opens>[^\s:].*)?:*[ \t]*$", re.M)
STUB = [{"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}]


def chapter_problems(root: Path, review: Review | None, shown: Path) -> list[Problem]:
    """One problem for each; `shown` is the name of the project's folder in messages.

    Without a review, names are not checked.
    """
    found: dict[str, CompanionError] = {}
    labels: set[str] = set()
    try:
        for book in _books(root):
            for error in _of_book(book, review, labels):
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
    """Links of definitions to a section, table or figure that no chapter has.

    A label that a template puts together is not looked for, nor are those of code (`sec-*`).
    """
    for path in sorted(folder.glob("*.yml")):
        for row, line in enumerate(read_text(path).splitlines(), start=1):
            for _, link in () if line.lstrip().startswith("#") else REFERENCE.findall(line):
                label = link.removeprefix("#")
                if label and not {label, f"{label.partition('-')[0]}-*"} & set(labels):
                    hint = did_you_mean(label, labels)
                    said = "; ".join(filter(None, [f"the link to {link} leads nowhere", hint]))
                    yield Problem(str(shown / path.name), row, code="chapter", message=said)


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


def _of_book(book: Book, review: Review | None, labels: set[str]) -> Iterator[CompanionError]:
    """What is wrong with a book; the labels of its chapters are added."""
    read: dict[str, Notebook] = {}
    texts: list[str] = []
    try:
        if review is not None:
            listed_tables(book, review)
    except CompanionError as error:
        yield error
    for chapter in book.chapters:
        try:
            if chapter.is_notebook:
                read[chapter.source] = read_notebook(book.root / chapter.source)
                declared(read[chapter.source], chapter.source)
            texts.append(_text(book, chapter, read))
        except CompanionError as error:
            error.where = (error.where or "").replace(f"{book.root}/", "") or chapter.source
            yield error
    if set(read) == set(book.notebooks):
        yield from _wrong_parameters(book)
    for name, notebook in read.items():
        yield from no_python(notebook, name)
    if review is not None:
        for name, notebook in read.items():
            yield from unknown_names(notebook, name, review)
    for text in () if any(":::" in code for code in _code(read)) else texts:
        yield from _unpaired(text)
    if len(texts) == len(book.chapters):
        yield from _references("\n\n".join(texts), _made(read), labels)


def _wrong_parameters(book: Book) -> Iterator[CompanionError]:
    """Parameters of an edition that none of its notebooks has, and values that none takes."""
    for name, value in book.parameters.items():
        try:
            read_parameters(book.root, book.notebooks, {name: value})
        except CompanionError as error:
            error.where = place_of(value, PROJECT_FILE)
            yield error


def _text(book: Book, chapter: Chapter, read: Mapping[str, Notebook]) -> str:
    """The Markdown of a chapter as a render makes it, a word for each value and output."""
    with temporary_folder() as folder:
        cells = map(_stub, read[chapter.source]["cells"]) if chapter.is_notebook else ()
        alone = replace(book, chapters=(chapter,), echo=False)
        return assemble(alone, {chapter.source: {"cells": list(cells)}}, folder)[0]


def _stub(cell: Mapping[str, Any]) -> dict[str, Any]:
    if cell["cell_type"] == "code":
        return {**cell, "outputs": STUB}
    word = {"status": "ok", "data": {"text/plain": "x"}, "metadata": {}}
    values = [
        {"expression": each.code, "result": word} for each in find_expressions(cell["source"])
    ]
    return {**cell, "metadata": {"user_expressions": values}}


def _made(read: Mapping[str, Notebook]) -> set[str]:
    """The kinds of labels that code may make: which ones is only known after execution."""
    bare = "\n".join(re.sub(r"^#\|.*$", "", source, flags=re.M) for source in _code(read))
    return {kind for kind in CROSS_REFERENCES if re.search(rf"[#\"']{kind}-", bare)}


def _code(read: Mapping[str, Notebook]) -> Iterator[str]:
    """The sources of all code cells, which may print Markdown of any kind."""
    for notebook in read.values():
        yield from (cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")


def _prose(text: str) -> Iterator[tuple[str, str]]:
    """The Markdown outside of code, piece by piece, each with the cell or line it begins in."""
    where, last = "", 0
    for fence in FENCE.finditer(text):
        yield where, _without_code(text[last : fence.start()])
        last = fence.end()
        where = fence["text"] if fence["kind"] == PLACE else where
    yield where, _without_code(text[last:])


def _without_code(text: str) -> str:
    return CODE_SPAN.sub("", CODE_BLOCK.sub("", text))


def _unpaired(text: str) -> Iterator[CompanionError]:
    """Fences of boxes that close nothing, and those that all that follows would be within."""
    opened: list[str] = []
    for where, prose in _prose(text):
        for box in BOX.finditer(prose):
            if box["opens"]:
                opened.append(where)
            elif opened:
                opened.pop()
            else:
                yield CompanionError("“:::” closes no box", where=where)
    for where in opened:
        hint = "a line with ::: alone closes it"
        yield CompanionError("“:::” opens a box that nothing closes", where=where, hint=hint)


def _references(text: str, made: set[str], known: set[str]) -> Iterator[CompanionError]:
    """Labels that are made twice, and references to a label that nothing makes.

    All of them are added to those known, and `sec-*` where code may make any.
    """
    labels: dict[str, str] = {}
    asked: dict[str, str] = {}  # with the sign before it
    for where, prose in _prose(text):
        for label in IDENTIFIER.findall(prose):
            if label in labels:
                yield CompanionError(f"the identifier '{label}' is used twice", where=where)
            labels[label] = where
        for found in REFERENCE.finditer(prose):
            asked.setdefault(found[1] or found[2], where)
    known |= {*labels, *(f"{kind}-*" for kind in made)}
    for reference, place in asked.items():
        label = reference[1:]
        if label not in labels and label.partition("-")[0] not in made:
            kind = "link to" if reference.startswith("#") else "reference"
            hint = did_you_mean(label, labels) or None
            yield CompanionError(f"the {kind} {reference} leads nowhere", where=place, hint=hint)
