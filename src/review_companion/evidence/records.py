"""The traces, values and claims of a review as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from ..model import Claim, Correction, Origin, Trace, Verdict
from ..review import Review
from ..text import as_text

FIELDS = ("id", "section", "label", "printed", "recomputed", "formula", "basis", "explanation")
SAID = ("innocent", "settle", "changes")
NONE: Mapping[str, str] = MappingProxyType({})


def every_trace(review: Review) -> Iterator[Trace]:
    """The traces under every set of parameters of the report, each once, the defaults first.

    A trace has the same name under two sets that differ only in parameters that it does not use.
    """
    names: set[str] = set()
    for variant in review.variants:
        new = [trace for trace in variant.traces() if trace.name not in names]
        names.update(trace.name for trace in new)
        yield from new


def claims_text(review: Review) -> str:
    """`claims.json`."""
    return to_lines(claim_records(review))


def traces_text(review: Review) -> str:
    """`trace.json`."""
    return listed(trace_lines(review).values())


def trace_lines(review: Review, known: Mapping[str, str] = NONE) -> dict[str, str]:
    """The records in `trace.json` by the name of their trace; those that are `known` are kept."""
    corrections = review.package.corrections
    return {
        trace.name: known.get(trace.name) or _line(_trace_record(trace, corrections))
        for trace in every_trace(review)
    }


def values_text(review: Review) -> str:
    """`values.json`."""
    values = (trace for trace in every_trace(review) if trace.kind == "value")
    return to_lines(trace_records(review, values))


def claim_records(review: Review) -> Iterator[dict[str, Any]]:
    """The claims as `claims.json` holds them."""
    return map(_claim_record, review.ledger)


def trace_records(review: Review, traces: Iterable[Trace]) -> Iterator[dict[str, Any]]:
    """Traces as `trace.json` holds them."""
    return (_trace_record(trace, review.package.corrections) for trace in traces)


def to_lines(records: Iterable[Mapping[str, Any]]) -> str:
    """A JSON list with one record on each line, so that two versions compare line by line."""
    return listed(map(_line, records))


def listed(lines: Iterable[str]) -> str:
    """A JSON list of records that are lines already."""
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _line(record: Mapping[str, Any]) -> str:
    """`origins` are nine tenths of the text; each is written once."""
    origins = ", ".join(map(_origin, record["origins"]))
    return _json({**record, "origins": None}).replace(_NO_ORIGINS, f'"origins": [{origins}]', 1)


_NO_ORIGINS = '"origins": null'  # no text of a record holds this, since its quotes are escaped
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@lru_cache(maxsize=100_000)
def _origin(origin: Origin) -> str:
    return _json(origin._asdict())


def _claim_record(claim: Claim) -> dict[str, Any]:
    """A claim with the contract's fields, and its readings, notes and label.

    What is not reproduced has a severity: "none" where nothing was found that could be severe.
    """
    record: dict[str, Any] = {field: getattr(claim, field) for field in FIELDS} | {
        "locator": str(claim.locator),
        "verdict": str(claim.verdict),
        "origins": claim.origins,
    }
    if claim.verdict not in (Verdict.REPRODUCED, Verdict.BY_ROUNDING):
        record["severity"] = claim.severity or "none"
    record |= {field: getattr(claim, field) for field in SAID if getattr(claim, field)}
    if claim.readings:
        record["readings"] = [
            {"reading": label, "recomputed": value, "fits": fits}
            for label, value, fits in claim.readings
        ]
    return record


def _trace_record(trace: Trace, corrections: Mapping[Origin, Correction]) -> dict[str, Any]:
    """A trace with its text, its formula and its origins.

    `origins` are all cells that the result depends on; `wasDerivedFrom` those whose content went
    into it, as column -> rows; the others are those at which only a filter looked. `membership`
    names the resources whose set of rows matters. `corrected` lists the cells read whose value is a
    correction, with the value `before` that the file still holds.
    """
    result = trace.result
    record: dict[str, Any] = {
        "name": trace.name,
        "kind": trace.kind,
        "label": trace.label,
        "text": trace.text,
        "unit": result.unit,
        "value": as_text(result.value, None) if result.value is not None else "",
        "formula": result.formula,
        "origins": result.origins,
        "wasDerivedFrom": _by_column(result.read),
        "membership": sorted(result.membership),
    }
    found = [corrections[origin] for origin in sorted(result.read) if origin in corrections]
    if found:
        fields = ("resource", "row", "column", "before", "after")
        record["corrected"] = [{field: getattr(c, field) for field in fields} for c in found]
    return record


def _by_column(origins: Iterable[Origin]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for origin in sorted(origins):
        columns.setdefault(f"{origin.resource}.{origin.column}", []).append(origin.row)
    return columns
