"""Compares files of records (claims, traces, tables) with what the data give."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..audit.records import claims_text, traces_text, values_text
from ..review import Review

Record = Mapping[str, Any]


def record_problems(folder: Path, review: Review, tables: list[str]) -> Iterator[str]:
    """One line for each record or table cell of the folder that is not what the data give."""
    for name, expected, key in (
        ("claims.json", claims_text(review), "id"),
        ("trace.json", traces_text(review), "name"),
        ("values.json", values_text(review), "name"),
    ):
        if (folder / name).is_file():
            yield from _records(name, (folder / name).read_bytes(), expected, key)
    for table in tables:
        path = folder / "tables" / f"{table}.csv"
        if path.is_file():
            yield from _cells(
                f"tables/{table}.csv", path.read_bytes(), review.table(table).to_csv()
            )


def _records(name: str, found: bytes, expected: str, key: str) -> Iterator[str]:
    if found == expected.encode():
        return
    try:
        ours = _keyed(json.loads(found), key)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        yield f"{name}: cannot be read: {error}"
        return
    theirs = _keyed(json.loads(expected), key)
    differing = [*_differing(name, ours, theirs)]
    yield from differing or [f"{name}: not the bytes that the data give, though the content agrees"]


def _keyed(records: list[Record], key: str) -> dict[str, Record]:
    return {str(record[key]): record for record in records}


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


def _cells(name: str, found: bytes, expected: str) -> Iterator[str]:
    if found == expected.encode():
        return
    ours = _rows(found.decode("utf-8", "replace"))
    theirs = _rows(expected)
    if len(ours) != len(theirs):
        yield f"{name}: {len(ours)} lines, the data give {len(theirs)}"
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False), 1):
        for column, (left, right) in enumerate(zip(one, other, strict=False)):
            if left != right:
                place = f"{name}: line {number}, {theirs[0][column]}"
                yield f"{place}: “{left}”, the data give “{right}”"


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))
