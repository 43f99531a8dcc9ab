"""A change of many files, shown before it is made and made as a whole; tidying; an added column.

An added column is a line of `schema.yml` or `review.yml` and an empty cell in each row. Entries and
list items are removed from the text of YAML, and every other line of it is kept.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate
from keyword import iskeyword
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ..errors import CompanionError, require_known
from ..model import Row
from ..package.descriptor import TableSpec, has_schema, sound_specs
from ..package.files import csv_bytes, csv_text, read_rows, read_text
from ..package.generated import BIBLIOGRAPHY, refresh, stale_bibliography
from ..package.package import Package, load_package
from ..package.problems import errors
from ..package.schema import PLACE, SCHEMA, TYPES
from ..package.tolerant_csv import read_file
from ..package.yaml_files import REVIEW, read_yaml, starts_from_defaults
from ..package.yaml_nodes import LOADER, parse_yaml
from ..writing import write_files
from .study_rows import RowsByTable

PAGES = ("_quarto*.yml", "*.md", "notebooks/*.ipynb")
NAME = re.compile(r"[a-z][a-z0-9_]*")
OF_A_CLAIM = ("section", "fragment", "label", "printed")

Gone = Callable[[str, int], bool]
TextEdit = tuple[int, int, str]  # first and last character, and the text in their place


@dataclass
class Edits:
    """A review's files, and what a command would do to them.

    Its tables, other CSV files (with header; not empty ones), YAML files and pages are as they are
    now; `files` as they will be. `lines` say what changes, `remaining` what is left for its author
    to do.
    """

    root: Path
    package: Package
    others: Mapping[Path, list[list[str]]]
    yaml: Mapping[Path, str]
    pages: Mapping[Path, str]
    files: dict[Path, bytes] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    remaining: list[str] = field(default_factory=list)

    @property
    def keyed(self) -> RowsByTable:
        """Table -> key -> cells."""
        return {table.name: table.rows for table in self.package}

    def name(self, path: Path) -> str:
        """A file's path as the review's author writes it."""
        return path.relative_to(self.root).as_posix()

    def table(self, spec: TableSpec, rows: Iterable[Row]) -> None:
        """Sets the rows that a table will have."""
        path = self.root / "data" / spec.path
        self.files[path] = csv_bytes(spec.columns, rows, path.read_bytes())

    def plain(self, path: Path, rows: Iterable[Sequence[str]]) -> None:
        """Sets the rows, header first, of a CSV file that is not a table of the package."""
        self.files[path] = csv_text(rows).encode("utf-8")

    def text(self, path: Path, text: str) -> None:
        """Sets the text that a file will have."""
        self.files[path] = text.encode("utf-8")

    def add_line(self, what: str, names: Sequence[str]) -> None:
        """Adds a line that says how many of something change, and names them."""
        if names:
            self.lines.append(f"{what}: {len(names)}: {', '.join(names)}")

    def __str__(self) -> str:
        left = ["", "left to you, since only an author can say what it is to be:", *self.remaining]
        return "\n".join([*self.lines, *(left if self.remaining else [])])

    def write(self) -> None:
        """Writes the files, then those that are generated from them and were up to date."""
        was_stale = bibliography_anew(self.root)
        write_files(self.files)
        refresh(self.root / "data")
        if not was_stale:
            write_files(bibliography_anew(self.root))


def bibliography_anew(root: Path) -> dict[Path, bytes]:
    """The bibliography as it will be, if it was made of other data than there are now."""
    with suppress(CompanionError):
        if text := stale_bibliography(root, load_package(root / "data")):
            return {root / BIBLIOGRAPHY: text.encode("utf-8")}
    return {}


def edits_of(root: Path) -> Edits:
    """Reads all that a command may have to change; raises CompanionError for faulty data."""
    data = root / "data"
    try:
        package = load_package(data).as_in_files
    except CompanionError as error:
        hint = "nothing was changed; `companion check` lists what must be corrected first"
        raise CompanionError(error.what, where=error.where, hint=hint) from None
    declared = {data / table.path for table in package}
    undeclared = [p for p in sorted(data.rglob("*.csv")) if p not in declared]
    others = {path: rows for path in undeclared if (rows := read_rows(path))}
    written = {p: read_text(p) for p in sorted(data.glob("*.yml")) if p.name != SCHEMA}
    for path, text in written.items():
        parse_yaml(text, path.relative_to(root).as_posix())
    pages = {p: read_text(p) for pattern in PAGES for p in sorted(root.glob(pattern))}
    return Edits(root, package, others, written, pages)


def tidied(folder: Path) -> tuple[Mapping[Path, bytes], list[str]]:
    """The files of a package as they will be, if different, and why others cannot be tidied.

    Nothing is guessed: only values whose meaning is certain are rewritten.
    """
    files: dict[Path, bytes] = {}
    remaining: list[str] = []
    declared = {folder / spec.path: spec for spec in sound_specs(folder)}
    for path in [*declared, *sorted(set(folder.rglob("*.csv")) - declared.keys())]:
        try:
            after = _tidy(path, declared.get(path))
        except CompanionError as error:
            remaining.append(str(error))
            continue
        before = path.read_bytes()
        if after != before and (path in declared or before.startswith(BOM_UTF8) or b"\r" in before):
            files[path] = after
    return files, remaining


def _tidy(path: Path, spec: TableSpec | None) -> bytes:
    if spec is None:
        return csv_text(read_rows(path)).encode("utf-8")
    table, problems = read_file(path, spec.columns, spec.meant)
    if table is None or errors(problems):
        raise CompanionError(str(errors(problems)[0]))
    return csv_bytes(spec.columns, [cells for _, cells in table.rows], path.read_bytes())


def new_column(root: Path, table: str, name: str, kind: str, about: str) -> Edits:
    """The edits that add a column; raises CompanionError where table or name do not allow it."""
    if not has_schema(root / "data"):
        raise CompanionError(f"there is no {SCHEMA}", where="data", hint="a column is a line of it")
    edits = edits_of(root)
    tables = edits.package.resources
    require_known(table, tables, "there is no table")
    spec = tables[table]
    require_name(name)
    if name in spec.columns:
        raise CompanionError(f"there is a column “{name}” already", where=f"data/{spec.path}")
    line = _declare(edits, spec, f"{name}: {{{_holds(kind, about)}}}")
    before = _first_of_place(root / "data", spec)
    columns = [*spec.columns[:before], name, *spec.columns[before:]]
    body = [[row.get(c, "") for c in columns] for row in spec.rows.values()]
    edits.plain(root / "data" / spec.path, [columns, *body])
    edits.lines = [line, f"data/{spec.path}: the column {name}, empty in {len(body)} row(s)"]
    return edits


def require_name(name: str, where: str | None = None) -> None:
    """Raises CompanionError for a text that cannot be the name of a column."""
    if not NAME.fullmatch(name) or iskeyword(name):
        hint = "small letters, digits and _, such as median_dose"
        hint = "it is a word of the language of expressions" if iskeyword(name) else hint
        raise CompanionError(f"“{name}” cannot be a column's name", where=where, hint=hint)


def _first_of_place(data: Path, spec: TableSpec) -> int:
    """Where to put a new column: before those that say where the row is printed, or last."""
    schema = read_yaml(data / SCHEMA)
    place = list(schema.get(PLACE) or ())
    used = PLACE in schema["tables"][spec.name]["columns"]
    return spec.columns.index(place[0]) if used and place else len(spec.columns)


def _declare(edits: Edits, spec: TableSpec, line: str) -> str:
    """Writes the column's line into the schema, or into `review.yml`; returns what was done."""
    data = edits.root / "data"
    path, names = data / SCHEMA, ["tables", spec.name, "columns"]
    starts = starts_from_defaults(data)
    if starts and spec.name == "studies":
        path, names = data / REVIEW, ["characteristics"]
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else [""]
    at, new = _place_for(lines, names, line, starts)
    edits.text(path, "\n".join([*lines[:at], *new, *lines[at:]]))
    return f"{edits.name(path)}:{at + len(new)}: {line}"


