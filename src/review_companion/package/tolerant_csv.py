"""Reads a CSV file whatever a spreadsheet program did to it, and reports what it did.

Reading continues after damage where it can, so that one run finds every problem.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from .files import UTF16_MARKS, merge_marker_line, not_utf8, read_bytes
from .problems import Problem, did_you_mean, printable

DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
FOREIGN = {
    b"PK\x03\x04": "is an Excel workbook under another name: save it as CSV UTF-8",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook under another name: save it as CSV UTF-8",
    b"%PDF": "is a PDF",
}
MOST_HINTS = 20
FIRST_ROWS = 12  # among which a header is looked for
UNCLOSED = 'a quotation mark (") is opened in this row and never closed'
QUOTING = {
    "unexpected end of data": UNCLOSED,
    """',' expected after '"'""": 'a quotation mark within a cell is to be written twice ("")',
}
NONE: Mapping[str, str] = {}
Types = Mapping[str, str]
UNDECLARED = "undeclared-column"
TRUE = frozenset(("true", "wahr", "vrai", "verdadero", "vero", "waar"))
FALSE = frozenset(("false", "falsch", "faux", "falso", "onwaar"))
COMMA = re.compile(r"[+-]?\d{1,18},\d{1,18}", re.ASCII)
GROUPS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
POINT = re.compile(r"[+-]?\d+\.\d+", re.ASCII)


@dataclass(frozen=True)
class Table:
    """The rows of one resource as they are in the file, each with its number in a spreadsheet.

    `columns` are the declared columns that the file has; every row holds exactly these.
    """

    file: str
    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The name of the first column."""
        return self.columns[0]

    @cached_property
    def by_key(self) -> dict[str, dict[str, str]]:
        """Key -> cells; of several rows with one key the last."""
        return {cells[self.key]: cells for _, cells in self.rows}

    def problem(self, number: int, cells: Mapping[str, str], column: str, **what: Any) -> Problem:
        """A problem with the cell of a row; `what` are the other fields of `Problem`."""
        return Problem(self.file, number, cells[self.key], column, cells[column], **what)


Tables = Mapping[str, Table]
CsvRecords = list[tuple[int, list[str]]]


class _Damage(list[Problem]):
    """The damage found in a file so far."""

    def __init__(self, file: str) -> None:
        self.file = file

    def say(self, row: int, code: str, message: str = "", **what: Any) -> None:
        self.append(Problem(self.file, row, code=code, message=message, **what))


def read_file(
    path: Path, columns: Sequence[str], types: Types = NONE
) -> tuple[Table | None, list[Problem]]:
    """The table in a CSV file and the damage found; None if there is no table.

    `types` maps columns to Frictionless types: some values are read as they are certainly meant.
    """
    try:
        return read_table(read_bytes(path), str(path), columns, types)
    except CompanionError as error:
        missing = error.what if path.exists() else f"the file is missing{_near(path)}"
        return None, [Problem(str(path), code="missing-file", message=missing)]


def _near(path: Path) -> str:
    """A question about the file that is named as the missing one, but for case and ending."""
    stem = path.stem.casefold()
    there = sorted(p.name for p in path.parent.glob("*") if p.name.casefold().split(".")[0] == stem)
    return f'; did you mean "{there[0]}", which is not read under this name?' if there else ""


def read_table(
    data: bytes, file: str, columns: Sequence[str], types: Types = NONE
) -> tuple[Table | None, list[Problem]]:
    """The table in the bytes of a CSV file and the damage found; None if there is no table."""
    damage = _Damage(file)
    if code_and_message := _no_table(data):
        damage.say(0, *code_and_message)
        return None, damage
    text = _decode(data, damage)
    if row := merge_marker_line(text):
        note = "left over from a merge: keep one of the two versions and remove the marks"
        return None, [Problem(file, row, code="merge", message=note)]
    delimiter = _delimiter(text, columns)
    records = _records(text, delimiter, damage)
    if records is None:
        return None, damage  # what follows may be one cell
    records = _from_header(_unwrapped(records, columns, damage), columns, damage)
    table, found = arrange(records, file, columns)
    if table is not None:
        _as_meant(table, types, delimiter)
    return table, [*damage, *found]


def _no_table(data: bytes) -> tuple[str, str] | None:
    """The code and the message of what is no text of a table."""
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        return "empty-file", "the file is empty"
    for beginning, what in FOREIGN.items():
        if data.startswith(beginning):
            return "no-csv", what
    if data.count(0) * 20 > len(data) and not data.startswith(UTF16_MARKS):
        return "no-csv", "is not text, but a file of another program"
    return None


def _decode(data: bytes, damage: _Damage) -> str:
    if data.startswith(UTF16_MARKS):
        damage.say(0, "encoding", f"{not_utf8(data, 0)}: save it as CSV UTF-8", expected="UTF-8")
        text = data.decode("utf-16", "replace")
    else:
        data = data.removeprefix(codecs.BOM_UTF8)  # a spreadsheet program puts it there
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            note = f"{not_utf8(data, error.start)}: save the file as CSV UTF-8"
            damage.say(line, "encoding", note)
            text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """The delimiter by which a line at the top names most of the columns; a comma on a tie."""
    lines = text.split("\n", FIRST_ROWS)[:FIRST_ROWS]
    counts = {d: max(_named(n.split(d), columns) for n in lines) for d in (",", *DELIMITERS)}
    best = max(counts, key=lambda d: counts[d])
    return best if counts[best] > max(counts[","], 1) else ","


