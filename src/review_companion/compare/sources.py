"""Snapshots of rendered folders, pages, projects and git revisions.

Projects are not executed or typeset: only their data and definitions are evaluated.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..errors import CompanionError
from ..evidence.digests import file_digest, sha256
from ..evidence.page_data import packed, unpack
from ..evidence.records import claim_records, every_trace, trace_records
from ..evidence.rendered_page import PAGE, Page
from ..model import Origin
from ..notebooks.inline import INLINE
from ..notebooks.notebook_files import read_notebook
from ..package.descriptor import PACKAGE
from ..package.files import parse_json, read_text
from ..package.package import Package, load_package
from ..package.schema import SCHEMA
from ..review import Review
from ..sentences import without_traces
from ..typeset.config import read_book
from ..typeset.process import run
from ..writing import temporary_folder
from .changes import (
    NOT_READ,
    Changes,
    ReadingOrder,
    Snapshot,
    compare_snapshots,
    reported_findings,
    reported_numbers,
)

CELLS = "cells"
RENDERED = "report/rendered"  # large, and nothing that a report is made from
SECONDS = 60
SILENT = frozenset("script style template table nav svg header footer dialog .traces".split())
FEWEST_WORDS = 3
ESCAPE = re.compile(r"\\(\W)")
ATTRIBUTES = re.compile(r"\{[#.][^}]*\}|<!--.*?-->", re.DOTALL)
END = re.compile(r"(?<=[.!?…])\s+(?=[A-Z0-9“‘(])")
ASKED = re.compile(r"""\b(?:v|table)\(["']([^"'\n]+)["']""")
CALL = re.compile(r"""(?:[\w.]+\.)?(v|text)\(\s*(["'])([^"'\\\n]+)\2\s*\)""")
RECORDS = ("trace.json", "claims.json")
LINES = "[\n{"  # as `records.to_lines` begins


def snapshot(what: str, root: Path | None) -> Snapshot:
    """The snapshot of a rendered folder, a page, a project folder or a git revision of `root`.

    Raises CompanionError for anything else.
    """
    path = Path(what)
    if path.is_file():
        return of_page(path)
    if (path / "trace.json").is_file():
        return of_folder(path)
    if any((path / "data" / name).is_file() for name in (SCHEMA, PACKAGE)):
        return of_project(path, what)
    if path.is_dir():
        hint = "run `companion render`"
        raise CompanionError("is neither a rendered report nor a project", where=what, hint=hint)
    if root is None:
        raise CompanionError("there is no such folder or file", where=what)
    return of_revision(root, what)


def of_folder(folder: Path, name: str = "") -> Snapshot:
    """Of a folder that `companion render` published; CompanionError for edited records."""
    records = [parse_json(read_text(folder / file), str(folder / file)) for file in RECORDS]
    return _of_records(folder, name, records)


def of_published(old: Path, new: Path, name: str, cache: Cache | None = None) -> Changes | None:
    """What differs between two folders; None where the old one was edited.

    The old one gets this name. `cache` knows the cells of packages that were compared before.
    """
    with suppress(CompanionError, KeyError, TypeError):
        pairs = [_differing(old / file, new / file) for file in RECORDS]
        before, now = zip(*pairs, strict=True)
        return compare_snapshots(
            _of_records(old, name, before, cache), _of_records(new, "now", now, cache)
        )
    return None


def _of_records(
    folder: Path, name: str, records: Sequence[Any], cache: Cache | None = None
) -> Snapshot:
    """Of a folder with these traces and claims."""
    traces, claims = records
    try:
        numbers, findings = reported_numbers(traces), reported_findings(claims)
    except (KeyError, TypeError):
        what = "trace.json and claims.json are not as a render wrote them"
        raise CompanionError(what, where=str(folder), hint="`companion verify` says why") from None
    page = folder / PAGE
    try:
        text = read_text(page) if page.is_file() else ""
        package, sentences, reading = _shown(text) if text else (b"", None, NOT_READ)
    except CompanionError as error:
        error.where = error.where or str(page)
        raise
    figures = {path.stem: file_digest(path)[:12] for path in folder.glob("figures/*.csv")}
    cells = _cells_of(package, cache) if package else None
    title = name or str(folder)
    return Snapshot(title, numbers, findings, cells, sentences, figures, reading=reading)


@lru_cache(maxsize=2)  # a preview compares with the page that it made last
def _shown(text: str) -> tuple[bytes, tuple[str, ...] | None, ReadingOrder]:
    """The data that a page carries, its sentences, and the order of its numbers."""
    page = Page(text)
    carried = page.data
    reading = _reading_order(traces_by_chapter(page))
    return carried.package if carried else b"", sentences_of(page), reading


def _differing(one: Path, other: Path) -> tuple[Any, Any]:
    """The records of two files, one on each line, without the lines that are in both."""
    texts = [read_text(one), read_text(other)]
    if all(text.startswith(LINES) for text in texts):
        lines = [_lines(text) for text in texts]
        same = set(lines[0]).intersection(lines[1])
        texts = [f"[{','.join(each for each in some if each not in same)}]" for some in lines]
    return parse_json(texts[0], str(one)), parse_json(texts[1], str(other))


def _lines(records: str) -> list[str]:
    """The records of a file, each a line of its own between two brackets."""
    return [line.rstrip(",") for line in records.split("\n")[1:-2]]


def of_page(page: Path) -> Snapshot:
    """Of one HTML file: its sentences, and the present evaluation of the data that it carries."""
    shown = Page(read_text(page), str(page))
    carried = shown.data
    if carried is None:
        raise CompanionError("the page carries no data", where=str(page))
    with temporary_folder() as folder:
        evaluated = _evaluated(carried.unpacked(folder), str(page))
        reading = _reading_order(traces_by_chapter(shown))
        return replace(evaluated, sentences=sentences_of(shown), reading=reading)


def of_project(root: Path, name: str) -> Snapshot:
    """Of a project's folder: data, definitions, and prose with its inline values."""
    review = Review(root, load_package(root / "data"))
    evaluated = _evaluated(review, name)
    cells = [
        (cell, chapter)
        for chapter, notebook in enumerate(read_book(root).notebooks, 1)
        for cell in read_notebook(root / notebook)["cells"]
    ]
    asked = ((found, n) for cell, n in cells for found in ASKED.findall(cell["source"]))
    texts = (cell["source"] for cell, _ in cells if cell["cell_type"] == "markdown")
    sentences = tuple(sentence for text in texts for sentence in _prose(text, review))
    reading = _reading_order(asked)
    return replace(evaluated, sentences=sentences, prose="source", reading=reading)


def traces_by_chapter(page: Page) -> Iterator[tuple[str, int]]:
    """The traces that a page names, each with the number of its chapter: 0 before the first."""
    chapter = 0
    for element in page.root.iter():
        chapter += element.tag == "h2" and "unnumbered" not in element.get("class", "").split()
        if name := element.get("data-trace"):
            yield name, chapter


def _reading_order(names: Iterable[tuple[str, int]]) -> ReadingOrder:
    """The names, each with its chapter, where they are met first."""
    chapters: dict[str, int] = {}
    for name, chapter in names:
        chapters.setdefault(name, chapter)
    return ReadingOrder(tuple(chapters), sum(chapter <= 1 for chapter in chapters.values()))


def sentences_of(page: Page) -> tuple[str, ...]:
    """The sentences in `<main>` (or in the body, where there is none), in reading order.

    The audit appendix is left out: it repeats what numbers and verdicts say.
    """
    texts = list(page.texts(without=SILENT))
    if page.root.find(".//main") is not None:
        texts = [text for text in texts if "main" in text.around]
    found: list[str] = []
    for _, block in groupby(texts, attrgetter("block")):
        found += split("".join(text.text for text in block))
    return tuple(sentence for sentence in found if len(sentence.split()) >= FEWEST_WORDS)


def split(text: str) -> list[str]:
    """A paragraph's sentences, white space made single."""
    return [s for s in END.split(" ".join(text.split())) if s]


def _prose(source: str, review: Review) -> Iterator[str]:
    """The sentences of a notebook's text, with the present values in them."""
    text = INLINE.sub(lambda found: _value(found[1].strip(), review), source)
    shown = ATTRIBUTES.sub("", ESCAPE.sub(r"\1", without_traces(text)))
    for paragraph in re.split(r"\n\s*\n", shown):
        yield from split(paragraph)


def _value(code: str, review: Review) -> str:
    """What `v("name")` or `review.text("name")` shows; anything else stays as it is written."""
    call = CALL.fullmatch(code)
    if call is None:
        return f"({code})"
    try:
        return str(getattr(review, call[1])(call[3]))
    except CompanionError:
        return f"({call[3]} is not known)"


def of_revision(root: Path, revision: str) -> Snapshot:
    """Of a git revision, evaluated by the present program from a copy."""
    with temporary_folder() as folder:
        _checked_out(root, revision, folder)
        try:
            return of_project(folder, revision)
        except CompanionError as error:
            error.where = f"{revision}: {error.where}" if error.where else revision
            raise


def _checked_out(root: Path, revision: str, folder: Path) -> None:
    """Writes the project's files of that revision into an empty folder.

    Raises CompanionError for an unknown revision, and outside a git repository.
    """
    commit_of = f"{revision}^{{commit}}"
    commit = _git(root, revision, "rev-parse", "--verify", "--end-of-options", commit_of).strip()
    if not _git(root, revision, "ls-tree", "--name-only", commit, "data/"):
        raise CompanionError("this revision holds no data", where=revision)
    archive = folder / "revision.tar"
    parts = (".", f":(exclude){RENDERED}")
    _git(root, revision, "archive", "--format=tar", f"--output={archive}", commit, "--", *parts)
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    archive.unlink()


def _git(root: Path, revision: str, *arguments: str) -> str:
    hint = "compare two rendered folders instead"
    done = run(["git", "-C", str(root), *arguments], timeout_seconds=SECONDS, install=hint)
    if done.returncode:
        *_, said = ["git failed", *done.stderr.strip().splitlines()]
        what = f"is not a folder, a page or a git revision ({said})"
        raise CompanionError(what, where=revision)
    return done.stdout


def _cells_of(package: bytes, cache: Cache | None) -> Mapping[str, str]:
    if cache is None:
        return _cells_within(package)
    return cache.once(CELLS, {"package": sha256(package)}, lambda: _cells_within(package))


def keep_cells(package: Package, cache: Cache) -> None:
    """Keeps the cells of a package that a page will carry: it need not be unpacked for them."""
    made_from = {"package": sha256(packed(package.folder))}
    cache.keep(CELLS, made_from, json.dumps(dict(_cells(package))).encode())


@lru_cache(maxsize=1)
def _cells_within(package: bytes) -> Mapping[str, str]:
    """The cells of a package, read once since two reports often carry the same data."""
    with temporary_folder() as folder:
        unpack(package, folder)
        return dict(_cells(load_package(folder)))


def _cells(package: Package) -> Iterator[tuple[str, str]]:
    for resource in package:
        for key, row in resource.rows.items():
            for column, text in row.items():
                yield str(Origin(resource.name, key, column)), text


def _evaluated(review: Review, name: str) -> Snapshot:
    figures = {
        figure: sha256(review.table(spec["table"]).to_csv().encode())[:12]
        for figure, spec in review.figures_declared.items()
    }
    return Snapshot(
        name,
        reported_numbers(trace_records(review, every_trace(review))),
        reported_findings(claim_records(review)),
        dict(_cells(review.package)),
        figures=figures,
    )
