"""The files beside page and PDF: tables, claims, values, traces, figures."""

from __future__ import annotations

from pathlib import Path

from ..review import Review
from .cache import write_whole
from .evidence import Records


def write_outputs(review: Review, made: Records, tables: list[str], out: Path) -> None:
    """Writes the contract's machine-readable files into `out`."""
    for folder in ("tables", "figures"):
        (out / folder).mkdir(exist_ok=True)
    for name in tables:
        write_whole(out / "tables" / f"{name}.csv", review.table(name).to_csv())
    for name in review.figures_declared:
        figure = review.figure(name)
        write_whole(out / "figures" / f"{name}.svg", figure.svg)
        write_whole(out / "figures" / f"{name}.csv", figure.table.to_csv())
    write_whole(out / "claims.json", made.claims)
    write_whole(out / "values.json", made.values)
    write_whole(out / "trace.json", made.traces)
