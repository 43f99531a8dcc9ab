"""Gives a study another key, wherever the old one stands as a key.

Keys of rows, foreign keys, locators, places in published tables, quoted strings and plain names
in YAML, and links of notebooks change; text does not. Names of claims and of sources that
have the key in them stay, since they are names of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..errors import CompanionError
from ..model import Row
from ..package.descriptor import TableSpec
from .edits import Edits, Project, read_project
from .ownership import STUDIES, ownership, require_study

SOUND = re.compile(r"[^\W_]([\w.-]*\w)?")
UNTOLD = ("fragment", "numeral", "before", "after", "claim", "label")  # printed, or a name

Change = Callable[[str], str]


def renaming(root: Path, old: str, new: str) -> Edits:
    """What the renaming of a study would do; raises CompanionError for keys that cannot be."""
    project = read_project(root)
    require_study(old, project.keyed)
    if not SOUND.fullmatch(new):
        hint = "letters, digits and hyphens, such as alpha-2001"
        raise CompanionError(f"“{new}” cannot be a study's key", hint=hint)
    if new in project.keyed[STUDIES]:
        raise CompanionError(f"there is a study “{new}” already", where=f"data/{STUDIES}.csv")
    edits = Edits(project)
    keys = _new_keys(project, old, new)
    for spec in project.specs:
        _tables(edits, spec, keys, _place(old, new))
    for path, rows in project.others.items():
        _others(edits, path, rows, _key(old, new), _quoted(old, new))
    for path, text in project.yaml.items():
        _texts(edits, path, text, lambda t: _plain(old, new)(_quoted(old, new)(t)))
    for path, text in project.pages.items():
        _texts(edits, path, text, lambda t: _linked(old, new)(_quoted(old, new)(t)))
    return edits


def _new_keys(project: Project, old: str, new: str) -> Mapping[str, Mapping[str, str]]:
    """Table -> old key -> new key. A shared row's key is the study's only where it has parts."""
    owner, rename = ownership(project.specs), _key(old, new)
    found: dict[str, dict[str, str]] = {}
    for spec in project.specs:
        own = owner.owned(spec.name)
        keys = [row[spec.key] for row in project.rows[spec.name]]
        found[spec.name] = {k: rename(k) for k in keys if rename(k) != k and (own or "/" in k)}
        taken = sorted(set(found[spec.name].values()) & set(keys))
        if taken:
            where = f"data/{spec.path}"
            raise CompanionError(f"the key “{taken[0]}” would stand twice", where=where)
    return found


def _tables(
    edits: Edits, spec: TableSpec, keys: Mapping[str, Mapping[str, str]], place: Change
) -> None:
    rows = edits.project.rows[spec.name]
    after = [_row(row, spec, keys, place) for row in rows]
    changed = [old[spec.key] for old, new in zip(rows, after, strict=True) if old != new]
    if changed:
        edits.table(spec, after)
        edits.tell(f"data/{spec.path}: row", changed)


def _row(
    row: Row, spec: TableSpec, keys: Mapping[str, Mapping[str, str]], place: Change
) -> dict[str, str]:
    targets = {spec.key: spec.name, **spec.foreign_keys, "row": row.get("resource", "")}
    after = {c: keys.get(targets.get(c, ""), {}).get(cell, cell) for c, cell in row.items()}
    after |= {c: place(cell) for c, cell in row.items() if c not in targets}
    return after


def _others(
    edits: Edits, path: Path, rows: Sequence[list[str]], key: Change, quoted: Change
) -> None:
    header = rows[0] if rows else []
    after = [
        [c if h in UNTOLD else quoted(key(c)) for h, c in zip(header, row, strict=False)]
        for row in rows
    ]
    if changed := sum(a != list(b) for a, b in zip(after, rows, strict=True)):
        edits.plain(path, after)
        edits.told.append(f"{edits.project.name(path)}: {changed} row(s)")


def _texts(edits: Edits, path: Path, text: str, change: Change) -> None:
    lines = text.split("\n")
    after = [change(line) for line in lines]
    name = edits.project.name(path)
    changed = [n for n, line in enumerate(lines) if line != after[n]]
    if changed:
        edits.text(path, "\n".join(after))
        edits.told += [f"{name}:{n + 1}: {after[n].strip()[:90]}" for n in changed]


def _key(old: str, new: str) -> Change:
    """A cell that is a key, in parts divided by "/"."""
    return lambda text: "/".join(new if part == old else part for part in text.split("/"))


def _place(old: str, new: str) -> Change:
    """A place in a published table, or a name below the study's that rows share."""
    pattern = re.compile(rf"(table-[^/\s]+/)?{re.escape(old)}((?:/[\w.-]+)+)")

    def change(text: str) -> str:
        found = pattern.fullmatch(text)
        return f"{found[1] or ''}{new}{found[2]}" if found else text

    return change


def _quoted(old: str, new: str) -> Change:
    """Strings of expressions, templates and code: a key, or one in parts, and nothing else."""
    part = r"[^\s\"'\\/]+/"
    pattern = re.compile(rf"""(["'](?:{part})*){re.escape(old)}(?=(?:/[^\s"'\\]*)?\\?["'])""")
    return lambda text: pattern.sub(rf"\g<1>{new}", text)


def _plain(old: str, new: str) -> Change:
    """Names in YAML without quotes: a key, a value, an item of a list."""
    pattern = re.compile(
        rf"(^\s*(?:- )?|(?:[\[{{,:]|-) +|\[|\{{)((?:[\w.-]+/)*){re.escape(old)}"
        r"(?=(?:/[\w./-]*)?\s*(?:[\]},]|:(?: |$)|$))"
    )
    return lambda text: pattern.sub(rf"\g<1>\g<2>{new}", text)


def _linked(old: str, new: str) -> Change:
    """Links to the part about a study, and citations of it."""
    pattern = re.compile(rf"(#study-|@(?:study-)?){re.escape(old)}(?![\w-])")
    return lambda text: pattern.sub(rf"\g<1>{new}", text)
