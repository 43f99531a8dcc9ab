"""Removes a study: its rows, and what definitions say about it.

A row is removed if it belongs to the study, has a key below the study's, or must name a removed
row; a cell that need not name one is emptied. Claims, questions and values about the study are
removed too. A value that a notebook or a sentence shows is kept without a value; its author decides
what to show instead.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from ..claims.verdicts import names_within
from ..expressions.evaluator import identifier
from ..model import Row
from ..package.links import LOCATORS
from ..package.package import Resource
from ..package.published import read_index, read_keys
from .edits import Edits, edits_of
from .study_rows import STUDIES, as_word, require_study
from .yaml_text import children, claim_entries, pruned, require_plain_aliases, yaml_entries

CLAIMS, VALUES, QUESTIONS, LINES = "claims.yml", "values.yml", "questions.yml", "claims.csv"
ENTRIES = {CLAIMS: claim_entries, VALUES: yaml_entries, QUESTIONS: yaml_entries}
OF_CLAIMS = {CLAIMS, LINES}
NOTHING = "expression: first_given() # what it was about is gone"
SAID = ("claim", "fragment", "label")  # columns of claims.csv that name no row
WORD = re.compile(r"[^\W\d_]{2}")

Keys = dict[str, set[str]]  # table -> keys of rows
Entries = set[tuple[str, str]]  # file and name


def removal(root: Path, study: str) -> Edits:
    """The edits that remove a study; raises CompanionError for an unknown study."""
    edits = edits_of(root)
    require_study(study, edits.keyed)
    for path, text in edits.yaml.items():
        if path.name in ENTRIES or study in text:
            require_plain_aliases(text, edits.name(path))
    removed = _removed_rows(edits, study)
    for table in edits.package:
        _remove_rows(edits, table, removed, study)
    _remove_published(edits, study)
    words = _lost(edits, removed)
    try:
        _remove_definitions(edits, About(study, edits.keyed[STUDIES], removed, words))
    except yaml.YAMLError:  # what an alias repeats was removed
        for path, text in edits.yaml.items():
            require_plain_aliases(text, edits.name(path), edited="")
        raise
    for path in edits.yaml.keys() & edits.files.keys():
        after = edits.files[path].decode("utf-8")
        require_plain_aliases(edits.yaml[path], edits.name(path), after)
    return edits


def _removed_rows(edits: Edits, study: str) -> Keys:
    removed: Keys = {table.name: set() for table in edits.package}
    removed[STUDIES].add(study)
    size = 0
    while size != (size := sum(map(len, removed.values()))):
        for table in edits.package:
            rows = table.rows.items()
            removed[table.name] |= {k for k, row in rows if _goes(table, k, row, removed, study)}
    return removed


def _goes(table: Resource, key: str, row: Row, removed: Keys, study: str) -> bool:
    fields = {c: table.field(c).get("constraints", {}) for c in table.foreign_keys}
    required = (c for c, limits in fields.items() if limits.get("required"))
    return (
        key.startswith(f"{study}/")
        or any(row[c] in removed.get(table.foreign_keys[c], ()) for c in required)
        or row.get("row", "") in removed.get(row.get("resource", ""), ())
        or (table.name == LOCATORS and _is_printed_in_row(row["section"], study))
    )


def _is_printed_in_row(section: str, study: str) -> bool:
    """Whether a part of the article is a cell in the study's row of a published table."""
    return re.match(rf"table-[^/]+/{re.escape(study)}/", section) is not None


def _lost(edits: Edits, removed: Keys) -> set[str]:
    """Texts of removed rows that no row holds and no column allows: in expressions, errors."""
    gone, held = set[str](), set(edits.package.resources)
    for table in edits.package:
        held.update(table.columns)
        for key, row in table.rows.items():
            (gone if key in removed[table.name] else held).update(row.values())
        for column in table.fields:
            held.update(map(str, column.get("constraints", {}).get("enum", ("true", "false"))))
    return {word for word in gone - held if WORD.search(word)}


