"""The sheets of an extraction workbook: text cells, frozen headers, lists to choose from."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from openpyxl import Workbook
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
    holds = {"package": package, "title": title, "study": study, "blank": str(blank).lower()}
    sheet = _sheet(book, ABOUT, [*holds.items(), (), *((line,) for line in GUIDE)])
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 80


def write_table(
    book: Workbook, spec: TableSpec, rows: Sequence[Row], lists: Mapping[str, str], shared: bool
) -> None:
    """One resource: `lists` maps a column to the range that its cells are chosen from."""
    cells = [spec.columns, *([row[c] for c in spec.columns] for row in rows)]
    sheet = _sheet(book, sheet_name(spec.name), cells)
    sheet.freeze_panes = "B2"
    sheet.sheet_properties.tabColor = "999999" if shared else "1B6CA8"
    for number, descriptor in enumerate(spec.fields, start=1):
        name, letter, (least, most) = descriptor["name"], get_column_letter(number), WIDTHS
        header, texts = sheet.cell(1, number), [row[number - 1] for row in cells]
        header.font, header.fill = Font(bold=True), PatternFill("solid", fgColor="DDE8F0")
        header.comment = _comment(descriptor, spec.foreign_keys.get(name, ""))
        dimension = sheet.column_dimensions[letter]
        dimension.width = min(max(least, *(len(text) + 2 for text in texts)), most)
        dimension.number_format = TEXT
        if name in lists:
            offered = DataValidation(type="list", formula1=lists[name], allow_blank=True)
            offered.showErrorMessage = "enum" in descriptor.get("constraints", {})
            offered.error = "Choose one of the list."
            offered.add(f"{letter}2:{letter}{len(rows) + 1 + SPARE_ROWS}")
            sheet.add_data_validation(offered)


def _comment(descriptor: Mapping[str, Any], target: str) -> Comment:
    """What a column says and allows, on its header."""
    required = "Required. " if descriptor.get("constraints", {}).get("required") else ""
    allowed = f"a key of {target}" if target else expectation(descriptor)
    parts = [descriptor.get("description", ""), f"{required}Allowed: {allowed}."]
    return Comment("\n".join(filter(None, parts)), "review-companion", **COMMENT_SIZE)


def _sheet(book: Workbook, title: str, rows: Iterable[Iterable[str | None]]) -> Worksheet:
    """A sheet of text that no spreadsheet program takes for a formula, a number or a date.

    Raises CompanionError for text that a workbook cannot hold.
    """
    sheet = book.create_sheet(title)
    for number, cells in enumerate(rows, start=1):
        where = f"sheet {title}, row {number}"
        for column, value in enumerate(cells, start=1):
            if value is None:
                continue
            cell = sheet.cell(number, column)
            cell.number_format = TEXT
            if not value:
                continue
            if len(value) > CELL_CHARACTERS:
                raise CompanionError("the text is too long for a cell of a workbook", where=where)
            try:
                cell.value = value
            except IllegalCharacterError:
                what, hint = "a workbook cannot hold control characters", "run `companion check`"
                raise CompanionError(what, where=where, hint=hint) from None
            cell.data_type = "s"
            if value[0] in "=+-@'":
                cell.quotePrefix = True
    return sheet


def write_lists(book: Workbook, columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A hidden sheet with the values to choose from; returns the range of each list."""
    rows = zip_longest(*((name, *values) for name, values in columns.items()))
    _sheet(book, LISTS, rows).sheet_state = "hidden"
    ranges = {}
    for column, (name, values) in enumerate(columns.items(), start=1):
        letter = get_column_letter(column)
        ranges[name] = f"{LISTS}!${letter}$2:${letter}${max(len(values), 1) + 1}"
    return ranges


def write_exported(book: Workbook, tables: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """A hidden sheet with the rows as exported (header first), by which an import finds what its
    author changed, and what the data changed meanwhile."""
    packed = zlib.compress(json.dumps(tables, ensure_ascii=False).encode("utf-8"), 9)
    text = base64.b64encode(packed).decode("ascii")
    chunks = [[text[start : start + CHUNK]] for start in range(0, len(text), CHUNK)]
    _sheet(book, EXPORTED, chunks).sheet_state = "hidden"
