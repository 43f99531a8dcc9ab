"""Reads an extraction workbook back, whatever a spreadsheet program made of its cells."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CompanionError
from ..model import Row
from ..package.damage import UNDECLARED, Table, arrange
from ..package.descriptor import TableSpec
from ..package.files import read_bytes
from ..package.problems import Problem, did_you_mean
from .merging import Stored
from .ownership import split
from .sheets import ABOUT, EXPORTED, LISTS, sheet_name
from .shown_cells import shown

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

ABOUT_ROWS = 20
MOST_INFLATED = 25_000_000
DAMAGED = (
    *(AttributeError, EOFError, IndexError, KeyError, NotImplementedError, RuntimeError),
    *(SyntaxError, TypeError, ValueError, zlib.error),
)  # what openpyxl raises for files that begin like a workbook
UNPRINTED = ("General", "@")
NAMED = 5  # cells that a warning names


@dataclass(frozen=True)
class Extraction:
    """What a workbook holds: its tables, which cells are stored as numbers, what its first sheet
    says of them, and the rows as they were exported (None where that sheet is gone)."""

    name: str
    study: str
    blank: bool
    exported: Mapping[str, Mapping[str, Row]] | None
    tables: Mapping[str, Table]
    stored: Mapping[str, Stored]
    problems: tuple[Problem, ...]


def read_workbook(path: Path, specs: Iterable[TableSpec]) -> Extraction:
    """The tables of a workbook that `workbook` made, and the problems of its form.

    Raises CompanionError for a file that is no such workbook.
    """
    book = open_workbook(path)
    about = _about(book, path)
    study = about.get("study", "")
    expected = {s.name: s for s in _expected(list(specs), study)}
    names = {sheet_name(n): n for n in expected}
    problems = [
        Problem(str(path), code="missing-sheet", message=f'the sheet "{title}" is missing')
        for title in names
        if title not in book.sheetnames
    ]
    problems += _unknown(book, path, names)
    tables, stored = {}, {}
    for sheet in book.worksheets:
        if sheet.title in names:
            name = names[sheet.title]
            table, stored[name], found = _read_sheet(sheet, path, expected[name])
            problems += found
            if table is not None:
                tables[name] = table
    blank = about.get("blank") == "true"
    exported = _exported(book, expected)
    return Extraction(path.name, study, blank, exported, tables, stored, tuple(problems))


def open_workbook(path: Path) -> Workbook:
    """Any workbook; CompanionError for what is none, is damaged or far too large."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    data = io.BytesIO(read_bytes(path))
    try:
        with zipfile.ZipFile(data) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > MOST_INFLATED:
            what = f"holds {size // 1_000_000} MB, more than an extraction can need"
            raise CompanionError(what, where=str(path), hint="begin with `companion export-xlsx`")
        return load_workbook(data)
    except (InvalidFileException, zipfile.BadZipFile):
        hint = "save it as an Excel workbook, or begin with `companion export-xlsx`"
        raise CompanionError("is not a workbook (.xlsx)", where=str(path), hint=hint) from None
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise CompanionError(what, where=str(path)) from None
    except DAMAGED as error:
        raise CompanionError(f"the workbook is damaged: {error}", where=str(path)) from None


def _about(book: Workbook, path: Path) -> dict[str, str]:
    if ABOUT not in book.sheetnames:
        what = f'the sheet "{ABOUT}" is missing: what the workbook holds cannot be told'
        raise CompanionError(what, where=str(path), hint="start from `companion export-xlsx`")
    rows = book[ABOUT].iter_rows(max_row=ABOUT_ROWS, max_col=2)
    return {shown(a): shown(b) for a, b in rows if shown(a)}


