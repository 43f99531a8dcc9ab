"""What two extractors make of their comparison: a report, and a file to settle it in."""

from __future__ import annotations

from ..data.corrections import COLUMNS
from .agreement import CellReading, ColumnAgreement, Comparison, Likeness
from .tables import csv_bytes


def report(comparison: Comparison) -> str:
    """Agreement per column, then every disagreement with its place, as plain text."""
    from tabulate import tabulate

    head = f"{comparison.first} and {comparison.second}: {', '.join(comparison.studies)}"
    columns = ["resource", "column", "items", "same", "with rounding", "agree", "κ (95% CI)"]
    parts = [head, tabulate([_row(c) for c in comparison.columns], columns, disable_numparse=True)]
    if comparison.disagreements:
        titles = ["cell", comparison.first, comparison.second, "", "printed in"]
        rows = [_disagreement(r) for r in comparison.disagreements]
        parts.append(tabulate(rows, titles, disable_numparse=True))
    parts += [f"only in {comparison.first}: {r}[{k}]" for r, k in comparison.only_first]
    parts += [f"only in {comparison.second}: {r}[{k}]" for r, k in comparison.only_second]
    return "\n\n".join(parts[:3]) + "".join(f"\n{line}" for line in parts[3:]) + "\n"


def _row(column: ColumnAgreement) -> list[str]:
    kappa = column.kappa
    limits = f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})" if kappa else ""
    counts = [str(n) for n in (column.items, column.same, column.rounded)]
    return [column.resource, column.column, *counts, f"{float(column.percent):.0f}%", limits]


def _disagreement(reading: CellReading) -> list[str]:
    place = str(reading.locator or "")
    return [str(reading.cell), reading.first, reading.second, reading.outcome.value, place]


def adjudication_csv(comparison: Comparison) -> bytes:
    """One line per different cell, in the form of `corrections.csv`: from the second's reading
    to the first's.

    Whoever adjudicates deletes the lines in which the second stands, and fills in `who` and
    `date` in the others, which then can be appended to the corrections of the second package.
    """
    rows = [
        _correction(reading, comparison.first)
        for reading in comparison.readings
        if reading.outcome is Likeness.DIFFERENT
    ]
    return csv_bytes(COLUMNS, rows)


def _correction(reading: CellReading, reader: str) -> dict[str, str]:
    cell = reading.cell
    name = f"agree/{cell.resource}/{cell.row}/{cell.column}"
    reason = f"Read so in {reader}, confirmed on adjudication"
    values = (name, cell.resource, cell.row, cell.column, reading.second, reading.first, reason)
    return dict(zip(COLUMNS, (*values, "", ""), strict=True))
