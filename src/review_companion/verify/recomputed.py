"""Recomputes what a page and the records of a report must say from the data, and compares."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from ..compare.changes import Difference, differences
from ..errors import CompanionError
from ..evidence.appendix import appendix
from ..evidence.digests import CRATE, MANIFEST, folder_digest, manifest_digest, sha256, to_json
from ..evidence.page_data import ELEMENT, PageData
from ..evidence.records import claims_text, traces_text, values_text
from ..evidence.rendered_page import (
    SEAL,
    Page,
    entry_problems,
    page_problems,
    seal_problem,
    short,
    shown_texts,
)
from ..package.files import read_rows, read_text
from ..pipeline.describe import crate_of
from ..review import Review
from ..writing import temporary_folder

MOST_LINES = 40
FORM = f"{MANIFEST}: its bytes are not those that were written, though the content agrees"
APART = (
    f"{MANIFEST}: is not the manifest that {CRATE} names: one of the two was changed after the "
    "render"
)

Record = Mapping[str, Any]
ReadRecords = Callable[[str], Mapping[str, Record]]


@dataclass
class Verification:
    """The result of a verification; `notes` say what was checked, or could not be."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify_page(path: Path) -> Verification:
    """Verifies a page alone: no network, no project.

    Raises CompanionError where the file cannot be read at all, or is not the page of a report.
    """
    outcome = Verification()
    with temporary_folder() as folder:
        check_page(path, folder, outcome)
    return outcome


def check_page(path: Path, folder: Path, outcome: Verification) -> Review | None:
    """The same with an outcome to add to; the review over the data that the page carries.

    They are unpacked into the folder; None where that is not possible.
    """
    page, review = Page(read_text(path), str(path)), None
    if ELEMENT not in page.carried and not SEAL.search(page.text):
        what = "is not a page that can be checked: it has no seal and carries no data"
        hint = "give a rendered folder or its companion.html; of an edition, its folder"
        raise CompanionError(what, where=str(path), hint=hint)
    problems = list(filter(None, [seal_problem(page.text)]))
    try:
        if carried := page.data:
            review = carried.unpacked(folder)
            if folder_digest(folder / "data") != carried.data:
                problems.append("the data that it carries are not those whose digest it names")
            problems += page_problems(page, shown_texts(review))
            problems += _text_problems(page, carried, review, path.name, outcome.notes)
        else:
            problems.append("the page carries no data to check it with")
    except CompanionError as error:
        problems.append(f"the data that it carries: {error}")
    outcome.problems += [f"{path.name}: {problem}" for problem in problems]
    return review


def _text_problems(
    page: Page, carried: PageData, review: Review, name: str, notes: list[str]
) -> Iterator[str]:
    """Where statements, traces and the audit trail are not as this program writes them."""
    if carried.program != version("review-companion"):
        made = f"{name} was made by version {carried.program} of this program"
        notes.append(f"{made}: the texts of the appendix were not compared")
    else:
        for what, text, digest in (
            ("statements", claims_text(review), carried.claims),
            ("traces", traces_text(review), carried.traces),
        ):
            if sha256(text.encode()) != digest:
                yield f"the {what} recomputed are not those whose digest the page carries"
        if page.has_entries:
            yield from entry_problems(page.entries, appendix(review).html)
        else:
            notes.append(f"{name} has no audit appendix")
    notes.append(
        f"{len(page.shown)} traced pieces of text and {len(review.ledger.claims)} statements "
        "recomputed from the data that the page carries"
    )


def audit_problems(path: Path, review: Review) -> Iterator[str]:
    """What is wrong with the audit volume, where there is one."""
    if path.is_file():
        page = Page(read_text(path))
        found = list(filter(None, [seal_problem(page.text)]))
        try:
            found += page_problems(page, shown_texts(review))
            found += entry_problems(page.text, appendix(review).html)
        except CompanionError as error:
            found.append(error.what)
        yield from (f"{path.name}: {problem}" for problem in found)