def _remove_rows(edits: Edits, table: Resource, removed: Keys, study: str) -> None:
    gone, kept, emptied = removed[table.name], [], []
    for key, row in table.rows.items():
        if key in gone:
            continue
        cells = {c for c, t in table.foreign_keys.items() if row[c] in removed.get(t, ())}
        emptied += [f"{key}/{c}" for c in sorted(cells)]
        kept.append({**row, **dict.fromkeys(cells, "")})
        if _is_printed_in_row(row.get("section", ""), study):
            where = f"data/{table.path}: {key}"
            edits.remaining.append(f"{where} is printed in {row['section']}, which goes")
    if gone or emptied:
        edits.table(table, kept)
    edits.add_line(f"data/{table.path}: rows", [key for key in table.rows if key in gone])
    edits.add_line(f"data/{table.path}: cells emptied", emptied)


def _remove_published(edits: Edits, study: str) -> None:
    """The study's row of each published table, and the numerals printed in it."""
    published = {p: rows for p, rows in edits.others.items() if p.parent.name == "published"}
    keys = next((read_keys(path) for path in published if path.name == "keys.csv"), {})
    for path, rows in published.items():
        kept = rows
        if re.fullmatch(r"table-[^/]*\d", path.stem):
            places = [f"{path.stem}/row/{number}" for number in range(1, len(rows))]
            named = [keys.get(place) for place in places] if keys else list(edits.keyed[STUDIES])
            if len(named) == len(places):
                pairs = zip(rows, [None, *named], strict=True)
                kept = [row for row, key in pairs if key != study]
        elif path.name == "keys.csv":
            kept = _renumbered_keys(rows, study)
        elif path.name == "numerals.csv":
            others = zip(rows[1:], read_index(path), strict=True)
            left = [row for row, entry in others if not _is_printed_in_row(entry.section, study)]
            kept = [rows[0], *([str(n), *row[1:]] for n, row in enumerate(left, 1))]
        if len(kept) != len(rows):
            edits.plain(path, kept)
            edits.lines.append(f"{edits.name(path)}: {len(rows) - len(kept)} row(s)")


def _renumbered_keys(rows: list[list[str]], study: str) -> list[list[str]]:
    """The keys without the study's rows, the other rows of each table counted anew."""
    kept, counted = [rows[0]], Counter[str]()
    for place, key in rows[1:]:
        kind = place.rpartition("/")[0]
        if not kind.endswith("/row"):
            kept.append([place, key])
        elif key != study:
            counted[kind] += 1
            kept.append([f"{kind}/{counted[kind]}", key])
    return kept


@dataclass(frozen=True)
class About:
    """Recognises what is about a removed study.

    `removed` are its rows, `words` texts that no remaining row holds, `names` the entries that are
    removed with it.
    """

    study: str
    studies: Iterable[str]
    removed: Keys
    words: Iterable[str]
    names: set[str] = field(default_factory=set)

    def scalar(self, text: str) -> bool:
        """Whether a key or a name is one of those removed."""
        return text in self.names or (self.study in text.split("/") and " " not in text)

    def name(self, name: str) -> bool:
        """Whether an entry's name contains this study's key, rather than a longer one."""
        named = names_within(name)
        longer = [key for key in self.studies if self.study in key and key != self.study]
        return self.study in named and named.isdisjoint(longer)

    def text(self, text: str) -> bool:
        """Whether an expression or a template names the study, or a row, text or entry removed."""
        return self._rows.search(text) is not None or any(refers(text, n) for n in self.names)

    def definition(self, written: str) -> bool:
        """Whether a definition goes as a whole, since it is about the study without its lists."""
        alone = f"studies: [{self.study}]" in map(str.strip, written.split("\n"))
        left = pruned(written, lambda name, _: self.scalar(name)).partition(":")[2]
        return alone or self.text(left)

    @cached_property
    def _rows(self) -> re.Pattern[str]:
        """A pattern for the study's key, a removed row as a subscript, or a removed text."""
        parts = [as_word(self.study)]
        for table, keys in self.removed.items():
            if rows := "|".join(re.escape(k) for k in sorted(keys) if self.study not in k):
                parts.append(rf"\b{identifier(table)}\[[\"'](?:{rows})[\"']\]")
        if words := "|".join(map(re.escape, sorted(self.words))):
            parts.append(rf"[\"'](?:{words})[\"']")
        return re.compile("|".join(parts))


