"""A wide extraction sheet (a row for each study) as the tables of a new review, by a mapping.

    studies: {label: Author, year: Year, design: Design}
    samples: {total: N, exposed: N fern, comparison: N none}
    comparisons:
      - {exposure: Ferns, outcome: Headache, exposed_events: With, exposed_total: N fern}

Right of a colon stands a heading of the sheet, or, where the sheet has no such heading, a text for
every row. Places stay to be filled in: the section is `extraction` until somebody does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..model import Row
from ..package.descriptor import TableSpec, sound_specs
from ..package.yaml_files import Node, read_yaml
from .reading import open_workbook
from .shown_cells import shown
from .tables import csv_bytes

GROUPS = ("total", "exposed", "comparison")
PLACE = {"source": "review", "section": "extraction", "status": "review-only"}
TABLES = ("studies", "samples", "comparisons")
EMPTIED = ("follow_ups", "flow", "locators")
DEFAULTS = {"unit": "participants", "adjusted": "false", "direction": "none-reported"}


def tables_of(sheet: Path, mapping: Path, folder: Path) -> Mapping[Path, bytes]:
    """The CSV files of the review in `folder` for a sheet; nothing of its example stays.

    Raises CompanionError for a sheet without rows, a mapping that names no column of a table, and
    a study without a label or year.
    """
    rows = _rows(sheet)
    said = read_yaml(mapping)
    specs = {spec.name: spec for spec in sound_specs(folder)}
    made: dict[str, list[dict[str, str]]] = {name: [] for name in (*TABLES, *EMPTIED)}
    shared: dict[str, dict[str, str]] = {"exposures": {}, "outcomes": {}, "units": {}}
    for position, row in enumerate(rows, 1):
        study = _study(row, said, mapping, position)
        made["studies"].append({**_filled(row, said["studies"]), **study, **PLACE})
        made["samples"] += _samples(row, said, study["study"])
        for number, entry in enumerate(said.get("comparisons") or (), 1):
            cells = {**DEFAULTS, **_filled(row, entry)}
            for column, table in (
                ("exposure", "exposures"),
                ("outcome", "outcomes"),
                ("unit", "units"),
            ):
                text = cells.get(column, "") or column
                cells[column] = _key(text)
                shared[table].setdefault(_key(text), text)
            key = {"comparison": f"{study['study']}/{number}", "study": study["study"]}
            made["comparisons"].append({**cells, **key, **PLACE})
    made |= {name: list(_shared(name, found)) for name, found in shared.items()}
    for name in TABLES:
        _require_columns(specs[name], made[name], mapping)
    return {folder / specs[n].path: _csv(specs[n], found) for n, found in made.items()}


def _rows(sheet: Path) -> list[dict[str, str]]:
    """The rows of a workbook's first sheet, by heading, blank ones left out."""
    found = open_workbook(sheet).worksheets[0]
    heads, *body = [[shown(cell) for cell in cells] for cells in found.iter_rows()] or [[]]
    rows = [dict(zip(heads, cells, strict=True)) for cells in body if any(map(str.strip, cells))]
    if not rows:
        raise CompanionError("holds no row below its headings", where=str(sheet))
    return rows


def _filled(row: Row, entry: Mapping[str, Any]) -> dict[str, str]:
    return {column: row.get(str(text), str(text)).strip() for column, text in entry.items()}


def _study(row: Row, said: Node, mapping: Path, position: int) -> dict[str, str]:
    cells = _filled(row, said["studies"])
    label, year = cells.get("label", ""), cells.get("year", "")
    if not label or not re.fullmatch(r"\d{4}", year):
        what = f"row {position + 1} of the sheet: no label, or “{year}” is no year"
        raise CompanionError(what, where=str(mapping), hint="studies: {label: …, year: …}")
    return {"study": f"{_key(label.split(' ')[0])}-{year}", "position": str(position)}


def _samples(row: Row, said: Node, study: str) -> Iterator[dict[str, str]]:
    for group, number in _filled(row, said.get("samples") or {}).items():
        if group in GROUPS and number.isdigit():
            cells = {"sample": f"{study}/{group}", "study": study, "group": group}
            yield {**cells, "number": number, "unit": DEFAULTS["unit"], **PLACE}


def _shared(table: str, found: Mapping[str, str]) -> Iterator[dict[str, str]]:
    if table == "units":
        found = {DEFAULTS["unit"]: DEFAULTS["unit"], **found}
    for position, (key, text) in enumerate(found.items(), 1):
        names = {"label": text, "name": text, "singular": text.removesuffix("s"), "plural": text}
        yield {table[:-1]: key, "position": str(position), **names}


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "unnamed"


def _require_columns(spec: TableSpec, rows: Sequence[Row], mapping: Path) -> None:
    for column in dict.fromkeys(c for row in rows for c in row):
        if column not in spec.columns:
            hint = f"its columns: {', '.join(spec.columns)}"
            what = f"{spec.name} has no column “{column}”"
            raise CompanionError(what, where=str(mapping), hint=hint)


def _csv(spec: TableSpec, rows: Sequence[Row]) -> bytes:
    return csv_bytes(spec.columns, ({c: row.get(c, "") for c in spec.columns} for row in rows))
