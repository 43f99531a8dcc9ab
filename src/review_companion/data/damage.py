"""Reads a CSV file whatever a spreadsheet program did to it, and says what it did.

Reading goes on behind damage as far as it can, so that one run finds every problem.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from .files import read_bytes
from .problems import Problem, did_you_mean

DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
UNCLOSED = 'a quotation mark (") is opened in this row and never closed'
QUOTING = {
    "unexpected end of data": UNCLOSED,
    """',' expected after '"'""": 'a quotation mark within a cell is to be written twice ("")',
}
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LISTED_ROWS = 5


@dataclass(frozen=True)
class Table:
    """The rows of one resource as they stand, each with its number in a spreadsheet.

    `columns` are the declared columns that the file has; every row holds exactly these.
    """

    file: str
    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        """The values of the first column."""
        return {cells[self.columns[0]] for _, cells in self.rows}

    @property
    def by_key(self) -> dict[str, dict[str, str]]:
        """Key -> cells; of rows with one key the last."""
        return {cells[self.columns[0]]: cells for _, cells in self.rows}

    def problem(self, number: int, cells: Mapping[str, str], column: str, **what: Any) -> Problem:
        """A problem with the cell of a row; `what` is the rest of `Problem`."""
        key = cells[self.columns[0]]
        return Problem(self.file, number, key, column, cells[column], **what)


Records = list[tuple[int, list[str]]]


def read_file(path: Path, columns: Sequence[str]) -> tuple[Table | None, list[Problem]]:
    """The table in a CSV file and the damage found; None if there is no table."""
    try:
        return read_table(read_bytes(path), str(path), columns)
    except CompanionError as error:
        missing = "the file is missing" if not path.exists() else error.what
        return None, [Problem(str(path), code="missing-file", message=missing)]


def read_table(
    data: bytes, file: str, columns: Sequence[str]
) -> tuple[Table | None, list[Problem]]:
    """The table in the bytes of a CSV file and the damage found; None if there is no table."""
    if not data.strip():
        return None, [Problem(file, code="empty-file", message="the file is empty")]
    text, problems = _decode(data, file)
    records, found = _records(text, file, columns)
    if any(problem.message.endswith(UNCLOSED) for problem in found):
        return None, [*problems, *found]  # all that follows would be one cell
    table, more = arrange(records, file, columns)
    return table, [*problems, *found, *more]


def arrange(
    records: Records, file: str, columns: Sequence[str]
) -> tuple[Table | None, list[Problem]]:
    """Rows by column name, from numbered records of which the first is the header."""
    if not records or not any(c.strip() for c in records[0][1]):
        return None, [Problem(file, code="empty-file", message="there is no header row")]
    places, problems = _columns(records[0][1], file, columns)
    if not places:
        return None, problems
    width = len(records[0][1])
    body, found = _without_blank_rows(records[1:], file)
    problems += found + _row_lengths(body, width, file)
    names, indices = tuple(places), tuple(places.values())
    if indices == tuple(range(width)):
        rows = [(n, dict(zip(names, _filled(cells, width), strict=True))) for n, cells in body]
    else:
        rows = [(n, {c: _filled(cells, width)[i] for c, i in places.items()}) for n, cells in body]
    return Table(file, names, rows), problems


def _filled(cells: list[str], width: int) -> list[str]:
    return cells if len(cells) == width else [*cells, *[""] * width][:width]


def _decode(data: bytes, file: str) -> tuple[str, list[Problem]]:
    if data.startswith(UTF16_MARKS):
        saved_as = 'the file is UTF-16 ("Unicode text"): save it as CSV UTF-8'
        problem = Problem(file, code="encoding", expected="UTF-8", message=saved_as)
        return _newlines(data.decode("utf-16", "replace")), [problem]
    mark = data.startswith(codecs.BOM_UTF8)
    problems = []
    if mark:
        advice = "the file begins with a byte-order mark: harmless, but save it as UTF-8 without"
        problems = [Problem(file, severity="warning", code="byte-order-mark", message=advice)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = data[3 if mark else 0 :].decode("cp1252", "replace")
        problems.append(_not_utf8(data, error.start, file))
    return _newlines(text), problems


def _not_utf8(data: bytes, start: int, file: str) -> Problem:
    line = data.count(b"\n", 0, start) + 1
    guess = data[start : start + 1].decode("cp1252", "replace")
    return Problem(
        file,
        line,
        code="encoding",
        expected="UTF-8",
        message=f'byte 0x{data[start]:02X} is not; in Windows-1252 it is "{guess}": '
        "save the file as CSV UTF-8",
    )


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _records(text: str, file: str, columns: Sequence[str]) -> tuple[Records, list[Problem]]:
    delimiter = _delimiter(text, columns)
    problems = []
    if delimiter != ",":
        advice = f"separated by {DELIMITERS[delimiter]}: save it as CSV with commas"
        problems = [Problem(file, 1, code="delimiter", expected="commas", message=advice)]
    records: Records = []
    try:
        _parse(text, delimiter, True, records)
    except csv.Error as error:
        row = len(records) + 1
        what = QUOTING.get(str(error), str(error))
        problems.append(Problem(file, row, code="quoting", message=f"not readable: {what}"))
        records = []
        with contextlib.suppress(csv.Error):
            _parse(text, delimiter, False, records)
    return records, problems


def _parse(text: str, delimiter: str, strict: bool, records: Records) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    records.extend(enumerate(reader, start=1))


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """The delimiter by which the first line names most of the columns; a comma unless beaten."""
    line = text.partition("\n")[0]
    counts = {d: _named(line.split(d), columns) for d in (",", *DELIMITERS)}
    best = max(counts, key=lambda d: counts[d])
    return best if counts[best] > max(counts[","], 1) else ","


def _named(cells: list[str], columns: Sequence[str]) -> int:
    return len({c.strip(' "').casefold() for c in cells} & {c.casefold() for c in columns})


def _columns(
    header: list[str], file: str, columns: Sequence[str]
) -> tuple[dict[str, int], list[Problem]]:
    """Column -> place in the file for those that can be told, and what is wrong with the header."""
    base = Problem(file, 1, code="header")
    known = {c.casefold(): c for c in columns}
    last = max(i for i, c in enumerate(header) if c.strip())
    places: dict[str, int] = {}
    problems = []
    for index, cell in enumerate(header):
        name = known.get(cell.strip().casefold())
        if not cell.strip():
            if index < last:
                note = f"header cell {index + 1} is blank: merged header cells? unmerge them"
                problems.append(replace(base, message=note))
        elif name is None:
            hint = did_you_mean(cell, set(columns) - set(header))
            wrong = "no column of this resource"
            problems.append(replace(base, column=cell, value=cell, message=_also(wrong, hint)))
        elif name in places:
            problems.append(replace(base, column=cell, value=cell, message="stands twice"))
        else:
            places[name] = index
            if cell != name:
                problems.append(replace(base, column=name, value=cell, expected=f'"{name}"'))
    if last + 1 < len(header):
        note = f"{len(header) - last - 1} blank column(s) after the last: delete them"
        problems.append(replace(base, code="blank-columns", message=note))
    for name in columns:
        if name not in places:
            problems.append(replace(base, message=f'the column "{name}" is missing'))
    if not problems and list(places) != list(columns):
        order = f"the columns in the order {', '.join(columns)}"
        problems.append(replace(base, expected=order, message="they stand in another"))
    return {c: places[c] for c in columns if c in places}, problems


def _also(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def _without_blank_rows(records: Records, file: str) -> tuple[Records, list[Problem]]:
    body: Records = []
    blank = []
    for number, cells in records:
        if "".join(cells).strip():
            body.append((number, cells))
        else:
            blank.append(number)
    if not blank:
        return body, []
    end = body[-1][0] if body else 1
    inner = [n for n in blank if n < end]
    problems = [
        Problem(file, n, code="blank-row", message="the row is blank: delete it") for n in inner
    ]
    if trailing := len(blank) - len(inner):
        note = f"{trailing} blank row(s) at the end: delete them"
        problems.append(Problem(file, end + 1, code="blank-rows", message=note))
    return body, problems


def _row_lengths(body: Records, width: int, file: str) -> list[Problem]:
    wrong = [(n, cells) for n, cells in body if len(cells) != width]
    surplus = [n for n, c in wrong if len(c) > width and not any(x.strip() for x in c[width:])]
    problems = []
    if surplus:
        rows = ", ".join(map(str, surplus[:LISTED_ROWS]))
        more = " …" if len(surplus) > LISTED_ROWS else ""
        note = f"blank cells behind the last column (rows {rows}{more}): delete them"
        problems.append(Problem(file, surplus[0], code="blank-columns", message=note))
    for number, cells in wrong:
        if number not in surplus:
            problems.append(_row_length(number, cells, width, file))
    return problems


def _row_length(number: int, cells: list[str], width: int, file: str) -> Problem:
    several = "an unquoted comma (a decimal comma?) splits a cell" if len(cells) > width else ""
    return Problem(
        file,
        number,
        key=cells[0],
        code="row-length",
        expected=f"{width} cells",
        message=_also(f"there are {len(cells)}", several),
    )
