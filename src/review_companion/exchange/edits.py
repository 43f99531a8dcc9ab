"""A change of many files, shown before it is made and made as a whole; tidying."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import CompanionError
from ..model import Row
from ..package.descriptor import TableSpec, sound_specs
from ..package.files import csv_bytes, csv_text, read_rows, read_text
from ..package.generated import BIBLIOGRAPHY, refresh, stale_bibliography
from ..package.package import Package, load_package
from ..package.problems import errors
from ..package.schema import SCHEMA
from ..package.tolerant_csv import read_file
from ..package.yaml_nodes import parse_yaml
from ..writing import write_files
from .study_rows import RowsByTable

PAGES = ("_quarto*.yml", "*.md", "notebooks/*.ipynb")


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
