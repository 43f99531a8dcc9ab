"""Gives a study another key, everywhere that the old key is used as one; or removes it.

Renamed are keys of rows, foreign keys, locators, places in published tables, quoted strings and
plain names in YAML, and links of notebooks; prose is not. Names of claims and sources that contain
the key are kept, since they are names of their own.

A row is removed if it belongs to the study, has a key below the study's, or must name a removed
row; a cell that need not name one is emptied. Claims, questions and values about the study are
removed too. A value that a notebook or a sentence shows is kept without a value; its author decides
what to show instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from ..errors import CompanionError
from ..model import Row
from ..package.descriptor import TableSpec
from .edits import Edits, edits_of
from .removed_definitions import RemovedStudy, remove_definitions
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
NewKeys = Mapping[str, Mapping[str, str]]  # table -> old key -> new key
Removed = dict[str, set[str]]
WORD = re.compile(r"[^\W\d_]{2}")


def renaming(root: Path, old: str, new: str) -> Edits:
    """The edits that rename a study; raises CompanionError for keys that do not allow it."""
    edits = edits_of(root)
    require_study(old, edits.keyed)
    if not SOUND.fullmatch(new):
        hint = "letters, digits and hyphens, such as alpha-2001"
        raise CompanionError(f"“{new}” cannot be a study's key", hint=hint)
    if new in edits.keyed[STUDIES]:
        raise CompanionError(f"there is a study “{new}” already", where=f"data/{STUDIES}.csv")
    changes: dict[str, Rewrite] = {
        kind: partial(re.compile(pattern.format(re.escape(old))).sub, rf"\g<1>{new}")
        for kind, pattern in PATTERNS.items()
    }
    keys = _new_keys(edits, changes["key"])
    for spec in edits.specs:
        _tables(edits, spec, keys, changes["place"])
    for path, rows in edits.others.items():
        _others(edits, path, rows, lambda cell: changes["quoted"](changes["key"](cell)))
    for path, text in edits.yaml.items():
        _texts(edits, path, text, lambda line: changes["plain"](changes["quoted"](line)))
    for path, text in edits.pages.items():
        _texts(edits, path, text, lambda line: changes["linked"](changes["quoted"](line)))
    return edits


def _new_keys(edits: Edits, rename: Rewrite) -> NewKeys:
    """In tables shared by studies only keys with parts change."""
    found, own = dict[str, dict[str, str]](), own_and_shared(edits.specs)[0]
    for spec in edits.specs:
        keys = [row[spec.key] for row in edits.rows[spec.name]]
        found[spec.name] = {
            k: rename(k) for k in keys if rename(k) != k and (spec in own or "/" in k)
        }
        if taken := sorted(set(found[spec.name].values()) & set(keys)):
            where = f"data/{spec.path}"
            raise CompanionError(f"two rows would have the key “{taken[0]}”", where=where)
    return found


def _tables(edits: Edits, spec: TableSpec, keys: NewKeys, place: Rewrite) -> None:
    rows = edits.rows[spec.name]
    after = [_row(row, spec, keys, place) for row in rows]
    changed = [old[spec.key] for old, new in zip(rows, after, strict=True) if old != new]
    if changed:
        edits.table(spec, after)
        edits.add_line(f"data/{spec.path}: row", changed)


def _row(row: Row, spec: TableSpec, keys: NewKeys, place: Rewrite) -> dict[str, str]:
    targets = {spec.key: spec.name, **spec.foreign_keys, "row": row.get("resource", "")}
    after = {c: keys.get(targets.get(c, ""), {}).get(cell, cell) for c, cell in row.items()}
    return after | {c: place(cell) for c, cell in row.items() if c not in targets}


def _others(edits: Edits, path: Path, rows: Sequence[list[str]], change: Rewrite) -> None:
    kept = [name in PRINTED for row in rows[:1] for name in row]
    after = [[c if k else change(c) for k, c in zip(kept, row, strict=True)] for row in rows]
    if changed := sum(a != b for a, b in zip(after, rows, strict=True)):
        edits.plain(path, after)
        edits.lines.append(f"{edits.name(path)}: {changed} row(s)")


def _texts(edits: Edits, path: Path, text: str, change: Rewrite) -> None:
    lines, name = text.split("\n"), edits.name(path)
    after = list(map(change, lines))
    if after != lines:
        edits.text(path, "\n".join(after))
        pairs = enumerate(zip(lines, after, strict=True), 1)
        edits.lines += [f"{name}:{n}: {new.strip()[:90]}" for n, (old, new) in pairs if old != new]


def removal(root: Path, study: str) -> Edits:
    """The edits that remove a study; raises CompanionError for an unknown study."""
    edits = edits_of(root)
    require_study(study, edits.keyed)
    removed = _removed(edits, study)
    for spec in edits.specs:
        _remove_rows(edits, spec, removed, study)
    _remove_published(edits, study)
    studies, words = frozenset(edits.keyed[STUDIES]), frozenset(_lost(edits, removed))
    remove_definitions(edits, RemovedStudy(study, studies, removed, words))
    return edits


def _lost(edits: Edits, removed: Removed) -> set[str]:
    """Texts of removed rows that no other row holds and no column allows.

    An expression with such a text would be an error.
    """
    gone, held = set[str](), {spec.name for spec in edits.specs}
    for spec in edits.specs:
        held.update(spec.columns)
        for row in edits.rows[spec.name]:
            (gone if row[spec.key] in removed[spec.name] else held).update(row.values())
        for field in spec.fields:
            held.update(map(str, field.get("constraints", {}).get("enum", ("true", "false"))))
    return {word for word in gone - held if WORD.search(word)}


def _removed(edits: Edits, study: str) -> Removed:
    """Table -> the keys of the rows to remove."""
    removed: Removed = {spec.name: set() for spec in edits.specs}
    removed[STUDIES].add(study)
    size = -1
    while size != sum(map(len, removed.values())):
        size = sum(map(len, removed.values()))
        for spec in edits.specs:
            for row in edits.rows[spec.name]:
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
    for row in edits.rows[spec.name]:
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
    rows = [row[spec.key] for row in edits.rows[spec.name]]
    edits.add_line(f"data/{spec.path}: rows", [key for key in rows if key in gone])
    edits.add_line(f"data/{spec.path}: cells emptied", emptied)


def _remove_published(edits: Edits, study: str) -> None:
    """The study's row of each published table, and the numerals printed in it."""
    keys = next((rows for path, rows in edits.others.items() if path.name == "keys.csv"), None)
    studies = list(edits.keyed[STUDIES])
    for path, rows in edits.others.items():
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
            edits.lines.append(f"{edits.name(path)}: {len(rows) - len(kept)} row(s)")


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
