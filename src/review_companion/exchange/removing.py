"""Removes a study from a review: its rows, their places, and all that is only about it.

A row is removed if it belongs to the study, has a key below the study's, or must name a removed
row; a cell that need not name one is emptied. Claims, questions and values about the study are
removed too. A value that a notebook or a sentence shows is kept without a value; its author decides
what to show instead.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..model import Row
from ..package.descriptor import TableSpec
from .edits import Edits, Project, read_project
from .removed_definitions import RemovedStudy, remove_definitions
from .study_rows import STUDIES, require_study

Removed = dict[str, set[str]]
WORD = re.compile(r"[^\W\d_]{2}")


def removal(root: Path, study: str) -> Edits:
    """The edits that remove a study; raises CompanionError for an unknown study."""
    project = read_project(root)
    require_study(study, project.keyed)
    edits = Edits(project)
    removed = _removed(project, study)
    for spec in project.specs:
        _remove_rows(edits, spec, removed, study)
    _remove_published(edits, study)
    words = frozenset(_lost(project, removed))
    remove_definitions(
        edits, RemovedStudy(study, frozenset(project.keyed[STUDIES]), removed, words)
    )
    return edits


def _lost(project: Project, removed: Removed) -> set[str]:
    """Texts of removed rows that no other row holds and no column allows.

    An expression with such a text would be an error.
    """
    gone, held = set[str](), {spec.name for spec in project.specs}
    for spec in project.specs:
        held.update(spec.columns)
        for row in project.rows[spec.name]:
            (gone if row[spec.key] in removed[spec.name] else held).update(row.values())
        for field in spec.fields:
            held.update(map(str, field.get("constraints", {}).get("enum", ("true", "false"))))
    return {word for word in gone - held if WORD.search(word)}


def _removed(project: Project, study: str) -> Removed:
    """Table -> the keys of the rows to remove."""
    removed: Removed = {spec.name: set() for spec in project.specs}
    removed[STUDIES].add(study)
    size = -1
    while size != sum(map(len, removed.values())):
        size = sum(map(len, removed.values()))
        for spec in project.specs:
            for row in project.rows[spec.name]:
                if _goes(spec, row, removed, study):
                    removed[spec.name].add(row[spec.key])
    return removed


def _goes(spec: TableSpec, row: Row, removed: Removed, study: str) -> bool:
    fields = {c: spec.field(c).get("constraints", {}) for c in spec.foreign_keys}
    required = (c for c, limits in fields.items() if limits.get("required"))
    return (
        row[spec.key].startswith(f"{study}/")
        or any(row[c] in removed.get(spec.foreign_keys[c], ()) for c in required)
        or row.get("row", "") in removed.get(row.get("resource", ""), ())
        or (_is_place_alone(spec) and _printed_in_row(row, study))
    )


def _is_place_alone(spec: TableSpec) -> bool:
    """Whether the rows of a table only say where other cells are printed."""
    return {"resource", "row", "column", "section"} <= set(spec.columns)


def _printed_in_row(row: Row, study: str) -> bool:
    return re.match(rf"table-[^/]+/{re.escape(study)}/", row.get("section", "")) is not None


def _remove_rows(edits: Edits, spec: TableSpec, removed: Removed, study: str) -> None:
    gone, kept, emptied = removed[spec.name], [], []
    for row in edits.project.rows[spec.name]:
        if row[spec.key] in gone:
            continue
        cells = {c for c, t in spec.foreign_keys.items() if row[c] in removed.get(t, ())}
        emptied += [f"{row[spec.key]}/{c}" for c in sorted(cells)]
        kept.append({**row, **dict.fromkeys(cells, "")})
        if _printed_in_row(row, study):
            where = f"data/{spec.path}: {row[spec.key]}"
            edits.remaining.append(f"{where} is printed in {row['section']}, which goes")
    if gone or emptied:
        edits.table(spec, kept)
    rows = [row[spec.key] for row in edits.project.rows[spec.name]]
    edits.add_line(f"data/{spec.path}: rows", [key for key in rows if key in gone])
    edits.add_line(f"data/{spec.path}: cells emptied", emptied)


def _remove_published(edits: Edits, study: str) -> None:
    """The study's row of each published table, and the numerals printed in it."""
    others = edits.project.others
    keys = next((rows for path, rows in others.items() if path.name == "keys.csv"), None)
    studies = list(edits.project.keyed[STUDIES])
    for path, rows in others.items():
        if path.parent.name != "published":
            continue
        kept = rows
        if re.fullmatch(r"table-[^/]*\d", path.stem):
            row = f"{path.stem}/row/"
            number = studies.index(study) + 1
            if keys:
                places = (p for p, key in keys if key == study and p.startswith(row))
                number = int(next(places, "/0").rpartition("/")[2])
            if number and (keys or len(rows) == len(studies) + 1):
                kept = rows[:number] + rows[number + 1 :]
        elif path.name == "keys.csv":
            kept = _renumbered_keys(rows, study)
        elif path.name == "numerals.csv":
            body = [r for r in rows[1:] if not re.match(rf"table-[^/]+/{re.escape(study)}/", r[1])]
            kept = [rows[0], *([str(n), *r[1:]] for n, r in enumerate(body, 1))]
        if len(kept) != len(rows):
            edits.plain(path, kept)
            edits.lines.append(f"{edits.project.name(path)}: {len(rows) - len(kept)} row(s)")


def _renumbered_keys(rows: list[list[str]], study: str) -> list[list[str]]:
    kept, counted = [rows[0]], dict[str, int]()
    for place, key in rows[1:]:
        kind, _, _ = place.rpartition("/")
        if kind.endswith("/row"):
            if key == study:
                continue
            counted[kind] = counted.get(kind, 0) + 1
            place = f"{kind}/{counted[kind]}"
        kept.append([place, key])
    return kept