def record_problems(folder: Path, review: Review, tables: list[str]) -> Iterator[str]:
    """One line for each record or table cell in the folder that differs from the data."""
    for name, expected, key in (
        ("claims.json", claims_text(review), "id"),
        ("trace.json", traces_text(review), "name"),
        ("values.json", values_text(review), "name"),
    ):
        yield from _compared(folder, name, expected, partial(_records, key=key))
    for table in tables:
        expected = review.table(table).to_csv()
        header = [column.header for column in review.table(table).columns]
        yield from _compared(
            folder, f"tables/{table}.csv", expected, partial(_lines, header=header)
        )


def manifest_problem(folder: Path, manifest: Mapping[str, Any]) -> str | None:
    """Why the manifest is not the original one, as far as it and the crate show."""
    if to_json(manifest) != (folder / MANIFEST).read_text("utf-8"):
        return FORM
    try:
        named = _entities((folder / CRATE).read_text("utf-8"))[MANIFEST].get("identifier", "")
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None  # of the crate more is said elsewhere
    return None if named == manifest_digest(manifest) else APART


def crate_problems(folder: Path, review: Review, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Where the crate differs from what manifest and data give."""
    try:
        expected = crate_of(review, manifest)
    except (CompanionError, TemplateError, KeyError, TypeError, AttributeError, ValueError):
        yield f"{MANIFEST}: no render wrote it"
        return
    yield from _compared(folder, CRATE, expected, _entities)


def _compared(folder: Path, name: str, expected: str, read: ReadRecords) -> Iterator[str]:
    found = (folder / name).read_bytes() if (folder / name).is_file() else None
    if found is None or found == expected.encode():
        return
    try:
        ours = read(found.decode("utf-8", "replace"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        why = error if isinstance(error, ValueError) else "it is no such file as a render writes"
        yield f"{name}: cannot be read: {why}"
        return
    lines = [*_described(name, differences(ours, read(expected)))]
    yield from lines or [f"{name}: not the bytes that the data give, though the content agrees"]


def _records(text: str, key: str) -> dict[str, Record]:
    return {str(record[key]): record for record in json.loads(text)}


def _entities(text: str) -> dict[str, Record]:
    return {str(entity["@id"]): dict(entity) for entity in json.loads(text)["@graph"]}


def _lines(text: str, header: list[str]) -> dict[str, Record]:
    rows = csv.reader(io.StringIO(text, newline=""))
    return {f"line {n}": dict(zip(header, row, strict=False)) for n, row in enumerate(rows, 1)}


def _described(name: str, found: Iterable[Difference]) -> Iterator[str]:
    for row, column, ours, wanted in found:
        if not column:
            yield f"{name}: {row} is {'missing' if ours is None else 'not in the data'}"
        else:
            yield f"{name}: {row}, {column}: “{_short(ours)}”, the data give “{_short(wanted)}”"


def _short(value: Any) -> str:
    return short(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def cell_changes(name: str, before: Path, after: Path) -> Iterator[str]:
    """One line for each row or cell of a CSV file that differs between two states of it.

    Rows are identified by their first cell. Files that are not CSV, or cannot be read, give
    nothing: then only their digests show that they differ.
    """
    try:
        old, new = _keyed(before), _keyed(after)
    except CompanionError:
        return
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield f"{name}: the rows are in another order"
    for row, column, was, now in differences(old, new):
        if column:
            yield f"{name}: {row}, {column}: “{was or ''}” → “{now or ''}”"
        else:
            yield f"{name}: the row “{row}” was {'added' if was is None else 'removed'}"


def _keyed(path: Path) -> dict[str, dict[str, str]]:
    header, *rows = read_rows(path) or [[]]
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows if row}


def first_lines(lines: list[str]) -> list[str]:
    """At most so many lines, and how many there are beyond."""
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more"]
