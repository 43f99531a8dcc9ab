"""The audit trail's entries: value, formula, cells by their place, verdict of each trace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ..errors import CompanionError
from ..expressions import Evaluator
from ..expressions.parse import parse
from ..model import EVERY, Claim, Correction, Locator, Origin, Trace
from ..package.locators import text_fragment_url
from ..package.package import Package
from ..package.published import read_tables
from ..review import Review
from ..text import section_in_words
from .records import every_trace

_TABLE = re.compile(r"(table-\d+)(?:/([^/]+)/([^/]+))?")
MOST_PLACES = 6
MOST_CELLS = 14
SOURCES = "sources"
COUNTS = ("count(", "len(", "number of")
NONE: Mapping[str, TraceEntry] = MappingProxyType({})
WHOLE = r"(?<![\w.]){}(?!\w|\.\d)"
_TABLE_AND_COLUMN = itemgetter(0, 2)  # of an origin


class PlaceNames:
    """Names and links of the places in one package's article.

    Sections of a table are named by its printed row and column headings, and linked by the table's
    caption, since a short figure such as "45" is found in many places of a page.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self._printed = _printed(package.folder / "published")
        self._cells: dict[Origin, CellRead] = {}
        self.counted = cache(partial(_counted, package=package))  # many look at the same cells
        self.url = cache(self._url)

    def place(self, locator: Locator | None, cells: tuple[CellRead, ...] = ()) -> PlaceRead:
        """The passage at a locator, with the cells that it prints; without one, no place.

        Several cells of one printed column have a name without the row, and no fragment.
        """
        if locator is None:
            return PlaceRead(cells=cells)
        words, fragment = section_in_words(locator.section), locator.fragment
        found = _TABLE.fullmatch(locator.section)
        if found and found[2]:
            table, row, column = found.groups()
            side = self._printed.get(f"{table}/{row}/study", row.replace("-", " "))
            names = ["heading" if row == "header" else side]
            if len(cells) > 1 and fragment:
                names, fragment = [], ""
            names.append(self._printed.get(f"{table}/header/{column}", column.replace("-", " ")))
            bare = (re.sub(r"\^\w", "", name) for name in names)  # without footnote marks
            words = ", ".join([section_in_words(table), *bare])
        return PlaceRead(words, self.url(locator), fragment, locator.status, cells)

    def places(self, cells: Iterable[CellRead]) -> tuple[PlaceRead, ...]:
        """One place per passage; a column of a printed table is one place."""
        grouped: dict[tuple[str, str], tuple[Locator | None, list[CellRead]]] = {}
        for cell in cells:
            locator = self.package.locator(cell.origin)
            key = (locator.section, locator.fragment) if locator else ("", "")
            if (found := _TABLE.fullmatch(key[0])) and found[2]:
                key = (f"{found[1]}/{found[3]}", "")
            grouped.setdefault(key, (locator, []))[1].append(cell)
        return tuple(self.place(locator, tuple(found)) for locator, found in grouped.values())

    def _url(self, locator: Locator) -> str:
        """The passage on the source's page; empty where the source has no address."""
        sources = self.package.resources.get(SOURCES)
        page = sources.rows.get(locator.source, {}).get("url", "") if sources else ""
        text = locator.fragment
        if table := _TABLE.match(locator.section):
            caption = self._printed.get(f"{table[1]}/caption", "")
            text = caption.removeprefix(section_in_words(table[1])).strip()
        return text_fragment_url(page, text) if page and text else page

    def cell(self, trace: Trace, origin: Origin) -> CellRead:
        """A cell that a trace read. Raises CompanionError for one that is not in the data."""
        if origin not in self._cells:
            try:
                value = self.package.cell(origin)
            except KeyError:
                what = f"the trace “{trace.name}” names {origin}, which is not in the data"
                raise CompanionError(what) from None
            self._cells[origin] = CellRead(origin, value, self.package.corrections.get(origin))
        return self._cells[origin]


@lru_cache(maxsize=8)
def _printed(folder: Path) -> dict[str, str]:
    """Section of a table -> its printed text; empty where no transcription is kept."""
    if not (folder / "keys.csv").is_file():
        return {}
    return {section: lines[0] for section, lines in read_tables(folder).items() if lines}


class CellRead(NamedTuple):
    """A cell that went into a value, with its present value in the data."""

    origin: Origin
    value: str
    correction: Correction | None = None

    @property
    def is_key(self) -> bool:
        """Whether the cell is only the key of its row."""
        return self.correction is None and self.value == self.origin.row

    @property
    def column(self) -> str:
        """ "samples.number"."""
        return f"{self.origin.resource}.{self.origin.column}"


class PlaceRead(NamedTuple):
    """Cells that one passage of a source prints; `words` are empty for cells without a place."""

    words: str = ""
    url: str = ""
    fragment: str = ""
    status: str = ""
    cells: tuple[CellRead, ...] = ()

    @property
    def alone(self) -> PlaceRead:
        """The place without cells, equal for all entries that read there."""
        return self._replace(cells=(), status="")


