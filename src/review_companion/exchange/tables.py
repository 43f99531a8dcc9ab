"""Tables as CSV files: their bytes, and writing several of them at once."""

from __future__ import annotations

import contextlib
import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ..errors import CompanionError
from ..model import Row
from ..package.files import csv_text


def csv_bytes(columns: Sequence[str], rows: Iterable[Row], original: bytes = b"") -> bytes:
    """A table as the package keeps it: UTF-8, commas, line feeds, quotes only where needed.

    A row that stands in `original` just so is written as it is written there.
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


def write_files(files: Mapping[Path, bytes]) -> None:
    """Writes all files beside their places first, then moves each there in one step.

    Raises CompanionError with the name of a file that cannot be written; none is half written.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            with _naming(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
                staged[path] = Path(name)
                _fill(handle, staged[path], data, path)
        for path, waiting in staged.items():
            with _naming(path):
                os.replace(waiting, path)
    finally:
        for waiting in staged.values():
            waiting.unlink(missing_ok=True)


def _fill(handle: int, waiting: Path, data: bytes, path: Path) -> None:
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    waiting.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"could not be written: {error.strerror or error}"
        raise CompanionError(what, where=str(path)) from None


def require_unedited(files: Mapping[Path, bytes]) -> None:
    """Raises CompanionError for a file that stands there with another content: it may be work."""
    for path, data in files.items():
        if path.exists() and not (path.is_file() and path.read_bytes() == data):
            raise CompanionError(
                "stands there already, with another content, and would be lost",
                where=str(path),
                hint="write elsewhere, or replace it with --overwrite",
            )