def refers(text: str, name: str) -> bool:
    """Whether an expression or a template uses an entry by its name."""
    if f"'{name}'" in text or f'"{name}"' in text:
        return True
    word = name.replace("-", "_")
    return "_" in word and re.search(rf"(?<![\w.]){word}(?!\w)", text) is not None


def _remove_definitions(edits: Edits, about: About) -> None:
    """Removes entries about the study alone and all that use them, and its name from lists."""
    about_it = _gone_entries(edits, about)
    emptied = {name for file, name in about_it if file == VALUES and _is_shown(edits, name)}
    gone = about_it - {(VALUES, name) for name in emptied}
    edits.add_line(f"data/{VALUES}: values that now give nothing", sorted(emptied))
    for path, text in edits.yaml.items():
        _remove_entries(edits, path, text, about, gone, emptied)
    for path, rows in edits.others.items():
        if lines := [row for row in rows if (path.name, row[0]) in gone]:
            edits.plain(path, [row for row in rows if row not in lines])
            edits.add_line(f"data/{LINES}: claims", [row[0] for row in lines])
    for path, text in edits.pages.items():
        edits.remaining += _remaining(edits.name(path), text, about)


def _is_shown(edits: Edits, name: str) -> bool:
    """Whether a page, or a definition that is no entry of its own, uses a value."""
    others = (text for path, text in edits.yaml.items() if path.name not in ENTRIES)
    return any(refers(text, name) for text in (*others, *edits.pages.values()))


def _remove_entries(
    edits: Edits, path: Path, text: str, about: About, gone: Entries, emptied: set[str]
) -> None:
    """Removes the entries of a definition file that are `gone`, and the study's name from lists."""
    after = _emptied(text, emptied) if path.name == VALUES else text
    read = ENTRIES.get(path.name, yaml_entries)
    entries = [e for e in read(after) if (path.name, e.name) in gone]
    lines = {entry.first for entry in entries}

    def goes(name: str, line: int) -> bool:
        return line in lines or (name not in emptied and about.scalar(name))

    after = pruned(after, goes)
    if after != text:
        edits.text(path, after)
        edits.add_line(f"data/{path.name}: entries", [entry.name for entry in entries])
        if not entries:
            less = text.count("\n") - after.count("\n")
            edits.lines.append(f"data/{path.name}: the study leaves {less} line(s)")
    edits.remaining += _remaining(f"data/{path.name}", after, about)


def _gone_entries(edits: Edits, about: About) -> Entries:
    """File and name of the entries about the study, and of those that use one of these."""
    gone: Entries = set()
    entries = list(_written(edits))
    size = -1
    while size != (size := len(gone)):
        for file, name, written in entries:
            is_about = about.text if file == LINES else about.definition
            if (file in OF_CLAIMS and about.name(name)) or is_about(written):
                gone.add((file, name))
                about.names.add(name)
    return gone


def _written(edits: Edits) -> Iterator[tuple[str, str, str]]:
    """File, name and text of what may be about a study."""
    for path, text in edits.yaml.items():
        lines = text.split("\n")
        for entry in ENTRIES[path.name](text) if path.name in ENTRIES else ():
            written = "\n".join(lines[entry.first : entry.last])
            yield path.name, entry.name, textwrap.dedent(written)
    for path, (header, *rows) in edits.others.items():
        for row in rows if path.name == LINES else ():
            cells = (cell for name, cell in zip(header, row, strict=False) if name not in SAID)
            yield LINES, row[0], "\n".join(cells)


def _emptied(text: str, names: set[str]) -> str:
    """The values file, with an expression without value for each value that a page still shows."""
    lines = text.split("\n")
    for entry in reversed([entry for entry in yaml_entries(text) if entry.name in names]):
        for part in [e for e in children(entry.node, lines) if e.name == "expression"]:
            indent = lines[part.first][: -len(lines[part.first].lstrip())]
            lines = [*lines[: part.first], f"{indent}{NOTHING}", *lines[part.last :]]
    return "\n".join(lines)


def _remaining(name: str, text: str, about: About) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), 1):
        if about.text(line) and not line.lstrip().startswith("#"):
            yield f"{name}:{number}: {line.strip()[:90]}"
