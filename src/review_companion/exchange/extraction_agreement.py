"""Compares two extractions of the same studies, cell by cell, for adjudication.

Compared are the resources whose rows come from a source, and in them every column but the key, the
study, the place and status of the evidence and the note. Rows are paired by key, then by likeness
within a study, since two people name their rows differently. A pair of cells is an item unless both
are blank.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from ..errors import CompanionError
from ..model import Locator, Origin, Row
from ..package.cell_checks import NUMBER, folded
from ..package.descriptor import TableSpec, sound_specs
from ..package.files import csv_bytes
from ..package.links import CORRECTION_COLUMNS, CORRECTIONS, LOCATORS, key_problems
from ..package.package import LOCATOR_COLUMNS, load_package, locator_of
from ..package.problems import errors
from ..stats.agreement import Kappa, kappa_of
from .study_rows import STUDIES, RowsByTable, paths, study_of_rows
from .workbook_reader import read_workbook

Grouped = Mapping[str, tuple[str, Row]]  # key -> study and cells

UNCOMPARED = {*LOCATOR_COLUMNS, "note"}
LEAST_LIKENESS = 0.5


class CellAgreement(StrEnum):
    """Whether two readings of a cell are the same."""

    SAME = "same"
    ROUNDED = "same with rounding"
    DIFFERENT = "different"


class CellReading(NamedTuple):
    """A cell as two extractors read it; `cell` and `locator` are of the second extraction."""

    cell: Origin
    first: str
    second: str
    likeness: CellAgreement
    locator: Locator | None


class ColumnAgreement(NamedTuple):
    """Agreement in a column; κ (of the cells as written) for enumerated ones of ten items."""

    resource: str
    column: str
    items: int
    same: int
    rounded: int
    kappa: Kappa | None


@dataclass(frozen=True)
class ExtractionComparison:
    """The comparison of two named extractions; `alone` says what only one of them has."""

    first: str
    second: str
    studies: tuple[str, ...]
    columns: list[ColumnAgreement]
    readings: list[CellReading]
    alone: list[str]

    @property
    def disagreements(self) -> list[CellReading]:
        """The readings that are not exactly the same, including those that differ by rounding."""
        return [r for r in self.readings if r.likeness is not CellAgreement.SAME]


class _Side(NamedTuple):
    """An extraction; `place` gives the locator of a cell, given the cell and its row."""

    name: str
    rows: RowsByTable
    studies: Mapping[str, Mapping[str, str]]
    study: str
    place: Callable[[Origin, Row], Locator | None]


def compare_extractions(first: Path, second: Path, schema: Path) -> ExtractionComparison:
    """Compares two package folders or extraction workbooks; `schema` is the folder of a package.

    Where a workbook holds one study, only that study is compared. Raises CompanionError for what
    cannot be read, and where the two have no study in common.
    """
    specs = sound_specs(schema)
    one, two = _side(first, specs), _side(second, specs)
    leading, studies = paths(specs), _common(one, two)
    whole = not (one.study or two.study)
    found = ExtractionComparison(one.name, two.name, studies, [], [], [])
    if whole:
        for side, other in ((one, two), (two, one)):
            found.alone.extend(_alone(side, other, STUDIES, side.rows.get(STUDIES, {}), studies))
    for spec in specs:
        if not _is_extracted(spec) or not (spec.name in one.studies or whole):
            continue
        mine, theirs = (_grouped(spec.name, side, studies) for side in (one, two))
        parent = leading.get(spec.name, ("", ""))[0]
        names = [c for c in spec.columns if c not in {*UNCOMPARED, spec.key, parent}]
        pairs = dict(pair_rows(mine, theirs, names))
        readings = list(_readings(spec.name, names, pairs, one, two))
        found.readings.extend(readings)
        found.columns.extend(_agreements(spec, names, readings))
        found.alone.extend(_alone(one, two, spec.name, mine, pairs))
        found.alone.extend(_alone(two, one, spec.name, theirs, set(pairs.values())))
    return found


def _alone(
    has: _Side, lacks: _Side, resource: str, keys: Iterable[str], paired: Container[str]
) -> Iterator[str]:
    """A line for each row without a counterpart, and for each study."""
    for key in (key for key in keys if key not in paired):
        row = f"only in {has.name}: {resource}[{key}]"
        yield f"{lacks.name} lacks the study {key}" if resource == STUDIES else row


def _side(path: Path, specs: Sequence[TableSpec]) -> _Side:
    if path.is_dir():
        package = load_package(path).as_in_files
        rows: RowsByTable = {r.name: r.rows for r in package}
        studies = study_of_rows(specs, rows)
        return _Side(str(path), rows, studies, "", lambda cell, row: package.locator(cell))
    book = read_workbook(path, specs)
    of_keys = chain.from_iterable(map(key_problems, book.tables.values()))
    if wrong := errors([*book.problems, *of_keys]):
        raise CompanionError("\n".join(map(str, wrong)), where=str(path))
    rows = {name: table.by_key for name, table in book.tables.items()}
    studies = study_of_rows(specs, rows)
    return _Side(book.name, rows, studies, book.study, lambda cell, row: locator_of(row))


def _common(one: _Side, two: _Side) -> tuple[str, ...]:
    studies = [s for s in two.rows.get(STUDIES, {}) if s in one.rows.get(STUDIES, {})]
    chosen = tuple(s for s in studies if {one.study, two.study} <= {"", s})
    if not chosen:
        where = f"{one.name}, {two.name}"
        raise CompanionError("the two extractions have no study in common", where=where)
    return chosen


def _is_extracted(spec: TableSpec) -> bool:
    return set(LOCATOR_COLUMNS) <= set(spec.columns) and spec.name not in (LOCATORS, CORRECTIONS)


def _grouped(resource: str, side: _Side, studies: tuple[str, ...]) -> dict[str, tuple[str, Row]]:
    """Key -> study and row, of the compared studies and of rows that belong to no study."""
    mine, belongs = side.rows.get(resource, {}).items(), side.studies.get(resource)
    found = {k: (belongs[k] if belongs else "", row) for k, row in mine}
    return {k: v for k, v in found.items() if v[0] in studies or belongs is None}


def pair_rows(first: Grouped, second: Grouped, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs rows that share a key, then the most alike of a study: their keys.

    Likeness is the share of columns, among those given in either row, in which the cells are
    equal; rows less than half alike are not paired. Equally alike rows are paired in order.
    """
    same = [key for key in first if key in second and first[key][0] == second[key][0]]
    yield from ((key, key) for key in same)
    left, right = ([key for key in rows if key not in same] for rows in (first, second))
    candidates = [
        (-_likeness(first[one][1], second[two][1], columns), i, j)
        for i, one in enumerate(left)
        for j, two in enumerate(right)
        if first[one][0] == second[two][0]
    ]
    ours, theirs = set[int](), set[int]()
    for likeness, i, j in sorted(candidates):
        if -likeness >= LEAST_LIKENESS and i not in ours and j not in theirs:
            ours.add(i)
            theirs.add(j)
            yield left[i], right[j]


