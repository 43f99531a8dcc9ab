"""Compares two extractions of the same studies, cell by cell.

Compared are the resources whose rows come from a source, and in them every column but the key,
the study, the place and status of the evidence and the note. Rows are paired by key, then by
likeness within a study, since two people name their rows differently. A pair of cells is an item
unless both are blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from ..errors import CompanionError
from ..model import Locator, Origin, Row
from ..package.cell_checks import NUMBER, folded
from ..package.corrections import RESOURCE as CORRECTIONS
from ..package.descriptor import TableSpec, sound_specs
from ..package.links import LOCATORS
from ..package.package import LOCATOR_COLUMNS, Package, load_package, locator_of
from ..package.problems import errors
from ..stats.agreement import Kappa, agreement
from .ownership import Ownership, Rows, ownership
from .pairing import Pairs, pair_rows
from .reading import read_workbook

UNCOMPARED = {*LOCATOR_COLUMNS, "note"}


class Likeness(StrEnum):
    """How two readings of a cell compare."""

    SAME = "same"
    ROUNDED = "same with rounding"
    DIFFERENT = "different"


@dataclass(frozen=True)
class CellReading:
    """A cell as two extractors read it; `cell` names it in the second extraction."""

    cell: Origin
    first: str
    second: str
    outcome: Likeness
    locator: Locator | None = None


@dataclass(frozen=True)
class ColumnAgreement:
    """Agreement in a column; κ (of the cells as written) for enumerated ones of ten items."""

    resource: str
    column: str
    items: int
    same: int
    rounded: int
    kappa: Kappa | None

    @property
    def percent(self) -> Fraction:
        """Percent agreement, readings that differ by rounding alone included."""
        return Fraction(100 * (self.same + self.rounded), self.items)


@dataclass(frozen=True)
class Comparison:
    """Two extractions compared; rows (resource, key) that only one of them has stand apart, and
    so do studies that one of them lacks."""

    first: str
    second: str
    studies: tuple[str, ...]
    columns: tuple[ColumnAgreement, ...]
    readings: tuple[CellReading, ...]
    only_first: tuple[tuple[str, str], ...]
    only_second: tuple[tuple[str, str], ...]
    missing_first: tuple[str, ...] = ()
    missing_second: tuple[str, ...] = ()

    @property
    def disagreements(self) -> tuple[CellReading, ...]:
        """The readings that are not the same, those that differ by rounding included."""
        return tuple(r for r in self.readings if r.outcome is not Likeness.SAME)


@dataclass(frozen=True)
class _Side:
    name: str
    rows: Rows
    study: str
    package: Package | None


def compare(first: Path, second: Path, schema: Path) -> Comparison:
    """Compares two package folders or extraction workbooks; `schema` is the folder of a package.

    Where a workbook holds one study, only that study is compared. Raises CompanionError for what
    cannot be read, and where the two have no study in common.
    """
    specs = sound_specs(schema)
    one, two = _side(first, specs), _side(second, specs)
    owner = ownership(specs)
    studies = _common(one, two)
    alone = bool(one.study or two.study)
    compared = [s for s in specs if _is_extracted(s) and (owner.owned(s.name) or not alone)]
    pairs = {s.name: _pairs(s, one, two, owner, studies) for s in compared}
    readings = [r for s in compared for r in _readings(s, pairs[s.name], one, two, owner)]
    return Comparison(
        one.name,
        two.name,
        studies,
        tuple(_agreements(compared, readings)),
        tuple(readings),
        tuple((s.name, key) for s in compared for key in pairs[s.name].only_first),
        tuple((s.name, key) for s in compared for key in pairs[s.name].only_second),
        *(_lacking(side, other) if not alone else () for side, other in ((one, two), (two, one))),
    )


def _lacking(side: _Side, other: _Side) -> tuple[str, ...]:
    """The studies of the other extraction that one has not."""
    return tuple(s for s in other.rows.get("studies", {}) if s not in side.rows.get("studies", {}))


def _side(path: Path, specs: Sequence[TableSpec]) -> _Side:
    if path.is_dir():
        package = load_package(path).as_in_files
        return _Side(str(path), {r.name: r.rows for r in package}, "", package)
    book = read_workbook(path, specs)
    if wrong := errors(book.problems):
        raise CompanionError("\n".join(map(str, wrong)), where=str(path))
    rows = {name: table.by_key for name, table in book.tables.items()}
    return _Side(book.name, rows, book.study, None)


def _common(one: _Side, two: _Side) -> tuple[str, ...]:
    studies = [s for s in two.rows.get("studies", {}) if s in one.rows.get("studies", {})]
    chosen = tuple(s for s in studies if {one.study, two.study} <= {"", s})
    if not chosen:
        raise CompanionError(
            "the two extractions have no study in common", where=f"{one.name}, {two.name}"
        )
    return chosen


def _is_extracted(spec: TableSpec) -> bool:
    return set(LOCATOR_COLUMNS) <= set(spec.columns) and spec.name not in (LOCATORS, CORRECTIONS)


def _pairs(
    spec: TableSpec, one: _Side, two: _Side, owner: Ownership, studies: tuple[str, ...]
) -> Pairs:
    columns = _compared_columns(spec, owner)
    first, second = (_grouped(spec.name, side, owner, studies) for side in (one, two))
    return pair_rows(first, second, columns)


def _grouped(
    resource: str, side: _Side, owner: Ownership, studies: tuple[str, ...]
) -> dict[str, tuple[str, Row]]:
    """Key -> study and row, of the compared studies and of those rows that belong to none."""
    mine = side.rows.get(resource, {}).items()
    found = {k: (owner.study(resource, k, row, side.rows), row) for k, row in mine}
    return {k: v for k, v in found.items() if v[0] in studies or not owner.owned(resource)}


def _compared_columns(spec: TableSpec, owner: Ownership) -> tuple[str, ...]:
    parent = owner.paths.get(spec.name, ("", ""))[0]
    left_out = {*UNCOMPARED, spec.columns[0], parent}
    return tuple(c for c in spec.columns if c not in left_out)


def _readings(
    spec: TableSpec, pairs: Pairs, one: _Side, two: _Side, owner: Ownership
) -> Iterator[CellReading]:
    for first, second in pairs.matched:
        left, right = one.rows[spec.name][first], two.rows[spec.name][second]
        for column in _compared_columns(spec, owner):
            before, after = left.get(column, ""), right.get(column, "")
            if before or after:
                cell = Origin(spec.name, second, column)
                locator = two.package.locator(cell) if two.package else locator_of(right)
                yield CellReading(cell, before, after, judge(before, after), locator)


def judge(first: str, second: str) -> Likeness:
    """Numbers agree with rounding where the coarser is a rounding of the finer, either way.

    Text is the same whatever its case, dashes and white space.
    """
    if first == second:
        return Likeness.SAME
    if NUMBER.fullmatch(first) and NUMBER.fullmatch(second):
        return _judge_numbers(first, second)
    return Likeness.SAME if folded(first) == folded(second) else Likeness.DIFFERENT


def _judge_numbers(first: str, second: str) -> Likeness:
    places = [len(n.partition(".")[2]) for n in (first, second)]
    half = Decimal(5).scaleb(-min(places) - 1)
    close = abs(Decimal(first) - Decimal(second)) <= half
    return Likeness.ROUNDED if close and places[0] != places[1] else Likeness.DIFFERENT


def _agreements(
    specs: Iterable[TableSpec], readings: Sequence[CellReading]
) -> Iterator[ColumnAgreement]:
    grouped: dict[tuple[str, str], list[CellReading]] = {}
    for reading in readings:
        grouped.setdefault((reading.cell.resource, reading.cell.column), []).append(reading)
    for spec in specs:
        for descriptor in spec.fields:
            items = grouped.get((spec.name, descriptor["name"]), [])
            if items:
                yield _column(items, _is_enumerated(descriptor))


def _is_enumerated(descriptor: Mapping[str, object]) -> bool:
    limits = descriptor.get("constraints", {})
    listed = isinstance(limits, Mapping) and "enum" in limits
    return listed or descriptor.get("type") == "boolean"


def _column(items: Sequence[CellReading], enumerated: bool) -> ColumnAgreement:
    same, rounded = (sum(r.outcome is o for r in items) for o in (Likeness.SAME, Likeness.ROUNDED))
    kappa = None
    if enumerated:
        kappa = agreement([r.first for r in items], [r.second for r in items]).kappa
    cell = items[0].cell
    return ColumnAgreement(cell.resource, cell.column, len(items), same, rounded, kappa)
