"""Brings a workbook's rows back into a data package: checked first, then written all at once.

It is a three-way merge of the rows as exported, as the sheet has them, and as the data have them
now: only what the sheet's author changed is imported. Where the data were changed in the same cell
meanwhile, and to another value, both values are shown and nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ..compare.changes import differences
from ..errors import CompanionError
from ..model import Origin, Row
from ..package.cell_checks import NUMBER
from ..package.descriptor import TableSpec, sound_specs
from ..package.files import csv_bytes
from ..package.links import key_problems
from ..package.problems import Problem, errors
from ..package.tolerant_csv import Table, Tables, read_file
from ..validate import check_tables, published_cells
from ..writing import write_files
from .study_rows import STUDIES, RowsByTable, own_and_shared, study_of_rows
from .workbook import select
from .workbook_reader import ReadWorkbook, Stored, read_workbook

Specs = Sequence[TableSpec]
BOTH = "both-changed"
GONE = "the row is gone from the sheet, and was changed in the data since the export"
TAKEN_OUT = "the row was changed in the sheet, and taken out of the data since the export"
UNSURE = "stored as a number: were there zeros at the end? format the cell as text"

STALE = "it does not say how the data were when it was written: see what it changes back"


class Summary(NamedTuple):
    """What an import did or, where there are errors among its problems, would have done.

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
    Raises CompanionError for a file that is not an extraction workbook, for a package whose
    descriptor is broken, and for a blank workbook of a study that is in the data already.
    """
    specs = sound_specs(folder)
    book = read_workbook(path, specs)
    current, damage = _as_they_are(folder, specs)
    rows = {name: table.by_key for name, table in current.items()}
    if book.blank and book.study in rows.get(STUDIES, {}):
        what = f"this is an extraction of {book.study} begun on a blank sheet: importing it would "
        hint = "compare the two with `companion agree`"
        raise CompanionError(f"{what}replace the data", where=book.name, hint=hint)
    problems, base = [*damage, *book.problems], book.exported
    if base is None:
        stale = Problem(book.name, severity="warning", code="stale-workbook", message=STALE)
        problems, base = [*problems, stale], select(specs, rows, book.study or None)[0]
    problems += _strangers(book, specs)
    merged, conflicts = _merged_tables(book, base, specs, current)
    sheets = {current[n].file: book.tables[n] for n in merged if merged[n] is not current[n]}
    problems += [*conflicts, *_checked(folder, specs, merged, sheets)]
    return _finish(folder, specs, current, merged, list(dict.fromkeys(problems)))


def _as_they_are(folder: Path, specs: Specs) -> tuple[Tables, list[Problem]]:
    """The tables of the data, and what is wrong with their files.

    Rows that share a key, and cells that no heading names, would be lost as a file is written.
    """
    current: dict[str, Table] = {}
    damage: list[Problem] = []
    for spec in specs:
        path = folder / spec.path
        table, found = read_file(path, spec.columns, spec.meant)
        current[spec.name] = table or Table(str(path), spec.columns)
        damage += errors([*found, *key_problems(current[spec.name])]) if path.exists() else []
    return current, damage


def _strangers(book: ReadWorkbook, specs: Specs) -> Iterator[Problem]:
    """Rows of a one-study workbook that belong to another study, or share a key."""
    rows = {name: table.by_key for name, table in book.tables.items()}
    belongs = study_of_rows(specs, rows)
    for name, table in book.tables.items() if book.study else ():
        yield from key_problems(table)
        for number, cells in table.rows if name in belongs else ():
            key = cells[table.key]
            study = belongs[name][key]
            if cells is not rows[name][key]:  # an earlier one of several with this key
                study = study_of_rows(specs, {**rows, name: {key: cells}})[name][key]
            if study != book.study:
                note = f'it belongs to "{study}"' if study else "it leads to no study"
                wanted = f"rows of {book.study} alone"
                where = Problem(table.file, number, key, expected=wanted, code="other-study")
                yield replace(where, message=note)


def _merged_tables(
    book: ReadWorkbook, base: RowsByTable, specs: Specs, current: Tables
) -> tuple[Tables, list[Problem]]:
    """The tables with what the sheets' author changed, and the conflicts.

    A table stays as it is where its sheet is missing or lacks a column; a sheet of all studies in
    which keys are wrong takes its place, so that the check of the tables names them.
    """
    own, _ = own_and_shared(specs)
    merged, conflicts = dict(current), list[Problem]()
    for spec in specs:
        old, new = current[spec.name], book.tables.get(spec.name)
        if new is None or set(spec.columns) - set(new.columns):
            continue
        if not any(key_problems(new)):
            removes = not book.study or spec in own
            before, stored = base.get(spec.name, {}), book.stored[spec.name]
            merged[spec.name], found = _merged(before, new, old, stored, removes=removes)
            conflicts += found
        elif not book.study:
            merged[spec.name] = Table(old.file, spec.columns, new.rows)
    return merged, conflicts


def _checked(folder: Path, specs: Specs, merged: Tables, sheets: Tables) -> Iterator[Problem]:
    """The problems of the merged tables, each at its row in the sheet or in the file."""
    for problem in check_tables(specs, merged, printed=published_cells(folder)):
        sheet = sheets.get(problem.file)
        in_sheet = sheet is not None and problem.row and problem.key in sheet.by_key
        yield replace(problem, file=sheet.file) if sheet and in_sheet else problem


def _merged(
    base: Mapping[str, Row], sheet: Table, data: Table, stored: Stored, *, removes: bool
) -> tuple[Table, list[Problem]]:
    """The merged table, conflicts, and numbers whose printed form is uncertain.

    `base` are the rows as exported, by key; without `removes` no row is removed.
    """
    columns, problems = data.columns, list[Problem]()
    merged = Table(data.file, columns)
    ours, theirs = ({row[columns[0]]: (n, row) for n, row in t.rows} for t in (data, sheet))
    for name in _order(base, list(ours), list(theirs)):
        was = {c: base[name].get(c, "") for c in columns} if name in base else None
        number, mine = ours.get(name, (0, None))
        new = None if removes else was
        if name in theirs:
            number, cells = theirs[name]
            new = {c: _meant(cells[c], (number, c) in stored, c, mine, was) for c in columns}
        kept = mine
        if new is None and was is not None:
            if mine == was:
                kept = None
            elif mine is not None:
                problems.append(Problem(sheet.file, key=name, code=BOTH, message=GONE))
        elif new is not None and new != was:
            if was is not None and mine is None:
                column = next(c for c in columns if new[c] != was[c])
                problems.append(sheet.problem(number, new, column, code=BOTH, message=TAKEN_OUT))
            else:
                kept, found = _settled(sheet, number, was, mine, new, stored)
                problems += found
        if kept is not None:
            merged.rows.append((number, kept))
    return merged, problems


def _order(base: Mapping[str, Row], ours: list[str], theirs: list[str]) -> Sequence[str]:
    """The keys in the order of the sheet where the data did not change, else of the data."""
    if ours == list(base):
        return list(dict.fromkeys([*theirs, *ours]))
    order = list(ours)
    before = ""
    for name in theirs:
        if name not in ours:
            order.insert(order.index(before) + 1 if before else len(order), name)
        before = name
    return order


def _meant(text: str, is_stored: bool, column: str, *known: Row | None) -> str:
    """The printed form that the data have, for an equal number that is not text in the sheet."""
    for printed in (row[column] for row in known if row is not None and is_stored):
        if all(map(NUMBER.fullmatch, (text, printed))) and Decimal(text) == Decimal(printed):
            return printed
    return text


def _settled(
    sheet: Table, number: int, was: Row | None, mine: Row | None, new: Row, stored: Stored
) -> tuple[dict[str, str], list[Problem]]:
    """The cells of a row in the sheet: changed ones as in the sheet, others as in the data."""
    cells, problems = dict(mine or {}), list[Problem]()
    for column, theirs in new.items():
        ours = mine and mine[column]
        before = was[column] if was is not None else ours
        if theirs in (ours, before):
            continue
        if ours != before or (was is None and mine is not None):
            note = f'it was "{before}" when exported and is "{ours}" in the data now: settle it'
            problems.append(sheet.problem(number, new, column, code=BOTH, message=note))
        if (number, column) in stored and NUMBER.fullmatch(theirs):
            what = {"severity": "warning", "code": "cell", "message": UNSURE}
            problems.append(sheet.problem(number, new, column, **what))
        cells[column] = theirs
    return cells, problems


def _finish(
    folder: Path, specs: Specs, current: Tables, merged: Tables, problems: list[Problem]
) -> Summary:
    files: dict[Path, bytes] = {}
    lines: list[str] = []
    for spec in specs:
        old, new = current[spec.name], merged[spec.name]
        rows = [cells for _, cells in new.rows]
        if [cells for _, cells in old.rows] != rows and not errors(problems):
            path = folder / spec.path
            files[path] = csv_bytes(spec.columns, rows, path.read_bytes() if path.exists() else b"")
        for row, column, was, now in differences(old.by_key, new.by_key):
            if not column:
                lines.append(f"{'added' if was is None else 'removed'} {spec.name}[{row}]")
            elif now != (was or ""):
                cell = Origin(spec.name, row, column)
                lines.append(f'changed {cell}: "{was or ""}" → "{now}"')
    write_files(files)
    lines.sort(key=lambda line: line.split(" ")[0])  # added, changed, removed
    return Summary(lines, list(files), problems)
