"""Reads an extraction workbook back, whatever a spreadsheet program made of its cells.

The value of a cell is the text that its reader sees, according to its number format.
"""

from __future__ import annotations

import base64
import datetime
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from ..errors import CompanionError
from ..model import Row
from ..package.cell_checks import NUMBERS
from ..package.descriptor import TableSpec
from ..package.files import read_bytes
from ..package.problems import Problem, did_you_mean
from ..package.tolerant_csv import UNDECLARED, Table, arrange
from .study_rows import own_and_shared
from .workbook import ABOUT, EXPORTED, LISTS, sheet_names

Stored = frozenset[tuple[int, str]]  # row number and column of cells that are not text

ABOUT_ROWS = 20
MOST_INFLATED = 25_000_000
DAMAGED = (
    *(AttributeError, EOFError, IndexError, KeyError, NotImplementedError, RuntimeError),
    *(SyntaxError, TypeError, ValueError, zlib.error),
)  # what openpyxl raises for files that begin like a workbook
UNPRINTED = ("General", "@")
NAMED = 5  # cells that a warning names
# The forms of numbers and dates that spreadsheets write; openpyxl reads values, not how they look.
NUMBER = re.compile(r'(?P<whole>[#,?0]*0)(?:\.(?P<decimals>0+))?(?P<percent>%?)(?:"[^"]*"|\s)*')
ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.|\\(?=.)")  # colour, locale, padding
DATE = re.compile(r'"[^"]*"|am/pm|y+|m+|d+|h+|s+|.', re.IGNORECASE)
PARTS = {  # of a date or a time; a letter is written as often as it has digits
    **{"y": "%Y", "yy": "%y", "m": "%m", "mmm": "%b", "mmmm": "%B", "d": "%d", "ddd": "%a"},
    **{"dddd": "%A", "h": "%H", "s": "%S", "am/pm": "%p"},
}
UNITS = "ymdhs"
BY_LOCALE = ("mm-dd-yy", "m/d/yy h:mm")  # formats that each country shows in a way of its own
EXACT = Context(prec=400)  # more digits than any number of a workbook has
Moment = datetime.datetime | datetime.date | datetime.time


@dataclass(frozen=True)
class ReadWorkbook:
    """The content of a workbook.

    Its tables, the cells that are stored as numbers, what its first sheet says of them, and the
    rows as they were exported (None where that hidden sheet is missing).
    """

    name: str
    study: str
    blank: bool
    exported: Mapping[str, Mapping[str, Row]] | None
    tables: Mapping[str, Table]
    stored: Mapping[str, Stored]
    problems: tuple[Problem, ...]


def read_workbook(path: Path, specs: Sequence[TableSpec]) -> ReadWorkbook:
    """The content of a workbook that `workbook` made; CompanionError for any other file."""
    book = open_workbook(path)
    if ABOUT not in book.sheetnames:
        what = f'the sheet "{ABOUT}" is missing: what the workbook holds is not known'
        raise CompanionError(what, where=str(path), hint="start from `companion export-xlsx`")
    about = {
        cell_text(a): cell_text(b) for a, b in book[ABOUT].iter_rows(max_row=ABOUT_ROWS, max_col=2)
    }
    study = about.get("study", "")
    own, shared = own_and_shared(specs)
    held = {spec.name: spec for spec in ([*own, *shared] if study else specs)}
    expected = {title: held[name] for name, title in sheet_names(held).items()}
    problems = [*_of_names(book.sheetnames, list(expected), str(path))]
    tables: dict[str, Table] = {}
    stored = {}
    for sheet in book.worksheets:
        if spec := expected.get(sheet.title):
            table, stored[spec.name], found = _read_sheet(sheet, path, spec)
            problems += found
            if table is not None:
                tables[spec.name] = table
    return ReadWorkbook(
        name=path.name,
        study=study,
        blank=about.get("blank") == "true",
        exported=_exported(book, {spec.name for spec in expected.values()}),
        tables=tables,
        stored=stored,
        problems=tuple(problems),
    )


def open_workbook(path: Path) -> Workbook:
    """Opens any workbook; CompanionError for another file, a damaged one, or one far too large."""
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


def _of_names(titles: Sequence[str], expected: Sequence[str], file: str) -> Iterator[Problem]:
    """Sheets that are missing, and sheets that are not read."""
    for title in (name for name in expected if name not in titles):
        yield Problem(file, code="missing-sheet", message=f'the sheet "{title}" is missing')
    for title in titles:
        if title not in (*expected, ABOUT, LISTS, EXPORTED):
            note = f'the sheet "{title}" is not read; {did_you_mean(title, expected)}'
            note = note.rstrip("; ")
            yield Problem(file, severity="warning", code="unknown-sheet", message=note)


