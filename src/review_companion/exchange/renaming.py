"""Gives a study another key, everywhere that the old key is used as one.

Renamed are keys of rows, foreign keys, locators and places in published tables; in expressions,
definitions and pages each word that is the key. The text of cells is not, nor are names of claims
and sources that contain the key, since they are names of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ..errors import CompanionError
from ..model import Row
from ..package.links import CORRECTIONS
from ..package.package import Package, Resource
from .edits import Edits, edits_of
from .study_rows import STUDIES, as_word, own_and_shared, require_key, require_study

IN_PARTS = re.compile(r"[\w.-]+(/[\w.-]+)+")  # a place, or a name below the study's that rows share
PRINTED = ("fragment", "numeral", "before", "after", "claim", "label")  # or a name of its own

Rewrite = Callable[[str], str]


def renaming(root: Path, old: str, new: str) -> Edits:
    """The edits that rename a study; raises CompanionError for keys that do not allow it."""
    edits = edits_of(root)
    require_study(old, edits.keyed)
    require_key(new, edits.package)
    if new in edits.keyed[STUDIES]:
        raise CompanionError(f"there is a study “{new}” already", where=f"data/{STUDIES}.csv")

    def key(text: str) -> str:
        return "/".join(new if part == old else part for part in text.split("/"))

    word = re.compile(as_word(old))
    own = {spec.name for spec in own_and_shared(edits.package)[0]}
    for table in edits.package:
        _rename_in_table(edits, table, own, key)
    for path, rows in edits.others.items():
        _rename_in_rows(edits, path, rows, lambda cell: word.sub(new, cell))
    for path, text in {**edits.yaml, **edits.pages}.items():
        _rename_in_text(edits, path, text, lambda line: word.sub(new, line))
    return edits


def _rename_in_table(edits: Edits, table: Resource, own: set[str], key: Rewrite) -> None:
    after = [_renamed(row, table, edits.package, own, key) for row in table.rows.values()]
    if twice := [k for k, n in Counter(row[table.key] for row in after).items() if n > 1]:
        where = f"data/{table.path}"
        raise CompanionError(f"two rows would have the key “{twice[0]}”", where=where)
    pairs = zip(table.rows.items(), after, strict=True)
    if changed := [name for (name, row), new in pairs if row != new]:
        edits.table(table, after)
        edits.add_line(f"data/{table.path}: row", changed)


def _renamed(
    row: Row, table: Resource, package: Package, own: set[str], key: Rewrite
) -> dict[str, str]:
    """The row's cells; in tables that studies share only keys with parts change."""
    targets = {table.key: table.name, **table.foreign_keys, "row": row.get("resource", "")}
    if table.name == CORRECTIONS:
        corrected = package[row["resource"]].foreign_keys.get(row["column"], "")
        targets |= {"from": corrected, "to": corrected}

    def is_key(column: str, cell: str) -> bool:
        in_parts = "/" in cell if column in targets else IN_PARTS.fullmatch(cell)
        return targets.get(column) in own or bool(in_parts)

    return {column: key(cell) if is_key(column, cell) else cell for column, cell in row.items()}


def _rename_in_rows(edits: Edits, path: Path, rows: list[list[str]], change: Rewrite) -> None:
    kept = [name in PRINTED for row in rows[:1] for name in row]
    after = [[c if k else change(c) for k, c in zip(kept, row, strict=True)] for row in rows]
    if changed := sum(a != b for a, b in zip(after, rows, strict=True)):
        edits.plain(path, after)
        edits.lines.append(f"{edits.name(path)}: {changed} row(s)")


def _rename_in_text(edits: Edits, path: Path, text: str, change: Rewrite) -> None:
    lines, name = text.split("\n"), edits.name(path)
    after = list(map(change, lines))
    if after != lines:
        edits.text(path, "\n".join(after))
        pairs = enumerate(zip(lines, after, strict=True), 1)
        edits.lines += [f"{name}:{n}: {new.strip()[:90]}" for n, (old, new) in pairs if old != new]
