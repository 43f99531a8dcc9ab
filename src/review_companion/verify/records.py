"""Compares files of records (claims, traces, tables) with what the data give."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ..audit.records import claims_text, traces_text, values_text
from ..review import Review

Record = Mapping[str, Any]
Read = Callable[[str], Mapping[str, Record]]


def record_problems(folder: Path, review: Review, tables: list[str]) -> Iterator[str]:
    """One line for each record or table cell of the folder that is not what the data give."""
    for name, expected, key in (
        ("claims.json", claims_text(review), "id"),
        ("trace.json", traces_text(review), "name"),
        ("values.json", values_text(review), "name"),
    ):
        yield from _compared(folder, name, expected, partial(_records, key=key))
    for table in tables:
        expected = review.table(table).to_csv()
        header = [column.header for column in review.table(table).columns]
        yield from _compared(
            folder, f"tables/{table}.csv", expected, partial(_lines, header=header)
        )


def _compared(folder: Path, name: str, expected: str, read: Read) -> Iterator[str]:
    found = (folder / name).read_bytes() if (folder / name).is_file() else None
    if found is None or found == expected.encode():
        return
    try:
        ours = read(found.decode("utf-8", "replace"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        yield f"{name}: cannot be read: {error}"
        return
    differing = [*_differing(name, ours, read(expected))]
    yield from differing or [f"{name}: not the bytes that the data give, though the content agrees"]


def _records(text: str, key: str) -> dict[str, Record]:
    return {str(record[key]): record for record in json.loads(text)}


def _lines(text: str, header: list[str]) -> dict[str, Record]:
    rows = csv.reader(io.StringIO(text, newline=""))
    return {f"line {n}": dict(zip(header, row, strict=False)) for n, row in enumerate(rows, 1)}


def _differing(
    name: str, found: Mapping[str, Record], expected: Mapping[str, Record]
) -> Iterator[str]:
    yield from (f"{name}: {key} is missing" for key in expected if key not in found)
    yield from (f"{name}: {key} is not in the data" for key in found if key not in expected)
    for key in expected:
        for field, wanted in expected[key].items() if key in found else ():
            value = found[key].get(field)
            if value != wanted:
                yield f"{name}: {key}, {field}: “{_short(value)}”, the data give “{_short(wanted)}”"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) < 80 else f"{text[:77]}…"