def _exported(
    book: Workbook, specs: Mapping[str, TableSpec]
) -> Mapping[str, Mapping[str, Row]] | None:
    """Table -> key -> cells, as the export wrote them into a hidden sheet."""
    if EXPORTED not in book.sheetnames:
        return None
    text = "".join(shown(cell) for (cell,) in book[EXPORTED].iter_rows(max_col=1))
    try:
        unpack = zlib.decompressobj()
        packed = base64.b64decode(text, validate=True)
        tables = json.loads(unpack.decompress(packed, MOST_INFLATED))
        return {
            name: {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
            for name, (columns, *rows) in tables.items()
            if name in specs
        }
    except (*DAMAGED, RecursionError):
        return None


def _expected(specs: list[TableSpec], study: str) -> list[TableSpec]:
    if not study:
        return specs
    own, shared = split(specs)
    return own + shared


def _unknown(book: Workbook, path: Path, names: Mapping[str, str]) -> Iterable[Problem]:
    for title in book.sheetnames:
        if title not in names and title not in (ABOUT, LISTS, EXPORTED):
            hint = did_you_mean(title, names)
            note = f'the sheet "{title}" is not read; {hint}'.rstrip("; ")
            yield Problem(str(path), severity="warning", code="unknown-sheet", message=note)


def _read_sheet(
    sheet: Worksheet, path: Path, spec: TableSpec
) -> tuple[Table | None, Stored, list[Problem]]:
    file = f"{path}!{sheet.title}"
    problems = [
        Problem(file, merged.min_row, code="merged-cells", message=f"unmerge the cells {merged}")
        for merged in sorted(sheet.merged_cells.ranges, key=str)
    ]
    names = [shown(cell) for cell in next(sheet.iter_rows(max_row=1), ())]
    records, stored = [], set()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        held = dict(zip(names, cells, strict=False)) if number > 1 else {}
        stored |= {(number, name) for name, cell in held.items() if _is_unprinted(cell)}
        problems += [_formula(c, n, file) for n, c in held.items() if c.data_type == "f"]
        kinds = [spec.meant.get(name, "string") for name in names]
        records.append((number, [shown(c, k) for c, k in zip(cells, kinds, strict=False)]))
    problems += _not_kept(sheet, file)
    while records and not any(c.strip() for c in records[-1][1]):
        records.pop()
    width = max((_width(cells) for _, cells in records), default=0)
    table, found = arrange([(n, cells[:width]) for n, cells in records], file, spec.columns)
    return table, frozenset(stored), problems + [_remark(each) for each in found]


def _width(cells: list[str]) -> int:
    return max((i for i, c in enumerate(cells, start=1) if c.strip()), default=0)


def _is_unprinted(cell: Cell) -> bool:
    """Whether a cell holds a number without a form that tells its printed digits."""
    return cell.data_type == "n" and cell.value is not None and cell.number_format in UNPRINTED


def _formula(cell: Cell, column: str, file: str) -> Problem:
    where = Problem(file, cell.row, column=column, value=shown(cell), code="cell")
    return replace(where, expected="text or a figure", message="a formula")


def _remark(problem: Problem) -> Problem:
    """A column of one's own is no error of a sheet; its cells go nowhere."""
    if problem.code != UNDECLARED:
        return problem
    note = "; ".join(filter(None, [problem.message, "it is ignored: remarks belong in `note`"]))
    return replace(problem, severity="warning", message=note)


def _not_kept(sheet: Worksheet, file: str) -> Iterable[Problem]:
    """What a sheet may say by its looks, which no table holds."""
    cells = [c for row in sheet.iter_rows(min_row=2) for c in row]
    said = {
        "comments": [c.coordinate for c in cells if c.comment is not None],
        "colours": [c.coordinate for c in cells if c.has_style and c.fill.fill_type == "solid"],
        "hidden rows": [str(n) for n, row in sheet.row_dimensions.items() if row.hidden],
    }
    for what, places in said.items():
        if places:
            named = ", ".join(places[:NAMED]) + (" …" if len(places) > NAMED else "")
            note = f"{what} ({named}) are not kept: what they say belongs in `note`"
            if what == "hidden rows":
                note = f"hidden rows ({named}) are read like the others"
            yield Problem(file, severity="warning", code="not-kept", message=note)