def yaml_text(text: str) -> str:
    """A text as YAML writes it."""
    return json.dumps(text, ensure_ascii=False)


def _holds(kind: str, about: str) -> str:
    return ", ".join(filter(None, [kind if kind in TYPES else "", f"about: {yaml_text(about)}"]))


def _place_for(
    lines: list[str], names: list[str], line: str, may_begin: bool
) -> tuple[int, list[str]]:
    """The index of the line before which to insert, and the lines to insert.

    `names` lead to the columns. Where these keys are not all there, the missing ones are written
    too if the review starts from defaults; otherwise that is a CompanionError.
    """
    parts, depth, last = yaml_entries("\n".join(lines)), 0, len(lines) - (lines[-1:] == [""])
    for name in names:
        found = next((entry for entry in parts if entry.name == name), None)
        if found is None:
            break
        last, depth = found.last, depth + 1
        parts = [e for e in children(found.node, lines) if e.first > found.first]
    columns = parts if depth == len(names) else []
    if not columns and (not may_begin or depth == len(names)):
        hint = "write its columns one a line, or add the column yourself"
        raise CompanionError(f"no columns below {': '.join(names)}", where=SCHEMA, hint=hint)
    missing = [f"{word}:" for word in names[depth:]] + [line]
    neighbour = lines[columns[0].first] if columns else "  " * depth
    first = len(neighbour) - len(neighbour.lstrip(" "))
    new = [f"{' ' * (first + 2 * step)}{text}" for step, text in enumerate(missing)]
    placed = next((c.first for c in columns if c.name == PLACE), None)
    return (last if placed is None else placed), new