def _named(cells: list[str], columns: Sequence[str]) -> int:
    return len({c.strip(' "').casefold() for c in cells} & {c.casefold() for c in columns})


def _records(text: str, delimiter: str, damage: _Damage) -> CsvRecords | None:
    """The numbered records; None where quoting is broken."""
    if delimiter != ",":
        cells = f"cells separated by {DELIMITERS[delimiter]}"
        note = f"{cells}, and numbers with a decimal comma, are read as they are meant"
        damage.say(1, "delimiter", note, severity="warning")
    records: CsvRecords = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records.extend(enumerate(reader, start=1))
    except csv.Error as error:
        note = f"not readable: {QUOTING.get(str(error), error)}"
        damage.say(len(records) + 1, "quoting", note)
        return None
    return records


def _unwrapped(records: CsvRecords, columns: Sequence[str], damage: _Damage) -> CsvRecords:
    """The records without what a program put around every line: quotes, or semicolons behind it."""
    lines = [cells for _, cells in records if cells]
    inner: list[list[str]] = []
    with suppress(csv.Error):  # a line break or a quotation mark in a cell that is no line
        inner = list(csv.reader([c[0] for c in lines if len(c) == 1]))
    if lines and len(inner) == len(lines) and _named(inner[0], columns) > 1:
        note, cut = "every line is one cell in quotation marks: its cells are read", inner
    elif beyond := _semicolons(lines, columns):
        note = "semicolons after the last cell of every line are not read"
        cut = [[*cells[:-1], cells[-1][:-beyond]] for cells in lines]
    else:
        return records
    damage.say(1, "delimiter", note, severity="warning")
    numbers = [number for number, cells in records if cells]
    return list(zip(numbers, cut, strict=True))


def _semicolons(lines: list[list[str]], columns: Sequence[str]) -> int:
    """How many semicolons end every line, the header's after the name of a column."""
    last = lines[0][-1] if lines else ""
    name = last.rstrip(";")
    beyond = len(last) - len(name)
    every = beyond and all(cells[-1].endswith(last[-beyond:]) for cells in lines)
    return beyond if every and name in columns else 0


def _from_header(records: CsvRecords, columns: Sequence[str], damage: _Damage) -> CsvRecords:
    """The records from the header on, without any lines above it."""
    counts = [_named(cells, columns) for _, cells in records[:FIRST_ROWS]]
    best = max(range(len(counts)), key=lambda i: counts[i], default=0)
    if not counts or counts[0] or counts[best] * 2 <= len(columns):
        return records
    what = printable(",".join(records[0][1])).rstrip(",")
    above = f'"{what}"' if what else "a blank line"
    header = f"the header, which is in row {records[best][0]}"
    damage.say(1, "above-header", f"{above} is not {header}: delete what is above it")
    return records[best:]


def arrange(
    records: CsvRecords, file: str, columns: Sequence[str]
) -> tuple[Table | None, list[Problem]]:
    """Rows by column name, from numbered records of which the first is the header."""
    damage = _Damage(file)
    header = records[0][1] if records else []
    if not any(cell.strip() for cell in header):
        damage.say(0, "empty-file", "there is no header row")
        return None, damage
    places = _columns(header, columns, damage)
    if not places:
        return None, damage
    width, body = len(header), _body(records[1:], header, damage)
    absent = [f'"{name}"' for name in columns if name not in places]
    gone = absent and width + len(absent) == len(columns)  # none is misspelt or added
    if gone and body and all(len(cells) > width for _, cells in body):
        verb = "is not a heading" if len(absent) == 1 else "are not headings"
        note = f"{' and '.join(absent)} {verb}, and every row has more cells than the header"
        return None, [Problem(file, 1, code="header", message=f"{note}: put the heading back")]
    _check_lengths(body, header, damage)
    filled = ((number, [*cells, *[""] * (width - len(cells))]) for number, cells in body)
    rows = [(number, {c: cells[i] for c, i in places.items()}) for number, cells in filled]
    return Table(file, tuple(places), rows), damage


