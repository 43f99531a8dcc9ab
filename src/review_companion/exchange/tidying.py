"""Writes CSV files that a spreadsheet program saved back in the package's own form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..errors import CompanionError
from ..package.damage import read_file
from ..package.descriptor import sound_specs
from ..package.files import csv_bytes, csv_text, read_rows
from ..package.problems import errors

Files = Mapping[Path, bytes]


def tidied(folder: Path) -> tuple[Files, list[str]]:
    """The files of a package as they will be, where that differs, and those that only a person
    can correct, with the reason. Nothing is guessed: what is read as meant is written so."""
    files: dict[Path, bytes] = {}
    left: list[str] = []
    specs = sound_specs(folder)
    for spec in specs:
        path = folder / spec.path
        table, problems = read_file(path, spec.columns, spec.meant)
        if table is None or errors(problems):
            left.append(str(errors(problems)[0]))
            continue
        before = path.read_bytes()
        after = csv_bytes(spec.columns, (cells for _, cells in table.rows), before)
        if after != before:
            files[path] = after
    declared = {folder / spec.path for spec in specs}
    for path in sorted(set(folder.rglob("*.csv")) - declared):
        try:
            plain = csv_text(read_rows(path)).encode("utf-8")
        except CompanionError as error:
            left.append(str(error))
            continue
        if path.read_bytes().startswith(b"\xef\xbb\xbf") or b"\r" in path.read_bytes():
            files[path] = plain
    return files, left