def _likeness(one: Row, two: Row, columns: Sequence[str]) -> float:
    pairs = [(one.get(c, ""), two.get(c, "")) for c in columns]
    given = [a == b for a, b in pairs if a or b]
    return sum(given) / len(given) if given else 0.0


def _readings(
    resource: str, columns: Sequence[str], pairs: Mapping[str, str], one: _Side, two: _Side
) -> Iterator[CellReading]:
    for first, second in pairs.items():
        left, right = one.rows[resource][first], two.rows[resource][second]
        for column in columns:
            before, after = left.get(column, ""), right.get(column, "")
            if before or after:
                cell = Origin(resource, second, column)
                yield CellReading(cell, before, after, judge(before, after), two.place(cell, right))


def judge(first: str, second: str) -> CellAgreement:
    """Numbers agree with rounding where the coarser is a rounding of the finer, either way.

    Text is the same whatever its case, dashes and white space.
    """
    if first == second:
        return CellAgreement.SAME
    if NUMBER.fullmatch(first) and NUMBER.fullmatch(second):
        places = [len(n.partition(".")[2]) for n in (first, second)]
        half = Decimal(5).scaleb(-min(places) - 1)
        close = abs(Decimal(first) - Decimal(second)) <= half and places[0] != places[1]
        return CellAgreement.ROUNDED if close else CellAgreement.DIFFERENT
    return CellAgreement.SAME if folded(first) == folded(second) else CellAgreement.DIFFERENT


def _agreements(
    spec: TableSpec, columns: Sequence[str], readings: Sequence[CellReading]
) -> Iterator[ColumnAgreement]:
    for column in columns:
        if items := [reading for reading in readings if reading.cell.column == column]:
            field, found = spec.field(column), [reading.likeness for reading in items]
            coded = field.get("type") == "boolean" or "enum" in field.get("constraints", {})
            kappa = kappa_of([r.first for r in items], [r.second for r in items]) if coded else None
            same, rounded = found.count(CellAgreement.SAME), found.count(CellAgreement.ROUNDED)
            yield ColumnAgreement(spec.name, column, len(items), same, rounded, kappa)


def report(comparison: ExtractionComparison) -> str:
    """Agreement per column, then every disagreement with its place, as plain text."""
    from tabulate import tabulate

    parts = [f"{comparison.first} and {comparison.second}: {', '.join(comparison.studies)}"]
    if differing := [_row(c) for c in comparison.columns if c.same < c.items]:
        titles = ["resource", "column", "items", "same", "with rounding", "agree", "κ (95% CI)"]
        parts.append(tabulate(differing, titles, disable_numparse=True))
    if same := [c.items for c in comparison.columns if c.same == c.items]:
        parts.append(f"{len(same)} column(s) with {sum(same)} items are the same throughout")
    if comparison.disagreements:
        titles = ["cell", comparison.first, comparison.second, "", "printed in"]
        rows = [
            [str(r.cell), r.first, r.second, r.likeness.value, str(r.locator or "")]
            for r in comparison.disagreements
        ]
        parts.append(tabulate(rows, titles, disable_numparse=True))
    return "\n\n".join(parts) + "".join(f"\n{one}" for one in comparison.alone) + "\n"


def _row(column: ColumnAgreement) -> list[str]:
    """The cells of a column's row; readings that differ by rounding alone agree."""
    *counts, kappa = column
    percent = 100 * (column.same + column.rounded) / column.items
    limits = f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})" if kappa else ""
    return [*map(str, counts), f"{percent:.0f}%", limits]


def adjudication_csv(comparison: ExtractionComparison) -> bytes:
    """One line per different cell, in the form of `corrections.csv`, with the decision left blank.

    `from` is what the second extraction has (by default `data/`), `reason` gives both readings.
    Whoever adjudicates deletes the lines whose `from` is right, and fills in `to`, `who` and `date`
    in the others, which then can be appended to the corrections of the second package.
    """
    rows = []
    for cell, first, second, likeness, _ in comparison.readings:
        if likeness is CellAgreement.DIFFERENT:
            said = f"{comparison.first} reads “{first}”; {comparison.second} reads “{second}”"
            values = ("agree/" + "/".join(cell), *cell, second, "", said, "", "")
            rows.append(dict(zip(CORRECTION_COLUMNS, values, strict=True)))
    return csv_bytes(CORRECTION_COLUMNS, rows)
