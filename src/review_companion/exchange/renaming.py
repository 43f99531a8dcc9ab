"""Gives a study another key, everywhere that the old key is used as one.

Keys of rows, foreign keys, locators, places in published tables, quoted strings and plain names in
YAML, and links of notebooks change; prose does not. Names of claims and sources that contain the
key are kept, since they are names of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from ..errors import CompanionError
from ..model import Row
from ..package.descriptor import TableSpec
from .edits import Edits, Project, read_project
from .study_rows import STUDIES, own_and_shared, require_study

SOUND = re.compile(r"[^\W_]([\w.-]*\w)?")
PRINTED = ("fragment", "numeral", "before", "after", "claim", "label")  # or a name of its own
# What is the old key in one kind of text; `{}` is that key, group 1 what is before it.
PATTERNS = {
    # a cell that is a key, in parts divided by "/"
    "key": r"()(?<![^/]){}(?![^/])",
    # a place in a published table, or a name below the study's that rows share
    "place": r"\A(table-[^/\s]+/|){}(?=(?:/[\w.-]+)+\Z)",
    # strings of expressions, templates and code: a key, or one in parts, and nothing else
    "quoted": r"""(["'](?:[^\s"'\\/]+/)*){}(?=(?:/[^\s"'\\]*)?\\?["'])""",
    # names in YAML without quotes: a key, a value, an item of a list
    "plain": (
        r"((?:^\s*(?:- )?|(?:[\[{{,:]|-) +|\[|\{{)(?:[\w.-]+/)*){}"
        r"(?=(?:/[\w./-]*)?\s*(?:[\]}},]|:(?: |$)|$))"
    ),
    # links to the part about a study, and citations of it
    "linked": r"(#study-|@(?:study-)?){}(?![\w-])",
}

Rewrite = Callable[[str], str]


def renaming(root: Path, old: str, new: str) -> Edits:
    """The edits that rename a study; raises CompanionError for keys that do not allow it."""
    project = read_project(root)
    require_study(old, project.keyed)
    if not SOUND.fullmatch(new):
        hint = "letters, digits and hyphens, such as alpha-2001"
        raise CompanionError(f"“{new}” cannot be a study's key", hint=hint)
    if new in project.keyed[STUDIES]:
        raise CompanionError(f"there is a study “{new}” already", where=f"data/{STUDIES}.csv")
    edits = Edits(project)
    changes: dict[str, Rewrite] = {
        kind: partial(re.compile(pattern.format(re.escape(old))).sub, rf"\g<1>{new}")
        for kind, pattern in PATTERNS.items()
    }
    keys = _new_keys(project, changes["key"])
    for spec in project.specs:
        _tables(edits, spec, keys, changes["place"])
    for path, rows in project.others.items():
        _others(edits, path, rows, (changes["key"], changes["quoted"]))
    for path, text in project.yaml.items():
        _texts(edits, path, text, (changes["quoted"], changes["plain"]))
    for path, text in project.pages.items():
        _texts(edits, path, text, (changes["quoted"], changes["linked"]))
    return edits


def _new_keys(project: Project, rename: Rewrite) -> Mapping[str, Mapping[str, str]]:
    """Table -> old key -> new key. In tables shared by studies only keys with parts change."""
    found, own = dict[str, dict[str, str]](), own_and_shared(project.specs)[0]
    for spec in project.specs:
        keys = [row[spec.key] for row in project.rows[spec.name]]
        found[spec.name] = {
            k: rename(k) for k in keys if rename(k) != k and (spec in own or "/" in k)
        }
        if taken := sorted(set(found[spec.name].values()) & set(keys)):
            where = f"data/{spec.path}"
            raise CompanionError(f"two rows would have the key “{taken[0]}”", where=where)
    return found


def _tables(
    edits: Edits, spec: TableSpec, keys: Mapping[str, Mapping[str, str]], place: Rewrite
) -> None:
    rows = edits.project.rows[spec.name]
    after = [_row(row, spec, keys, place) for row in rows]
    changed = [old[spec.key] for old, new in zip(rows, after, strict=True) if old != new]
    if changed:
        edits.table(spec, after)
        edits.add_line(f"data/{spec.path}: row", changed)


def _row(
    row: Row, spec: TableSpec, keys: Mapping[str, Mapping[str, str]], place: Rewrite
) -> dict[str, str]:
    targets = {spec.key: spec.name, **spec.foreign_keys, "row": row.get("resource", "")}
    after = {c: keys.get(targets.get(c, ""), {}).get(cell, cell) for c, cell in row.items()}
    return after | {c: place(cell) for c, cell in row.items() if c not in targets}


def _others(
    edits: Edits, path: Path, rows: Sequence[list[str]], changes: Sequence[Rewrite]
) -> None:
    header = rows[0] if rows else []
    after = [
        [c if h in PRINTED else _all(changes, c) for h, c in zip(header, row, strict=False)]
        for row in rows
    ]
    if changed := sum(a != list(b) for a, b in zip(after, rows, strict=True)):
        edits.plain(path, after)
        edits.lines.append(f"{edits.project.name(path)}: {changed} row(s)")


def _texts(edits: Edits, path: Path, text: str, changes: Sequence[Rewrite]) -> None:
    lines = text.split("\n")
    after = [_all(changes, line) for line in lines]
    name = edits.project.name(path)
    if after != lines:
        edits.text(path, "\n".join(after))
        pairs = enumerate(zip(lines, after, strict=True), 1)
        edits.lines += [f"{name}:{n}: {new.strip()[:90]}" for n, (old, new) in pairs if old != new]


def _all(changes: Sequence[Rewrite], text: str) -> str:
    for change in changes:
        text = change(text)
    return text
