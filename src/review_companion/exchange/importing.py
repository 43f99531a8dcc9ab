"""Brings a workbook's rows back into a data package: checked first, then written all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..compare.comparison import differences
from ..errors import CompanionError
from ..model import Origin
from ..package.damage import Table, read_file
from ..package.descriptor import TableSpec, sound_specs
from ..package.files import csv_bytes
from ..package.links import key_problems
from ..package.problems import Problem, errors
from ..validate import check_tables
from ..writing import write_files
from .merging import merge
from .ownership import STUDIES, Ownership, ownership
from .reading import Extraction, read_workbook
from .workbook import select

STALE = "it does not say how the data were when it was written: see what it changes back"


class Summary(NamedTuple):
    """What an import did, or, where there are errors among its problems, would have done.

    `lines` are the rows added, the cells changed and the rows removed; `written` the files, none
    after an error.
    """

    lines: list[str]
    written: list[Path]
    problems: list[Problem]

    def __str__(self) -> str:
        if errors(self.problems):
            return "\n".join([*map(str, self.problems), "nothing was written"])
        files = ", ".join(path.name for path in self.written) or "no file: nothing differs"
        return "\n".join([*map(str, self.problems), *self.lines, f"wrote {files}"])


def import_xlsx(path: Path, folder: Path) -> Summary:
    """Merges what a workbook's author changed into the package in `folder`, if all of it is sound.

    Where the data changed meanwhile, both changes are kept; a cell that both changed is an error
    that shows both values. A file whose rows stay the same is not touched.
    Raises CompanionError for a file that is no extraction workbook, for a package whose
    descriptor is broken, and for a blank workbook of a study that is in the data already.
    """
    specs = sound_specs(folder)
    owner = ownership(specs)
    book = read_workbook(path, specs)
    current = {s.name: _current(folder, s) for s in specs}
    rows = {name: table.by_key for name, table in current.items()}
    if book.blank and book.study in rows.get(STUDIES, {}):
        what = f"this is an extraction of {book.study} begun on a blank sheet: importing it would "
        hint = "compare the two with `companion agree`"
        raise CompanionError(f"{what}replace the data", where=book.name, hint=hint)
    problems, base = list(book.problems), book.exported
    if base is None:
        stale = Problem(book.name, severity="warning", code="stale-workbook", message=STALE)
        problems, base = [*problems, stale], select(specs, rows, book.study or None)[0]
    problems += _strangers(book, owner)
    merged, sheets = dict(current), dict[str, Table]()
    for spec in specs:
        old, new = current[spec.name], book.tables.get(spec.name)
        if new is None or set(spec.columns) - set(new.columns):
            continue
        if not any(key_problems(new, spec.key)):
            removes = not book.study or owner.owned(spec.name)
            before, stored = base.get(spec.name, {}), book.stored[spec.name]
            merged[spec.name], found = merge(before, new, old, stored, removes=removes)
            problems += found
        elif not book.study:
            merged[spec.name] = Table(old.file, spec.columns, new.rows)
        if merged[spec.name] is not old:
            sheets[old.file] = new
    problems += _checked(specs, merged, sheets)
    return _finish(folder, specs, current, merged, list(dict.fromkeys(problems)))


def _current(folder: Path, spec: TableSpec) -> Table:
    path = folder / spec.path
    return read_file(path, spec.columns, spec.meant)[0] or Table(str(path), spec.columns)


def _strangers(book: Extraction, owner: Ownership) -> Iterator[Problem]:
    """Rows of a one-study workbook that belong to another study, or share a key."""
    rows = {name: table.by_key for name, table in book.tables.items()}
    for name, table in book.tables.items() if book.study else ():
        yield from key_problems(table, table.columns[0])
        for number, cells in table.rows if owner.owned(name) else ():
            key = cells[table.columns[0]]
            study = owner.study(name, key, cells, rows)
            if study != book.study:
                note = f'it belongs to "{study}"' if study else "it leads to no study"
                wanted = f"rows of {book.study} alone"
                where = Problem(table.file, number, key, expected=wanted, code="other-study")
                yield replace(where, message=note)


def _checked(
    specs: Sequence[TableSpec], merged: Mapping[str, Table], sheets: Mapping[str, Table]
) -> Iterator[Problem]:
    """The problems of the merged tables, each where its row stands: in a sheet or a file."""
    for problem in check_tables(specs, merged):
        sheet = sheets.get(problem.file)
        in_sheet = sheet is not None and problem.row and problem.key in sheet.keys
        yield replace(problem, file=sheet.file) if sheet and in_sheet else problem


def _finish(
    folder: Path,
    specs: Sequence[TableSpec],
    current: Mapping[str, Table],
    merged: Mapping[str, Table],
    problems: list[Problem],
) -> Summary:
    files: dict[Path, bytes] = {}
    said: dict[str, list[str]] = {"added": [], "changed": [], "removed": []}
    for spec in specs:
        old, new = ([cells for _, cells in t[spec.name].rows] for t in (current, merged))
        if old != new:
            path = folder / spec.path
            files[path] = csv_bytes(spec.columns, new, path.read_bytes() if path.exists() else b"")
        before, after = ({r[spec.key]: r for r in rows} for rows in (old, new))
        for row, column, was, now in differences(before, after):
            if not column:
                said["added" if was is None else "removed"].append(f"{spec.name}[{row}]")
            elif now != (was or ""):
                cell = Origin(spec.name, row, column)
                said["changed"].append(f'{cell}: "{was or ""}" → "{now}"')
    if errors(problems):
        files = {}
    write_files(files)
    lines = [f"{how} {what}" for how, each in said.items() for what in each]
    return Summary(lines, list(files), problems)
