"""What two extractors make of their comparison: a report, and a file to settle it in."""

from __future__ import annotations

from ..package.corrections import COLUMNS
from ..package.files import csv_bytes
from .extraction_agreement import CellReading, ColumnAgreement, Comparison, Likeness
from .ownership import STUDIES


def report(comparison: Comparison) -> str:
    """Agreement per column, then every disagreement with its place, as plain text."""
    from tabulate import tabulate

    head = f"{comparison.first} and {comparison.second}: {', '.join(comparison.studies)}"
    columns = ["resource", "column", "items", "same", "with rounding", "agree", "κ (95% CI)"]
    differing = [c for c in comparison.columns if c.same < c.items]
    parts = [
        head,
        *([tabulate(list(map(_row, differing)), columns, disable_numparse=True)] * bool(differing)),
    ]
    same = [c for c in comparison.columns if c.same == c.items]
    if same:
        items = sum(c.items for c in same)
        parts.append(f"{len(same)} column(s) with {items} items are the same throughout")
    if comparison.disagreements:
        titles = ["cell", comparison.first, comparison.second, "", "printed in"]
        rows = [_disagreement(r) for r in comparison.disagreements]
        parts.append(tabulate(rows, titles, disable_numparse=True))
    tail = [
        f"{one.lacks} lacks the study {one.key}"
        if one.resource == STUDIES
        else f"only in {one.has}: {one.resource}[{one.key}]"
        for one in comparison.alone
    ]
    return "\n\n".join(parts) + "".join(f"\n{line}" for line in tail) + "\n"


def _row(column: ColumnAgreement) -> list[str]:
    kappa = column.kappa
    limits = f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})" if kappa else ""
    counts = [str(n) for n in (column.items, column.same, column.rounded)]
    return [column.resource, column.column, *counts, f"{float(column.percent):.0f}%", limits]


def _disagreement(reading: CellReading) -> list[str]:
    place = str(reading.locator or "")
    return [str(reading.cell), reading.first, reading.second, reading.outcome.value, place]


def adjudication_csv(comparison: Comparison) -> bytes:
    """One line per different cell, in the form of `corrections.csv`, with the decision left blank.

    `from` is what the second extraction has (`data/` unless told), `reason` has both readings.
    Whoever adjudicates deletes the lines in which it stands, and fills in `to`, `who` and `date`
    in the others, which then can be appended to the corrections of the second package.
    """
    rows = [
        _correction(reading, comparison)
        for reading in comparison.readings
        if reading.outcome is Likeness.DIFFERENT
    ]
    return csv_bytes(COLUMNS, rows)


def _correction(reading: CellReading, comparison: Comparison) -> dict[str, str]:
    cell = reading.cell
    name = f"agree/{cell.resource}/{cell.row}/{cell.column}"
    said = ((comparison.first, reading.first), (comparison.second, reading.second))
    reason = "; ".join(f"{who} reads “{text}”" for who, text in said)
    values = (name, cell.resource, cell.row, cell.column, reading.second, "", reason)
    return dict(zip(COLUMNS, (*values, "", ""), strict=True))