@dataclass(frozen=True)
class TraceEntry:
    """One trace in the audit appendix.

    `places` hold the cells read; if there are more than `MOST_CELLS`, those that decided (see
    `decisive`), and `rest` counts the others by column. `summary` always counts them by column,
    `looked` those at which only a filter looked. `names` explains the names in the formula; None
    where the formula is in words already.
    """

    trace: Trace
    places: tuple[PlaceRead, ...]
    summary: tuple[tuple[str, int], ...]
    looked: tuple[tuple[str, int], ...]
    claim: Claim | None = None
    claim_place: PlaceRead | None = None
    rest: tuple[tuple[str, int], ...] = ()
    names: str | None = None

    @property
    def rests_on(self) -> set[str]:
        """The resources whose rows it shows or counts; a place's source is one of them."""
        columns = (column for column, _ in (*self.summary, *self.looked))
        return {SOURCES, *(column.partition(".")[0] for column in columns)}

    @property
    def anchor(self) -> str:
        """The id of its element in the page."""
        return anchor(self.trace.name)

    @property
    def placed(self) -> bool:
        """Whether each cell is shown with its place; otherwise cells are listed by column."""
        cells = sum(len(place.cells) for place in self.places)
        return len(self.places) <= MOST_PLACES and cells <= 2 * MOST_PLACES + 2

    @property
    def group(self) -> str:
        """The list of the entry: "values", "claims", or the name of the cell's table."""
        if self.trace.kind == "cell":
            return self.trace.name.split("/")[0].partition("@")[0]
        return {"claim": "claims"}.get(self.trace.kind, "values")


def anchor(name: str) -> str:
    """The id of a trace: "trace-" and its name, all but A-Z a-z 0-9 _ - turned into "-"."""
    return "trace-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)


def make_entries(review: Review, before: Mapping[str, TraceEntry] = NONE) -> Iterator[TraceEntry]:
    """An entry for every trace of the review; one that was made `before` of the same is taken over.

    Raises CompanionError for a trace that names a missing cell, and for two traces that would
    share an anchor.
    """
    places = PlaceNames(review.package)
    claims = {f"claim/{claim.id}": claim for claim in review.ledger}
    seen: dict[str, str] = {}
    names = cache(partial(names_in_formula, evaluator=review.evaluator))
    for trace in every_trace(review):
        name = anchor(trace.name)
        if seen.setdefault(name, trace.name) != trace.name:
            what = f"the traces “{seen[name]}” and “{trace.name}” would share the anchor #{name}"
            raise CompanionError(what, hint="rename one of them")
        claim = claims.get(trace.name)
        if (known := before.get(trace.name)) and (known.trace, known.claim) == (trace, claim):
            yield known
            continue
        most = MOST_CELLS if trace.kind != "value" else 2 * MOST_CELLS
        made = entry(trace, places, claim, most)
        yield replace(made, names=names(trace.result.formula))


def names_in_formula(formula: str, evaluator: Evaluator) -> str | None:
    """The names of an expression with their labels; None for a formula in words."""
    try:
        parse(formula)
    except CompanionError:
        return None
    labels = evaluator.labels(formula)
    return "; ".join(f"{name}: {label}" for name, label in labels.items())


def entry(trace: Trace, places: PlaceNames, claim: Claim | None, most: int) -> TraceEntry:
    """The entry of one trace, with its places where it read at most so many cells."""
    read = trace.result.read
    keys: list[CellRead] = []
    contents: list[CellRead] = []
    for origin in sorted(read):
        cell = places.cell(trace, origin)
        (keys if cell.is_key else contents).append(cell)
    shown = contents if len(contents) <= most else decisive(trace, contents)[:most]
    if len(keys) + len(shown) <= most:
        shown = sorted([*shown, *keys], key=lambda cell: cell.origin)
    rest = read - {cell.origin for cell in shown}
    return TraceEntry(
        trace=trace,
        places=places.places(shown),
        summary=places.counted(read),
        looked=places.counted(trace.result.looked),
        claim=claim,
        claim_place=places.place(claim.locator) if claim else None,
        rest=places.counted(rest),
    )


def decisive(trace: Trace, cells: Iterable[CellRead]) -> list[CellRead]:
    """The cells that make the shown text: those whose content is in it, or those it counts.

    A count names its column in the formula, and equals the number of different contents.
    """
    cells, formula = list(cells), trace.result.formula
    if not formula.startswith(COUNTS):
        near = (cell for cell in cells if cell.value and cell.value in trace.text)
        within = ((cell, WHOLE.format(re.escape(cell.value))) for cell in near)
        return [cell for cell, whole in within if re.search(whole, trace.text)][:MOST_PLACES]
    columns = {c.column for c in cells}
    counted = {name for name in columns if re.search(rf"\.{re.escape(name)}\b", formula)}
    named = [c for c in cells if c.column in counted]
    return named if len({c.value for c in named}) == trace.result.value else []


def _counted(origins: Collection[Origin], package: Package) -> tuple[tuple[str, int], ...]:
    counts = Counter(map(_TABLE_AND_COLUMN, origins))
    for resource, _, column in (origin for origin in origins if origin.row == EVERY):
        counts[resource, column] += len(package[resource].rows) - 1
    return tuple(sorted((f"{name}.{column}", rows) for (name, column), rows in counts.items()))
