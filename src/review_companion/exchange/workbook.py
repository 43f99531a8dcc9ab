"""Writes extraction data as a workbook: everything, or one study to be filled in or checked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import CompanionError
from ..model import Row
from ..package.descriptor import TableSpec, sound_specs
from ..package.package import Package
from .ownership import STUDIES, Rows, ownership, require_study, split
from .sheets import (
    LISTS,
    SPARE_ROWS,
    sheet_name,
    write_about,
    write_exported,
    write_lists,
    write_table,
)

if TYPE_CHECKING:
    from openpyxl import Workbook

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
DATE = "1980-01-01T00:00:00Z"
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
GUIDE = (
    "Every sheet is a table; its first column is the row's key. Comments on the headers explain.",
    "Write figures as they are printed: 17.0 is not 17. All cells are text.",
    "Leave the names of sheets and columns as they are. Rows may be added, changed and deleted.",
    "Sheets with a grey tab are shared by all studies: add what is missing there.",
)


@dataclass(frozen=True)
class Scope:
    """What a workbook holds: all rows, or a study's rows and the shared rows they may name."""

    specs: tuple[TableSpec, ...]
    rows: Mapping[str, Sequence[Row]]
    shared: frozenset[str]


def workbook(package: Package, study: str | None = None, blank: bool = False) -> bytes:
    """The data as their files hold them, without corrections; the same data, same bytes.

    With `study` only that study's rows and the tables that they refer to. With `blank` its rows
    are left out, for an extraction of one's own, and it may be a new one. Raises CompanionError
    for `blank` without a study, an unknown study, and a package that cannot be read.
    """
    if blank and study is None:
        raise CompanionError("a blank workbook is for one study", hint="give --study ID")
    specs = sound_specs(package.folder)
    rows = {r.name: r.rows for r in package.as_in_files}
    if study is not None and not blank:
        require_study(study, rows)
    scope = select(specs, rows, study)
    return _packed(_book(package, scope, rows, study, blank))


def select(specs: Iterable[TableSpec], rows: Rows, study: str | None) -> Scope:
    """The sheets and rows for a study, or for everything."""
    specs = tuple(specs)
    if study is None:
        return Scope(specs, {s.name: list(rows[s.name].values()) for s in specs}, frozenset())
    owner = ownership(specs)
    own, shared = split(specs)
    chosen = {s.name: list(owner.rows_of(study, s.name, rows).values()) for s in own}
    chosen |= {s.name: list(rows[s.name].values()) for s in shared}
    return Scope((*own, *shared), chosen, frozenset(s.name for s in shared))


def _book(package: Package, scope: Scope, rows: Rows, study: str | None, blank: bool) -> Workbook:
    from openpyxl import Workbook

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    about = {
        "package": str(package.descriptor.get("name", "")),
        "title": str(package.descriptor.get("title", "")),
        "study": study or "",
        "blank": "true" if blank else "false",
    }
    write_about(book, about, GUIDE)
    sheets = {s.name: _shown(s, scope, study, blank) for s in scope.specs}
    ranges = write_lists(book, _lists(scope, rows))
    for spec in scope.specs:
        choices = _choices(spec, ranges, sheets)
        write_table(book, spec, sheets[spec.name], choices, spec.name in scope.shared)
    book.move_sheet(LISTS, len(book.sheetnames))
    held = {s.name: [] if _is_begun(s, scope, blank) else sheets[s.name] for s in scope.specs}
    columns = {s.name: s.columns for s in scope.specs}
    write_exported(book, {n: _records(columns[n], rows) for n, rows in held.items()})
    book.properties.creator = "review-companion"
    return book


def _is_begun(spec: TableSpec, scope: Scope, blank: bool) -> bool:
    """Whether the sheet of a blank workbook is to be filled in: what stands there is no datum."""
    return blank and spec.name not in scope.shared


def _records(columns: Sequence[str], rows: Iterable[Row]) -> list[list[str]]:
    return [list(columns), *([row[c] for c in columns] for row in rows)]


def _shown(spec: TableSpec, scope: Scope, study: str | None, blank: bool) -> list[Row]:
    rows = list(scope.rows[spec.name])
    if not _is_begun(spec, scope, blank):
        return rows
    if spec.name != STUDIES:
        return []
    return [{c: (study or "") if c == spec.columns[0] else "" for c in spec.columns}]


def _lists(scope: Scope, rows: Rows) -> dict[str, Sequence[str]]:
    """The lists that are not themselves a column of a sheet: enumerations, keys of other tables."""
    here = {s.name for s in scope.specs}
    lists: dict[str, Sequence[str]] = {}
    for spec in scope.specs:
        for entry in spec.fields:
            if values := entry.get("constraints", {}).get("enum"):
                lists[f"{spec.name}.{entry['name']}"] = [str(v) for v in values]
        for target in spec.foreign_keys.values():
            if target not in here:
                lists[target] = list(rows.get(target, {}))
    return lists


def _choices(
    spec: TableSpec, ranges: Mapping[str, str], sheets: Mapping[str, Sequence[Row]]
) -> dict[str, str]:
    """Column -> the range that its cells are chosen from."""
    found = {}
    for entry in spec.fields:
        name = entry["name"]
        target = spec.foreign_keys.get(name, "")
        if f"{spec.name}.{name}" in ranges:
            found[name] = ranges[f"{spec.name}.{name}"]
        elif target in sheets:
            last = len(sheets[target]) + 1 + SPARE_ROWS
            found[name] = f"'{sheet_name(target)}'!$A$2:$A${last}"
        elif target in ranges:
            found[name] = ranges[target]
    return found


def _packed(book: Workbook) -> bytes:
    """The workbook's bytes with every date in it fixed."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            data = MODIFIED.sub(rb"\g<1>" + DATE.encode(), source.read(name))
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, data)
    return fixed.getvalue()