def _exported(book: Workbook, names: set[str]) -> Mapping[str, Mapping[str, Row]] | None:
    """Table -> key -> cells, as the export wrote them into a hidden sheet."""
    if EXPORTED not in book.sheetnames:
        return None
    text = "".join(cell_text(cell) for (cell,) in book[EXPORTED].iter_rows(max_col=1))
    try:
        packed = base64.b64decode(text, validate=True)
        tables = json.loads(zlib.decompressobj().decompress(packed, MOST_INFLATED))
        return {
            name: {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
            for name, (columns, *rows) in tables.items()
            if name in names
        }
    except (*DAMAGED, RecursionError):
        return None


def _read_sheet(
    sheet: Worksheet, path: Path, spec: TableSpec
) -> tuple[Table | None, Stored, list[Problem]]:
    file = f"{path}!{sheet.title}"
    problems = [
        Problem(file, merged.min_row, code="merged-cells", message=f"unmerge the cells {merged}")
        for merged in sorted(sheet.merged_cells.ranges, key=str)
    ]
    rows = list(enumerate(sheet.iter_rows(), start=1))
    names = [cell_text(cell) for _, cells in rows[:1] for cell in cells]
    kinds = [spec.meant.get(name, "string") for name in names]
    body = [(n, name, c) for n, cells in rows[1:] for name, c in zip(names, cells, strict=False)]
    stored = frozenset((number, name) for number, name, cell in body if _is_bare_number(cell))
    for number, name, cell in body:
        if cell.data_type == "f" and name not in spec.numbers:  # those are checked
            where = Problem(file, number, column=name, value=cell_text(cell), code="cell")
            problems.append(replace(where, expected="text or a figure", message="a formula"))
    problems += _not_kept(sheet, file)
    records = [
        (number, [cell_text(cell, kind) for cell, kind in zip(cells, kinds, strict=False)])
        for number, cells in rows
    ]
    while records and not any(c.strip() for c in records[-1][1]):
        records.pop()
    width = max((i for _, cells in records for i, c in enumerate(cells, 1) if c.strip()), default=0)
    table, found = arrange([(n, cells[:width]) for n, cells in records], file, spec.columns)
    return table, stored, problems + [_remark(each) for each in found]


def _is_bare_number(cell: Cell) -> bool:
    """Whether a cell holds a number without a form that shows its printed digits."""
    return cell.data_type == "n" and cell.value is not None and cell.number_format in UNPRINTED


def _remark(problem: Problem) -> Problem:
    """An additional column is only a warning: its cells are not imported."""
    if problem.code != UNDECLARED:
        return problem
    note = "; ".join(filter(None, [problem.message, "it is ignored: remarks belong in `note`"]))
    return replace(problem, severity="warning", message=note)


def _not_kept(sheet: Worksheet, file: str) -> Iterable[Problem]:
    """Formatting and comments of a sheet, which the tables cannot hold."""
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


def cell_text(cell: Cell, kind: str = "string") -> str:
    """The text; `kind` is the type of its column: a figure without a per cent sign, a date in ISO
    form where the column holds such, as the sheet shows it elsewhere."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        text = _number(value, cell.number_format)
        return text.removesuffix("%") if kind in NUMBERS else text
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return _moment(value, "" if kind == "date" else cell.number_format)
    if isinstance(value, datetime.timedelta):  # of hours, which may be more than a day's
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        in_seconds = f":{seconds:02}" if "s" in cell.number_format.casefold() else ""
        return f"{minutes // 60}:{minutes % 60:02}{in_seconds}"
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _number(value: float, shown_as: str) -> str:
    plain = Decimal(value if isinstance(value, int) else f"{value:.15g}")  # as programs show it
    form = NUMBER.fullmatch(ASIDE.sub("", shown_as.split(";")[0]).strip())
    if form is None:
        return f"{plain:f}".removesuffix(".0")
    places = len(form["decimals"] or "")
    scaled = plain * 100 if form["percent"] else plain
    text = f"{scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT):f}"
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{whole.zfill(form['whole'].count('0'))}{point}{rest}{form['percent']}"


def _moment(value: Moment, shown_as: str) -> str:
    form = ASIDE.sub("", shown_as.split(";")[0])
    if form in ("", *UNPRINTED, *BY_LOCALE):
        if isinstance(value, datetime.datetime) and value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else str(value)
    parts = DATE.findall(form)
    codes = [part.casefold() for part in parts]
    text, before = "", ""
    for place, (part, code) in enumerate(zip(parts, codes, strict=True)):
        after = next((later[0] for later in codes[place + 1 :] if later[0] in UNITS), "")
        directive = _directive(code, before, after, of_twelve="am/pm" in codes)
        shown = value.strftime(directive) if directive else part.strip('"')
        text += str(int(shown)) if directive and len(code) == 1 else shown
        before = code[0] if code[0] in UNITS else before
    return text


def _directive(code: str, before: str, after: str, *, of_twelve: bool) -> str:
    """What `strftime` calls a part of a form, by the units next to it; "" for text between them."""
    if code[0] == "m" and (before == "h" or after == "s"):  # minutes, and not months
        return "%M"
    if code[0] == "h" and of_twelve:
        return "%I"
    return PARTS.get(code) or PARTS.get(code[0], "")
