"""Reading and writing plain files; what cannot be read is one message."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import CompanionError


@contextlib.contextmanager
def reading(path: Path, hint: str | None = None) -> Iterator[None]:
    """While a file is read: what fails is a CompanionError with the file's name."""
    try:
        yield
    except FileNotFoundError:
        raise CompanionError("there is no such file", where=str(path), hint=hint) from None
    except (OSError, ValueError, csv.Error) as error:
        raise CompanionError(f"cannot be read: {error}", where=str(path)) from None


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; raises CompanionError."""
    with reading(path):
        return path.read_text("utf-8")


def read_rows(path: Path, hint: str | None = None) -> list[list[str]]:
    """The rows of a CSV file, header first; raises CompanionError, also for uneven rows."""
    with reading(path, hint), path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
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
