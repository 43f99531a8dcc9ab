"""The traces, values and claims of a review as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..data.package import Package
from ..model import Claim, Origin, Trace
from ..trace.text import as_text


def to_json(content: Any) -> str:
    """Readable, sorted keys, one newline at the end."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def origin_records(origins: Iterable[Origin]) -> list[dict[str, str]]:
    """`resource`, `row`, `column` of each origin."""
    return [{"resource": o.resource, "row": o.row, "column": o.column} for o in origins]


def claim_record(claim: Claim) -> dict[str, Any]:
    """A claim with the contract's fields, and the readings, notes and label beside them."""
    record: dict[str, Any] = {
        "id": claim.id,
        "section": claim.section,
        "locator": str(claim.locator),
        "label": claim.label,
        "printed": claim.printed,
        "recomputed": claim.recomputed,
        "formula": claim.formula,
        "verdict": str(claim.verdict),
        "basis": claim.basis,
        "explanation": claim.explanation,
        "origins": origin_records(claim.origins),
    }
    for field in ("severity", "innocent", "settle"):
        if getattr(claim, field):
            record[field] = getattr(claim, field)
    if claim.readings:
        record["readings"] = [
            {"reading": label, "recomputed": value, "fits": fits}
            for label, value, fits in claim.readings
        ]
    return record


def trace_record(trace: Trace) -> dict[str, Any]:
    """A trace with its text, formula, the cells read and those that filters looked at."""
    result = trace.result
    return {
        "name": trace.name,
        "kind": trace.kind,
        "label": trace.label,
        "text": trace.text,
        "unit": result.unit,
        "value": as_text(result.value, None) if result.value is not None else "",
        "formula": result.formula,
        "origins": origin_records(result.origins),
        "filters": sorted(str(origin) for origin in result.looked),
        "membership": sorted(result.membership),
    }


def cells_read(package: Package, origins: Iterable[Origin]) -> list[dict[str, str]]:
    """Each origin with its value, and where that is printed."""
    found = []
    for origin in origins:
        locator = package.locator(origin)
        correction = package.corrections.get(origin)
        found.append(
            {
                "cell": str(origin),
                "value": package.cell(origin),
                "section": locator.section if locator else "",
                "fragment": locator.fragment if locator else "",
                "status": locator.status if locator else "",
                "correction": f"{correction.before} → {correction.after}: {correction.reason}"
                if correction
                else "",
            }
        )
    return found
