"""The sheets of an extraction workbook: text cells, frozen headers, lists to choose from."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ..errors import CompanionError
from ..model import Row
from ..package.cell_checks import expectation
from ..package.descriptor import TableSpec

ABOUT, LISTS, EXPORTED = "about", "lists", "exported"
SHEET_NAME_CHARACTERS = 31
CELL_CHARACTERS = 32_767
CHUNK = 30_000
SPARE_ROWS = 200
TEXT = "@"
WIDTHS = (10, 40)
COMMENT_SIZE = {"height": 140, "width": 320}
GUIDE = (
    "Every sheet is a table; its first column is the row's key. Comments on the headers explain.",
    "Write figures as they are printed: 17.0 is not 17. All cells are text.",
    "Leave the names of sheets and columns as they are. Rows may be added, changed and deleted.",
    "Sheets with a grey tab are shared by all studies: add what is missing there.",
)


def sheet_name(resource: str) -> str:
    """The name of a resource's sheet; spreadsheet programs allow 31 characters."""
    return resource[:SHEET_NAME_CHARACTERS]


def write_about(book: Workbook, package: str, title: str, study: str, blank: bool) -> None:
    """The first sheet: what the workbook holds, and how to use it."""
    sheet = book.create_sheet(ABOUT, 0)
    holds = {"package": package, "title": title, "study": study, "blank": str(blank).lower()}
    for row, cells in enumerate([*holds.items(), (), *((line,) for line in GUIDE)], start=1):
        for column, text in enumerate(cells, start=1):
            put(sheet, row, column, text)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 80


def write_table(
    book: Workbook, spec: TableSpec, rows: Sequence[Row], lists: Mapping[str, str], shared: bool
) -> None:
    """One resource: `lists` maps a column to the range that its cells are chosen from."""
    sheet = book.create_sheet(sheet_name(spec.name))
    sheet.freeze_panes = "B2"
    sheet.sheet_properties.tabColor = "999999" if shared else "1B6CA8"
    for column, descriptor in enumerate(spec.fields, start=1):
        name = descriptor["name"]
        _write_header(sheet, column, descriptor, spec.foreign_keys.get(name, ""))
        values = [row[name] for row in rows]
        for number, value in enumerate(values, start=2):
            put(sheet, number, column, value)
        least, most = WIDTHS
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = min(max(least, *(len(v) + 2 for v in (name, *values))), most)
        dimension.number_format = TEXT
        if name in lists:
            strict = "enum" in descriptor.get("constraints", {})
            _offer(sheet, column, len(rows), lists[name], strict)


def _write_header(
    sheet: Worksheet, column: int, descriptor: Mapping[str, Any], target: str
) -> None:
    cell = put(sheet, 1, column, descriptor["name"])
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDE8F0")
    required = "Required. " if descriptor.get("constraints", {}).get("required") else ""
    allowed = f"a key of {target}" if target else expectation(descriptor)
    parts = [descriptor.get("description", ""), f"{required}Allowed: {allowed}."]
    cell.comment = Comment("\n".join(filter(None, parts)), "review-companion", **COMMENT_SIZE)


def put(sheet: Worksheet, row: int, column: int, value: str) -> Cell:
    """Writes text that no spreadsheet program takes for a formula, a number or a date.

    Raises CompanionError for text that a workbook cannot hold.
    """
    cell: Cell = sheet.cell(row, column)
    cell.number_format = TEXT
    if not value:
        return cell
    where = f"sheet {sheet.title}, row {row}"
    if len(value) > CELL_CHARACTERS:
        raise CompanionError("the text is too long for a cell of a workbook", where=where)
    try:
        cell.value = value
    except IllegalCharacterError:
        what = "a workbook cannot hold control characters"
        raise CompanionError(what, where=where, hint="run `companion check`") from None
    cell.data_type = "s"
    if value[0] in "=+-@'":
        cell.quotePrefix = True
    return cell


def _offer(sheet: Worksheet, column: int, rows: int, source: str, strict: bool) -> None:
    letter = get_column_letter(column)
    validation = DataValidation(type="list", formula1=source, allow_blank=True)
    validation.showErrorMessage = strict
    validation.error = "Choose one of the list."
    validation.add(f"{letter}2:{letter}{rows + 1 + SPARE_ROWS}")
    sheet.add_data_validation(validation)


def write_lists(book: Workbook, columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A hidden sheet with the values to choose from; returns the range of each list."""
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    ranges = {}
    for column, (name, values) in enumerate(columns.items(), start=1):
        for row, value in enumerate((name, *values), start=1):
            put(sheet, row, column, value)
        letter = get_column_letter(column)
        ranges[name] = f"{LISTS}!${letter}$2:${letter}${max(len(values), 1) + 1}"
    return ranges


def write_exported(book: Workbook, tables: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """A hidden sheet with the rows as exported (header first), by which an import finds what its
    author changed, and what the data changed meanwhile."""
    sheet = book.create_sheet(EXPORTED)
    sheet.sheet_state = "hidden"
    packed = zlib.compress(json.dumps(tables, ensure_ascii=False).encode("utf-8"), 9)
    text = base64.b64encode(packed).decode("ascii")
    for row, start in enumerate(range(0, len(text), CHUNK), start=1):
        put(sheet, row, 1, text[start : start + CHUNK])
