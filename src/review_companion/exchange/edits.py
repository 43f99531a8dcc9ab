"""A change of many files, shown before it is made and made as a whole; and tidying."""

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
from ..package.generated import BIBLIOGRAPHY, generated, refresh
from ..package.problems import errors
from ..package.schema import SCHEMA
from ..package.tolerant_csv import read_file
from ..package.yaml_nodes import parse_yaml
from ..writing import write_files

PAGES = ("_quarto*.yml", "*.md", "notebooks/*.ipynb")


@dataclass(frozen=True)
class Project:
    """A review's files: its tables, other CSV files (with header), YAML files and pages."""

    root: Path
    specs: Sequence[TableSpec]
    rows: Mapping[str, Sequence[Row]]
    others: Mapping[Path, list[list[str]]]
    yaml: Mapping[Path, str]
    pages: Mapping[Path, str]

    @property
    def keyed(self) -> Mapping[str, Mapping[str, Row]]:
        """Table -> key -> cells."""
        return {s.name: {row[s.key]: row for row in self.rows[s.name]} for s in self.specs}

    def name(self, path: Path) -> str:
        """A file's path as the review's author writes it."""
        return path.relative_to(self.root).as_posix()


@dataclass
class Edits:
    """What a command would do: the files as they will be, what changes, what remains to be done."""

    project: Project
    files: dict[Path, bytes] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    remaining: list[str] = field(default_factory=list)

    def table(self, spec: TableSpec, rows: Iterable[Row]) -> None:
        """Sets the rows that a table will have."""
        path = self.project.root / "data" / spec.path
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
        root, bibliography = self.project.root, self.project.root / BIBLIOGRAPHY
        followed = bibliography.is_file() and bibliography.read_text("utf-8") == _bibliography(root)
        write_files(self.files)
        refresh(root / "data")
        if followed and (made := _bibliography(root)):
            write_files({bibliography: made.encode("utf-8")})


def _bibliography(root: Path) -> str:
    """The bibliography that the data give; "" where they have no references."""
    with suppress(CompanionError):
        return generated(root)[BIBLIOGRAPHY]
    return ""


def read_project(root: Path) -> Project:
    """Reads all that a command may have to change; raises CompanionError for faulty data."""
    data = root / "data"
    specs = sound_specs(data)
    try:
        rows = {spec.name: _rows(data / spec.path, spec) for spec in specs}
    except CompanionError as error:
        hint = "nothing was changed; `companion check` lists what must be corrected first"
        raise CompanionError(error.what, hint=hint) from None
    declared = {data / spec.path for spec in specs}
    others = {p: read_rows(p) for p in sorted(data.rglob("*.csv")) if p not in declared}
    written = {p: read_text(p) for p in sorted(data.glob("*.yml")) if p.name != SCHEMA}
    for path, text in written.items():
        parse_yaml(text, path.relative_to(root).as_posix())
    pages = {p: read_text(p) for pattern in PAGES for p in sorted(root.glob(pattern))}
    return Project(root, specs, rows, others, written, pages)


def _rows(path: Path, spec: TableSpec) -> list[Row]:
    table, problems = read_file(path, spec.columns, spec.meant)
    if table is None or errors(problems):
        raise CompanionError(str(errors(problems)[0]))
    return [cells for _, cells in table.rows]


def tidied(folder: Path) -> tuple[Mapping[Path, bytes], list[str]]:
    """The files of a package as they will be, if different, and why others cannot be tidied.

    Nothing is guessed: only values whose meaning is certain are rewritten.
    """
    files: dict[Path, bytes] = {}
    remaining: list[str] = []
    declared = {folder / spec.path: spec for spec in sound_specs(folder)}
    for path in [*declared, *sorted(set(folder.rglob("*.csv")) - declared.keys())]:
        try:
            if spec := declared.get(path):
                after = csv_bytes(spec.columns, _rows(path, spec), path.read_bytes())
            else:
                after = csv_text(read_rows(path)).encode("utf-8")
        except CompanionError as error:
            remaining.append(str(error))
            continue
        before = path.read_bytes()
        if after != before and (spec or before.startswith(BOM_UTF8) or b"\r" in before):
            files[path] = after
    return files, remaining
