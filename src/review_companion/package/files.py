"""Reads plain files, JSON, and CSV as text; a file that cannot be read is one clear message.

Every file that somebody else wrote is opened here: only regular files of a limited size, so that a
device, a pipe or a link that leaves the project is refused by name.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import attrgetter
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..model import Row

PROJECT_FILE = "_quarto.yml"


def find_root(start: Path | None = None) -> Path:
    """The project folder: the nearest one upwards that holds `_quarto.yml` and `data/`."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / PROJECT_FILE).exists() and (folder / "data").is_dir():
            return folder
    raise CompanionError(
        f"no {PROJECT_FILE} with a data folder at or above {here}",
        hint="run this inside the project, or pass its folder",
    )


MOST_BYTES = 64_000_000
csv.field_size_limit(MOST_BYTES)  # a long cell is named by a check of its own
SKIPPED = ("__pycache__", ".ipynb_checkpoints")


@contextlib.contextmanager
def reading(path: Path, hint: str | None = None) -> Iterator[None]:
    """A context in which any failure to read becomes a CompanionError with the file's name."""
    try:
        yield
    except FileNotFoundError:
        raise CompanionError("there is no such file", where=str(path), hint=hint) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise CompanionError(f"cannot be read: {why}", where=str(path)) from None
    except (ValueError, csv.Error) as error:
        raise CompanionError(f"cannot be read: {error}", where=str(path)) from None


def read_bytes(path: Path, hint: str | None = None) -> bytes:
    """The content of a regular file; raises CompanionError for any other and for one too large."""
    with reading(path, hint):
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                raise CompanionError("is not a regular file", where=str(path))
            if state.st_size > MOST_BYTES:
                what = f"is larger than {MOST_BYTES // 1_000_000} MB and is not read"
                raise CompanionError(what, where=str(path))
            return file.read()


def read_text(path: Path, hint: str | None = None) -> str:
    """The text of a UTF-8 file, without a byte-order mark; raises CompanionError with the row."""
    data = read_bytes(path, hint)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if kind := next((kind for start, kind in NO_TEXT.items() if data.startswith(start)), ""):
            raise CompanionError(f"is {kind}, no text", where=str(path), hint=hint) from None
        row = data.count(b"\n", 0, error.start) + 1
        raise CompanionError(
            not_utf8(data, error.start), where=f"{path}:{row}", hint="save the file as UTF-8"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


NO_TEXT = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"PK\x03\x04": "a packed file, such as a workbook",
}
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def not_utf8(data: bytes, start: int) -> str:
    """Which byte is not UTF-8, and what it is where the file was saved as Windows does."""
    if data.startswith(UTF16_MARKS):
        return 'the file is UTF-16 ("Unicode text")'
    guess = data[start : start + 1].decode("cp1252", "replace")
    return f'byte 0x{data[start]:02X} is not UTF-8; in Windows-1252 it is "{guess}"'


def files_within(
    folder: Path, name: str = "", top: Path | None = None
) -> Iterator[tuple[str, Path]]:
    """(name, path) of the folder's files in order; names are relative and POSIX, below `name`.

    Hidden ones are left out. Raises CompanionError for what is `foreign` to `top` (the folder).
    """
    top, entries = top or folder, list[os.DirEntry[str]]()
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        entries = sorted(found, key=attrgetter("name"))
    for entry in entries:
        if entry.name in SKIPPED or entry.name.startswith("."):
            continue
        path, inner = folder / entry.name, f"{name}/{entry.name}".removeprefix("/")
        if entry.is_dir(follow_symlinks=False):
            yield from files_within(path, inner, top)
        elif not entry.is_file(follow_symlinks=False) and (what := foreign(path, top)):
            raise CompanionError(what, where=str(path))
        elif entry.is_file():
            yield inner, path


