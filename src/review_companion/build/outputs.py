"""The files beside page and PDF: tables, claims, values, traces, figures."""

from __future__ import annotations

from pathlib import Path

from ..audit.records import claim_record, to_json, trace_record
from ..review import Review
from .cache import write_whole


def write_outputs(review: Review, tables: list[str], out: Path) -> None:
    """Writes the contract's machine-readable files into `out`."""
    for folder in ("tables", "figures"):
        (out / folder).mkdir(exist_ok=True)
    for name in tables:
        write_whole(out / "tables" / f"{name}.csv", review.table(name).to_csv())
    for name in review.figures_declared:
        figure = review.figure(name)
        write_whole(out / "figures" / f"{name}.svg", figure.svg)
        write_whole(out / "figures" / f"{name}.csv", figure.table.to_csv())
    write_whole(out / "claims.json", to_json([claim_record(c) for c in review.ledger]))
    traces = [trace_record(trace) for trace in review.traces()]
    values = [record for record in traces if record["kind"] == "value"]
    write_whole(out / "values.json", to_json(values))
    write_whole(out / "trace.json", to_json(traces))