def _columns(header: list[str], columns: Sequence[str], damage: _Damage) -> dict[str, int]:
    """Column -> position in the file for those that can be recognised."""
    if not _named(header, columns):
        found = f'found "{printable(",".join(header))}"'
        damage.say(1, "header", found, expected=f"the columns {', '.join(columns)}")
        return {}
    known = {c.casefold(): c for c in columns}
    last = max(i for i, c in enumerate(header) if c.strip())
    missing, places, blank = set(columns) - set(header), dict[str, int](), list[int]()
    for index, cell in enumerate(header):
        name, place = known.get(cell.strip().casefold()), {"column": cell, "value": cell}
        if not cell.strip():
            blank += [index + 1] if index < last else []
        elif name is None:
            hint = did_you_mean(cell, missing) if len(damage) < MOST_HINTS else ""
            note = "no column of this resource" + (f"; {hint}" if hint else "")
            damage.say(1, UNDECLARED, note, **place)
        elif name in places:
            damage.say(1, "header", "occurs twice", **place)
        else:
            places[name] = index
            if cell != name:
                damage.say(1, "header", column=name, value=cell, expected=f'"{name}"')
    _say_missing([name for name in columns if name not in places], blank, damage)
    if (rest := len(damage) - MOST_HINTS) > 0:
        del damage[MOST_HINTS:]
        damage.say(1, "header", f"{rest} more cells of the header are wrong")
    if not damage and list(places) != list(columns):
        order = f"the columns in the order {', '.join(columns)}"
        damage.say(1, "header", "they are in another", expected=order)
    return {c: places[c] for c in columns if c in places}


def _say_missing(absent: Sequence[str], blank: Sequence[int], damage: _Damage) -> None:
    """Says which columns are missing; as many blank cells of the header are most likely theirs."""
    missing = [f'the column "{name}" is missing' for name in absent]
    merged = [f"header cell {n} is blank: merged header cells? unmerge them" for n in blank]
    if len(blank) == len(absent):
        merged = [f"{what}; {lost}" for what, lost in zip(merged, missing, strict=True)]
        missing = []
    for what in (*missing, *merged):
        damage.say(1, "header", what)


def _body(records: CsvRecords, header: list[str], damage: _Damage) -> CsvRecords:
    """The records without blank ones, and without the header where it is repeated."""
    body = [(number, cells) for number, cells in records if "".join(cells).strip()]
    end, kept = body[-1][0] if body else 0, {number for number, _ in body}
    for number in (n for n, _ in records if n < end and n not in kept):
        damage.say(number, "blank-row", "the row is blank: delete it")
    for number in (n for n, cells in body if cells == header):
        damage.say(number, "header", "the header stands here once more: delete the row")
    return [record for record in body if record[1] != header]


def _check_lengths(body: CsvRecords, header: list[str], damage: _Damage) -> None:
    """Says which rows have fewer cells than the header names, more than it has, or text below a
    blank heading at its end."""
    width = len(header)
    named = max(i for i, c in enumerate(header, start=1) if c.strip())
    unnamed = [(n, c[0], text) for n, c in body if (text := "".join(c[named:width]).strip())]
    for number, key, text in unnamed[:1]:
        what = f'"{printable(text)}" is beyond the last heading'
        rest = f" (as is text of {len(unnamed) - 1} more rows)" if len(unnamed) > 1 else ""
        damage.say(number, "row-length", f"{what}{rest}: give its column a heading", key=key)
    wrong = [(n, cells) for n, cells in body if not named <= len(cells) <= width]
    beyond = ["".join(cells[width:]).strip() for _, cells in wrong if len(cells) > width]
    if len(beyond) == len(body) and not any(beyond):
        return  # columns that a spreadsheet program shows as blank
    for number, cells in wrong:
        note = f"there {'is' if len(cells) == 1 else 'are'} {len(cells)}"
        if len(cells) > width:
            note += "; an unquoted comma (a decimal comma?) splits a cell"
        damage.say(number, "row-length", note, key=cells[0], expected=f"{width} cells")


def _as_meant(table: Table, types: Types, delimiter: str) -> None:
    """Reads values that a spreadsheet program writes in a way of its own as they are certainly
    meant: TRUE is true in a column of truth values, in the languages of common programs. A decimal
    comma is a point where something else separates cells, unless a column holds points, too."""
    columns = {c: [cells[c] for _, cells in table.rows] for c in table.columns}
    numbers = [v for c, values in columns.items() if types.get(c) == "number" for v in values]
    decimal = delimiter == ";" or (delimiter != "," and _decimal_commas(numbers))
    for column, values in columns.items():
        kind = types.get(column)
        if kind == "boolean":
            values = [_truth(value) for value in values]
        elif kind == "number" and decimal and not any(map(POINT.fullmatch, values)):
            values = [_with_point(value) for value in values]
        for (_, cells), value in zip(table.rows, values, strict=True):
            cells[column] = value


def decimal_points(values: Sequence[str]) -> Sequence[str]:
    """The cells of a column; decimal commas, where they can be nothing else, as points."""
    return [_with_point(value) for value in values] if _decimal_commas(values) else values


def _with_point(value: str) -> str:
    return value.replace(",", ".") if COMMA.fullmatch(value) else value


def _decimal_commas(numbers: Sequence[str]) -> bool:
    """Whether the commas are certainly no separators between thousands."""
    certain = any(COMMA.fullmatch(v) and not GROUPS.fullmatch(v) for v in numbers)
    return certain and not any(map(POINT.fullmatch, numbers))


def _truth(value: str) -> str:
    folded = value.strip().casefold()
    return "true" if folded in TRUE else "false" if folded in FALSE else value
