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
from typing import NamedTuple

from ..errors import CompanionError
from ..model import Locator, Origin, Row
from ..package.cell_checks import NUMBER, folded
from ..package.corrections import RESOURCE as CORRECTIONS
from ..package.descriptor import TableSpec, sound_specs
from ..package.links import LOCATORS
from ..package.package import LOCATOR_COLUMNS, Package, load_package, locator_of
from ..package.problems import errors
from ..stats.agreement import Kappa, kappa_of
from .ownership import STUDIES, Ownership, Rows, ownership
from .reading import read_workbook

Grouped = Mapping[str, tuple[str, Row]]  # key -> study and cells

UNCOMPARED = {*LOCATOR_COLUMNS, "note"}
LEAST_LIKENESS = 0.5


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


class Alone(NamedTuple):
    """A row, or a study (`resource` is then "studies"), that one extraction alone has."""

    has: str
    lacks: str
    resource: str
    key: str


@dataclass(frozen=True)
class Comparison:
    """Two extractions, by their names, compared; `alone` is what only one of them has."""

    first: str
    second: str
    studies: tuple[str, ...]
    columns: tuple[ColumnAgreement, ...]
    readings: tuple[CellReading, ...]
    alone: tuple[Alone, ...]

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
    owner, studies = ownership(specs), _common(one, two)
    whole = not (one.study or two.study)
    compared = [s for s in specs if _is_extracted(s) and (owner.owned(s.name) or whole)]
    readings: list[CellReading] = []
    columns: list[ColumnAgreement] = []
    ours, others = (side.rows.get(STUDIES, {}) for side in (one, two))
    alone = _alone(one, two, STUDIES, ours, others) if whole else []
    for spec in compared:
        mine, theirs = (_grouped(spec.name, side, owner, studies) for side in (one, two))
        pairs = dict(pair_rows(mine, theirs, names := _compared_columns(spec, owner)))
        found = list(_readings(spec.name, names, pairs, one, two))
        readings += found
        columns += _agreements(spec, found)
        alone += _alone(one, two, spec.name, mine, theirs, pairs)
    return Comparison(one.name, two.name, studies, tuple(columns), tuple(readings), tuple(alone))


def _alone(
    one: _Side, two: _Side, resource: str, mine: Iterable[str], theirs: Iterable[str],
    pairs: Mapping[str, str] | None = None,
) -> list[Alone]:  # fmt: skip
    """What has no counterpart: `pairs` are keys of rows that belong together, else equal ones."""
    pairs = {key: key for key in theirs} if pairs is None else pairs
    others = {pairs[key] for key in mine if key in pairs}
    found = [Alone(one.name, two.name, resource, key) for key in mine if key not in pairs]
    return found + [Alone(two.name, one.name, resource, key) for key in theirs if key not in others]


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
    studies = [s for s in two.rows.get(STUDIES, {}) if s in one.rows.get(STUDIES, {})]
    chosen = tuple(s for s in studies if {one.study, two.study} <= {"", s})
    if not chosen:
        raise CompanionError(
            "the two extractions have no study in common", where=f"{one.name}, {two.name}"
        )
    return chosen


def _is_extracted(spec: TableSpec) -> bool:
    return set(LOCATOR_COLUMNS) <= set(spec.columns) and spec.name not in (LOCATORS, CORRECTIONS)


def _compared_columns(spec: TableSpec, owner: Ownership) -> tuple[str, ...]:
    parent = owner.paths.get(spec.name, ("", ""))[0]
    left_out = {*UNCOMPARED, spec.columns[0], parent}
    return tuple(c for c in spec.columns if c not in left_out)


def _grouped(
    resource: str, side: _Side, owner: Ownership, studies: tuple[str, ...]
) -> dict[str, tuple[str, Row]]:
    """Key -> study and row, of the compared studies and of those rows that belong to none."""
    mine = side.rows.get(resource, {}).items()
    found = {k: (owner.study(resource, k, row, side.rows), row) for k, row in mine}
    return {k: v for k, v in found.items() if v[0] in studies or not owner.owned(resource)}


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
    taken: set[str] = set()
    for likeness, i, j in sorted(candidates):
        if -likeness >= LEAST_LIKENESS and not taken & {f"<{left[i]}", f">{right[j]}"}:
            taken |= {f"<{left[i]}", f">{right[j]}"}
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


def _agreements(spec: TableSpec, readings: Sequence[CellReading]) -> Iterator[ColumnAgreement]:
    for field in spec.fields:
        if items := [reading for reading in readings if reading.cell.column == field["name"]]:
            codes = field.get("type") == "boolean" or "enum" in field.get("constraints", {})
            yield _column(items, codes)


def _column(items: Sequence[CellReading], enumerated: bool) -> ColumnAgreement:
    same, rounded = (sum(r.outcome is o for r in items) for o in (Likeness.SAME, Likeness.ROUNDED))
    kappa = None
    if enumerated:
        kappa = kappa_of([r.first for r in items], [r.second for r in items])
    cell = items[0].cell
    return ColumnAgreement(cell.resource, cell.column, len(items), same, rounded, kappa)
