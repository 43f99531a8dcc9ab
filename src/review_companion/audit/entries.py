"""What the audit shows of each trace: value, formula, cells by their place, verdict."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..data.package import Package
from ..errors import CompanionError
from ..model import EVERY, Claim, Correction, Locator, Origin, Trace
from ..review import Review
from .places import Places
from .records import every_trace

MOST_PLACES = 6
MOST_CELLS = 14
FEW_ROWS = 1


@dataclass(frozen=True)
class CellRead:
    """A cell that went into a value, as it is now in the data."""

    origin: Origin
    value: str
    correction: Correction | None = None


@dataclass(frozen=True)
class PlaceRead:
    """Cells that one passage of a source prints; `locator` None for cells that are nowhere."""

    locator: Locator | None
    words: str
    url: str
    cells: tuple[CellRead, ...] = ()
    fragment: str = ""

    @property
    def without_cells(self) -> PlaceRead:
        """The place itself, the same for every entry that reads there."""
        return PlaceRead(None, self.words, self.url, (), self.fragment)

    @property
    def status(self) -> str:
        return self.locator.status if self.locator else ""


@dataclass(frozen=True)
class Entry:
    """One trace of the audit appendix.

    `places` hold the cells read; where more than `MOST_CELLS` were read, those of the columns of
    which few rows were read, if these are no more, and `rest` counts the others by column.
    `summary` always counts them by column, `looked` those at which only a filter looked.
    """

    trace: Trace
    places: tuple[PlaceRead, ...]
    summary: tuple[tuple[str, int], ...]
    looked: tuple[tuple[str, int], ...]
    claim: Claim | None = None
    claim_place: PlaceRead | None = None
    rest: tuple[tuple[str, int], ...] = ()

    @property
    def anchor(self) -> str:
        """The id of its element in the page."""
        return anchor(self.trace.name)

    @property
    def placed(self) -> bool:
        """Whether each cell is shown with its place; else cells by column."""
        cells = sum(len(place.cells) for place in self.places)
        return len(self.places) <= MOST_PLACES and cells <= 2 * MOST_PLACES + 2

    @property
    def group(self) -> str:
        """Values, claims, or the table that the cell belongs to."""
        if self.trace.kind == "cell":
            return self.trace.name.split("/")[0].partition("@")[0]
        return {"claim": "claims"}.get(self.trace.kind, "values")


def anchor(name: str) -> str:
    """The id of a trace: "trace-" and its name, all but A-Z a-z 0-9 _ - turned into "-"."""
    return "trace-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)


def entries(review: Review) -> Iterator[Entry]:
    """An entry for every trace of the review.

    Raises CompanionError for a trace that names a missing cell, and for two traces that would
    share an anchor.
    """
    places = Places(review.package)
    claims = {f"claim/{claim.id}": claim for claim in review.ledger}
    seen: dict[str, str] = {}
    for trace in every_trace(review):
        name = anchor(trace.name)
        if seen.setdefault(name, trace.name) != trace.name:
            raise CompanionError(
                f"the traces “{seen[name]}” and “{trace.name}” would share the anchor #{name}",
                hint="rename one of them",
            )
        yield entry(trace, review.package, places, claims.get(trace.name))


def entry(
    trace: Trace,
    package: Package,
    places: Places,
    claim: Claim | None = None,
    most: int = MOST_CELLS,
) -> Entry:
    """The entry of one trace, with its places where it read at most so many cells."""
    summary = _counted(trace.result.read, package)
    read = sorted(trace.result.read)
    rest = [(column, rows) for column, rows in summary if rows > FEW_ROWS and len(read) > most]
    apart = {column for column, _ in rest}
    shown = [o for o in read if f"{o.resource}.{o.column}" not in apart]
    cells = [_cell(trace, origin, package) for origin in shown]
    return Entry(
        trace=trace,
        places=tuple(_by_place(cells, package, places)) if len(cells) <= most else (),
        summary=summary,
        looked=_counted(trace.result.looked, package),
        claim=claim,
        claim_place=_place(claim.locator, (), places) if claim else None,
        rest=tuple(rest) if len(cells) <= most else (),
    )


def _cell(trace: Trace, origin: Origin, package: Package) -> CellRead:
    try:
        return CellRead(origin, package.cell(origin), package.corrections.get(origin))
    except KeyError:
        raise CompanionError(
            f"the trace “{trace.name}” names {origin}, which is not in the data"
        ) from None


def _by_place(cells: Iterable[CellRead], package: Package, places: Places) -> Iterator[PlaceRead]:
    """One place per passage; a column of a printed table is one place."""
    grouped: dict[tuple[str, str], tuple[Locator | None, list[CellRead]]] = {}
    for cell in cells:
        locator = package.locator(cell.origin)
        key = places.key(locator) if locator else ("", "")
        grouped.setdefault(key, (locator, []))[1].append(cell)
    for locator, found in grouped.values():
        yield _place(locator, tuple(found), places)


def _place(locator: Locator | None, cells: tuple[CellRead, ...], places: Places) -> PlaceRead:
    if locator is None:
        return PlaceRead(None, "", "", cells)
    key = places.key(locator)
    many = len(cells) > 1 and key[1] == "" and bool(locator.fragment)
    words = places.column(locator.section) if many else places.words(locator.section)
    fragment = "" if many else locator.fragment
    return PlaceRead(locator, words, places.url(locator), cells, fragment)


def _counted(origins: Iterable[Origin], package: Package) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for origin in origins:
        rows = len(package[origin.resource].rows) if origin.row == EVERY else 1
        counts[f"{origin.resource}.{origin.column}"] += rows
    return tuple(sorted(counts.items()))