def foreign(path: Path, folder: Path) -> str:
    """Why a path does not belong to the folder, or "" if it does."""
    try:
        mode = path.stat().st_mode
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            return "is a link that leaves the folder: put the file itself here"
    except (OSError, RuntimeError):
        return "is a link that leads nowhere" if path.is_symlink() else "cannot be read"
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "is not a regular file"


def read_rows(path: Path, hint: str | None = None, delimiters: str = ",") -> list[list[str]]:
    """The rows of a CSV file, header first; raises CompanionError, also for uneven rows.

    Of several `delimiters` the one that the header has most.
    """
    text = read_text(path, hint)
    if mark := merge_marker_line(text):
        what = "left over from a merge: keep one of the two versions and remove the marks"
        raise CompanionError(what, where=f"{path}:{mark}")
    delimiter = max(delimiters, key=text.partition("\n")[0].count)
    with reading(path):
        lines = io.StringIO(text, newline="")
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            what = f"has {len(row)} cells where the header has {len(rows[0])}"
            raise CompanionError(what, where=f"{path}:{number}")
    return rows


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Rows as CSV: commas, line feeds, quotes only where needed."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def csv_bytes(columns: Sequence[str], rows: Iterable[Row], original: bytes = b"") -> bytes:
    """A table as the package keeps it: UTF-8, commas, line feeds, quotes only where needed.

    A row that is unchanged from `original` keeps its bytes.
    """
    known = _written(original)
    records = [tuple(columns), *(tuple(row[c] for c in columns) for row in rows)]
    return "".join(known.get(record) or csv_text([record]) for record in records).encode("utf-8")


def _written(original: bytes) -> dict[tuple[str, ...], str]:
    """Record -> its lines in a file, for a file in the package's own form."""
    try:
        lines = original.decode("utf-8").splitlines(keepends=True)
        reader = csv.reader(lines, strict=True)
        found, start = {}, 0
        for record in reader:
            found[tuple(record)] = "".join(lines[start : reader.line_num])
            start = reader.line_num
    except (UnicodeDecodeError, csv.Error):
        return {}
    in_form = all(text.endswith("\n") and "\r" not in text for text in found.values())
    return found if in_form else {}


MARKER = re.compile(r"^(<{7}|\|{7}|>{7})( |$)", re.MULTILINE)


def merge_marker_line(text: str) -> int:
    """The line of the first merge conflict marker; 0 where there is none."""
    found = MARKER.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


DEEPEST = 60
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
BRACKET = re.compile(r"[\[\]{}]")
HALF = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(path: Path) -> Any:
    """What a JSON file holds; raises CompanionError with file and line."""
    return parse_json(read_text(path), str(path))


def parse_json(text: str, file: str) -> Any:
    """The content of JSON text.

    Besides invalid JSON, these are refused: NaN and Infinity, a name given twice in an object, more
    than sixty levels, half of a character (a lone surrogate).
    """
    if row := merge_marker_line(text):
        raise CompanionError("left over from a merge", where=f"{file}:{row}", hint="choose one")
    if not text.strip():
        raise CompanionError("the file is empty", where=file)
    try:
        content = json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        where = f"{file}:{error.lineno}"
        what = f"not readable as JSON: {error.msg}, column {error.colno}"
        raise CompanionError(what, where=where) from None
    except ValueError as error:
        raise CompanionError(f"not readable as JSON: {error}", where=file) from None
    except RecursionError:
        raise CompanionError("nested too deeply", where=file) from None
    if _is_deep(text):
        raise CompanionError("nested too deeply", where=file)
    if HALF.search(text):
        try:
            json.dumps(content, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            what = "holds half of a character (a lone surrogate)"
            raise CompanionError(what, where=file) from None
    return content


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise ValueError(f'"{counts.most_common(1)[0][0]}" occurs twice in an object')
    return content


def _is_deep(text: str) -> bool:
    """Whether brackets are nested too deeply: of the text, which is faster than of its content."""
    steps = (1 if match[0] in "[{" else -1 for match in BRACKET.finditer(STRING.sub("", text)))
    return any(level > DEEPEST for level in accumulate(steps))
