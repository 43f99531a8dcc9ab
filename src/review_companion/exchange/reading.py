"""Reads an extraction workbook back, whatever a spreadsheet program made of its cells."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ..data.damage import Table, arrange
from ..data.descriptor import TableSpec
from ..data.files import read_bytes
from ..data.problems import Problem, did_you_mean
from ..errors import CompanionError
from .ownership import split
from .sheets import ABOUT, LISTS, sheet_name

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
DECIMALS = re.compile(r"0\.(0+)")


@dataclass(frozen=True)
class Extraction:
    """What a workbook holds: its tables as they stand, and what its first sheet says of them."""

    name: str
    study: str
    blank: bool
    digest: str
    tables: Mapping[str, Table]
    problems: tuple[Problem, ...]


def read_workbook(path: Path, specs: Iterable[TableSpec]) -> Extraction:
    """The tables of a workbook that `export_xlsx` wrote, and the problems of its form.

    Raises CompanionError for a file that is no such workbook.
    """
    book = _open(path)
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
    tables = {}
    for sheet in book.worksheets:
        if sheet.title in names:
            name = names[sheet.title]
            table, found = _read_sheet(sheet, path, expected[name])
            problems += found
            if table is not None:
                tables[name] = table
    blank = about.get("blank") == "true"
    digest = about.get("digest", "")
    return Extraction(path.name, study, blank, digest, tables, tuple(problems))


def _open(path: Path) -> Workbook:
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
    return {_text(a): _text(b) for a, b in rows if _text(a)}


def _expected(specs: list[TableSpec], study: str) -> list[TableSpec]:
    if not study:
        return specs
    own, shared = split(specs)
    return own + shared


def _unknown(book: Workbook, path: Path, names: Mapping[str, str]) -> Iterable[Problem]:
    for title in book.sheetnames:
        if title not in names and title not in (ABOUT, LISTS):
            hint = did_you_mean(title, names)
            note = f'the sheet "{title}" is not read; {hint}'.rstrip("; ")
            yield Problem(str(path), severity="warning", code="unknown-sheet", message=note)


def _read_sheet(
    sheet: Worksheet, path: Path, spec: TableSpec
) -> tuple[Table | None, list[Problem]]:
    file = f"{path}!{sheet.title}"
    problems = [
        Problem(file, merged.min_row, code="merged-cells", message=f"unmerge the cells {merged}")
        for merged in sorted(sheet.merged_cells.ranges, key=str)
    ]
    records = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        records.append((number, [_text(c) for c in cells]))
        problems += [p for c in cells if (p := _lossy(c, file, spec))]
    while records and not any(c.strip() for c in records[-1][1]):
        records.pop()
    width = max((_width(cells) for _, cells in records), default=0)
    table, found = arrange([(n, cells[:width]) for n, cells in records], file, spec.columns)
    return table, problems + found


def _width(cells: list[str]) -> int:
    return max((i for i, c in enumerate(cells, start=1) if c.strip()), default=0)


def _text(cell: Cell) -> str:
    """A cell as the text that a reader of the sheet sees."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _number(value: float, shown_as: str) -> str:
    shown = DECIMALS.search(shown_as)
    if shown and "%" not in shown_as:
        return f"{value:.{len(shown[1])}f}"
    plain = Decimal(repr(value))
    return f"{plain:f}".removesuffix(".0")


def _lossy(cell: Cell, file: str, spec: TableSpec) -> Problem | None:
    """A formula, and numbers whose last printed zeros a spreadsheet program may have dropped."""
    columns = spec.columns
    column = columns[cell.column - 1] if cell.column <= len(columns) else ""
    where = Problem(file, cell.row, column=column, value=_text(cell), code="cell")
    if cell.data_type == "f":
        return replace(where, expected="text or a figure", message="a formula")
    if isinstance(cell.value, int | float) and spec.types.get(column) == "number":
        note = "stored as a number: were there zeros at the end? format the cell as text"
        return replace(where, severity="warning", message=note)
    return None
