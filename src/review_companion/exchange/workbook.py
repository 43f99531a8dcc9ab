"""Writes extraction data as a workbook: everything, or one study to be filled in or checked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from ..errors import CompanionError
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

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
DATE = "1980-01-01T00:00:00Z"
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def workbook(package: Package, study: str | None = None, blank: bool = False) -> bytes:
    """The data as their files hold them, without corrections; the same data, same bytes.

    With `study` only that study's rows and the tables that they refer to. With `blank` its rows
    are left out, for an extraction of one's own, and it may be a new one. Raises CompanionError
    for `blank` without a study, an unknown study, and a package that cannot be read.
    """
    if blank and study is None:
        raise CompanionError("a blank workbook is for one study", hint="give --study ID")
    specs = {spec.name: spec for spec in sound_specs(package.folder)}
    rows = {r.name: r.rows for r in package.as_in_files}
    if study is not None and not blank:
        require_study(study, rows)
    held, shared = select(list(specs.values()), rows, study)
    sheets = {n: list(found.values()) * (not blank or n in shared) for n, found in held.items()}
    exported = {
        n: [list(specs[n].columns), *([row[c] for c in specs[n].columns] for row in found)]
        for n, found in sheets.items()
    }
    if blank:
        columns = specs[STUDIES].columns
        sheets[STUDIES] = [{**dict.fromkeys(columns, ""), columns[0]: study or ""}]
    book = Workbook()
    book.remove(book.worksheets[0])
    name, title = (str(package.descriptor.get(key, "")) for key in ("name", "title"))
    write_about(book, name, title, study or "", blank)
    ranges = write_lists(book, _lists([specs[n] for n in sheets], rows))
    ranges |= {
        name: f"'{sheet_name(name)}'!$A$2:$A${len(found) + 1 + SPARE_ROWS}"
        for name, found in sheets.items()
    }
    for name, found in sheets.items():
        write_table(book, specs[name], found, _choices(specs[name], ranges), name in shared)
    book.move_sheet(LISTS, len(book.sheetnames))
    write_exported(book, exported)
    book.properties.creator = "review-companion"
    return _packed(book)


def select(specs: Sequence[TableSpec], rows: Rows, study: str | None) -> tuple[Rows, set[str]]:
    """The rows for a study, or all of them, by the sheets that hold them; the shared sheets."""
    if study is None:
        return {s.name: rows[s.name] for s in specs}, set()
    owner = ownership(specs)
    own, shared = split(specs)
    found = {s.name: owner.rows_of(study, s.name, rows) for s in own}
    return {**found, **{s.name: rows[s.name] for s in shared}}, {s.name for s in shared}


def _lists(specs: Sequence[TableSpec], rows: Rows) -> dict[str, Sequence[str]]:
    """The lists that are not themselves a column of a sheet: enumerations, keys of other tables."""
    here = {s.name for s in specs}
    lists: dict[str, Sequence[str]] = {}
    for spec in specs:
        for entry in spec.fields:
            if values := entry.get("constraints", {}).get("enum"):
                lists[f"{spec.name}.{entry['name']}"] = [str(v) for v in values]
        others = (target for target in spec.foreign_keys.values() if target not in here)
        lists |= {target: list(rows.get(target, {})) for target in others}
    return lists


def _choices(spec: TableSpec, ranges: Mapping[str, str]) -> dict[str, str]:
    """Column -> the range that its cells are chosen from."""
    names = {c: (f"{spec.name}.{c}", spec.foreign_keys.get(c, "")) for c in spec.columns}
    return {c: ranges[n] for c, found in names.items() for n in reversed(found) if n in ranges}


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
