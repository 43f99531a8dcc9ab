"""Writes extraction data as a workbook: everything, or one study to be filled in or checked.

Its sheets hold text cells, frozen headers and lists to choose from.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
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
from ..package.package import Package
from .study_rows import (
    STUDIES,
    RowsByTable,
    own_and_shared,
    require_key,
    require_study,
    study_of_rows,
)

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

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
DATE = "1980-01-01T00:00:00Z"
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def workbook(package: Package, study: str | None = None, blank: bool = False) -> bytes:
    """The data as their files hold them, without corrections; equal data give equal bytes.

    With `study` only that study's rows and the tables that they refer to. With `blank` its rows are
    left out, for a second extraction, and it may be a new study. Raises CompanionError for `blank`
    without a study, for an unknown study, and for one that cannot be a new study's key.
    """
    if blank and study is None:
        raise CompanionError("a blank workbook is for one study", hint="give --study ID")
    specs = package.resources
    rows = {r.name: r.rows for r in package.as_in_files}
    if study is not None and not blank:
        require_study(study, rows)
    elif study is not None and study not in package[STUDIES].rows:
        require_key(study, package)
    held, shared = select(list(specs.values()), rows, study)
    sheets = {n: list(found.values()) * (not blank or n in shared) for n, found in held.items()}
    exported = {
        n: [list(specs[n].columns), *([row[c] for c in specs[n].columns] for row in found)]
        for n, found in sheets.items()
    }
    if blank:
        columns = specs[STUDIES].columns
        sheets[STUDIES] = [{**dict.fromkeys(columns, ""), columns[0]: study or ""}]
    book = Workbook()
    book.remove(book.worksheets[0])
    name, title = (str(package.descriptor.get(key, "")) for key in ("name", "title"))
    _write_about(book, name, title, study or "", blank)
    ranges = _write_lists(book, _lists([specs[n] for n in sheets], rows))
    titles = sheet_names(sheets)
    ranges |= {
        name: f"'{titles[name]}'!$A$2:$A${len(found) + 1 + SPARE_ROWS}"
        for name, found in sheets.items()
    }
    for name, found in sheets.items():
        sheet = _write_table(book, titles[name], specs[name], found, _choices(specs[name], ranges))
        sheet.sheet_properties.tabColor = "999999" if name in shared else "1B6CA8"
    book.move_sheet(LISTS, len(book.sheetnames))
    _write_exported(book, exported)
    book.properties.creator = "review-companion"
    return _packed(book)


def select(
    specs: Sequence[TableSpec], rows: RowsByTable, study: str | None
) -> tuple[RowsByTable, set[str]]:
    """The rows for a study, or all rows, by sheet; and the shared sheets."""
    if study is None:
        return {s.name: rows[s.name] for s in specs}, set()
    own, shared = own_and_shared(specs)
    found = {
        name: {key: row for key, row in rows.get(name, {}).items() if keys[key] == study}
        for name, keys in study_of_rows(specs, rows).items()
    }
    held = {s.name: found[s.name] for s in own} | {s.name: rows[s.name] for s in shared}
    return held, {s.name for s in shared}


def _lists(specs: Sequence[TableSpec], rows: RowsByTable) -> dict[str, Sequence[str]]:
    """Lists of allowed values that are no column of a sheet: enumerations, keys of other tables."""
    here = {s.name for s in specs}
    lists: dict[str, Sequence[str]] = {}
    for spec in specs:
        for entry in spec.fields:
            if values := entry.get("constraints", {}).get("enum"):
                lists[f"{spec.name}.{entry['name']}"] = [str(v) for v in values]
        others = (target for target in spec.foreign_keys.values() if target not in here)
        lists |= {target: list(rows.get(target, {})) for target in others}
    return lists


def _choices(spec: TableSpec, ranges: Mapping[str, str]) -> dict[str, str]:
    """Column -> the range with the values that its cells may have."""
    names = {c: (f"{spec.name}.{c}", spec.foreign_keys.get(c, "")) for c in spec.columns}
    return {c: ranges[n] for c, found in names.items() for n in reversed(found) if n in ranges}


def sheet_names(tables: Iterable[str]) -> dict[str, str]:
    """Table -> the name of its sheet: without a slash, of at most 31 characters, and its own."""
    named: dict[str, str] = {}
    for table in tables:
        whole = name = table.replace("/", "-")[:SHEET_NAME_CHARACTERS]
        number = 2
        while name in (*named.values(), ABOUT, LISTS, EXPORTED):
            ending = f"-{number}"
            name = whole[: SHEET_NAME_CHARACTERS - len(ending)] + ending
            number += 1
        named[table] = name
    return named


def _write_about(book: Workbook, package: str, title: str, study: str, blank: bool) -> None:
    """The first sheet: what the workbook holds, and how to use it."""
    holds = {"package": package, "title": title, "study": study, "blank": str(blank).lower()}
    sheet = _sheet(book, ABOUT, [*holds.items(), (), *((line,) for line in GUIDE)])
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 80


def _write_table(
    book: Workbook, title: str, spec: TableSpec, rows: Sequence[Row], lists: Mapping[str, str]
) -> Worksheet:
    """Writes a resource; `lists` maps a column to the range with its allowed values."""
    cells = [spec.columns, *([row[c] for c in spec.columns] for row in rows)]
    sheet = _sheet(book, title, cells)
    sheet.freeze_panes = "B2"
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
    return sheet


def _comment(descriptor: Mapping[str, Any], target: str) -> Comment:
    """The comment on a column's heading: its meaning and what it allows."""
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


def _write_lists(book: Workbook, columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Writes a hidden sheet with the lists of allowed values; returns the range of each list."""
    rows = zip_longest(*((name, *values) for name, values in columns.items()))
    _sheet(book, LISTS, rows).sheet_state = "hidden"
    ranges = {}
    for column, (name, values) in enumerate(columns.items(), start=1):
        letter = get_column_letter(column)
        ranges[name] = f"{LISTS}!${letter}$2:${letter}${max(len(values), 1) + 1}"
    return ranges


def _write_exported(book: Workbook, tables: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """A hidden sheet with the rows as exported (header first).

    With it an import finds what its author changed, and what changed in the data meanwhile.
    """
    packed = zlib.compress(json.dumps(tables, ensure_ascii=False).encode("utf-8"), 9)
    text = base64.b64encode(packed).decode("ascii")
    chunks = [[text[start : start + CHUNK]] for start in range(0, len(text), CHUNK)]
    _sheet(book, EXPORTED, chunks).sheet_state = "hidden"


def _packed(book: Workbook) -> bytes:
    """The workbook's bytes, with every date in it fixed."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            data = MODIFIED.sub(rb"\g<1>" + DATE.encode(), source.read(name))
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, data)
    return fixed.getvalue()