class YamlEntry(NamedTuple):
    """A named entry of a mapping, with its lines (`last` is excluded)."""

    name: str
    node: Any
    first: int
    last: int


def require_plain_aliases(text: str, file: str, edited: str | None = None) -> None:
    """Raises CompanionError for a part of YAML text that repeats another one, which may go.

    A text that an entry repeats (`macros: *words`) may stay, as long as the `edited` file has it.
    """
    texts, known = set[str](), _anchors(text if edited is None else edited)
    for event in yaml.parse(text, LOADER):
        mark: Any = event.start_mark
        if isinstance(event, yaml.ScalarEvent) and event.anchor in known:
            texts.add(event.anchor)
        if isinstance(event, yaml.AliasEvent):
            line = text.split("\n")[mark.line]
            if event.anchor not in texts or not re.fullmatch(r"\s*[\w-]+:\s+\*\S+\s*", line):
                what = f"*{event.anchor} repeats another part of the file"
                hint = "nothing was changed; write out here what it repeats"
                raise CompanionError(what, where=f"{file}:{mark.line + 1}", hint=hint)


def _anchors(text: str) -> set[str]:
    events = (e for e in yaml.parse(text, LOADER) if not isinstance(e, yaml.AliasEvent))
    return {anchor for event in events if (anchor := getattr(event, "anchor", None))}


def yaml_entries(text: str) -> list[YamlEntry]:
    """The entries of a mapping in YAML text; none for any other text."""
    root = yaml.compose(text, LOADER)
    return list(children(root, text.split("\n"))) if root else []


def children(node: Any, lines: Sequence[str]) -> Iterator[YamlEntry]:
    """The entries of a mapping, or the items of a list, by their text."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    if isinstance(node, yaml.SequenceNode):
        pairs = [(item, item) for item in node.value]
    for key, value in pairs:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        is_alias = value.start_mark.line < key.start_mark.line
        last = key.start_mark.line + 1 if is_alias else _end(value, lines)
        while last > key.start_mark.line + 1 and _is_between(lines[last - 1]):
            last -= 1
        yield YamlEntry(name, value, key.start_mark.line, last)


def _end(node: Any, lines: Sequence[str]) -> int:
    """The line before which a node ends; a block ends where the next thing begins."""
    style = node.style if isinstance(node, yaml.ScalarNode) else "" if node.flow_style else "|"
    end = node.end_mark
    at_the_end = end.line == len(lines) - 1 and end.column == len(lines[-1])
    return int(end.line) + (style not in ("|", ">") or at_the_end)


def _is_between(line: str) -> bool:
    """Whether a line is blank or a comment: after an entry it does not belong to it."""
    return not line.strip() or line.lstrip().startswith("#")


def claim_entries(text: str) -> Iterator[YamlEntry]:
    """The claims of a claims.yml, whether or not they are below a section."""
    lines = text.split("\n")
    for entry in yaml_entries(text):
        inner = list(children(entry.node, lines))
        yield from [entry] if any(e.name in OF_A_CLAIM for e in inner) else inner


def pruned(text: str, gone: Gone) -> str:
    """The text without the entries and items that are `gone`, and what would be empty without them.

    `gone` is called with each key and each item of a list, and its line from 0.
    """
    root = yaml.compose(text, LOADER)
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    edits, is_empty = _edits(root, text, lines, starts, gone)
    if is_empty:
        return ""
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def _edits(
    node: Any, text: str, lines: Sequence[str], starts: Sequence[int], gone: Gone
) -> tuple[list[TextEdit], bool]:
    """The edits of a mapping or list, and whether all of it is removed."""
    edits: list[TextEdit] = []
    parts = list(children(node, lines)) if node else []
    kept = []
    for part in parts:
        inner, is_empty = _edits(part.node, text, lines, starts, gone)
        if is_empty or gone(part.name, part.first):
            edits.append((starts[part.first], min(starts[part.last], len(text)), ""))
        else:
            kept.append(part.node)
            edits += inner
    if parts and node.flow_style and len(kept) < len(parts):
        items = ", ".join(text[n.start_mark.index : n.end_mark.index] for n in kept)
        edits = [(node.start_mark.index + 1, node.end_mark.index - 1, items)]
    return edits, bool(parts) and not kept
