"""Tables as CSV files: their bytes, and writing several of them at once."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..model import Row


def csv_bytes(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A table as the package keeps it: UTF-8, commas, line feeds, quotes only where needed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[c] for c in columns] for row in rows)
    return text.getvalue().encode("utf-8")


def write_files(files: Mapping[Path, bytes]) -> None:
    """Writes all files beside their places first, then moves each there in one step."""
    staged = {path: _stage(path, data) for path, data in files.items()}
    for path, waiting in staged.items():
        os.replace(waiting, path)


def _stage(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    waiting = Path(name)
    waiting.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    return waiting
